//! Rows and writes of `activities`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{ActivityId, CompanyId, DealId, LeadId, PersonId};

use super::model::{Activity, ActivityKind, NoteFields, Outcome};
use crate::about::About;
use crate::schema::activities;

#[derive(Queryable, Selectable)]
#[diesel(table_name = activities)]
pub(super) struct ActivityRow {
    id: ActivityId,
    deal_id: Option<DealId>,
    company_id: Option<CompanyId>,
    lead_id: Option<LeadId>,
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
            company_id: row.company_id,
            lead_id: row.lead_id,
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
    about: About,
    person: PersonId,
    fields: &NoteFields,
) -> Result<Activity, DbError> {
    let now = tx.now();
    let row: ActivityRow = diesel::insert_into(activities::table)
        .values((
            activities::deal_id.eq(about.deal()),
            activities::company_id.eq(about.company()),
            activities::lead_id.eq(about.lead()),
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

/// Moves the activities of company `from`, or those of them named in `only`, to `into`; gives back which it moved.
pub(crate) fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut moving = diesel::update(activities::table)
        .filter(activities::company_id.eq(from))
        .set(activities::company_id.eq(into))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(activities::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(activities::id).get_results(tx.conn())?)
}
