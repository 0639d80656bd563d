//! Digests: offers that wait for a person's daily mail.
//!
//! What is kept is only *which* things to tell; the mail is written when it is due, so it never says what no longer
//! holds. Invariant: each thing that waits names the time of a daily mail whose task was enqueued with it
//! (`gathered_offers_wait_for_the_chosen_hour`), and whoever gathers, tells or chooses another hour holds the person's
//! settings locked meanwhile (`what_is_gathered_while_the_daily_mail_is_written_is_not_lost`). What a daily mail that
//! failed for good leaves behind comes with the next one.

mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::PersonId;
use queue::Task;
use serde::{Deserialize, Serialize};

pub(crate) use store::clear;

use crate::preferences::{self, Offers, Preferences};

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
    match preferences::of(tx, person)?.offers {
        Offers::AtOnce => return Ok(Gathered::No),
        Offers::Off => return Ok(Gathered::Unwanted),
        Offers::Daily => {}
    }
    let wanted = preferences::locked(tx, person)?;
    if wanted.offers != Offers::Daily {
        // They have just chosen otherwise.
        return gather(tx, person, thing);
    }
    let due = preferences::next_digest(tx, &wanted)?;
    let planned = store::is_planned(tx, person, due)?;
    store::insert(tx, person, thing, due)?;
    if !planned {
        queue::enqueue_at(tx, &SendDigest { person }, due)?;
    }
    Ok(Gathered::Until(due))
}

/// Takes what is due to be told to a person now; what one mail does not hold comes with the next day's.
pub fn take(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<String>, DbError> {
    let wanted = preferences::locked(tx, person)?;
    let things = store::due(tx, person)?;
    store::remove(tx, person, &things)?;
    if things.len() == store::MOST {
        plan(tx, person, &wanted)?;
    }
    Ok(things)
}

/// Leaves what is due to be told to a person now for their next daily mail: today they want none.
pub fn postpone(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    let wanted = preferences::locked(tx, person)?;
    plan(tx, person, &wanted)
}

/// Everything that waits for a person comes with the next daily mail at the hour of `wanted`, which is locked.
pub(crate) fn plan(tx: &mut Tx<'_>, person: PersonId, wanted: &Preferences) -> Result<(), DbError> {
    let due = preferences::next_digest(tx, wanted)?;
    if store::postpone(tx, person, due)? {
        queue::enqueue_at(tx, &SendDigest { person }, due)?;
    }
    Ok(())
}
