//! Trial batches (試しの作業): what a small set of work showed. Passing grants the skill with the same commit; findings are
//! about the work and are read by whoever did it.

mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, WorkerId};

pub use model::{Trial, TrialId, TrialInput, TrialOutcome};
pub use store::of_worker;

use crate::skills::{self, Evidence, Learned};
use crate::workers;

/// Why a trial was not written down.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The acting person is the worker: nobody says how their own trial went.
    #[error("nobody assesses their own trial")]
    OwnTrial,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TrialError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::OwnTrial => Code::OwnWork,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::OwnTrial | Self::Db(_) => &[],
        }
    }
}

/// Writes down what a trial of a worker showed; it stays as it is.
pub fn assess(tx: &mut Tx<'_>, worker: WorkerId, input: &TrialInput) -> Result<Trial, TrialError> {
    let fields = input.checked()?;
    let worker = workers::find(tx, worker)?;
    if workers::is_acting(tx, &worker) {
        return Err(TrialError::OwnTrial);
    }
    let skill = match skills::find(tx, fields.skill) {
        Err(DbError::NotFound) => return Err(Invalid::field("skill_id", Code::UnknownChoice).into()),
        found => found?,
    };
    let trial = store::insert(tx, worker.id, &skill, &fields)?;
    if trial.outcome == TrialOutcome::Passed {
        let note = format!("{}/{}", trial.good, trial.units);
        let learned = Learned { level: trial.level, expires_on: None, evidence: Evidence::Trial, note };
        skills::learn(tx, worker.id, skill.id, learned)?;
    }
    Ok(trial)
}
