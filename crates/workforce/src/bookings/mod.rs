//! Bookings (予約) of the telework centre: by a worker for themselves, by coordination for others, for visits, and the days on
//! which it is closed. All of them are rows of one table, so one constraint keeps everybody apart.
//!
//! Invariants: a place is taken by one at a time, whoever is faster
//! (`of_two_people_who_want_one_time_exactly_one_has_it_a_hundred_times`); whose booking somebody else made or cancelled
//! is told (`who_did_not_book_or_cancel_it_themselves_is_told`); what is closed already keeps nothing from being closed
//! (`whatever_is_closed_already_the_days_of_a_closing_are_all_closed`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Days, NaiveTime, Utc};
use db::{DbError, Tx};
use kernel::{Checks, Code, Coded, FieldProblem, Invalid, PersonId, date_in_japan};

pub(crate) use lists::is_booked_after;
pub use lists::{BookingKey, PlaceDay, Suggestion, days, find, instead, next_free_day, upcoming};
pub use model::{BookInput, Booking, BookingId, BookingKind, CloseInput, DAYS_AHEAD, MOST_CLOSED_DAYS};
pub(crate) use model::{is_open, is_to_come};

use crate::events::{BookingCancelled, BookingMade};
use crate::places::{self, Place, PlaceId};
use crate::slots::{self, Slot};
use crate::visits::VisitId;
use store::{Taking, Use};

/// Why a place was not booked, closed or freed.
#[derive(Debug, thiserror::Error)]
pub enum BookingError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else has that time, or the centre is closed; [`instead`] says what is free.
    #[error("the place is taken at that time")]
    Taken,
    /// Closing needs to be told what becomes of the bookings of those days.
    #[error("{0} bookings are in the way")]
    InTheWay(usize),
    /// A visit is expected on those days; it is moved or cancelled first.
    #[error("a visit is expected")]
    VisitExpected,
    /// It is over, or cancelled, or a visit's.
    #[error("the booking cannot be cancelled")]
    NotToCancel,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for BookingError {
    fn from(error: DbError) -> Self {
        if error.violates("bookings_one_at_a_time") {
            return Self::Taken;
        }
        if error.violates("bookings_organization_id_person_id_fkey") {
            return Self::Invalid(Invalid(vec![FieldProblem::new("person_id", Code::UnknownChoice)]));
        }
        Self::Db(error)
    }
}

impl Coded for BookingError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Taken => Code::SlotTaken,
            Self::InTheWay(_) | Self::VisitExpected => Code::BookingsInTheWay,
            Self::NotToCancel => Code::Conflict,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Books a place. Whom somebody else books it for is told.
pub fn book(tx: &mut Tx<'_>, input: &BookInput) -> Result<Booking, BookingError> {
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    let wish = input.checked(by, tx.now())?;
    let person = wish.person;
    let place = hold_for::<BookingError>(tx, wish.place)?;
    let mut checks = Checks::new();
    is_open(&mut checks, &place, wish.slot);
    checks.done(())?;
    let booking = store::insert(tx, taking(place.id, wish.slot, by), Use::Person(person))?;
    if by != person {
        queue::record(tx, &BookingMade { booking: booking.id, person, by })?;
    }
    Ok(booking)
}

/// Frees a place again: what a person booked, or a closing. A visit frees its own.
pub fn cancel(tx: &mut Tx<'_>, id: BookingId) -> Result<Booking, BookingError> {
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    let booking = find(tx, id)?;
    if booking.kind == BookingKind::Visit || booking.ends_at <= tx.now() {
        return Err(BookingError::NotToCancel);
    }
    let cancelled = store::cancel(tx, id)?.ok_or(BookingError::NotToCancel)?;
    tell_cancelled(tx, &cancelled, by, "")?;
    Ok(cancelled)
}

/// Closes a place, or all of them, for whole days. What people have booked for those days is cancelled where the input
/// says so, and they are told; otherwise nothing is closed. A closing that lies within these days is taken over: it is
/// cancelled, and the new one stands for its days too. One that reaches beyond them stays as it is, and the new one has the
/// days that are left. Gives back what keeps each place closed.
pub fn close(tx: &mut Tx<'_>, input: &CloseInput) -> Result<Vec<Booking>, BookingError> {
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    let closing = input.checked(date_in_japan(tx.now()))?;
    let held = match closing.place {
        Some(id) => vec![hold_for::<BookingError>(tx, id)?],
        None => places::hold_all(tx)?,
    };
    let begins_at = slots::moment(closing.first_day, NaiveTime::MIN);
    let ends_at = slots::moment(closing.last_day + Days::new(1), NaiveTime::MIN);
    let ids: Vec<PlaceId> = held.iter().map(|place| place.id).collect();
    let there = lists::between(tx, &ids, begins_at, ends_at)?;
    let people: Vec<&Booking> = there.iter().filter(|one| one.kind == BookingKind::Person).collect();
    if there.iter().any(|one| one.kind == BookingKind::Visit) {
        return Err(BookingError::VisitExpected);
    }
    if !people.is_empty() && !closing.cancels {
        return Err(BookingError::InTheWay(people.len()));
    }
    for one in people {
        store::cancel(tx, one.id)?;
        tell_cancelled(tx, one, by, &closing.note)?;
    }
    let closed = |place: PlaceId| {
        let of_place = there.iter().filter(move |one| one.place_id == place);
        of_place.filter(|one| one.kind == BookingKind::Closed).collect::<Vec<_>>()
    };
    ids.into_iter()
        .map(|place| {
            let days = Taking { place, begins_at, ends_at, by };
            close_among(tx, days, &closed(place), &closing.note)
        })
        .collect()
}

/// Closes a place beside what closes it already for some of these days.
fn close_among(
    tx: &mut Tx<'_>,
    days: Taking,
    closed: &[&Booking],
    note: &str,
) -> Result<Booking, BookingError> {
    let mut left = days;
    let mut beyond = None;
    for one in closed.iter().copied() {
        if one.begins_at >= days.begins_at && one.ends_at <= days.ends_at {
            store::cancel(tx, one.id)?;
            continue;
        }
        left = without(left, one.begins_at, one.ends_at);
        beyond = Some(one);
    }
    match beyond.filter(|_| left.begins_at >= left.ends_at) {
        Some(there) => Ok(there.clone()),
        None => Ok(store::insert(tx, left, Use::Closed(note))?),
    }
}

/// What is left of some days without those of a closing that reaches beyond them: such a one covers their beginning, their
/// end, or all of them.
fn without(days: Taking, begins_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Taking {
    if begins_at <= days.begins_at {
        Taking { begins_at: days.begins_at.max(ends_at), ..days }
    } else {
        Taking { ends_at: days.ends_at.min(begins_at), ..days }
    }
}

/// Takes a place up for a visit; the caller has checked its hours.
pub(crate) fn take_for_visit(
    tx: &mut Tx<'_>,
    place: PlaceId,
    slot: Slot,
    visit: VisitId,
    by: PersonId,
) -> Result<(), DbError> {
    store::insert(tx, taking(place, slot, by), Use::Visit(visit))?;
    Ok(())
}

/// Frees what a visit took up.
pub(crate) fn free_of_visit(tx: &mut Tx<'_>, visit: VisitId) -> Result<(), DbError> {
    store::cancel_of_visit(tx, visit)
}

/// Holds a place that somebody chose; one that is not there is a wrong choice.
pub(crate) fn hold_for<E: From<Invalid> + From<DbError>>(tx: &mut Tx<'_>, id: PlaceId) -> Result<Place, E> {
    match places::hold(tx, id) {
        Err(DbError::NotFound) => {
            Err(Invalid(vec![FieldProblem::new("place_id", Code::UnknownChoice)]).into())
        }
        found => Ok(found?),
    }
}

fn taking(place: PlaceId, slot: Slot, by: PersonId) -> Taking {
    Taking { place, begins_at: slot.begins_at(), ends_at: slot.ends_at(), by }
}

fn tell_cancelled(tx: &mut Tx<'_>, booking: &Booking, by: PersonId, note: &str) -> Result<(), DbError> {
    let Some(person) = booking.person_id.filter(|person| *person != by) else { return Ok(()) };
    queue::record(tx, &BookingCancelled { booking: booking.id, person, by, note: note.to_owned() })?;
    Ok(())
}
