//! Rows and writes of `activities`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{ActivityId, DealId, PersonId};

use super::model::{Activity, ActivityFields, ActivityKind, Outcome};
use crate::schema::activities;

#[derive(Queryable, Selectable)]
#[diesel(table_name = activities)]
pub(super) struct ActivityRow {
    id: ActivityId,
    deal_id: DealId,
    kind: ActivityKind,
    outcome: Outcome,
    note: String,
    person_id: PersonId,
    happened_at: DateTime<Utc>,
}

impl From<ActivityRow> for Activity {
    fn from(row: ActivityRow) -> Self {
        Self {
            id: row.id,
            deal_id: row.deal_id,
            kind: row.kind,
            outcome: row.outcome,
            note: row.note,
            person_id: row.person_id,
            happened_at: row.happened_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    deal: DealId,
    person: PersonId,
    fields: &ActivityFields,
) -> Result<Activity, DbError> {
    let now = tx.now();
    let row: ActivityRow = diesel::insert_into(activities::table)
        .values((
            activities::deal_id.eq(deal),
            activities::kind.eq(fields.kind),
            activities::outcome.eq(fields.outcome),
            activities::note.eq(&fields.note),
            activities::person_id.eq(person),
            activities::happened_at.eq(now),
            activities::created_at.eq(now),
        ))
        .returning(ActivityRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
