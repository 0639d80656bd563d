//! Coaching (いっしょに見直す): a unit went back to the same person once too often through their own fault, so somebody sits down
//! with them instead of sending it back again and again. Its holder keeps it and may go on meanwhile.
//!
//! Invariant: beyond the cap each such return has its coaching, by trigger `reviews_rework_cap` and in the same transaction
//! (`after_the_cap_somebody_sits_down_with_them_instead`); nobody coaches themselves (`coachings_by_another`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

pub use lists::{count_open, find, notes, waiting};
pub use model::{Coaching, CoachingId, CoachingKey, HeldInput, OpenCoaching};

use crate::reviews::Review;

/// Why a coaching was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CoachingError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The acting person is the one who is to be coached.
    #[error("nobody coaches themselves")]
    OwnWork,
    /// It was closed before.
    #[error("it is closed")]
    Closed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CoachingError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::OwnWork => Code::OwnWork,
            Self::Closed => Code::Conflict,
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

/// Opens one with a return.
pub(crate) fn open(tx: &mut Tx<'_>, review: &Review, maker: PersonId) -> Result<(), DbError> {
    store::insert(tx, review, maker)
}

/// Notes that somebody sat down with them, and what they agreed on; whoever was coached reads it with the unit.
pub fn close(tx: &mut Tx<'_>, id: CoachingId, input: &HeldInput) -> Result<Coaching, CoachingError> {
    let coach = crate::acting_person(tx)?;
    let coaching = store::lock(tx, id)?;
    if coaching.person_id == coach {
        return Err(CoachingError::OwnWork);
    }
    if coaching.closed_at.is_some() {
        return Err(CoachingError::Closed);
    }
    let (held_on, note) = input.checked(crate::today(tx))?;
    Ok(store::close(tx, id, coach, held_on, &note)?)
}
