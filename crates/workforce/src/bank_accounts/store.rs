//! Rows and writes of `bank_accounts`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::WorkerId;

use crate::schema::bank_accounts;
use crate::sealing::Sealed;

#[derive(Queryable, Selectable)]
#[diesel(table_name = bank_accounts)]
pub(super) struct AccountRow {
    pub(super) worker_id: WorkerId,
    pub(super) key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) changed_at: DateTime<Utc>,
    pub(super) version: i32,
}

impl AccountRow {
    pub(super) fn sealed(&self) -> Sealed {
        Sealed { key_id: self.key_id.clone(), bytes: self.sealed.clone() }
    }
}

/// Writes the account of a worker who has none yet, or over the one they have.
pub(super) fn put(tx: &mut Tx<'_>, worker: WorkerId, sealed: &Sealed) -> Result<AccountRow, DbError> {
    let now = tx.now();
    Ok(diesel::insert_into(bank_accounts::table)
        .values((
            bank_accounts::worker_id.eq(worker),
            bank_accounts::key_id.eq(&sealed.key_id),
            bank_accounts::sealed.eq(&sealed.bytes),
            bank_accounts::changed_at.eq(now),
        ))
        .on_conflict((bank_accounts::organization_id, bank_accounts::worker_id))
        .do_update()
        .set((
            bank_accounts::key_id.eq(&sealed.key_id),
            bank_accounts::sealed.eq(&sealed.bytes),
            bank_accounts::changed_at.eq(now),
            bank_accounts::version.eq(bank_accounts::version + 1),
        ))
        .returning(AccountRow::as_returning())
        .get_result(tx.conn())?)
}

/// Seals a row anew, unless somebody has changed it since it was read.
pub(super) fn reseal(tx: &mut Tx<'_>, row: &AccountRow, sealed: &Sealed) -> Result<(), DbError> {
    diesel::update(bank_accounts::table)
        .filter(bank_accounts::worker_id.eq(row.worker_id))
        .filter(bank_accounts::version.eq(row.version))
        .set((bank_accounts::key_id.eq(&sealed.key_id), bank_accounts::sealed.eq(&sealed.bytes)))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a worker's account away; whether there was one.
pub(super) fn remove(tx: &mut Tx<'_>, worker: WorkerId) -> Result<bool, DbError> {
    let gone = diesel::delete(bank_accounts::table.filter(bank_accounts::worker_id.eq(worker)));
    Ok(gone.execute(tx.conn())? > 0)
}

/// Removes where some workers were paid; gives how many accounts there were.
pub(crate) fn forget(tx: &mut Tx<'_>, workers: &[WorkerId]) -> Result<usize, DbError> {
    let theirs = bank_accounts::table.filter(bank_accounts::worker_id.eq_any(workers));
    Ok(diesel::delete(theirs).execute(tx.conn())?)
}
