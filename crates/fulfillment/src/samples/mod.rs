//! Samples (見本) of a job: how its work should look, how it should not, and what to begin with.
//!
//! Invariant: whoever the job is offered to or has some of it reads its samples, and nobody else but those who run the work
//! (`samples_are_for_those_on_the_job_and_gone_when_taken_away`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, JobId};

pub use lists::{is_shown, mine, of_job};
pub use model::{MOST_SAMPLES, Sample, SampleId, SampleInput, SampleKind};
pub(crate) use store::copy;

use crate::jobs::{self, JobError};
use crate::submissions;

/// Why a sample was not added or taken away.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// Fields that cannot be accepted, one sample too many among them; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The job or its order is over.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for SampleError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Job(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Job(error) => error.fields(),
            Self::Db(_) => &[],
        }
    }
}

/// Adds a file the acting person uploaded to a job's samples.
pub fn add(tx: &mut Tx<'_>, job: JobId, input: &SampleInput) -> Result<Sample, SampleError> {
    let fields = input.checked()?;
    let by = crate::acting_person(tx)?;
    let (_order, job) = jobs::hold(tx, job)?;
    if lists::count(tx, job.id)? >= MOST_SAMPLES {
        let mut checks = kernel::Checks::new();
        checks.bounded("file_id", Code::OutOfRange, MOST_SAMPLES);
        checks.done(())?;
    }
    submissions::own_file_in::<SampleError>(tx, "file_id", fields.1, by)?;
    Ok(store::insert(tx, job.id, by, fields)?)
}

/// Takes a sample away; nobody on the job reads it any more.
pub fn remove(tx: &mut Tx<'_>, id: SampleId) -> Result<Sample, SampleError> {
    Ok(store::remove(tx, id)?)
}
