//! Reading files: one, several, and which keys have no row.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::FileId;

use super::model::StoredFile;
use super::store::FileRow;
use crate::schema::files;

/// One file; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: FileId) -> Result<StoredFile, DbError> {
    let row: FileRow = files::table.filter(files::id.eq(id)).select(FileRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Those of `ids` that this town has, by id.
pub fn find_many(tx: &mut Tx<'_>, ids: &[FileId]) -> Result<BTreeMap<FileId, StoredFile>, DbError> {
    let rows: Vec<FileRow> =
        files::table.filter(files::id.eq_any(ids)).select(FileRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(StoredFile::from).map(|file| (file.id, file)).collect())
}

/// Those of `keys` that stand in no row of this town.
pub(crate) fn unclaimed(tx: &mut Tx<'_>, keys: Vec<String>) -> Result<Vec<String>, DbError> {
    let claimed: Vec<String> =
        files::table.filter(files::storage_key.eq_any(&keys)).select(files::storage_key).load(tx.conn())?;
    let claimed: BTreeSet<String> = claimed.into_iter().collect();
    Ok(keys.into_iter().filter(|key| !claimed.contains(key)).collect())
}
