//! Reading skills: the town's, a worker's, and who may be offered work that needs one.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{FileId, Page, Paging, PersonId, WorkerId};

use super::model::{
    Evidence, Expiring, ExpiringKey, Fitness, Needs, Skill, SkillId, WorkerBrief, WorkerFitness, WorkerSkill,
};
use super::store::SkillRow;
use crate::availability::{self, Condition};
use crate::schema::{skills, worker_skills, workers};
use crate::workers::WorkerState;

/// One skill; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: SkillId) -> Result<Skill, DbError> {
    let row: SkillRow =
        skills::table.filter(skills::id.eq(id)).select(SkillRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Every skill of the town by name; a town has some dozens, so the list has no pages.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Skill>, DbError> {
    let rows: Vec<SkillRow> =
        skills::table.order((skills::name, skills::id)).select(SkillRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Skill::from).collect())
}

#[derive(Queryable)]
struct WorkerSkillRow {
    skill_id: SkillId,
    name: String,
    level: i16,
    expires_on: Option<NaiveDate>,
    evidence: Evidence,
    evidence_note: String,
    file_id: Option<FileId>,
    confirmed_by: Option<PersonId>,
    confirmed_on: Option<NaiveDate>,
}

impl From<WorkerSkillRow> for WorkerSkill {
    fn from(row: WorkerSkillRow) -> Self {
        Self {
            skill_id: row.skill_id,
            name: row.name,
            level: row.level,
            expires_on: row.expires_on,
            evidence: row.evidence,
            evidence_note: row.evidence_note,
            file_id: row.file_id,
            confirmed_by: row.confirmed_by,
            confirmed_on: row.confirmed_on,
        }
    }
}

/// What one worker can do, expired skills too.
pub fn of_worker(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Vec<WorkerSkill>, DbError> {
    let rows: Vec<WorkerSkillRow> = worker_skills::table
        .inner_join(skills::table.on(skills::id.eq(worker_skills::skill_id)))
        .filter(worker_skills::worker_id.eq(worker))
        .order((skills::name, skills::id))
        .select((
            skills::id,
            skills::name,
            worker_skills::level,
            worker_skills::expires_on,
            worker_skills::evidence,
            worker_skills::evidence_note,
            worker_skills::file_id,
            worker_skills::confirmed_by,
            worker_skills::confirmed_on,
        ))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(WorkerSkill::from).collect())
}

/// Skills of people in the programme whose last day lies within `days`, the soonest first.
pub fn expiring(
    tx: &mut Tx<'_>,
    days: RangeInclusive<NaiveDate>,
    paging: &Paging<ExpiringKey>,
) -> Result<Page<Expiring, ExpiringKey>, DbError> {
    let mut query = worker_skills::table
        .inner_join(skills::table.on(skills::id.eq(worker_skills::skill_id)))
        .inner_join(workers::table.on(workers::id.eq(worker_skills::worker_id)))
        .filter(worker_skills::expires_on.ge(*days.start()))
        .filter(worker_skills::expires_on.le(*days.end()))
        .filter(workers::state.ne_all([WorkerState::Applicant, WorkerState::Withdrawn]))
        .order((worker_skills::expires_on, worker_skills::worker_id, worker_skills::skill_id))
        .limit(paging.probe())
        .select((
            workers::id,
            workers::person_id,
            skills::id,
            skills::name,
            worker_skills::level,
            worker_skills::expires_on.assume_not_null(),
        ))
        .into_boxed();
    if let Some(ExpiringKey(day, worker, skill)) = paging.after {
        let later_skill = worker_skills::worker_id.eq(worker).and(worker_skills::skill_id.gt(skill));
        let later_worker = worker_skills::worker_id.gt(worker).or(later_skill);
        let same_day = worker_skills::expires_on.assume_not_null().eq(day).and(later_worker);
        query = query.filter(worker_skills::expires_on.assume_not_null().gt(day).or(same_day));
    }
    let rows: Vec<(WorkerId, PersonId, SkillId, String, i16, NaiveDate)> = query.load(tx.conn())?;
    let page = Page::cut(rows, paging, |row| ExpiringKey(row.5, row.0, row.2));
    Ok(page.map(|(worker, person, skill_id, name, level, expires_on)| Expiring {
        worker,
        person,
        skill_id,
        name,
        level,
        expires_on,
    }))
}

/// Active workers who offer hours, have on `day` what some work needs, whom it suits, and who have not taken the day off.
pub fn eligible(tx: &mut Tx<'_>, needs: Needs, day: NaiveDate) -> Result<Vec<WorkerBrief>, DbError> {
    let ways = Ways::read(tx, day)?;
    let mut query = active().into_boxed();
    if let Some(skill) = needs.skill {
        let valid = worker_skills::table
            .filter(worker_skills::worker_id.eq(workers::id))
            .filter(worker_skills::skill_id.eq(skill))
            .filter(worker_skills::level.ge(needs.level))
            .filter(worker_skills::expires_on.is_null().or(worker_skills::expires_on.ge(day)));
        query = query.filter(exists(valid));
    }
    let able: Vec<BriefRow> = query.order(workers::id).load(tx.conn())?;
    let is_able = |one: &WorkerBrief| ways.suit(one.worker, needs) && !ways.off.contains(&one.worker);
    Ok(able.into_iter().map(brief).filter(is_able).collect())
}

/// What one worker can do on a day and how they work, to be held against the needs of many jobs.
#[derive(Debug, Clone)]
pub struct Able {
    who: WorkerBrief,
    levels: HashMap<SkillId, Ability>,
    conditions: BTreeSet<Condition>,
    day: NaiveDate,
}

impl Able {
    /// The worker, if they are [`eligible`] for work with such needs; a day off is theirs to judge, and hinders nothing.
    pub fn eligible(&self, needs: Needs) -> Option<WorkerBrief> {
        let has = |skill| ability(self.levels.get(&skill).copied(), needs.level, self.day) == Fitness::Fits;
        let suits = availability::suits(&self.conditions, needs.asks, needs.due_on, self.day);
        (suits && needs.skill.is_none_or(has)).then_some(self.who)
    }
}

/// What an active worker who offers hours can do on `day`; `None` of anybody else.
pub fn able(tx: &mut Tx<'_>, worker: WorkerId, day: NaiveDate) -> Result<Option<Able>, DbError> {
    let found: Option<BriefRow> = active().filter(workers::id.eq(worker)).first(tx.conn()).optional()?;
    let Some(row) = found else { return Ok(None) };
    let levels: Vec<(SkillId, i16, Option<NaiveDate>)> = worker_skills::table
        .filter(worker_skills::worker_id.eq(worker))
        .select((worker_skills::skill_id, worker_skills::level, worker_skills::expires_on))
        .load(tx.conn())?;
    let levels = levels.into_iter().map(|(skill, level, last)| (skill, (level, last))).collect();
    Ok(Some(Able { who: brief(row), levels, conditions: availability::conditions_of(tx, worker)?, day }))
}

/// [`Able::eligible`] for the needs of one job.
pub fn eligible_worker(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    needs: Needs,
    day: NaiveDate,
) -> Result<Option<WorkerBrief>, DbError> {
    Ok(able(tx, worker, day)?.and_then(|able| able.eligible(needs)))
}

/// Everybody in the programme – neither applicants nor those who have left – and whether work with such needs may be
/// put before them on `day`. Those who fit are those of [`eligible`].
pub fn fitness(tx: &mut Tx<'_>, needs: Needs, day: NaiveDate) -> Result<Vec<WorkerFitness>, DbError> {
    let rows: Vec<(WorkerId, PersonId, i32, WorkerState)> = workers::table
        .filter(workers::state.ne_all([WorkerState::Applicant, WorkerState::Withdrawn]))
        .order(workers::id)
        .select((workers::id, workers::person_id, workers::weekly_minutes, workers::state))
        .load(tx.conn())?;
    let skilled = match needs.skill {
        None => None,
        Some(skill) => Some(levels(tx, skill)?),
    };
    let ways = Ways::read(tx, day)?;
    let of = |(worker, person, weekly_minutes, state): (WorkerId, PersonId, i32, WorkerState)| {
        let able = match &skilled {
            None => Fitness::Fits,
            Some(skilled) => ability(skilled.get(&worker).copied(), needs.level, day),
        };
        let fitness = match state {
            WorkerState::Active if weekly_minutes <= 0 => Fitness::NoWish,
            WorkerState::Active if able != Fitness::Fits => able,
            WorkerState::Active if !ways.suit(worker, needs) => Fitness::NotTheirWay,
            WorkerState::Active if ways.off.contains(&worker) => Fitness::OffToday,
            WorkerState::Active => Fitness::Fits,
            WorkerState::Registered | WorkerState::Training => Fitness::NotStarted,
            WorkerState::Applicant | WorkerState::Paused | WorkerState::Withdrawn => Fitness::Resting,
        };
        WorkerFitness { who: WorkerBrief { worker, person, weekly_minutes }, fitness }
    };
    Ok(rows.into_iter().map(of).collect())
}

/// How people work, and who has the day off.
struct Ways {
    conditions: HashMap<WorkerId, BTreeSet<Condition>>,
    off: HashSet<WorkerId>,
    day: NaiveDate,
}

impl Ways {
    fn read(tx: &mut Tx<'_>, day: NaiveDate) -> Result<Self, DbError> {
        let conditions = availability::all_conditions(tx)?;
        Ok(Self { conditions, off: availability::off_on(tx, day)?, day })
    }

    fn suit(&self, worker: WorkerId, needs: Needs) -> bool {
        let conditions = self.conditions.get(&worker);
        conditions.is_none_or(|kept| availability::suits(kept, needs.asks, needs.due_on, self.day))
    }
}

/// A level with its last day.
type Ability = (i16, Option<NaiveDate>);

/// Who has a skill, at which level and until when.
fn levels(tx: &mut Tx<'_>, skill: SkillId) -> Result<HashMap<WorkerId, Ability>, DbError> {
    let rows: Vec<(WorkerId, i16, Option<NaiveDate>)> = worker_skills::table
        .filter(worker_skills::skill_id.eq(skill))
        .select((worker_skills::worker_id, worker_skills::level, worker_skills::expires_on))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(worker, level, last)| (worker, (level, last))).collect())
}

/// Whether what somebody has of a skill is enough on `day`.
fn ability(had: Option<Ability>, level: i16, day: NaiveDate) -> Fitness {
    match had {
        None => Fitness::NoSkill,
        Some((_, Some(last))) if last < day => Fitness::SkillExpired,
        Some((has, _)) if has < level => Fitness::SkillBelow,
        Some(_) => Fitness::Fits,
    }
}

type BriefRow = (WorkerId, PersonId, i32);

/// Active workers who offer hours.
#[diesel::dsl::auto_type]
fn active() -> _ {
    let (state, nothing): (WorkerState, i32) = (WorkerState::Active, 0i32);
    workers::table.filter(workers::state.eq(state)).filter(workers::weekly_minutes.gt(nothing)).select((
        workers::id,
        workers::person_id,
        workers::weekly_minutes,
    ))
}

fn brief((worker, person, weekly_minutes): BriefRow) -> WorkerBrief {
    WorkerBrief { worker, person, weekly_minutes }
}
