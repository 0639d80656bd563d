//! The places of the telework centre (テレワークセンター): rooms, desks and equipment, each for one at a time, with the hours in
//! which it is open and what somebody has to know to get in and use it.
//!
//! Invariants: no two open places are called the same (`no_two_open_places_are_called_the_same`); nobody is left with a
//! booking of a place that was given up (`a_place_is_given_up_once_nobody_comes_any_more_whether_it_is_closed_or_not`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid};

pub use lists::{find, find_many, list};
pub use model::{OpenDay, Place, PlaceId, PlaceInput, PlaceKind};
pub(crate) use store::{hold, hold_all};

use crate::bookings;

/// Why a place was not entered or changed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody has booked it for later, so it is not given up behind their back.
    #[error("the place is booked")]
    Booked,
    /// Somebody changed it since it was read.
    #[error("the place was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for PlaceError {
    fn from(error: DbError) -> Self {
        if error.violates("places_name") {
            return Self::Invalid(Invalid(vec![FieldProblem::new("name", Code::Taken)]));
        }
        Self::Db(error)
    }
}

impl Coded for PlaceError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Booked => Code::BookingsInTheWay,
            Self::Stale => Code::Stale,
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

/// Enters a place.
pub fn open(tx: &mut Tx<'_>, input: &PlaceInput) -> Result<Place, PlaceError> {
    let fields = input.checked()?;
    Ok(store::insert(tx, &fields)?)
}

/// Corrects a place. What is booked already stays booked, also outside of the new hours.
pub fn change(tx: &mut Tx<'_>, id: PlaceId, version: i32, input: &PlaceInput) -> Result<Place, PlaceError> {
    let fields = input.checked()?;
    let place = find(tx, id)?;
    store::update(tx, place.id, version, &fields)?.ok_or(PlaceError::Stale)
}

/// Gives a place up: nobody books it any more. Refused while somebody has booked it for later.
pub fn retire(tx: &mut Tx<'_>, id: PlaceId, version: i32) -> Result<Place, PlaceError> {
    let (place, now) = (hold(tx, id)?, tx.now());
    if bookings::is_booked_after(tx, place.id, now)? {
        return Err(PlaceError::Booked);
    }
    store::set_retired(tx, id, version, Some(now))?.ok_or(PlaceError::Stale)
}

/// Lets a place that was given up be booked again.
pub fn reopen(tx: &mut Tx<'_>, id: PlaceId, version: i32) -> Result<Place, PlaceError> {
    let place = find(tx, id)?;
    store::set_retired(tx, place.id, version, None)?.ok_or(PlaceError::Stale)
}
