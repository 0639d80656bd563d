//! Second looks (二重検品): of every hundred verdicts a few are given once more, by another reviewer who does not know the first.
//! They change nothing of a unit, of pay or of how anybody is looked at; together they say whether reviewers judge alike.
//!
//! Invariants: nobody looks a second time at what they judged, at whichever level, or made, by trigger `second_looks_other_eyes` too
//! (`another_reviewer_judges_without_knowing_and_only_once`); nothing of the first verdict is told before the second is given.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid};

pub use lists::{agreement, count_open, find, waiting};
pub use model::{
    Agreement, Kappa, Known, SecondLook, SecondLookId, SecondLookInput, SecondLookKey, SecondVerdict, ToLook,
};

use crate::hand_overs;
use crate::quality;
use crate::reviews::{self, Review};
use crate::submissions;

/// Why a second verdict was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SecondLookError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The acting person made a version or a part of this unit.
    #[error("nobody judges their own work")]
    OwnWork,
    /// The acting person gave a verdict about it before.
    #[error("another reviewer looks a second time")]
    SameReviewer,
    /// It was given before.
    #[error("it was given before")]
    Done,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for SecondLookError {
    fn from(error: DbError) -> Self {
        if error.violates("second_looks_other_eyes") { Self::SameReviewer } else { Self::Db(error) }
    }
}

impl Coded for SecondLookError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::OwnWork => Code::OwnWork,
            Self::SameReviewer => Code::SameReviewer,
            Self::Done => Code::Conflict,
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

/// Draws whether a verdict is given once more, as often as the town says. Whoever gave it learns nothing of it.
pub(crate) fn draw(tx: &mut Tx<'_>, review: &Review) -> Result<(), DbError> {
    let percent = quality::find(tx)?.second_look_percent;
    store::draw(tx, review, percent)
}

/// Gives the second verdict. It changes nothing of the unit.
pub fn say(
    tx: &mut Tx<'_>,
    id: SecondLookId,
    input: &SecondLookInput,
) -> Result<SecondLook, SecondLookError> {
    let person = crate::acting_person(tx)?;
    let look = store::lock(tx, id)?;
    if reviews::of_unit(tx, look.unit_id)?
        .iter()
        .any(|one| one.submission_id == look.submission_id && one.checker_id == person)
    {
        return Err(SecondLookError::SameReviewer);
    }
    if submissions::made_any_version(tx, look.unit_id, person)?
        || hand_overs::made_a_part(tx, look.unit_id, person)?
    {
        return Err(SecondLookError::OwnWork);
    }
    if look.looked_at.is_some() {
        return Err(SecondLookError::Done);
    }
    let (is_good, comment) = input.checked()?;
    Ok(store::say(tx, id, (person, is_good), &comment)?)
}
