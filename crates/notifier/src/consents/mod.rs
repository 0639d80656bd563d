//! Consents: whether a client's contact may be sent advertising, and the proof of it.
//!
//! Invariant: nothing is ever taken out of the record; after a refusal only the contact's own wish allows advertising
//! again (`after_a_refusal_only_their_own_wish_counts`).

mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, ContactId, FieldProblem, Invalid};

pub use model::{Basis, Consent, ConsentInput};
pub use store::{history, is_allowed};

use crate::messages::{self, Category, Party};

/// Why a consent was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed, or this town has no such contact.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ConsentError {
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

/// Writes down what a contact said about advertising. A refusal takes back what still waits.
pub fn record(tx: &mut Tx<'_>, contact: ContactId, input: &ConsentInput) -> Result<(), ConsentError> {
    let (basis, note) = input.checked()?;
    Ok(write(tx, contact, basis, &note)?)
}

/// Writes down the refusal of a contact who used their link.
pub(crate) fn refuse(tx: &mut Tx<'_>, contact: ContactId) -> Result<(), DbError> {
    if is_allowed(tx, contact)? { write(tx, contact, Basis::Refused, "") } else { Ok(()) }
}

fn write(tx: &mut Tx<'_>, contact: ContactId, basis: Basis, note: &str) -> Result<(), DbError> {
    store::insert(tx, contact, basis, note)?;
    if !is_allowed(tx, contact)? {
        messages::take_back(tx, Party::Contact(contact), Category::Commercial)?;
    }
    Ok(())
}
