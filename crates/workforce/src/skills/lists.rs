//! Reading skills: the town's, a worker's, and who may be offered work that needs one.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{PersonId, WorkerId};

use super::model::{Fitness, Skill, SkillId, WorkerBrief, WorkerFitness, WorkerSkill};
use super::store::SkillRow;
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

/// What one worker can do, expired skills too.
pub fn of_worker(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Vec<WorkerSkill>, DbError> {
    let rows: Vec<(SkillId, String, i16, Option<NaiveDate>)> = worker_skills::table
        .inner_join(skills::table.on(skills::id.eq(worker_skills::skill_id)))
        .filter(worker_skills::worker_id.eq(worker))
        .order((skills::name, skills::id))
        .select((skills::id, skills::name, worker_skills::level, worker_skills::expires_on))
        .load(tx.conn())?;
    let skill = |(skill_id, name, level, expires_on)| WorkerSkill { skill_id, name, level, expires_on };
    Ok(rows.into_iter().map(skill).collect())
}

/// Active workers who offer hours and whose `skill`, where one is asked for, counts on `day`.
pub fn eligible(
    tx: &mut Tx<'_>,
    skill: Option<SkillId>,
    day: NaiveDate,
) -> Result<Vec<WorkerBrief>, DbError> {
    load(tx, None, skill, day)
}

/// [`eligible`] for one worker; `None` where they are not.
pub fn eligible_worker(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    skill: Option<SkillId>,
    day: NaiveDate,
) -> Result<Option<WorkerBrief>, DbError> {
    Ok(load(tx, Some(worker), skill, day)?.pop())
}

/// Everybody in the programme – neither applicants nor those who have left – and whether work that asks for `skill` may be
/// put before them on `day`. Those who fit are those of [`eligible`].
pub fn fitness(
    tx: &mut Tx<'_>,
    skill: Option<SkillId>,
    day: NaiveDate,
) -> Result<Vec<WorkerFitness>, DbError> {
    let rows: Vec<(WorkerId, PersonId, i32, WorkerState)> = workers::table
        .filter(workers::state.ne_all([WorkerState::Applicant, WorkerState::Withdrawn]))
        .order(workers::id)
        .select((workers::id, workers::person_id, workers::weekly_minutes, workers::state))
        .load(tx.conn())?;
    let skilled: Option<HashMap<WorkerId, Option<NaiveDate>>> = match skill {
        None => None,
        Some(skill) => {
            let rows: Vec<(WorkerId, Option<NaiveDate>)> = worker_skills::table
                .filter(worker_skills::skill_id.eq(skill))
                .select((worker_skills::worker_id, worker_skills::expires_on))
                .load(tx.conn())?;
            Some(rows.into_iter().collect())
        }
    };
    let of = |(worker, person, weekly_minutes, state): (WorkerId, PersonId, i32, WorkerState)| {
        let skill = match &skilled {
            None => Fitness::Fits,
            Some(skilled) => match skilled.get(&worker) {
                None => Fitness::NoSkill,
                Some(Some(last)) if *last < day => Fitness::SkillExpired,
                Some(_) => Fitness::Fits,
            },
        };
        let fitness = match state {
            WorkerState::Active if weekly_minutes <= 0 => Fitness::NoWish,
            WorkerState::Active => skill,
            WorkerState::Registered | WorkerState::Training => Fitness::NotStarted,
            WorkerState::Applicant | WorkerState::Paused | WorkerState::Withdrawn => Fitness::Resting,
        };
        WorkerFitness { who: WorkerBrief { worker, person, weekly_minutes }, fitness }
    };
    Ok(rows.into_iter().map(of).collect())
}

fn load(
    tx: &mut Tx<'_>,
    only: Option<WorkerId>,
    skill: Option<SkillId>,
    day: NaiveDate,
) -> Result<Vec<WorkerBrief>, DbError> {
    let mut query = workers::table
        .filter(workers::state.eq(WorkerState::Active))
        .filter(workers::weekly_minutes.gt(0))
        .order(workers::id)
        .select((workers::id, workers::person_id, workers::weekly_minutes))
        .into_boxed();
    if let Some(worker) = only {
        query = query.filter(workers::id.eq(worker));
    }
    if let Some(skill) = skill {
        let valid = worker_skills::table
            .filter(worker_skills::worker_id.eq(workers::id))
            .filter(worker_skills::skill_id.eq(skill))
            .filter(worker_skills::expires_on.is_null().or(worker_skills::expires_on.ge(day)));
        query = query.filter(exists(valid));
    }
    let rows: Vec<(WorkerId, PersonId, i32)> = query.load(tx.conn())?;
    let brief = |(worker, person, weekly_minutes)| WorkerBrief { worker, person, weekly_minutes };
    Ok(rows.into_iter().map(brief).collect())
}
