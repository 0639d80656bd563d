//! Whom to call, because a notice did not reach them by mail.

pub(crate) mod api;
pub(crate) mod pages;

use clients::contacts;
use db::{DbError, Tx};
use notifier::calls::{self, Call, CallId, CallInput};
use notifier::{Party, suppressions};

use crate::failure::Failure;

/// A contact's number; people of the town are known to their coordinator.
fn phone_of(tx: &mut Tx<'_>, entry: &Call) -> Result<String, DbError> {
    match entry.party {
        Party::Contact(contact) => Ok(contacts::find(tx, contact)?.phone),
        Party::Person(_) | Party::Nobody => Ok(String::new()),
    }
}

/// The address works again, says whoever called; the note tells how they know.
fn lift(tx: &mut Tx<'_>, id: CallId, input: &CallInput) -> Result<(), Failure> {
    let entry = calls::find(tx, id)?;
    let address = entry.address.ok_or(DbError::NotFound)?;
    Ok(suppressions::lift(tx, &address, &input.note)?)
}
