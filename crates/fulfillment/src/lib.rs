//! From the won order to the accepted delivery: orders, jobs, units, offers, terms, claims, submissions, reviews,
//! earnings, deliveries and the client's answer.
//!
//! Invariants, each kept by a constraint of the database and played against a reference model by the test
//! `interleavings_keep_every_promise`: one unit has one holder at most; nobody both makes and checks versions of
//! one unit; no delivery holds a unit that did not pass review; a unit's state is what its last event says.

pub mod acceptance;
pub mod appeals;
pub mod capacity;
pub mod checks;
pub mod claims;
pub mod client_questions;
pub mod coachings;
pub mod credits;
pub mod deductions;
pub mod defects;
pub mod deliveries;
pub mod drafts;
pub mod earnings;
pub mod endings;
pub mod events;
pub mod exclusions;
pub mod fixes;
pub mod forecast;
pub mod hand_overs;
pub mod invented;
pub mod invoice_sendings;
pub mod invoices;
pub mod jobs;
pub mod merging;
pub mod offers;
pub mod orders;
pub mod partners;
pub mod promises;
pub mod quality;
pub mod questions;
pub mod repeats;
pub mod reviews;
pub mod rounds;
pub mod rules;
pub mod samples;
pub mod sampling;
mod schema;
pub mod second_looks;
pub mod shares;
pub mod statements;
pub mod submissions;
pub mod tax;
pub mod terms;
pub mod transfers;
pub mod units;
pub mod withholdings;

#[cfg(test)]
mod interleavings;
#[cfg(test)]
mod testing;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{PersonId, date_in_japan};

/// The signed-in person of this transaction. Without one nobody could be named as maker or checker, so there is
/// nothing here for a background task or an outsider: [`DbError::NotFound`].
fn acting_person(tx: &Tx<'_>) -> Result<PersonId, DbError> {
    tx.actor().person().ok_or(DbError::NotFound)
}

/// Today in Japan, by the transaction's time.
fn today(tx: &Tx<'_>) -> NaiveDate {
    date_in_japan(tx.now())
}
