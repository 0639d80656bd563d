//! Digests: offers that wait for a person's daily mail.
//!
//! What is kept is only *which* things to tell; the mail is written when it is due, so it never says what no longer
//! holds. Invariant: a person who has things waiting has a task waiting that will tell them
//! (`gathered_offers_wait_for_the_chosen_hour`).

mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::PersonId;
use queue::Task;
use serde::{Deserialize, Serialize};

pub(crate) use store::clear;
pub use store::waiting;

use crate::preferences::{self, Offers};

/// It is time to tell a person what has gathered; `yui` handles it, because it knows what an offer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendDigest {
    /// Whom.
    pub person: PersonId,
}

impl Task for SendDigest {
    const KIND: &'static str = "mail.send-digest";
}

/// What is to be done with an offer for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gathered {
    /// Mail it now: they want each one at once.
    No,
    /// It waits for their daily mail.
    Until(DateTime<Utc>),
    /// They want none.
    Unwanted,
}

/// Puts a thing such as `job:12` aside for a person's daily mail, if they want one.
pub fn gather(tx: &mut Tx<'_>, person: PersonId, thing: &str) -> Result<Gathered, DbError> {
    let wanted = preferences::of(tx, person)?;
    match wanted.offers {
        Offers::AtOnce => return Ok(Gathered::No),
        Offers::Off => return Ok(Gathered::Unwanted),
        Offers::Daily => {}
    }
    let due = preferences::next_digest(tx, &wanted)?;
    let first = waiting(tx, person)?.is_empty();
    store::insert(tx, person, thing)?;
    if first {
        queue::enqueue_at(tx, &SendDigest { person }, due)?;
    }
    Ok(Gathered::Until(due))
}

/// Takes everything that waits for a person, to be told now.
pub fn take(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<String>, DbError> {
    let things = waiting(tx, person)?;
    clear(tx, person)?;
    Ok(things)
}
