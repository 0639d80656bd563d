//! Tasks that belong together, with one more task that runs when the last of them has ended.

use db::{DbError, Tx};
use diesel::prelude::*;
use serde::Serialize;

use super::model::Task;
use super::store::{self, NewTask};
use crate::schema::{task_batches, tasks};
use crate::wake::{TASKS, TENDING};

kernel::id!(
    /// A batch of tasks.
    BatchId
);

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// The batch.
    pub id: BatchId,
    /// Tasks it began with.
    pub size: i64,
    /// Tasks that still wait or run.
    pub waiting: i64,
    /// Tasks that failed for good and wait for a person.
    pub dead: i64,
    /// Whether the callback has been enqueued.
    pub ended: bool,
}

/// Adds `members` as one batch; `callback` is enqueued once none of them waits or runs any more, whether they ended
/// well, were cancelled, or are dead. Redriving a dead member later does not call back again.
pub fn enqueue_batch<T: Task, C: Task>(
    tx: &mut Tx<'_>,
    members: &[T],
    callback: &C,
) -> Result<BatchId, DbError> {
    let then = NewTask::of(tx, callback)?;
    let id: BatchId = diesel::insert_into(task_batches::table)
        .values((
            task_batches::callback_kind.eq(C::KIND),
            task_batches::callback_priority.eq(then.priority),
            task_batches::callback_attempts.eq(then.max_attempts),
            task_batches::callback_gate.eq(then.gate),
            task_batches::callback_payload.eq(then.payload),
            task_batches::size.eq(i64::try_from(members.len()).unwrap_or(i64::MAX)),
        ))
        .returning(task_batches::id)
        .get_result(tx.conn())?;
    store::insert_many(tx, members, Some(id))?;
    tx.raise(TASKS);
    tx.raise(TENDING);
    Ok(id)
}

/// One batch of this town.
pub fn batch(tx: &mut Tx<'_>, id: BatchId) -> Result<Batch, DbError> {
    let (size, ended): (i64, bool) = task_batches::table
        .filter(task_batches::id.eq(id))
        .select((task_batches::size, task_batches::ended_at.is_not_null()))
        .first(tx.conn())?;
    let members = tasks::table.filter(tasks::batch_id.eq(id));
    let dead: i64 = members.filter(tasks::state.eq("dead")).count().get_result(tx.conn())?;
    let left: i64 = members.count().get_result(tx.conn())?;
    Ok(Batch { id, size, waiting: left - dead, dead, ended })
}
