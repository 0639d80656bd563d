//! Consents: whether a client's contact may be sent advertising, and the proof of it.
//!
//! Invariant: nothing that was said is ever taken out of the record; after a refusal only the contact's own wish allows advertising
//! again (`after_a_refusal_only_their_own_wish_counts`), and a refusal holds for the address, under whatever other record it
//! comes back (`a_refusal_holds_for_the_address`).

mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, ContactId, FieldProblem, Invalid, MergeId};

pub use model::{Basis, Consent, ConsentInput};
pub use store::{history, is_allowed, refused_by_others, refuses, refusing};

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
    let contact = store::standing(tx, contact)?;
    Ok(write(tx, contact, basis, &note)?)
}

/// Writes down that a contact of the town refuses, where no refusal stands already.
pub fn add_refusal(tx: &mut Tx<'_>, contact: ContactId, note: &str) -> Result<(), DbError> {
    let contact = store::standing(tx, contact)?;
    if refuses(tx, contact)? { Ok(()) } else { write(tx, contact, Basis::Refused, note) }
}

/// Writes down the refusal of a contact who used their link, of whatever age: it counts for whoever they were merged into.
pub(crate) fn refuse(tx: &mut Tx<'_>, contact: ContactId) -> Result<(), DbError> {
    let contact = store::standing(tx, contact)?;
    if is_allowed(tx, contact)? { write(tx, contact, Basis::Refused, "") } else { Ok(()) }
}

/// Two contacts turned out to be one: a refusal that stands of `from` is one of `into`, in the words it was noted in, until
/// `merge` is taken back. Consents are not handed on: each was given to be written to at one's own address.
pub fn take_over_refusal(
    tx: &mut Tx<'_>,
    merge: MergeId,
    from: ContactId,
    into: ContactId,
) -> Result<(), DbError> {
    if refuses(tx, from)? && !refuses(tx, into)? {
        store::take_over(tx, merge, from, into)?;
    }
    Ok(())
}

/// Puts aside what advertising waits for `into`, now also that of `from`, where the two as one have not agreed to any;
/// gives back which. It is not sent by a merge that may have been a mistake, nor lost by one ([`give_back_held`]).
pub fn hold_unwanted(tx: &mut Tx<'_>, from: ContactId, into: ContactId) -> Result<Vec<i64>, DbError> {
    if is_allowed(tx, into)? && !refuses(tx, from)? {
        return Ok(Vec::new());
    }
    let held = messages::hold_waiting(tx, Party::Contact(into), Category::Commercial)?;
    Ok(held.into_iter().map(|id| id.0).collect())
}

/// Puts those of `held` back into the queue that are for `contact`, if they agree to advertising; for when they were
/// parted again.
pub fn give_back_held(tx: &mut Tx<'_>, contact: ContactId, held: &[i64]) -> Result<(), DbError> {
    if held.is_empty() || !is_allowed(tx, contact)? {
        return Ok(());
    }
    messages::release_held(tx, Party::Contact(contact), Category::Commercial, held)
}

/// Lets go of what `merge` had a contact take over.
pub fn let_go(tx: &mut Tx<'_>, merge: MergeId) -> Result<(), DbError> {
    store::let_go(tx, merge)
}

fn write(tx: &mut Tx<'_>, contact: ContactId, basis: Basis, note: &str) -> Result<(), DbError> {
    store::insert(tx, contact, basis, note)?;
    if !is_allowed(tx, contact)? {
        messages::take_back(tx, Party::Contact(contact), Category::Commercial)?;
    }
    Ok(())
}
