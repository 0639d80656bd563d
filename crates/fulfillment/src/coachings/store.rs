//! Rows and writes of `coachings`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, ReviewId, UnitId};

use super::model::{Coaching, CoachingId};
use crate::reviews::Review;
use crate::schema::coachings;

#[derive(Queryable, Selectable)]
#[diesel(table_name = coachings)]
pub(super) struct CoachingRow {
    id: CoachingId,
    review_id: ReviewId,
    unit_id: UnitId,
    person_id: PersonId,
    opened_at: DateTime<Utc>,
    note: String,
    coach_id: Option<PersonId>,
    held_on: Option<NaiveDate>,
    closed_at: Option<DateTime<Utc>>,
}

impl From<CoachingRow> for Coaching {
    fn from(row: CoachingRow) -> Self {
        Self {
            id: row.id,
            review_id: row.review_id,
            unit_id: row.unit_id,
            person_id: row.person_id,
            opened_at: row.opened_at,
            note: row.note,
            coach_id: row.coach_id,
            held_on: row.held_on,
            closed_at: row.closed_at,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, review: &Review, maker: PersonId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(coachings::table)
        .values((
            coachings::review_id.eq(review.id),
            coachings::unit_id.eq(review.unit_id),
            coachings::person_id.eq(maker),
            coachings::opened_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Reads one and keeps everybody else from closing it until this transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: CoachingId) -> Result<Coaching, DbError> {
    let row: CoachingRow = coachings::table
        .filter(coachings::id.eq(id))
        .select(CoachingRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

pub(super) fn close(
    tx: &mut Tx<'_>,
    id: CoachingId,
    coach: PersonId,
    held_on: NaiveDate,
    note: &str,
) -> Result<Coaching, DbError> {
    let now = tx.now();
    let open = coachings::table.filter(coachings::id.eq(id)).filter(coachings::closed_at.is_null());
    let row: CoachingRow = diesel::update(open)
        .set((
            coachings::coach_id.eq(coach),
            coachings::held_on.eq(held_on),
            coachings::note.eq(note),
            coachings::closed_at.eq(now),
        ))
        .returning(CoachingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
