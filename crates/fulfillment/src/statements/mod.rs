//! Statements of pay (支払通知書): what a worker is paid with one transfer, line by line, with its taxes; issued by closing,
//! confirmed by its worker with one tap, and paid on its day.
//!
//! Invariants: every earning stands on exactly one statement (primary key of `statement_earnings`;
//! `whatever_is_closed_in_whatever_order_everything_is_paid_once`); a version is never changed, and its totals are those of its
//! lines, by trigger `statement_versions_sum`; nothing is below zero but an approved deduction
//! (`statement_lines_sign`, [`crate::deductions`]); the newest version lists what its worker earned and what was approved to be taken
//! off, and nothing else (`statement_lines_founded`, `the_database_itself_ties_a_statement_to_what_was_earned`); what was paid gets no
//! further version and is unpaid again only with a row that says why (`statements_paid_stay`,
//! `a_payment_noted_by_mistake_is_taken_back_with_its_reason_and_paid_again`); what is in a file of transfers stays as it is until that
//! is voided or paid (`statements_filed_stay`, [`crate::transfers`]); the day of payment is the one that the terms said,
//! whoever confirms and whoever pays the town late.

mod closing;
pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;
mod typed;
mod watch;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, date_in_japan};

pub use closing::close;
pub use lists::{
    StatedDay, closings, count_unpaid, find, list, mine, my_days, my_list, paper, to_confirm, undecided_jobs,
    undone_payments, unpaid_days, waiting,
};
pub(crate) use lists::{count_of_file, unpaid_of, unpaid_of_file, waiting_by_pay_day};
pub(crate) use model::Item;
pub use model::{
    Closing, LineKind, NEAR_DAYS, PayClock, Statement, StatementAnswer, StatementFilter, StatementId,
    StatementKey, StatementLine, StatementPaper, StatementState, UNCHECKED_NEAR_DAYS, UndecidedJob,
    UndonePayment, UnpaidDay, VersionCause, Waiting, last_month_end,
};
pub use typed::{AnswerInput, CloseInput, CorrectInput, PaidDayInput, PaidInput, UndoPaymentInput};
pub use watch::{WatchPayments, warn};

use crate::transfers::TransferFileId;
use events::StatementObjected;

/// Why a statement was not closed, answered or paid.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Of none of the jobs that are left anybody has said what kind of work it is, so nobody knows whether tax is withheld.
    #[error("the jobs that are left have no kind of work yet")]
    Undecided,
    /// Everything received by that day stands on a statement.
    #[error("nothing is left to close")]
    NothingToClose,
    /// There is a newer version than the one that was read.
    #[error("there is a newer version")]
    Newer,
    /// It is paid.
    #[error("it is paid")]
    Paid,
    /// The acting person is the one who is paid.
    #[error("nobody decides about their own pay")]
    OwnPay,
    /// A file of transfers pays it as it is.
    #[error("it is in a file of transfers")]
    InFile,
    /// It is not paid, so there is no payment to take back.
    #[error("it is not paid")]
    NotPaid,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for StatementError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Undecided => Code::WorkKindMissing,
            Self::NothingToClose => Code::NothingToClose,
            Self::Newer => Code::Stale,
            Self::Paid => Code::AlreadyPaid,
            Self::OwnPay => Code::SecondPerson,
            Self::InFile => Code::InTransferFile,
            Self::NotPaid => Code::Conflict,
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

/// The acting worker says that a statement of theirs is right, or what is wrong. It delays no payment, and they may say
/// otherwise until it is paid.
pub fn answer(tx: &mut Tx<'_>, id: StatementId, input: &AnswerInput) -> Result<Statement, StatementError> {
    let person = crate::acting_person(tx)?;
    let statement = lock(tx, id)?;
    if statement.person_id != person {
        return Err(DbError::NotFound.into());
    }
    let (version, answer, objection) = input.checked()?;
    if version != statement.version {
        return Err(StatementError::Newer);
    }
    // What was paid may still be confirmed; an objection would have no version to lead to.
    if statement.paid_on.is_some() && answer == StatementAnswer::Objected {
        return Err(StatementError::Paid);
    }
    if statement.answer == Some(answer) && statement.objection == objection {
        return Ok(statement);
    }
    let answered = store::answer(tx, id, answer, &objection)?;
    if answer == StatementAnswer::Objected {
        queue::record(
            tx,
            &StatementObjected {
                statement: id,
                version,
                person,
                objection: answered.objection.clone(),
                pay_on: answered.pay_on,
            },
        )?;
    }
    Ok(answered)
}

/// Notes that a statement was paid: the version that was transferred. Where another was issued meanwhile, nobody paid that. Whoever is
/// paid leaves it to somebody else.
pub fn pay(tx: &mut Tx<'_>, id: StatementId, input: &PaidInput) -> Result<Statement, StatementError> {
    let by = crate::acting_person(tx)?;
    let statement = of_another(tx, id, by)?;
    let (version, paid_on) = input.checked(crate::today(tx), date_in_japan(statement.created_at))?;
    if statement.paid_on.is_some() {
        return Err(StatementError::Paid);
    }
    if i64::from(statement.version) != version {
        return Err(StatementError::Newer);
    }
    Ok(store::pay(tx, id, paid_on, by)?)
}

/// Takes back a payment that was noted by mistake. What was noted stays with the reason, and the statement waits to be paid again on
/// its day. It stays in the file of transfers that pays it, unless the bank sent the money back: then the next file pays it. Whoever
/// says it twice takes back no later payment.
pub fn undo_payment(
    tx: &mut Tx<'_>,
    id: StatementId,
    input: &UndoPaymentInput,
) -> Result<Statement, StatementError> {
    let by = crate::acting_person(tx)?;
    let (payment, reason) = input.checked()?;
    let statement = of_another(tx, id, by)?;
    if payment <= i64::from(statement.undone) {
        return Ok(statement);
    }
    if statement.paid_on.is_none() || payment != i64::from(statement.undone) + 1 {
        return Err(StatementError::NotPaid);
    }
    let file = statement.transfer_file_id.filter(|_file| !input.returned.is_yes());
    Ok(store::undo_payment(tx, id, file, &reason, by)?)
}

/// Notes that everything that is left of a file of transfers was paid, or everything of one pay day that is in no file; how many
/// statements those were. They have to come to what was transferred: a version issued meanwhile was paid by nobody. What pays whoever
/// notes it is left out: somebody else notes that ([`UnpaidDay::own_statements`]).
pub fn pay_all(tx: &mut Tx<'_>, input: &PaidDayInput) -> Result<usize, StatementError> {
    let by = crate::acting_person(tx)?;
    let today = crate::today(tx);
    let file = input.transfer_file()?;
    let open = match input.pay_on() {
        Some(pay_on) => store::lock_unpaid(tx, pay_on, file, by)?,
        None => Vec::new(),
    };
    let newest = open.iter().map(|one| date_in_japan(one.created_at)).max();
    let day = input.checked(today, newest)?;
    let count = i64::try_from(open.len()).unwrap_or(i64::MAX);
    if (count, open.iter().map(|one| one.payable).sum()) != day.transferred {
        return Err(StatementError::Newer);
    }
    let ids: Vec<StatementId> = open.iter().map(|one| one.id).collect();
    Ok(store::pay_all(tx, &ids, day.paid_on, by)?)
}

/// What is open of a day, is in no file of transfers and pays somebody else than `by`, not to change until this transaction ends.
pub(crate) fn hold_unpaid(
    tx: &mut Tx<'_>,
    pay_on: chrono::NaiveDate,
    by: PersonId,
) -> Result<Vec<Statement>, DbError> {
    store::lock_unpaid(tx, pay_on, None, by)
}

/// Puts what is held and is in no file into one; how many those were.
pub(crate) fn put_into_file(
    tx: &mut Tx<'_>,
    held: &[StatementId],
    file: TransferFileId,
) -> Result<usize, DbError> {
    store::put_into_file(tx, held, file)
}

/// Everything of a file of transfers, not to change until this transaction ends.
pub(crate) fn hold_of_file(tx: &mut Tx<'_>, file: TransferFileId) -> Result<Vec<Statement>, DbError> {
    store::lock_of_file(tx, file)
}

/// Takes everything out of a file of transfers that was voided.
pub(crate) fn take_out_of_file(tx: &mut Tx<'_>, file: TransferFileId) -> Result<(), DbError> {
    store::take_out_of_file(tx, file)
}

/// One that is held, and that `by` may decide about: nobody's own.
fn of_another(tx: &mut Tx<'_>, id: StatementId, by: PersonId) -> Result<Statement, StatementError> {
    let statement = lock(tx, id)?;
    if statement.person_id == by { Err(StatementError::OwnPay) } else { Ok(statement) }
}

/// One that is not to change until this transaction ends.
pub(crate) fn lock(tx: &mut Tx<'_>, id: StatementId) -> Result<Statement, DbError> {
    store::lock(tx, id)
}

/// Issues the next version of one that is held and not paid, as of the day that its standing version was closed on.
pub(crate) fn reissue(
    tx: &mut Tx<'_>,
    statement: &Statement,
    cause: VersionCause,
    reason: &str,
) -> Result<Statement, DbError> {
    let standing = paper(tx, statement.id, None)?;
    closing::issue(tx, statement, standing.closed_on, (cause, reason))
}

/// Issues a statement anew because something about it was wrong: a name, a registration, whether tax is withheld. It says what is
/// known now.
pub fn correct(tx: &mut Tx<'_>, id: StatementId, input: &CorrectInput) -> Result<Statement, StatementError> {
    let by = crate::acting_person(tx)?;
    let statement = of_another(tx, id, by)?;
    if statement.paid_on.is_some() {
        return Err(StatementError::Paid);
    }
    if statement.transfer_file_id.is_some() {
        return Err(StatementError::InFile);
    }
    let reason = input.checked()?;
    Ok(reissue(tx, &statement, VersionCause::Correction, &reason)?)
}
