//! Rows and writes of `visits`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{Visit, VisitFields, VisitId, VisitState};
use crate::places::PlaceId;
use crate::schema::visits;

#[derive(Queryable, Selectable)]
#[diesel(table_name = visits)]
pub(super) struct VisitRow {
    id: VisitId,
    body_name: String,
    contact: String,
    people: i16,
    begins_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    wish: String,
    state: VisitState,
    guide_id: Option<PersonId>,
    place_id: Option<PlaceId>,
    answer: String,
    person_id: PersonId,
    created_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<VisitRow> for Visit {
    fn from(row: VisitRow) -> Self {
        Self {
            id: row.id,
            body_name: row.body_name,
            contact: row.contact,
            people: row.people,
            begins_at: row.begins_at,
            ends_at: row.ends_at,
            wish: row.wish,
            state: row.state,
            guide_id: row.guide_id,
            place_id: row.place_id,
            answer: row.answer,
            person_id: row.person_id,
            created_at: row.created_at,
            answered_at: row.answered_at,
            cancelled_at: row.cancelled_at,
            version: row.version,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, by: PersonId, fields: &VisitFields) -> Result<Visit, DbError> {
    let now = tx.now();
    let row: VisitRow = diesel::insert_into(visits::table)
        .values((
            visits::body_name.eq(&fields.body_name),
            visits::contact.eq(&fields.contact),
            visits::people.eq(fields.people),
            visits::begins_at.eq(fields.slot.begins_at()),
            visits::ends_at.eq(fields.slot.ends_at()),
            visits::wish.eq(&fields.wish),
            visits::person_id.eq(by),
            visits::created_at.eq(now),
        ))
        .returning(VisitRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Writes all of a visit over the row it was read from; `None` when that is no longer at its version.
pub(super) fn update(tx: &mut Tx<'_>, visit: &Visit) -> Result<Option<Visit>, DbError> {
    let guarded = visits::table.filter(visits::id.eq(visit.id)).filter(visits::version.eq(visit.version));
    let row: Option<VisitRow> = diesel::update(guarded)
        .set((
            visits::body_name.eq(&visit.body_name),
            visits::contact.eq(&visit.contact),
            visits::people.eq(visit.people),
            visits::begins_at.eq(visit.begins_at),
            visits::ends_at.eq(visit.ends_at),
            visits::wish.eq(&visit.wish),
            visits::state.eq(visit.state),
            visits::guide_id.eq(visit.guide_id),
            visits::place_id.eq(visit.place_id),
            visits::answer.eq(&visit.answer),
            visits::answered_at.eq(visit.answered_at),
            visits::cancelled_at.eq(visit.cancelled_at),
            visits::version.eq(visit.version + 1),
        ))
        .returning(VisitRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Visit::from))
}
