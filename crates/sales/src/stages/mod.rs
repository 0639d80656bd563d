//! The board's columns (段階): a town's own data.
//!
//! Invariant: the kind decides what a stage does, never its name, and a stage's kind never changes.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{BoardStageId, Code, Coded, FieldProblem, Invalid};

pub(crate) use lists::first;
pub use lists::{find, list};
pub use model::{Requirement, Stage, StageInput, StageKind};

/// Why a stage was not changed.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody changed it since it was read.
    #[error("the stage was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for StageError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
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

/// Gives a town that has no stages the usual seven; a town that has some keeps them as they are.
pub fn install_usual(tx: &mut Tx<'_>) -> Result<Vec<Stage>, DbError> {
    if list(tx)?.is_empty() {
        store::insert_usual(tx)?;
    }
    list(tx)
}

/// Changes the name, the probability, the idle days or the requirements of a stage that was read at `version`.
pub fn change(
    tx: &mut Tx<'_>,
    id: BoardStageId,
    version: i32,
    input: StageInput,
) -> Result<Stage, StageError> {
    let current = find(tx, id)?;
    let fields = input.checked(current.kind)?;
    if lists::id_by_name(tx, &fields.name)?.is_some_and(|other| other != id) {
        return Err(Invalid::field("name", Code::Taken).into());
    }
    store::update(tx, id, version, &fields)?.ok_or(StageError::Stale)
}
