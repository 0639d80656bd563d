//! Resident workers: registration, the way to active, rests, leaving and coming back, and the hours they offer.
//!
//! Invariants: a person is one worker for ever, a second registration is a new event; each step is kept with the
//! day it happened, and steps never run backwards in time.

mod lists;
mod model;
mod spans;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, WorkerId, date_in_japan};

pub use lists::{
    StepFilter, StepKey, WorkerFilter, counts, enrolled, events, find, list, of_people, of_person, people_of,
    steps,
};
pub(crate) use model::forgotten_until;
pub use model::{
    Counts, Entry, HoursInput, PhoneInput, Refused, RegisterInput, StepInput, WithdrawInput,
    WithdrawalReason, Worker, WorkerEvent, WorkerState, WorkerStep, forgotten_on, next,
};
pub use spans::{ActiveSpans, active_spans};
pub(crate) use store::{WorkerRow, forget_phones, said_no_until, to_forget};
pub use store::{hold, left_long_ago};

use model::{Days, Happened};

/// Why a worker was not entered or moved.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not from this state.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The person is a worker already.
    #[error("this person is a worker already")]
    AlreadyWorker,
    /// Somebody changed it since it was read.
    #[error("the worker was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for WorkerError {
    fn from(error: DbError) -> Self {
        if error.violates("workers_person") {
            return Self::AlreadyWorker;
        }
        // The town has no such person: to the caller the same as any missing row.
        if error.violates("workers_organization_id_person_id_fkey") {
            return Self::Db(DbError::NotFound);
        }
        Self::Db(error)
    }
}

impl Coded for WorkerError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Refused(_) => Code::Conflict,
            Self::AlreadyWorker => Code::Taken,
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

/// Notes that `person` asks to take part.
pub fn apply(tx: &mut Tx<'_>, person: PersonId, input: RegisterInput) -> Result<Worker, WorkerError> {
    let (minutes, happened) = input.checked(days(tx, None))?;
    enter(tx, person, minutes, WorkerStep::Applied, happened)
}

/// Registers `person`: an applicant moves on, anybody else who was no worker yet is entered.
pub fn register(tx: &mut Tx<'_>, person: PersonId, input: RegisterInput) -> Result<Worker, WorkerError> {
    let Some(worker) = of_person(tx, person)? else {
        let (minutes, happened) = input.checked(days(tx, None))?;
        return enter(tx, person, minutes, WorkerStep::Registered, happened);
    };
    if worker.state != WorkerState::Applicant {
        return Err(WorkerError::AlreadyWorker);
    }
    let worker = step(tx, worker.id, WorkerStep::Registered, |days| {
        input.checked(days).map(|(_minutes, happened)| happened)
    })?;
    if input.weekly_minutes.as_str().trim().is_empty() {
        return Ok(worker);
    }
    set_weekly_minutes(tx, worker.id, worker.version, HoursInput { weekly_minutes: input.weekly_minutes })
}

/// Begins the training.
pub fn train(tx: &mut Tx<'_>, id: WorkerId, input: StepInput) -> Result<Worker, WorkerError> {
    step(tx, id, WorkerStep::Training, |days| input.checked(days))
}

/// Lets a worker be offered work, after registration, training or a rest.
pub fn activate(tx: &mut Tx<'_>, id: WorkerId, input: StepInput) -> Result<Worker, WorkerError> {
    step(tx, id, WorkerStep::Activated, |days| input.checked(days))
}

/// Gives a worker a rest: no offers, no mark.
pub fn pause(tx: &mut Tx<'_>, id: WorkerId, input: StepInput) -> Result<Worker, WorkerError> {
    step(tx, id, WorkerStep::Paused, |days| input.checked(days))
}

/// Ends a registration for a coded reason.
pub fn withdraw(tx: &mut Tx<'_>, id: WorkerId, input: WithdrawInput) -> Result<Worker, WorkerError> {
    step(tx, id, WorkerStep::Withdrawn, |days| input.checked(days))
}

/// Registers somebody again who had left: the same worker, one more event.
pub fn return_(tx: &mut Tx<'_>, id: WorkerId, input: StepInput) -> Result<Worker, WorkerError> {
    step(tx, id, WorkerStep::Returned, |days| input.checked(days))
}

/// Sets how many minutes a week a worker who was read at `version` wants at most.
pub fn set_weekly_minutes(
    tx: &mut Tx<'_>,
    id: WorkerId,
    version: i32,
    input: HoursInput,
) -> Result<Worker, WorkerError> {
    let minutes = input.checked()?;
    let worker = find(tx, id)?;
    store::set_minutes(tx, worker.id, version, minutes)?.ok_or(WorkerError::Stale)
}

/// Sets where a worker who was read at `version` can be called.
pub fn set_phone(
    tx: &mut Tx<'_>,
    id: WorkerId,
    version: i32,
    input: &PhoneInput,
) -> Result<Worker, WorkerError> {
    let phone = input.checked()?;
    let worker = find(tx, id)?;
    store::set_phone(tx, worker.id, version, &phone)?.ok_or(WorkerError::Stale)
}

fn enter(
    tx: &mut Tx<'_>,
    person: PersonId,
    minutes: i32,
    step: WorkerStep,
    happened: Happened,
) -> Result<Worker, WorkerError> {
    let worker = store::insert(tx, person, minutes, step, happened)?;
    store::note(tx, worker.id, step, happened)?;
    Ok(worker)
}

fn step(
    tx: &mut Tx<'_>,
    id: WorkerId,
    step: WorkerStep,
    read: impl FnOnce(Days) -> Result<Happened, Invalid>,
) -> Result<Worker, WorkerError> {
    let worker = hold(tx, id)?;
    let state = next(worker.state, step)?;
    let earliest = lists::last_step_on(tx, id)?;
    let happened = read(days(tx, earliest))?;
    let worker = store::set_state(tx, &worker, state, happened)?;
    store::note(tx, id, step, happened)?;
    Ok(worker)
}

fn days(tx: &Tx<'_>, earliest: Option<NaiveDate>) -> Days {
    Days { earliest, today: date_in_japan(tx.now()) }
}

/// Whether the acting person is this worker.
pub(crate) fn is_acting(tx: &Tx<'_>, worker: &Worker) -> bool {
    tx.actor().person() == Some(worker.person_id)
}
