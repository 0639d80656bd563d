//! Reading files: one, several, and which keys have no row.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
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

/// The paths below the store's directory of every town's files, read by the owner of the tables for a backup.
pub fn paths(owner: &mut PgConnection) -> Result<Vec<String>, DbError> {
    Ok(files::table.select(files::storage_key).load(owner)?)
}

/// Those of `keys` that stand in no row of this town.
pub(crate) fn unclaimed(tx: &mut Tx<'_>, keys: Vec<String>) -> Result<Vec<String>, DbError> {
    let claimed: Vec<String> =
        files::table.filter(files::storage_key.eq_any(&keys)).select(files::storage_key).load(tx.conn())?;
    let claimed: BTreeSet<String> = claimed.into_iter().collect();
    Ok(keys.into_iter().filter(|key| !claimed.contains(key)).collect())
}

/// Bytes that were taken in within the last 24 hours.
pub(super) struct Taken {
    pub(super) person: u64,
    pub(super) town: u64,
}

/// What the acting person and their town have uploaded. Whoever came without an account is nobody in particular, so all of
/// them together count as one person: they must not use up what those who work here need.
pub(super) fn taken_within_a_day(tx: &mut Tx<'_>) -> Result<Taken, DbError> {
    let (since, person) = (tx.now() - TimeDelta::days(1), tx.actor().person());
    let sum = |bytes: Option<i64>| bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0);
    let recent = || files::table.filter(files::created_at.gt(since));
    let total = sql::<Nullable<BigInt>>("sum(bytes)::bigint");
    let town: Option<i64> = recent().select(total.clone()).first(tx.conn())?;
    let own: Option<i64> = match person {
        Some(person) => recent().filter(files::person_id.eq(person)).select(total).first(tx.conn())?,
        None => recent().filter(files::person_id.is_null()).select(total).first(tx.conn())?,
    };
    Ok(Taken { person: sum(own), town: sum(town) })
}
