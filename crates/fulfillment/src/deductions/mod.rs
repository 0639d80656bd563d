//! Deductions (減額): pay is reduced for nothing but a fault of the worker's that a review recorded, and only where a second
//! person agrees; the worker reads why on the statement (Freelance Act art. 5, domain.md 3.1).
//!
//! Invariants, by constraint and trigger of the database too: the fault is recorded and the payee's own
//! (`pay_deductions_fault`), two people decide and neither is the payee (`pay_deductions_two_people`,
//! `pay_deductions_other_eyes`); nothing is taken off twice for one review (`pay_deductions_once`), nor more than its unit was
//! paid on the same statement (`pay_is_reduced_for_a_recorded_fault_alone_and_by_two_people`); and none is without what the fault has
//! cost, how the amount comes about and the day on which the worker agreed (`pay_deductions_grounds`,
//! `a_deduction_has_a_lawful_ground_and_an_agreed_day`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

pub(crate) use lists::items;
pub use lists::{faults, find, of_statement, open};
pub use model::{DecideDeductionInput, Deduction, DeductionGround, DeductionId, DeductionInput, Fault};

use crate::statements::{self, Statement, StatementId, VersionCause};

/// Why a deduction was not asked for or decided.
#[derive(Debug, thiserror::Error)]
pub enum DeductionError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The acting person is the one who is paid.
    #[error("nobody decides about their own pay")]
    OwnPay,
    /// The acting person asked for it.
    #[error("a second person decides")]
    SamePerson,
    /// It was asked for or decided before.
    #[error("it was asked for or decided before")]
    Done,
    /// The verdict that found the fault is appealed against, or was overturned.
    #[error("the verdict does not stand")]
    Overturned,
    /// The statement is paid.
    #[error("the statement is paid")]
    Paid,
    /// A file of transfers pays the statement as it is.
    #[error("the statement is in a file of transfers")]
    InFile,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for DeductionError {
    fn from(error: DbError) -> Self {
        match error {
            error if error.violates("pay_deductions_once") => Self::Done,
            error if error.violates("pay_deductions_two_people") => Self::SamePerson,
            error if error.violates("pay_deductions_other_eyes") => Self::OwnPay,
            error if error.violates("pay_deductions_fault") => Self::Overturned,
            error => Self::Db(error),
        }
    }
}

impl Coded for DeductionError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::OwnPay | Self::SamePerson => Code::SecondPerson,
            Self::Done => Code::Conflict,
            Self::Overturned => Code::Appealed,
            Self::Paid => Code::AlreadyPaid,
            Self::InFile => Code::InTransferFile,
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

/// Asks for a deduction from a statement that is not paid, for a recorded fault in a unit that stands on it.
pub fn ask(
    tx: &mut Tx<'_>,
    statement: StatementId,
    input: &DeductionInput,
) -> Result<Deduction, DeductionError> {
    let by = crate::acting_person(tx)?;
    let statement = held(tx, statement, by)?;
    let faults = faults(tx, statement.id)?;
    let fields = input.checked(&faults, crate::today(tx))?;
    Ok(store::insert(tx, statement.id, &fields, by)?)
}

/// Approves or refuses a deduction. An approved one is a line of the statement's next version, which its worker is told of.
pub fn decide(
    tx: &mut Tx<'_>,
    id: DeductionId,
    input: &DecideDeductionInput,
) -> Result<Deduction, DeductionError> {
    let by = crate::acting_person(tx)?;
    let asked = find(tx, id)?;
    let statement = held(tx, asked.statement_id, by)?;
    let asked = store::lock(tx, id)?;
    if asked.asked_by == by {
        return Err(DeductionError::SamePerson);
    }
    if asked.is_approved.is_some() {
        return Err(DeductionError::Done);
    }
    let decided = store::decide(tx, id, input.checked()?, by)?;
    if decided.is_approved == Some(true) {
        statements::reissue(tx, &statement, VersionCause::Deduction, &decided.reason)?;
    }
    Ok(decided)
}

fn held(tx: &mut Tx<'_>, id: StatementId, by: PersonId) -> Result<Statement, DeductionError> {
    let statement = statements::lock(tx, id)?;
    if statement.person_id == by {
        return Err(DeductionError::OwnPay);
    }
    if statement.paid_on.is_some() {
        return Err(DeductionError::Paid);
    }
    if statement.transfer_file_id.is_some() {
        return Err(DeductionError::InFile);
    }
    Ok(statement)
}
