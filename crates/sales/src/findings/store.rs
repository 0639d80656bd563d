//! Rows and writes of `findings`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{Finding, FindingId, FindingState, FindingStatus};
use crate::schema::findings;

#[derive(Queryable, Selectable)]
#[diesel(table_name = findings)]
pub(super) struct FindingRow {
    id: FindingId,
    title: String,
    person_id: PersonId,
    created_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<FindingRow> for Finding {
    fn from(row: FindingRow) -> Self {
        Self {
            id: row.id,
            title: row.title,
            state: row
                .settled_at
                .map_or(FindingState::Open, |settled_at| FindingState::Settled { settled_at }),
            person_id: row.person_id,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, person: PersonId, title: &str) -> Result<Finding, DbError> {
    let now = tx.now();
    let row: FindingRow = diesel::insert_into(findings::table)
        .values((findings::title.eq(title), findings::person_id.eq(person), findings::created_at.eq(now)))
        .returning(FindingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` when it is no longer at its version.
pub(super) fn settle(tx: &mut Tx<'_>, id: FindingId, version: i32) -> Result<Option<Finding>, DbError> {
    let now = tx.now();
    let guarded = findings::table.filter(findings::id.eq(id)).filter(findings::version.eq(version));
    let row: Option<FindingRow> = diesel::update(guarded)
        .set((
            findings::state.eq(FindingStatus::Settled),
            findings::settled_at.eq(now),
            findings::version.eq(version + 1),
        ))
        .returning(FindingRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Finding::from))
}
