//! Quality (品質): what a town says once about how its work is checked; usual values where it has said nothing.
//!
//! Invariant: there is one row at most, by `quality_settings_once`, and the values of the database's own rules
//! (`forbid_endless_rework`) are those of [`Quality::default`] where there is none.

mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid};

pub use model::{Quality, QualityInput};
pub use store::find;

/// Why the town's values were not changed.
#[derive(Debug, thiserror::Error)]
pub enum QualityError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for QualityError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Db(_) => &[],
        }
    }
}

/// Sets the town's values. What was taken or appealed before keeps the time it was given.
pub fn change(tx: &mut Tx<'_>, input: &QualityInput) -> Result<Quality, QualityError> {
    let quality = input.checked()?;
    store::put(tx, quality)?;
    Ok(quality)
}
