//! Whether income tax is withheld from a job's pay (源泉徴収): decided once for each job by its kind of work, or otherwise with
//! a reason, and kept.
//!
//! Invariants: a decision is never changed, only followed by another (the application may only insert); nothing is closed
//! for payment while its job has none (`nothing_is_closed_while_nobody_has_said_what_kind_of_work_it_is`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, JobId};

pub use lists::{find, of_job};
pub use model::{Withholding, WithholdingInput};

use crate::jobs;

/// Why a decision was not kept.
#[derive(Debug, thiserror::Error)]
pub enum WithholdingError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for WithholdingError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Db(_) => &[],
        }
    }
}

/// Decides what kind of work a job is and whether tax is withheld from its pay. Statements that were issued stay as they are.
pub fn decide(
    tx: &mut Tx<'_>,
    job: JobId,
    input: &WithholdingInput,
) -> Result<Withholding, WithholdingError> {
    let by = crate::acting_person(tx)?;
    // Of two who decide at once the second waits, and their decisions are numbered one after the other.
    jobs::store::hold(tx, job)?;
    let decision = input.checked()?;
    Ok(store::insert(tx, job, &decision, by)?)
}
