//! Addresses that are left alone, and why: a relay called them dead, a notice of non-delivery or a report of spam came, or
//! somebody decided so. Nothing but what is owed goes there until a person lifts it with a reason, or its time is over.
//!
//! Invariants: only a relay's word or a notice that proves to be about a mail of ours puts an address on the list by
//! itself (`names_a_dead_address` in `smtp/classify.rs`, `a_forged_notice_changes_nothing` in `bounces/tests.rs`); mails
//! about accounts and legal notices are tried all the same
//! (`what_is_owed_goes_to_a_suppressed_address_and_nothing_else`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Checks, Code, Coded, EmailAddress, FieldProblem, Invalid, MessageId, Typed};

pub use lists::{find, is_dead, list, stopped_since, stops};
pub(crate) use model::{FULL_DAYS, Grounds, Scope};
pub use model::{Suppression, SuppressionId, SuppressionInput, SuppressionReason};
pub(crate) use store::refused;

use crate::messages;

/// Why the list was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SuppressionError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is on the list already.
    #[error("the address is on the list already")]
    Exists,
    /// It was lifted, or its time was over.
    #[error("the address is not on the list any more")]
    Over,
    /// The database failed, or this town has no such entry.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for SuppressionError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Exists | Self::Over => Code::Conflict,
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

/// Puts an address on the list because somebody decided so, and takes back what still waits for it.
pub fn add(tx: &mut Tx<'_>, input: &SuppressionInput) -> Result<SuppressionId, SuppressionError> {
    let asked = input.checked(tx.now())?;
    let id = store::insert(tx, &asked.address, &asked.grounds)?.ok_or(SuppressionError::Exists)?;
    messages::leave_alone(tx, &asked.address, asked.grounds.scope.category())?;
    Ok(id)
}

/// Puts an address on the list because of what came back about `message`, and takes back what still waits for it. Where it
/// is there already for good, nothing changes.
pub(crate) fn learned(tx: &mut Tx<'_>, address: &EmailAddress, grounds: &Grounds) -> Result<(), DbError> {
    if store::insert(tx, address, grounds)?.is_some() {
        messages::leave_alone(tx, address, grounds.scope.category())?;
    }
    Ok(())
}

/// Takes an address off the list, in every scope, because somebody knows better now.
pub fn lift(tx: &mut Tx<'_>, address: &EmailAddress, note: &Typed) -> Result<(), SuppressionError> {
    let reason = why(note)?;
    Ok(store::lift_address(tx, address, &reason)?)
}

/// Takes one entry off the list.
pub fn lift_one(tx: &mut Tx<'_>, id: SuppressionId, note: &Typed) -> Result<(), SuppressionError> {
    let reason = why(note)?;
    find(tx, id)?;
    if store::lift(tx, id, &reason)? { Ok(()) } else { Err(SuppressionError::Over) }
}

fn why(note: &Typed) -> Result<String, Invalid> {
    let mut checks = Checks::new();
    let reason = checks.required_line("note", note, 400);
    checks.done(reason)
}

/// The grounds of what a notice about `message` says.
pub(crate) fn grounds(reason: SuppressionReason, scope: Scope, message: MessageId) -> Grounds {
    Grounds { reason, scope, message: Some(message), expires_at: None, note: None }
}
