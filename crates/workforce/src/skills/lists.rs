//! Reading skills: the town's, a worker's, and who may be offered work that needs one.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{PersonId, WorkerId};

use super::model::{Skill, SkillId, WorkerBrief, WorkerSkill};
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
