//! Files of transfers (振込データ): the payments of one pay day as the town's bank takes them (総合振込), and the account that they
//! are paid from.
//!
//! A file is made from the statements of its day as they stand, and handed out once: neither its bytes nor an account is kept. That
//! it was made stays, with its digest, because accounts were opened for it. Making it pays nothing: whoever sent it to the bank
//! notes that with the day ([`crate::statements::pay_all`]).
//!
//! Invariants: what a file holds is what its page said, and nothing that pays whoever makes it
//! (`a_file_pays_what_its_page_said_and_nobody_makes_their_own_payment`); nobody is left out unseen
//! (`who_has_no_account_is_left_out_on_purpose_or_nothing_is_made`); every record is 120 bytes, and its trailer counts and sums them
//! (`whatever_is_paid_every_record_is_120_bytes_and_the_trailer_adds_up`).

mod file;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Holidays, Invalid, WorkerId};
use workforce::bank_accounts::{self, BankAccountError, Banks};
use workforce::sealing::SealingKeys;

pub use file::FileError;
pub use lists::{files_of_day, list, payer};
pub use model::{
    DueDay, DuePayment, MadeFile, Payer, PayerInput, TransferFile, TransferFileId, TransferInput,
    TransferKey, usual_day,
};

use crate::statements::{self, Statement};
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

/// What is due on a day, without what pays the acting person: somebody else transfers that. No account is opened.
pub fn due(tx: &mut Tx<'_>, pay_on: NaiveDate) -> Result<DueDay, DbError> {
    let by = crate::acting_person(tx)?;
    let open = statements::unpaid_of(tx, pay_on, by)?;
    due_of(tx, pay_on, &open)
}

fn due_of(tx: &mut Tx<'_>, pay_on: NaiveDate, open: &[Statement]) -> Result<DueDay, DbError> {
    let workers: Vec<WorkerId> = open.iter().map(|one| one.worker_id).collect();
    let known = bank_accounts::entered(tx, &workers)?;
    let payment = |one: &Statement| DuePayment {
        statement_id: one.id,
        worker_id: one.worker_id,
        person_id: one.person_id,
        payable: one.payable,
        has_account: known.contains(&one.worker_id),
    };
    Ok(DueDay { pay_on, payments: open.iter().map(payment).collect() })
}

/// Makes the file of a day and notes that it was made. The statements of the day stay as they are until this is written, and what
/// is paid has to come to what the page said.
pub fn make(tx: &mut Tx<'_>, keys: &SealingKeys, input: &TransferInput) -> Result<MadeFile, TransferError> {
    let by = crate::acting_person(tx)?;
    let pay_on = input.pay_on()?;
    let payer = payer(tx)?.ok_or(TransferError::NoPayer)?;
    let open = statements::hold_unpaid(tx, pay_on, by)?;
    let due = due_of(tx, pay_on, &open)?;
    let (payments, total) = due.transferable();
    if payments == 0 {
        return Err(TransferError::NothingToTransfer);
    }
    let without_account = due.count_without_account();
    let wanted = input.checked(&due, crate::today(tx), Holidays::published())?;
    let stands = (i64::from(payer.version), payments, total);
    if (wanted.shown, wanted.left_out) != (stands, without_account) {
        return Err(TransferError::Newer);
    }
    let bytes = written(tx, keys, &payer, &due, wanted.transfer_on)?;
    let digest = TermsDigest::of_bytes(&bytes);
    let new = NewFile {
        pay_on,
        transfer_on: wanted.transfer_on,
        transferable: (payments, total),
        without_account,
        digest,
        by,
    };
    let record = store::insert_file(tx, &new)?;
    Ok(MadeFile { name: format!("furikomi-{}.txt", wanted.transfer_on.format("%Y%m%d")), record, bytes })
}

/// The file itself: the one place where accounts are opened.
fn written(
    tx: &mut Tx<'_>,
    keys: &SealingKeys,
    payer: &Payer,
    due: &DueDay,
    transfer_on: NaiveDate,
) -> Result<Vec<u8>, TransferError> {
    let workers: Vec<WorkerId> = due.to_transfer().map(|one| one.worker_id).collect();
    let accounts = bank_accounts::in_clear(tx, keys, &workers)?;
    let mut payments = Vec::with_capacity(workers.len());
    for one in due.to_transfer() {
        // Taken away since it was seen a moment ago.
        let account = accounts.get(&one.worker_id).ok_or(TransferError::Newer)?;
        payments.push(Payment { account, worker: one.worker_id, amount: one.payable });
    }
    Ok(file::encode(payer, transfer_on, &payments)?)
}
