//! Background machine work: enqueueing, and what operators do with it. A row is deleted when its task ends well;
//! one that failed too often stays as `dead` until somebody retries or discards it.

mod lists;
mod model;
pub(crate) mod store;

use std::time::Duration;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::TaskId;
use serde::Serialize;

pub use lists::{Depth, TaskFailure, TaskRow, dead, depths, failures, oldest_ready_age};
pub use model::{Attempt, Backoff, Task, TaskError};

use crate::wake::TASKS;
use store::NewTask;

/// Adds a task that runs as soon as this transaction has committed.
pub fn enqueue<T: Task>(tx: &mut Tx<'_>, task: &T) -> Result<TaskId, DbError> {
    let row = NewTask::of(T::KIND, &T::BACKOFF, to_json(task)?);
    let id = store::insert(tx, &row)?;
    tx.raise(TASKS);
    Ok(id)
}

/// Adds a task that does not run before `at` (by the database's clock).
pub fn enqueue_at<T: Task>(tx: &mut Tx<'_>, task: &T, at: DateTime<Utc>) -> Result<TaskId, DbError> {
    let mut row = NewTask::of(T::KIND, &T::BACKOFF, to_json(task)?);
    row.run_at = Some(at);
    store::insert(tx, &row)
}

/// Adds a task unless one of its kind with the same `key` is still waiting, running or dead; says whether it was
/// added.
pub fn enqueue_unique<T: Task>(tx: &mut Tx<'_>, task: &T, key: &str) -> Result<bool, DbError> {
    let row =
        NewTask { unique_key: Some(key.to_owned()), ..NewTask::of(T::KIND, &T::BACKOFF, to_json(task)?) };
    let added = store::insert_unless_live(tx, &row)?;
    tx.raise(TASKS);
    Ok(added)
}

/// Gives a dead task all its attempts again; says whether there was one.
pub fn retry(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, DbError> {
    let found = store::revive(tx, id)?;
    tx.raise(TASKS);
    Ok(found)
}

/// Gives up on a dead task for good; says whether there was one.
pub fn discard(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, DbError> {
    store::delete_dead(tx, id)
}

/// How long a claimed task may go without a heartbeat before another worker takes it over.
pub const LEASE: Duration = Duration::from_mins(1);

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<serde_json::Value, DbError> {
    serde_json::to_value(value)
        .map_err(|error| DbError::Query(diesel::result::Error::SerializationError(Box::new(error))))
}
