//! Interviews (面談): the talk before somebody begins, or begins again.
//!
//! Invariants: a worker has one interview before them at most (`interviews_one_planned`); what is kept is the day, the way,
//! who led it and a coded outcome – nothing that was told (test `the_reason_is_stored_nowhere`).

mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, WorkerId};
use queue::Event;
use serde::{Deserialize, Serialize};

pub(crate) use lists::last_of;
pub use lists::{find, of_worker, planned};
pub use model::{Interview, InterviewId, InterviewInput, InterviewState, Outcome, OutcomeInput, Way};

use crate::workers::{self, WorkerState};

/// Why an interview was not planned, moved or ended.
#[derive(Debug, thiserror::Error)]
pub enum InterviewError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// They have one before them already.
    #[error("an interview is planned already")]
    AlreadyPlanned,
    /// Whoever has left is registered again first.
    #[error("the worker has left")]
    Left,
    /// It has not begun yet, so nothing can have come of it.
    #[error("the interview has not begun yet")]
    NotYet,
    /// It is over, or somebody changed it since it was read.
    #[error("the interview was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for InterviewError {
    fn from(error: DbError) -> Self {
        if error.violates("interviews_one_planned") {
            return Self::AlreadyPlanned;
        }
        if error.violates("interviews_organization_id_interviewer_id_fkey") {
            return Self::Invalid(Invalid::field("interviewer_id", Code::UnknownChoice));
        }
        Self::Db(error)
    }
}

impl Coded for InterviewError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::AlreadyPlanned | Self::Left | Self::NotYet => Code::Conflict,
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

/// An interview has a day, a first or another one: whoever it is with is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterviewPlanned {
    /// Which one.
    pub interview: InterviewId,
    /// With whom.
    pub person: PersonId,
    /// When.
    pub starts_at: DateTime<Utc>,
    /// How they meet.
    pub way: Way,
    /// Who leads it.
    pub interviewer: PersonId,
}

impl Event for InterviewPlanned {
    const KIND: &'static str = "interview.planned";
}

/// An interview that had a day does not take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterviewCalledOff {
    /// Which one.
    pub interview: InterviewId,
    /// With whom.
    pub person: PersonId,
    /// When it would have been.
    pub starts_at: DateTime<Utc>,
}

impl Event for InterviewCalledOff {
    const KIND: &'static str = "interview.called_off";
}

/// Plans an interview with somebody who has not left, or writes down one that has just been.
pub fn plan(tx: &mut Tx<'_>, worker: WorkerId, input: &InterviewInput) -> Result<Interview, InterviewError> {
    let fields = input.checked(tx.now())?;
    let worker = workers::find(tx, worker)?;
    if worker.state == WorkerState::Withdrawn {
        return Err(InterviewError::Left);
    }
    let interview = store::insert(tx, worker.id, fields)?;
    tell(tx, &interview, worker.person_id)?;
    Ok(interview)
}

/// Gives an interview that was read at `version` another day, way or interviewer.
pub fn move_to(
    tx: &mut Tx<'_>,
    id: InterviewId,
    version: i32,
    input: &InterviewInput,
) -> Result<Interview, InterviewError> {
    let fields = input.checked(tx.now())?;
    let before = find(tx, id)?;
    let person = workers::find(tx, before.worker_id)?.person_id;
    let interview = store::set_fields(tx, id, version, fields)?.ok_or(InterviewError::Stale)?;
    tell(tx, &interview, person)?;
    Ok(interview)
}

/// Tells whoever an interview that was read at `version` is with once more, because the first word did not reach them.
pub fn tell_again(tx: &mut Tx<'_>, id: InterviewId, version: i32) -> Result<Interview, InterviewError> {
    let interview = find(tx, id)?;
    let is_ahead = interview.state == InterviewState::Planned && interview.starts_at > tx.now();
    if interview.version != version || !is_ahead {
        return Err(InterviewError::Stale);
    }
    let person = workers::find(tx, interview.worker_id)?.person_id;
    tell(tx, &interview, person)?;
    Ok(interview)
}

/// Whoever is expected is told; of what has been nobody is.
fn tell(tx: &mut Tx<'_>, interview: &Interview, person: PersonId) -> Result<(), InterviewError> {
    if interview.starts_at > tx.now() {
        let fact = InterviewPlanned {
            interview: interview.id,
            person,
            starts_at: interview.starts_at,
            way: interview.way,
            interviewer: interview.interviewer_id,
        };
        queue::record(tx, &fact)?;
    }
    Ok(())
}

/// Notes what came of an interview that was read at `version`.
pub fn conclude(
    tx: &mut Tx<'_>,
    id: InterviewId,
    version: i32,
    input: &OutcomeInput,
) -> Result<Interview, InterviewError> {
    let outcome = input.checked()?;
    if find(tx, id)?.starts_at > tx.now() {
        return Err(InterviewError::NotYet);
    }
    store::end(tx, id, version, InterviewState::Held, outcome)?.ok_or(InterviewError::Stale)
}

/// Calls off an interview that was read at `version`.
pub fn call_off(tx: &mut Tx<'_>, id: InterviewId, version: i32) -> Result<Interview, InterviewError> {
    let before = find(tx, id)?;
    let person = workers::find(tx, before.worker_id)?.person_id;
    let interview = store::end(tx, id, version, InterviewState::CalledOff, None)?;
    let interview = interview.ok_or(InterviewError::Stale)?;
    if interview.starts_at > tx.now() {
        let fact = InterviewCalledOff { interview: id, person, starts_at: interview.starts_at };
        queue::record(tx, &fact)?;
    }
    Ok(interview)
}
