//! The rows of files. What a file is for, and who may see it, its owner knows: this crate only keeps it.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};

use crate::{FileError, Received};

pub use lists::{find, find_many, paths};
pub use model::{Quota, StoredFile};

pub(crate) use lists::unclaimed;

/// Adds the row of a file that was received for this town, as uploaded by the acting person. If the transaction does
/// not commit, the caller [discards](crate::Store::discard) the bytes.
pub fn keep(tx: &mut Tx<'_>, file: &Received) -> Result<StoredFile, DbError> {
    if file.organization != tx.organization() {
        return Err(DbError::NotFound);
    }
    store::insert(tx, file)
}

/// [`keep`], unless the acting person or the town would have uploaded more than `quota` within 24 hours. Two uploads at
/// the same moment may overstep it together, each by its own size: it protects the disk, it is no account.
pub fn keep_within(tx: &mut Tx<'_>, file: &Received, quota: &Quota) -> Result<StoredFile, FileError> {
    let taken = lists::taken_within_a_day(tx)?;
    for (taken, most_bytes) in [(taken.person, quota.person_bytes), (taken.town, quota.town_bytes)] {
        if taken.saturating_add(file.bytes) > most_bytes {
            return Err(FileError::QuotaUsedUp { most_bytes });
        }
    }
    Ok(keep(tx, file)?)
}
