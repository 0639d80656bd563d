//! Rows and writes of `skills` and `worker_skills`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, WorkerId, date_in_japan};

use super::model::{Grant, Skill, SkillId};
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

/// Grants it anew or in the place of what was there; whoever was warned of the day before is warned of the new one.
pub(super) fn grant(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    skill: SkillId,
    grant: &Grant,
    confirmed_by: Option<PersonId>,
) -> Result<(), DbError> {
    let now = tx.now();
    let terms = (
        worker_skills::level.eq(grant.level),
        worker_skills::expires_on.eq(grant.expires_on),
        worker_skills::evidence.eq(grant.evidence),
        worker_skills::evidence_note.eq(&grant.note),
        worker_skills::file_id.eq(grant.file),
        worker_skills::confirmed_by.eq(confirmed_by),
        worker_skills::confirmed_on.eq(date_in_japan(now)),
    );
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

/// Notes that a worker is warned of the last day of a skill; `false` where that is noted already or the day is another.
pub(super) fn set_warned(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    skill: SkillId,
    day: NaiveDate,
) -> Result<bool, DbError> {
    let unwarned = worker_skills::table
        .filter(worker_skills::worker_id.eq(worker))
        .filter(worker_skills::skill_id.eq(skill))
        .filter(worker_skills::expires_on.eq(day))
        .filter(worker_skills::warned_for.is_null().or(worker_skills::warned_for.ne(day)));
    Ok(diesel::update(unwarned).set(worker_skills::warned_for.eq(day)).execute(tx.conn())? == 1)
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
