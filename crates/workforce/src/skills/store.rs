//! Rows and writes of `skills` and `worker_skills`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::WorkerId;

use super::model::{Skill, SkillId};
use crate::schema::{skills, worker_skills};

#[derive(Queryable, Selectable)]
#[diesel(table_name = skills)]
pub(super) struct SkillRow {
    id: SkillId,
    name: String,
    created_at: DateTime<Utc>,
}

impl From<SkillRow> for Skill {
    fn from(row: SkillRow) -> Self {
        Self { id: row.id, name: row.name, created_at: row.created_at }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, name: &str) -> Result<Skill, DbError> {
    let now = tx.now();
    let row: SkillRow = diesel::insert_into(skills::table)
        .values((skills::name.eq(name), skills::created_at.eq(now)))
        .returning(SkillRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

pub(super) fn rename(tx: &mut Tx<'_>, id: SkillId, name: &str) -> Result<Skill, DbError> {
    let row: SkillRow = diesel::update(skills::table.filter(skills::id.eq(id)))
        .set(skills::name.eq(name))
        .returning(SkillRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

pub(super) fn grant(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    skill: SkillId,
    level: i16,
    expires_on: Option<NaiveDate>,
) -> Result<(), DbError> {
    let terms = (worker_skills::level.eq(level), worker_skills::expires_on.eq(expires_on));
    let now = tx.now();
    diesel::insert_into(worker_skills::table)
        .values((
            worker_skills::worker_id.eq(worker),
            worker_skills::skill_id.eq(skill),
            terms,
            worker_skills::created_at.eq(now),
        ))
        .on_conflict((worker_skills::organization_id, worker_skills::worker_id, worker_skills::skill_id))
        .do_update()
        .set(terms)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn revoke(tx: &mut Tx<'_>, worker: WorkerId, skill: SkillId) -> Result<(), DbError> {
    let row = worker_skills::table
        .filter(worker_skills::worker_id.eq(worker))
        .filter(worker_skills::skill_id.eq(skill));
    match diesel::delete(row).execute(tx.conn())? {
        0 => Err(DbError::NotFound),
        _ => Ok(()),
    }
}
