//! Background machine work: enqueueing, and what operators do with it. A row is deleted when its task ends well;
//! one that failed too often stays as `dead` until somebody retries or discards it.
//!
//! States: `ready` → `running` → gone. `scheduled` waits for its time, `gated` for its gate, `parked` until its kind
//! is resumed or known; `dead` waits for a person.

mod batches;
mod decisions;
mod gauges;
pub(crate) mod hot;
pub(crate) mod lanes;
pub(crate) mod lists;
mod model;
mod pulse;
pub(crate) mod store;

use std::time::Duration;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::TaskId;
use serde::Serialize;

pub use batches::{Batch, BatchId, batch, enqueue_batch, open_batches};
pub use decisions::{Decision, Deed, decisions};
#[cfg(test)]
pub(crate) use gauges::gauges_up_to;
pub use gauges::{Ended as EndedLately, Failed as FailedLately, Gauge, ended_lately, failed_lately, gauges};
pub use lists::{
    DeadCause, Depth, Ended, Pause, Progress, Report, TaskFailure, TaskRow, TaskState, causes, dead, depths,
    failures, oldest_ready_age, pauses, progress, reports, state,
};
pub use model::{Attempt, Backoff, Gate, Limits, Priority, Rate, Task, TaskError};
pub use pulse::{Pace, Retrying, Running, rates, retrying, running};

use crate::wake::{TASKS, TENDING, URGENT};
use store::{Missing, NewTask};

/// Adds a task that runs as soon as this transaction has committed (and its gate lets it through).
pub fn enqueue<T: Task>(tx: &mut Tx<'_>, task: &T) -> Result<TaskId, DbError> {
    let row = NewTask::of(tx, task)?;
    let id = store::insert(tx, &row)?;
    raise(tx, &row);
    Ok(id)
}

/// Adds a task that does not run before `at` (by the database's clock).
pub fn enqueue_at<T: Task>(tx: &mut Tx<'_>, task: &T, at: DateTime<Utc>) -> Result<TaskId, DbError> {
    let row = NewTask { run_at: Some(at), ..NewTask::of(tx, task)? };
    let id = store::insert(tx, &row)?;
    tx.raise(TENDING);
    Ok(id)
}

/// Adds many tasks of one kind in one statement; returns how many.
pub fn enqueue_many<T: Task>(tx: &mut Tx<'_>, tasks: &[T]) -> Result<usize, DbError> {
    let added = store::insert_many(tx, tasks, None)?;
    raise_for::<T>(tx);
    Ok(added)
}

/// What asking for a unique task led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    /// It was added.
    Added(TaskId),
    /// One with this key is still waiting, running or dead; nothing was added.
    Exists(TaskId),
}

impl Unique {
    /// The task that will do the work.
    pub fn id(self) -> TaskId {
        match self {
            Self::Added(id) | Self::Exists(id) => id,
        }
    }
}

/// Adds a task unless one of its kind with the same `key` is still waiting, running or dead in this town.
pub fn enqueue_unique<T: Task>(tx: &mut Tx<'_>, task: &T, key: &str) -> Result<Unique, DbError> {
    let row = NewTask { unique_key: Some(key.to_owned()), ..NewTask::of(tx, task)? };
    let outcome = store::insert_unless_live(tx, &row)?;
    raise(tx, &row);
    Ok(outcome)
}

/// [`enqueue_unique`] of a task that does not run before `at` (by the database's clock).
pub fn enqueue_unique_at<T: Task>(
    tx: &mut Tx<'_>,
    task: &T,
    key: &str,
    at: DateTime<Utc>,
) -> Result<Unique, DbError> {
    let unique_key = Some(key.to_owned());
    let row = NewTask { unique_key, run_at: Some(at), ..NewTask::of(tx, task)? };
    let outcome = store::insert_unless_live(tx, &row)?;
    tx.raise(TENDING);
    Ok(outcome)
}

/// Raises what wakes workers for tasks of this kind.
fn raise_for<T: Task>(tx: &mut Tx<'_>) {
    tx.raise(signal(T::LIMITS != Limits::NONE, T::PRIORITY.number()));
}

pub(crate) fn raise(tx: &mut Tx<'_>, row: &NewTask) {
    tx.raise(signal(row.gate.is_some(), row.priority));
}

/// Who has to wake for a new task.
fn signal(gated: bool, priority: i16) -> &'static str {
    if gated {
        TENDING
    } else if priority == Priority::Urgent.number() {
        URGENT
    } else {
        TASKS
    }
}

/// Gives a dead task all its attempts again, or tries one now that failed and waits for its next try; says whether there
/// was one.
pub fn retry(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, DbError> {
    if redrive(tx, &Redrive::One(id), 1)? == 1 {
        return Ok(true);
    }
    let is_waiting = store::hurry(tx, &store::Waiting::One(id))? == 1;
    if is_waiting {
        decisions::note_redriven(tx, &Redrive::One(id), 1)?;
    }
    Ok(is_waiting)
}

/// Tries those of this town's tasks of a kind now that failed, wait for their next try and are counted together under
/// `gate`: what they failed of is mended. Returns how many.
pub fn hurry<T: Task>(tx: &mut Tx<'_>, gate: &Gate) -> Result<usize, DbError> {
    let gate = gate.text(tx.organization());
    let hurried = store::hurry(tx, &store::Waiting::Gate { kind: T::KIND, gate: &gate })?;
    raise_for::<T>(tx);
    Ok(hurried)
}

/// A task that waits for its next try, or until its kind goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextTry<T> {
    /// What it is about.
    pub about: T,
    /// When it is tried; `None` while its kind is paused.
    pub at: Option<DateTime<Utc>>,
    /// How often it is tried at most from now on.
    pub tries_left: i16,
}

/// What waits of this town's tasks of a kind that are counted together under `gate`, each with when it is tried next: those
/// that failed and those whose kind is paused, the newest 1,000. What is about to be tried or runs is not among them.
pub fn waiting_of<T: Task>(tx: &mut Tx<'_>, gate: &Gate) -> Result<Vec<NextTry<T>>, DbError> {
    let gate = gate.text(tx.organization());
    let waiting = store::waiting_of(tx, T::KIND, &gate)?;
    let next = |one: store::WaitingRow| {
        let at = (one.state != "parked").then_some(one.run_at);
        let about = serde_json::from_value(one.payload?).ok()?;
        Some(NextTry { about, at, tries_left: one.max_attempts - one.attempt })
    };
    Ok(waiting.into_iter().filter_map(next).collect())
}

/// What a task of this town is about that has not ended; `None` where there is none of that kind and id, or what it is
/// about does not fit its kind.
pub fn payload<T: Task>(tx: &mut Tx<'_>, id: TaskId) -> Result<Option<T>, DbError> {
    Ok(store::payload(tx, id, T::KIND)?.and_then(|payload| serde_json::from_value(payload).ok()))
}

/// Which dead tasks get another chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redrive {
    /// This one.
    One(TaskId),
    /// All of a kind.
    Kind(String),
    /// All of a kind that died of the same [cause](DeadCause).
    Cause {
        /// The kind.
        kind: String,
        /// The cause, as [`causes`] names it.
        cause: String,
    },
}

/// Gives dead tasks of this town all their attempts again, the oldest first and at most `most` (call again for the
/// rest); returns how many.
pub fn redrive(tx: &mut Tx<'_>, which: &Redrive, most: u16) -> Result<usize, DbError> {
    let revived = store::revive(tx, which, i64::from(most))?;
    if revived > 0 {
        decisions::note_redriven(tx, which, revived)?;
    }
    // Of whatever priority, before a gate or not.
    for signal in [TASKS, URGENT, TENDING] {
        tx.raise(signal);
    }
    Ok(revived)
}

/// Gives up on a dead task for good; says whether there was one.
pub fn discard(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, DbError> {
    taken_out(tx, id, store::Removal::DiscardDead, Deed::Discarded)
}

/// Takes a task back, whatever it waits for; says whether there was one. One that is running is fenced off: its
/// transaction cannot commit any more, and outside a transaction it learns of it at its next [`report`].
pub fn cancel(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, DbError> {
    taken_out(tx, id, store::Removal::CancelLive, Deed::Cancelled)
}

/// Takes back tasks of a kind of this town that have not begun, whatever they wait for, the oldest first and at most `most`
/// (call again for the rest). What runs, waits for another try or is dead stays. Returns what each was about; `null` for
/// one that carried more than a row holds.
pub fn cancel_kind(tx: &mut Tx<'_>, kind: &str, most: u16) -> Result<Vec<serde_json::Value>, DbError> {
    let taken = store::remove_waiting(tx, kind, i64::from(most))?;
    if !taken.is_empty() {
        decisions::note(tx, Deed::Cleared, kind, None, taken.len())?;
    }
    Ok(taken)
}

fn taken_out(tx: &mut Tx<'_>, id: TaskId, removal: store::Removal, deed: Deed) -> Result<bool, DbError> {
    let Some(kind) = store::remove(tx, id, removal)? else { return Ok(false) };
    decisions::note(tx, deed, &kind, Some(id), 1)?;
    Ok(true)
}

/// Stops this town's tasks of a kind from being started until [`resume`]; what runs may end. Pausing twice is once.
pub fn pause(tx: &mut Tx<'_>, kind: &str) -> Result<(), DbError> {
    if store::pause(tx, kind)? {
        decisions::note(tx, Deed::Paused, kind, None, 0)?;
    }
    Ok(())
}

/// Lets a paused kind run again; says whether it was paused.
pub fn resume(tx: &mut Tx<'_>, kind: &str) -> Result<bool, DbError> {
    let was_paused = store::resume(tx, kind)?;
    if was_paused {
        decisions::note(tx, Deed::Resumed, kind, None, 0)?;
    }
    tx.raise(TENDING);
    Ok(was_paused)
}

/// Says how far a long task has come, and learns whether it is still this worker's: after a cancellation or a passed
/// time limit this is [`TaskError::Lost`], and the handler should stop.
pub fn report(tx: &mut Tx<'_>, attempt: Attempt, done: u64, total: u64) -> Result<(), TaskError> {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    match store::report(tx, attempt.task, attempt.lease, count(done), count(total)) {
        Ok(()) => Ok(()),
        Err(Missing::Lease) => Err(TaskError::Lost),
        Err(Missing::Answer(error)) => Err(error.into()),
    }
}

/// How long a claimed task may go without a heartbeat before another worker takes it over.
pub const LEASE: Duration = Duration::from_mins(1);

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<serde_json::Value, DbError> {
    serde_json::to_value(value)
        .map_err(|error| DbError::Query(diesel::result::Error::SerializationError(Box::new(error))))
}
