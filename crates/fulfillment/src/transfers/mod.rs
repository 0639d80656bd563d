//! Files of transfers (振込データ): the payments of one pay day as the town's bank takes them (総合振込), and the account that they
//! are paid from.
//!
//! A file is made from the statements of its day as they stand, and handed out once: neither its bytes nor an account is kept. That
//! it was made stays, with its digest, because accounts were opened for it. From then on it holds those statements: each names its
//! file, changes no more, takes nothing more from a closing and goes into no other, until the file is voided. Making it pays nothing:
//! whoever sent it to the bank notes that for exactly what the file held ([`crate::statements::pay_all`]). Files that were made
//! before statements named theirs hold none.
//!
//! Invariants: what a file holds is what its page said, and nothing that pays whoever makes it
//! (`a_file_pays_what_its_page_said_and_nobody_makes_their_own_payment`); no statement is in two files that stand, and what is noted as
//! paid by a file is what it held (`whatever_comes_in_whatever_order_nobody_is_paid_twice_by_files`); nobody is left out unseen
//! (`who_has_no_account_is_left_out_on_purpose_or_nothing_is_made`, `who_is_at_no_bank_any_more_is_left_out_by_name`), nor noted as paid
//! with a file (`who_was_left_out_of_a_file_is_not_noted_as_paid_with_it`); every record is 120 bytes, and its trailer counts and sums them
//! (`whatever_is_paid_every_record_is_120_bytes_and_the_trailer_adds_up`).

mod file;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Holidays, Invalid, PersonId, WorkerId};
use workforce::bank_accounts::{self, BankAccount, BankAccountError, Banks};
use workforce::sealing::SealingKeys;

pub use file::FileError;
pub use lists::{files, files_of_day, list, payer};
pub use model::{
    Destination, DueDay, DuePayment, MadeFile, Payer, PayerInput, TransferFile, TransferFileId,
    TransferInput, TransferKey, last_day, usual_day,
};

use crate::statements::{self, Statement, StatementId, UnpaidDay};
use crate::terms::TermsDigest;
use file::Payment;
use store::NewFile;

/// Why no file was made, or the paying account not changed.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The town has not said which account it pays from.
    #[error("the town has no paying account")]
    NoPayer,
    /// What was read is not what stands.
    #[error("it was changed since it was read")]
    Newer,
    /// Nothing of that day can be transferred.
    #[error("nothing is to be transferred")]
    NothingToTransfer,
    /// A file of that day was made, which the page did not show or which leaves nothing.
    #[error("a file of that day was made")]
    Made,
    /// Something of the file is noted as paid.
    #[error("something of it is noted as paid")]
    Paid,
    /// It does not fit into a file.
    #[error(transparent)]
    File(#[from] FileError),
    /// An account cannot be opened; the operator has to look.
    #[error(transparent)]
    Account(#[from] BankAccountError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TransferError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NoPayer => Code::PayerMissing,
            Self::Newer => Code::Stale,
            Self::NothingToTransfer => Code::NothingToTransfer,
            Self::Made => Code::TransferFileMade,
            Self::Paid => Code::AlreadyPaid,
            Self::File(FileError::TooMany) => Code::TooMany,
            Self::File(FileError::TooLarge) => Code::OutOfRange,
            Self::File(FileError::Unwritable) => Code::Internal,
            Self::Account(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Says which account the town pays from, or changes it; `version` is the one that was read, 0 where there was none.
pub fn change_payer(
    tx: &mut Tx<'_>,
    banks: &Banks,
    version: i32,
    input: &PayerInput,
) -> Result<Payer, TransferError> {
    let fields = input.checked(banks)?;
    store::save_payer(tx, version, &fields)?.ok_or(TransferError::Newer)
}

/// What is due on a day and in no file yet, without what pays the acting person: somebody else transfers that. No account is opened.
pub fn due(tx: &mut Tx<'_>, pay_on: NaiveDate) -> Result<DueDay, DbError> {
    let by = crate::acting_person(tx)?;
    let open = statements::unpaid_of(tx, pay_on, by)?;
    due_of(tx, pay_on, &open)
}

/// Of these days the first of which something can be transferred, else the first of them.
pub fn next_day(tx: &mut Tx<'_>, days: &[UnpaidDay]) -> Result<Option<NaiveDate>, DbError> {
    for day in days.iter().filter(|day| day.transfer_file_id.is_none() && day.statements > 0) {
        if due(tx, day.pay_on)?.transferable().0 > 0 {
            return Ok(Some(day.pay_on));
        }
    }
    Ok(days.first().map(|day| day.pay_on))
}

/// What [`due`] says with whose account is at a bank that the list does not know. Accounts are opened for it, and nothing of them is told.
pub fn due_with_banks(
    tx: &mut Tx<'_>,
    keys: &SealingKeys,
    banks: &Banks,
    pay_on: NaiveDate,
) -> Result<DueDay, TransferError> {
    let due = due(tx, pay_on)?;
    let accounts = opened(tx, keys, &due)?;
    Ok(due.at_known_banks(&accounts, banks))
}

fn due_of(tx: &mut Tx<'_>, pay_on: NaiveDate, open: &[Statement]) -> Result<DueDay, DbError> {
    let workers: Vec<WorkerId> = open.iter().map(|one| one.worker_id).collect();
    let known = bank_accounts::entered(tx, &workers)?;
    let payment = |one: &Statement| DuePayment {
        statement_id: one.id,
        worker_id: one.worker_id,
        person_id: one.person_id,
        payable: one.payable,
        destination: if known.contains(&one.worker_id) { Destination::Entered } else { Destination::Missing },
    };
    Ok(DueDay { pay_on, payments: open.iter().map(payment).collect() })
}

/// Makes the file of a day and notes that it was made. The statements of the day stay as they are until this is written, what is paid
/// has to come to what the page said, and nobody makes one beside a file that their page did not show. From then on it holds them.
pub fn make(
    tx: &mut Tx<'_>,
    keys: &SealingKeys,
    banks: &Banks,
    input: &TransferInput,
) -> Result<MadeFile, TransferError> {
    let by = crate::acting_person(tx)?;
    let pay_on = input.pay_on()?;
    let payer = payer(tx)?.ok_or(TransferError::NoPayer)?;
    let open = statements::hold_unpaid(tx, pay_on, by)?;
    let newest = lists::newest_standing(tx, pay_on)?;
    if newest.is_some_and(|file| !input.has_seen(file)) {
        return Err(TransferError::Made);
    }
    let due = due_of(tx, pay_on, &open)?;
    let accounts = opened(tx, keys, &due)?;
    let due = due.at_known_banks(&accounts, banks);
    let (payments, total) = due.transferable();
    if payments == 0 && due.count_at_no_bank() == 0 {
        return Err(if newest.is_some() { TransferError::Made } else { TransferError::NothingToTransfer });
    }
    let wanted = input.checked(&due, crate::today(tx), Holidays::published())?;
    let stands = (i64::from(payer.version), payments, total);
    if payments == 0 || (wanted.shown, wanted.left_out) != (stands, due.count_left_out()) {
        return Err(TransferError::Newer);
    }
    let bytes = written(&payer, &due, &accounts, wanted.transfer_on)?;
    let new = NewFile {
        pay_on,
        transfer_on: wanted.transfer_on,
        transferable: (payments, total),
        left_out: due.count_left_out(),
        payer_version: payer.version,
        digest: TermsDigest::of_bytes(&bytes),
        by,
    };
    let record = store::insert_file(tx, &new)?;
    let paid: Vec<StatementId> = due.to_transfer().map(|one| one.statement_id).collect();
    if statements::put_into_file(tx, &paid, record.id)? != paid.len() {
        return Err(TransferError::Newer);
    }
    Ok(MadeFile { name: format!("furikomi-{}.txt", wanted.transfer_on.format("%Y%m%d")), record, bytes })
}

/// Voids a file that was not sent to the bank: what it held is in no file from then on. Never where something of it is noted as paid.
/// Whoever says it twice voids nothing more.
pub fn void(tx: &mut Tx<'_>, id: TransferFileId) -> Result<TransferFile, TransferError> {
    let by = crate::acting_person(tx)?;
    let file = store::lock_file(tx, id)?;
    if !file.stands() {
        return Ok(file);
    }
    let held = statements::hold_of_file(tx, id)?;
    if held.iter().any(|one| one.paid_on.is_some()) {
        return Err(TransferError::Paid);
    }
    let voided = store::void_file(tx, id, by)?;
    statements::take_out_of_file(tx, id)?;
    Ok(voided)
}

/// Whether a file could be voided: it stands, holds something, and nothing of that is noted as paid.
pub fn may_void(tx: &mut Tx<'_>, file: &TransferFile) -> Result<bool, DbError> {
    let (held, paid) = statements::count_of_file(tx, file.id)?;
    Ok(file.stands() && held > 0 && paid == 0)
}

/// Whom a file pays at an account that they changed or took away after it was made.
pub fn moved_since(tx: &mut Tx<'_>, file: &TransferFile) -> Result<Vec<PersonId>, DbError> {
    let held = statements::unpaid_of_file(tx, file.id)?;
    let workers: Vec<WorkerId> = held.iter().map(|one| one.worker_id).collect();
    let unchanged = bank_accounts::unchanged_since(tx, &workers, file.made_at)?;
    Ok(held.iter().filter(|one| !unchanged.contains(&one.worker_id)).map(|one| one.person_id).collect())
}

/// The accounts that a day's payments go to: the one place where they are opened.
fn opened(
    tx: &mut Tx<'_>,
    keys: &SealingKeys,
    due: &DueDay,
) -> Result<BTreeMap<WorkerId, BankAccount>, TransferError> {
    let workers: Vec<WorkerId> = due.to_transfer().map(|one| one.worker_id).collect();
    Ok(bank_accounts::in_clear(tx, keys, &workers)?)
}

/// The file itself.
fn written(
    payer: &Payer,
    due: &DueDay,
    accounts: &BTreeMap<WorkerId, BankAccount>,
    transfer_on: NaiveDate,
) -> Result<Vec<u8>, TransferError> {
    let mut payments = Vec::new();
    for one in due.to_transfer() {
        // Taken away since it was seen a moment ago.
        let account = accounts.get(&one.worker_id).ok_or(TransferError::Newer)?;
        payments.push(Payment { account, worker: one.worker_id, amount: one.payable });
    }
    Ok(file::encode(payer, transfer_on, &payments)?)
}
