//! Findings (課題): what the team found wanting, until somebody says that it is settled.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid};

pub(crate) use lists::find_many;
pub use lists::{FindingKey, find, list, open_count};
pub use model::{Finding, FindingId, FindingInput, FindingState, FindingStatus};

/// Why a finding was not written or settled.
#[derive(Debug, thiserror::Error)]
pub enum FindingError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is settled already, or somebody changed it since it was read.
    #[error("the finding was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for FindingError {
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
            Self::Stale | Self::Db(_) => &[],
        }
    }
}

/// Writes down what is wanting.
pub fn raise(tx: &mut Tx<'_>, input: &FindingInput) -> Result<Finding, FindingError> {
    let title = input.checked()?;
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    Ok(store::insert(tx, person, &title)?)
}

/// It is wanting no more.
pub fn settle(tx: &mut Tx<'_>, id: FindingId, version: i32) -> Result<Finding, FindingError> {
    let found = find(tx, id)?;
    if found.version != version || found.state.status() == FindingStatus::Settled {
        return Err(FindingError::Stale);
    }
    store::settle(tx, id, version)?.ok_or(FindingError::Stale)
}
