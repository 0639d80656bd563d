//! Where a worker's pay goes: their account at a bank, which only they enter and change. It lies sealed
//! ([`crate::sealing`]); its own worker sees it masked, whoever pays opens it.
//!
//! Invariants: nothing of an account stands in the database in clear, nor in its audit trail
//! (`nothing_of_an_account_is_in_the_database_in_clear`); each change is told to its worker
//! (`each_change_is_told_and_says_nothing_of_the_account`).

mod banks;
pub mod fields;
mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod zengin;

use std::collections::BTreeMap;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, WorkerId};

pub use banks::{Banks, Known};
pub use lists::{entered, unchanged_since};
pub use model::{AccountKind, BankAccount, BankAccountInput, MaskedAccount};

use crate::events::BankAccountChanged;
use crate::sealing::{SealingError, SealingKeys};
use crate::workers::{self, Worker};
use store::AccountRow;

/// Why an account was not kept or not opened.
#[derive(Debug, thiserror::Error)]
pub enum BankAccountError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It cannot be sealed or opened; the operator has to look.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for BankAccountError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Sealing(_) => Code::Internal,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Sealing(_) | Self::Db(_) => &[],
        }
    }
}

/// Enters the account of the worker who acts, or changes it; they are told.
pub fn put(
    tx: &mut Tx<'_>,
    keys: &SealingKeys,
    banks: &Banks,
    input: &BankAccountInput,
) -> Result<MaskedAccount, BankAccountError> {
    let account = input.checked(banks)?;
    let (worker, person) = own(tx)?;
    let content = serde_json::to_vec(&account).map_err(|_unwritable| SealingError::Damaged)?;
    let sealed = keys.seal(&whose(tx, worker.id), &content)?;
    let row = store::put(tx, worker.id, &sealed)?;
    queue::record(tx, &BankAccountChanged { worker: worker.id, person })?;
    Ok(masked(&row, &account, banks))
}

/// Takes the account of the worker who acts away; they are told.
pub fn remove(tx: &mut Tx<'_>) -> Result<(), BankAccountError> {
    let (worker, person) = own(tx)?;
    if store::remove(tx, worker.id)? {
        queue::record(tx, &BankAccountChanged { worker: worker.id, person })?;
    }
    Ok(())
}

/// A worker's account, masked; `None` where they have entered none.
pub fn find_masked(
    tx: &mut Tx<'_>,
    keys: &SealingKeys,
    banks: &Banks,
    worker: WorkerId,
) -> Result<Option<MaskedAccount>, BankAccountError> {
    let Some(row) = lists::of_worker(tx, worker)? else { return Ok(None) };
    let account = opened(tx, keys, &row)?;
    Ok(Some(masked(&row, &account, banks)))
}

/// The accounts of these workers in clear, for whoever pays; nothing of those who have entered none.
pub fn in_clear(
    tx: &mut Tx<'_>,
    keys: &SealingKeys,
    workers: &[WorkerId],
) -> Result<BTreeMap<WorkerId, BankAccount>, BankAccountError> {
    let rows = lists::of_workers(tx, workers)?;
    rows.iter().map(|row| Ok((row.worker_id, opened(tx, keys, row)?))).collect()
}

/// Seals every account of the town anew that lies under another key than the one that seals now; how many there were.
pub fn reseal(tx: &mut Tx<'_>, keys: &SealingKeys) -> Result<usize, BankAccountError> {
    let rows = lists::of_other_keys(tx, &keys.current()?)?;
    for row in &rows {
        let whose = whose(tx, row.worker_id);
        let content = keys.open(&whose, &row.sealed())?;
        store::reseal(tx, row, &keys.seal(&whose, &content)?)?;
    }
    Ok(rows.len())
}

fn own(tx: &mut Tx<'_>) -> Result<(Worker, PersonId), DbError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let worker = workers::of_person(tx, person)?.ok_or(DbError::NotFound)?;
    Ok((worker, person))
}

/// What binds a sealed account to its place.
fn whose(tx: &Tx<'_>, worker: WorkerId) -> String {
    format!("bank account\n{}\n{worker}", tx.organization())
}

fn opened(tx: &Tx<'_>, keys: &SealingKeys, row: &AccountRow) -> Result<BankAccount, SealingError> {
    let content = keys.open(&whose(tx, row.worker_id), &row.sealed())?;
    serde_json::from_slice(&content).map_err(|_unreadable| SealingError::Damaged)
}

fn masked(row: &AccountRow, account: &BankAccount, banks: &Banks) -> MaskedAccount {
    let number = account.number.as_str();
    MaskedAccount {
        worker_id: row.worker_id,
        bank_name: banks.bank(&account.bank).name().map(str::to_owned),
        branch_name: banks.branch(&account.bank, &account.branch).name().map(str::to_owned),
        bank: account.bank.clone(),
        branch: account.branch.clone(),
        kind: account.kind,
        last_digits: number.get(number.len().saturating_sub(3)..).unwrap_or_default().to_owned(),
        holder: account.holder.clone(),
        changed_at: row.changed_at,
        version: row.version,
    }
}
