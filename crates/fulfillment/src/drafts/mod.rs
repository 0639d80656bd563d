//! Drafts (下書き): what somebody is writing for a unit, kept for them alone until they hand it in.
//!
//! Invariants: no page overwrites what another one saved without showing both (tests
//! `two_pages_never_overwrite_each_other_unseen`, `saves_that_race_lose_nothing`); a draft outlives its claim, however that
//! ends, for its person alone; a submission that names it consumes it in the same transaction.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, UnitId};

pub use lists::find;
pub(crate) use model::Seen;
pub use model::{Draft, DraftInput};

use crate::claims;
use crate::submissions;
use crate::units::{self, UnitState};

/// How long a draft is kept that nobody touches.
const KEPT: TimeDelta = TimeDelta::days(180);

/// Why a draft was not saved.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Another page saved it since this one was opened; that one stands, and both are shown.
    #[error("the draft was saved from another page")]
    Moved,
    /// The unit waits for somebody else, or is over.
    #[error("there is nothing to write for this unit")]
    NothingToDo,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for DraftError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Moved => Code::DraftMoved,
            Self::NothingToDo => Code::Conflict,
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

/// Saves what the acting person has written for a unit they have to do, or had until their claim ended by itself. It is a
/// sign that they go on.
pub fn save(tx: &mut Tx<'_>, unit: UnitId, input: &DraftInput) -> Result<Draft, DraftError> {
    let person = crate::acting_person(tx)?;
    claims::reach(tx, unit)?;
    let unit = units::find(tx, unit)?;
    if unit.holder_id == Some(person) && !UnitState::TO_DO.contains(&unit.state) {
        return Err(DraftError::NothingToDo);
    }
    let fields = input.checked()?;
    let stored = store::lock(tx, unit.id, person)?;
    if !input.seen().goes_on_from(stored.as_ref()) {
        return Err(DraftError::Moved);
    }
    let before = stored.as_ref().map_or_else(Vec::new, |draft| draft.file_ids.clone());
    let files = input.files(&before)?;
    for file in files.iter().filter(|file| !before.contains(file)) {
        submissions::own_file::<DraftError>(tx, *file, person)?;
    }
    let is_same = stored.as_ref().is_some_and(|draft| {
        draft.result_text == fields.result_text && draft.memo == fields.memo && draft.file_ids == files
    });
    let draft = match stored {
        Some(draft) if is_same => draft,
        stored => store::save(tx, unit.id, person, stored.map(|draft| draft.version), &fields, files)?
            .ok_or(DraftError::Moved)?,
    };
    if unit.holder_id == Some(person) {
        claims::sign(tx, unit.job_id, person)?;
    }
    Ok(draft)
}

/// The draft that a submission names, locked, to be handed in with it; [`DraftError::Moved`] where another page saved it
/// meanwhile. `None` where it names none.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    unit: UnitId,
    person: PersonId,
    seen: &Seen,
) -> Result<Option<Draft>, DraftError> {
    if !seen.names_one() {
        return Ok(None);
    }
    let stored = store::lock(tx, unit, person)?;
    if !seen.goes_on_from(stored.as_ref()) {
        return Err(DraftError::Moved);
    }
    Ok(stored)
}

/// The draft has been handed in.
pub(crate) fn consume(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<(), DbError> {
    store::remove(tx, unit, person)
}

/// Removes drafts that nobody has touched for half a year; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let before = tx.now() - KEPT;
    store::remove_older(tx, before)
}
