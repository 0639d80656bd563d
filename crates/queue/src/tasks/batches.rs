//! Tasks that belong together, with one more task that runs when the last of them has ended.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use serde::Serialize;

use super::model::Task;
use super::store::{self, NewTask};
use crate::schema::task_batches;
use crate::wake::TENDING;

kernel::id!(
    /// A batch of tasks.
    BatchId
);

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct Batch {
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub id: BatchId,
    /// The kind of its callback, which is what the batch is for.
    #[diesel(sql_type = Text)]
    pub callback: String,
    /// Tasks it began with.
    #[diesel(sql_type = BigInt)]
    pub size: i64,
    /// Tasks that still wait or run.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Tasks that failed for good and wait for a person.
    #[diesel(sql_type = BigInt)]
    pub dead: i64,
    /// Whether the callback has been enqueued.
    #[diesel(sql_type = Bool)]
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
    super::raise_for::<T>(tx);
    tx.raise(TENDING);
    Ok(id)
}

/// One batch of this town.
pub fn batch(tx: &mut Tx<'_>, id: BatchId) -> Result<Batch, DbError> {
    counted(tx, Some(id))?.pop().ok_or(DbError::NotFound)
}

/// This town's batches that have not ended, the newest first, at most 20.
pub fn open_batches(tx: &mut Tx<'_>) -> Result<Vec<Batch>, DbError> {
    counted(tx, None)
}

fn counted(tx: &mut Tx<'_>, one: Option<BatchId>) -> Result<Vec<Batch>, DbError> {
    Ok(diesel::sql_query(
        "SELECT b.id, b.callback_kind AS callback, b.size, b.ended_at IS NOT NULL AS ended, \
             (SELECT count(*) FROM tasks t WHERE t.batch_id = b.id AND t.state <> 'dead') AS waiting, \
             (SELECT count(*) FROM tasks t WHERE t.batch_id = b.id AND t.state = 'dead') AS dead \
         FROM task_batches b WHERE CASE WHEN $1 IS NULL THEN b.ended_at IS NULL ELSE b.id = $1 END \
         ORDER BY b.id DESC LIMIT 20",
    )
    .bind::<Nullable<BigInt>, _>(one)
    .load(tx.conn())?)
}
