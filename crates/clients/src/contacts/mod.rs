//! The people a town talks to at its companies (担当者): adding one, correcting one, finding one.
//!
//! Invariant: names are stored family name first and byte for byte as entered; a contact never moves to another
//! company.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, CompanyId, ContactId, FieldProblem, Invalid};

pub use lists::{find, of_company, search};
pub use model::{Contact, ContactInput};

/// Why a contact was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody changed it since it was read.
    #[error("the contact was changed meanwhile")]
    Stale,
    /// The database failed, or this town has no such company or contact.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ContactError {
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

/// Adds a person to a company of this town.
pub fn add(tx: &mut Tx<'_>, company: CompanyId, input: ContactInput) -> Result<Contact, ContactError> {
    let fields = input.checked()?;
    let company = crate::companies::find(tx, company)?;
    Ok(store::insert(tx, company.id, &fields)?)
}

/// Changes a contact that was read at `version`.
pub fn correct(
    tx: &mut Tx<'_>,
    id: ContactId,
    version: i32,
    input: ContactInput,
) -> Result<Contact, ContactError> {
    let fields = input.checked()?;
    let current = find(tx, id)?;
    store::update(tx, current.id, version, &fields)?.ok_or(ContactError::Stale)
}
