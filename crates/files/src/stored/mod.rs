//! The rows of files. What a file is for, and who may see it, its owner knows: this crate only keeps it.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};

use crate::Received;

pub use lists::{find, find_many};
pub use model::StoredFile;

pub(crate) use lists::unclaimed;

/// Adds the row of a file that was received for this town, as uploaded by the acting person. If the transaction does
/// not commit, the caller [discards](crate::Store::discard) the bytes.
pub fn keep(tx: &mut Tx<'_>, file: &Received) -> Result<StoredFile, DbError> {
    if file.organization != tx.organization() {
        return Err(DbError::NotFound);
    }
    store::insert(tx, file)
}
