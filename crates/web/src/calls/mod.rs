//! Whom to call, because a notice did not reach them by mail.

pub(crate) mod api;
pub(crate) mod pages;

use clients::contacts;
use db::{DbError, Tx};
use notifier::calls::{self, Call, CallId, CallInput};
use notifier::{Party, suppressions};
use workforce::workers;

use crate::failure::Failure;

/// The number of a contact or a worker; empty where there is none.
fn phone_of(tx: &mut Tx<'_>, entry: &Call) -> Result<String, DbError> {
    match entry.party {
        Party::Contact(contact) => Ok(contacts::find(tx, contact)?.phone),
        Party::Person(person) => {
            Ok(workers::of_person(tx, person)?.map(|worker| worker.phone).unwrap_or_default())
        }
        Party::Nobody => Ok(String::new()),
    }
}

/// The address works again, says whoever called; the note tells how they know.
fn lift(tx: &mut Tx<'_>, id: CallId, input: &CallInput) -> Result<(), Failure> {
    let entry = calls::find(tx, id)?;
    let address = entry.address.ok_or(DbError::NotFound)?;
    Ok(suppressions::lift(tx, &address, &input.note)?)
}
