//! Rows and writes of `bookings`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{Booking, BookingId, BookingKind};
use crate::places::PlaceId;
use crate::schema::bookings;
use crate::visits::VisitId;

#[derive(Queryable, Selectable)]
#[diesel(table_name = bookings)]
pub(super) struct BookingRow {
    id: BookingId,
    place_id: PlaceId,
    kind: BookingKind,
    person_id: Option<PersonId>,
    visit_id: Option<VisitId>,
    note: String,
    begins_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    booked_by: PersonId,
    created_at: DateTime<Utc>,
    cancelled_at: Option<DateTime<Utc>>,
}

impl From<BookingRow> for Booking {
    fn from(row: BookingRow) -> Self {
        Self {
            id: row.id,
            place_id: row.place_id,
            kind: row.kind,
            person_id: row.person_id,
            visit_id: row.visit_id,
            note: row.note,
            begins_at: row.begins_at,
            ends_at: row.ends_at,
            booked_by: row.booked_by,
            created_at: row.created_at,
            cancelled_at: row.cancelled_at,
        }
    }
}

/// What takes a place up.
#[derive(Debug, Clone, Copy)]
pub(super) enum Use<'a> {
    Person(PersonId),
    Visit(VisitId),
    Closed(&'a str),
}

/// One time of one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taking {
    pub(super) place: PlaceId,
    pub(super) begins_at: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
    pub(super) by: PersonId,
}

/// Violates `bookings_one_at_a_time` where the place is taken.
pub(super) fn insert(tx: &mut Tx<'_>, taking: Taking, purpose: Use<'_>) -> Result<Booking, DbError> {
    let now = tx.now();
    let (kind, person, visit, note) = match purpose {
        Use::Person(person) => (BookingKind::Person, Some(person), None, ""),
        Use::Visit(visit) => (BookingKind::Visit, None, Some(visit), ""),
        Use::Closed(note) => (BookingKind::Closed, None, None, note),
    };
    let row: BookingRow = diesel::insert_into(bookings::table)
        .values((
            bookings::place_id.eq(taking.place),
            bookings::kind.eq(kind),
            bookings::person_id.eq(person),
            bookings::visit_id.eq(visit),
            bookings::note.eq(note),
            bookings::begins_at.eq(taking.begins_at),
            bookings::ends_at.eq(taking.ends_at),
            bookings::booked_by.eq(taking.by),
            bookings::created_at.eq(now),
        ))
        .returning(BookingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` when it is cancelled already.
pub(super) fn cancel(tx: &mut Tx<'_>, id: BookingId) -> Result<Option<Booking>, DbError> {
    let now = tx.now();
    let guarded = bookings::table.filter(bookings::id.eq(id)).filter(bookings::cancelled_at.is_null());
    let row: Option<BookingRow> = diesel::update(guarded)
        .set(bookings::cancelled_at.eq(now))
        .returning(BookingRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Booking::from))
}

/// Frees what a visit took up.
pub(super) fn cancel_of_visit(tx: &mut Tx<'_>, visit: VisitId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::update(bookings::table)
        .filter(bookings::visit_id.eq(visit))
        .filter(bookings::cancelled_at.is_null())
        .set(bookings::cancelled_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}
