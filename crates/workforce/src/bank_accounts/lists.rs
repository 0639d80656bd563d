//! Reading rows of accounts; what is in them opens in the verbs alone.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::WorkerId;

use super::store::AccountRow;
use crate::schema::bank_accounts;

pub(super) fn of_worker(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Option<AccountRow>, DbError> {
    Ok(bank_accounts::table
        .filter(bank_accounts::worker_id.eq(worker))
        .select(AccountRow::as_select())
        .first(tx.conn())
        .optional()?)
}

pub(super) fn of_workers(tx: &mut Tx<'_>, workers: &[WorkerId]) -> Result<Vec<AccountRow>, DbError> {
    Ok(bank_accounts::table
        .filter(bank_accounts::worker_id.eq_any(workers))
        .select(AccountRow::as_select())
        .load(tx.conn())?)
}

/// Which of these workers have entered an account; nothing of it is opened.
pub fn entered(tx: &mut Tx<'_>, workers: &[WorkerId]) -> Result<BTreeSet<WorkerId>, DbError> {
    let found: Vec<WorkerId> = bank_accounts::table
        .filter(bank_accounts::worker_id.eq_any(workers))
        .select(bank_accounts::worker_id)
        .load(tx.conn())?;
    Ok(found.into_iter().collect())
}

/// Whose account of these workers is still the one of that moment: neither changed nor taken away since. Nothing of it is opened.
pub fn unchanged_since(
    tx: &mut Tx<'_>,
    workers: &[WorkerId],
    at: DateTime<Utc>,
) -> Result<BTreeSet<WorkerId>, DbError> {
    let found: Vec<WorkerId> = bank_accounts::table
        .filter(bank_accounts::worker_id.eq_any(workers))
        .filter(bank_accounts::changed_at.le(at))
        .select(bank_accounts::worker_id)
        .load(tx.conn())?;
    Ok(found.into_iter().collect())
}

/// Rows that are sealed under another key than `current`.
pub(super) fn of_other_keys(tx: &mut Tx<'_>, current: &str) -> Result<Vec<AccountRow>, DbError> {
    Ok(bank_accounts::table
        .filter(bank_accounts::key_id.ne(current))
        .order(bank_accounts::id)
        .select(AccountRow::as_select())
        .load(tx.conn())?)
}
