//! What contacts said about being called (電話のお断り): refusals and what took them back, with who noted them and how.
//!
//! A person may be called about new business until they refuse; for advertising by mail it is the other way round, and
//! that record is the notifier's, which alone sends mail. Here is the one truth about calls.
//!
//! Invariant: nothing that was said is ever taken out of the record; who refused last stands on no call list
//! (`who_refuses_to_be_called_stands_on_no_call_list`).

mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, ContactId, FieldProblem, Invalid, MergeId};

pub use model::{CallWish, CallWishInput, Wish};
pub use store::history;

use crate::contacts::{self, Contact};

/// Why a wish was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum CallWishError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed, or this town has no such contact.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CallWishError {
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

/// Writes down what a contact said about being called.
pub fn record(tx: &mut Tx<'_>, contact: ContactId, input: &CallWishInput) -> Result<Contact, CallWishError> {
    let (wish, note) = input.checked()?;
    let contact = contacts::find(tx, contact)?;
    store::insert(tx, contact.id, wish, &note)?;
    contacts::set_may_be_called(tx, contact.id, wish == Wish::Welcome)?;
    Ok(contacts::find(tx, contact.id)?)
}

/// A contact who refused and turns out to be another refuses there too; the stricter wish counts.
pub(crate) fn take_over_refusal(
    tx: &mut Tx<'_>,
    merge: MergeId,
    from: ContactId,
    into: ContactId,
) -> Result<(), DbError> {
    store::take_over(tx, merge, from, into)?;
    contacts::set_may_be_called(tx, into, false)
}

/// Lets go of what `merge` had `contact` take over: what they said themselves counts again.
pub(crate) fn let_go(tx: &mut Tx<'_>, merge: MergeId, contact: ContactId) -> Result<(), DbError> {
    if !store::let_go(tx, merge)? {
        return Ok(());
    }
    let last = store::last(tx, contact)?;
    contacts::set_may_be_called(tx, contact, last != Some(Wish::Refused))
}
