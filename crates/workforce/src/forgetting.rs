//! What is no longer kept of those who left: a year later (`workers::forgotten_on`) nobody knows how to call them, with whom
//! they talked or under which conditions they worked. Their steps stay, for every count is made from them, and so does what
//! they were paid.

use db::{DbError, Tx};
use kernel::date_in_japan;

use crate::{availability, interviews, workers};

/// Forgets what is due to be forgotten in this town; gives how many rows that touched. May run twice and may miss a night.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let day = workers::forgotten_until(date_in_japan(tx.now()));
    let gone = workers::to_forget(tx, day)?;
    let interviews = interviews::store::forget(tx, &gone)?;
    let offered = availability::store::forget(tx, &gone)?;
    Ok(interviews + offered + workers::forget_phones(tx, &gone)?)
}
