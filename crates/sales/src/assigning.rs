//! Work that goes to a colleague: they hear of it, once, from whoever gave it to them.
//!
//! What somebody gives to themselves, what a file brings and what a machine does is told to nobody. Many things given at
//! once are one fact: nobody is mailed a hundred times.

use db::{DbError, Tx};
use kernel::PersonId;

use crate::about::About;
use crate::events::{Assigned, ManyAssigned};

/// States that `about` is `owner`'s now, where somebody else has given it to them.
pub(crate) fn tell(tx: &mut Tx<'_>, about: About, owner: PersonId) -> Result<(), DbError> {
    let Some(by) = tx.actor().person().filter(|by| *by != owner) else { return Ok(()) };
    queue::record(tx, &Assigned { deal: about.deal(), lead: about.lead(), person: owner, by })?;
    Ok(())
}

/// States that so many deals, or leads, are somebody's now.
pub(crate) fn tell_of_many(tx: &mut Tx<'_>, many: &ManyAssigned) -> Result<(), DbError> {
    if many.person != many.by && many.deals + many.leads > 0 {
        queue::record(tx, many)?;
    }
    Ok(())
}
