//! Client and prospect companies (企業): entering one, correcting one, finding one.
//!
//! Invariant: names are stored byte for byte as they were entered; only their search keys are folded.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, CompanyId, FieldProblem, Invalid};

pub use lists::{CompanyKey, CompanySummary, by_numbers, closed_on, find, list, names, search};
pub(crate) use model::CompanyFields;
pub use model::{Company, CompanyInput};

/// Why a company was not entered or changed.
#[derive(Debug, thiserror::Error)]
pub enum CompanyError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Another company of this town has the same corporate number.
    #[error("company {0} already has this corporate number")]
    NumberTaken(CompanyId),
    /// Somebody changed it since it was read.
    #[error("the company was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CompanyError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NumberTaken(_) => Code::Taken,
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

/// Enters a company.
pub fn enter(tx: &mut Tx<'_>, input: CompanyInput) -> Result<Company, CompanyError> {
    enter_checked(tx, &input.checked()?)
}

/// Enters a company whose fields are known to be right: checked here, or taken from the register byte for byte.
pub(crate) fn enter_checked(tx: &mut Tx<'_>, fields: &CompanyFields) -> Result<Company, CompanyError> {
    if let Some(company) = store::insert(tx, fields)? {
        return Ok(company);
    }
    let number = fields.corporate_number.as_ref().ok_or(DbError::NotFound)?;
    let other = store::id_by_number(tx, number)?.ok_or(DbError::NotFound)?;
    Err(CompanyError::NumberTaken(other))
}

/// Changes a company that was read at `version`.
pub fn correct(
    tx: &mut Tx<'_>,
    id: CompanyId,
    version: i32,
    input: CompanyInput,
) -> Result<Company, CompanyError> {
    let fields = input.checked()?;
    if let Some(number) = &fields.corporate_number
        && let Some(other) = store::id_by_number(tx, number)?
        && other != id
    {
        return Err(CompanyError::NumberTaken(other));
    }
    let current = find(tx, id)?;
    store::update(tx, current.id, version, &fields)?.ok_or(CompanyError::Stale)
}
