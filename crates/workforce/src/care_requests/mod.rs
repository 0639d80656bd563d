//! Requests for consideration (育児介護等への配慮の申出; Freelance Act art. 13): a worker asks for another day, amount or way of
//! work, the town answers within days and says why where it is not all that was asked.
//!
//! Invariants: why somebody asks is stored nowhere; what was answered stays as it was
//! (`what_was_answered_stays_as_it_was`); each is told of the other's word
//! (`a_request_is_told_to_coordination_and_its_answer_to_the_worker`).

mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, WorkerId};

pub use lists::{WaitingKey, find, list, waiting, waiting_count};
pub use model::{CareAnswerInput, CareInput, CareKind, CareRequest, CareRequestId, CareState};

use crate::events::{CareAnswered, CareAsked};
use crate::workers;

/// Why a request was not kept or answered.
#[derive(Debug, thiserror::Error)]
pub enum CareError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It was answered or taken back before.
    #[error("the request is {0}")]
    Settled(CareState),
    /// Nobody answers their own request.
    #[error("the request is the caller's own")]
    Own,
    /// Somebody changed it since it was read.
    #[error("the request was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CareError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Settled(_) => Code::Conflict,
            Self::Own => Code::Forbidden,
            Self::Stale => Code::Stale,
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

/// A worker asks; coordination is told.
pub fn ask(tx: &mut Tx<'_>, worker: WorkerId, input: &CareInput) -> Result<CareRequest, CareError> {
    let fields = input.checked()?;
    let answer_by = model::answer_by(tx.now());
    let asked = store::insert(tx, worker, &fields, answer_by)?;
    queue::record(tx, &CareAsked { request: asked.id, worker })?;
    Ok(asked)
}

/// Coordination answers; the worker is told.
pub fn answer(
    tx: &mut Tx<'_>,
    id: CareRequestId,
    version: i32,
    input: &CareAnswerInput,
) -> Result<CareRequest, CareError> {
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    let decision = input.checked()?;
    let asked = at_version(tx, id, version)?;
    let person = workers::find(tx, asked.worker_id)?.person_id;
    if person == by {
        return Err(CareError::Own);
    }
    let answered = store::answer(tx, id, version, by, &decision)?.ok_or(CareError::Stale)?;
    queue::record(tx, &CareAnswered { request: id, person })?;
    Ok(answered)
}

/// The worker needs it no longer.
pub fn withdraw(tx: &mut Tx<'_>, id: CareRequestId, version: i32) -> Result<CareRequest, CareError> {
    at_version(tx, id, version)?;
    store::withdraw(tx, id, version)?.ok_or(CareError::Stale)
}

fn at_version(tx: &mut Tx<'_>, id: CareRequestId, version: i32) -> Result<CareRequest, CareError> {
    let request = find(tx, id)?;
    request.must_be_open()?;
    if request.version == version { Ok(request) } else { Err(CareError::Stale) }
}
