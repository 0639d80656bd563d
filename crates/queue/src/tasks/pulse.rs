//! How the tasks of a town go: how many end and fail, which ones fail and will be tried again, which ones run. Every
//! question looks at the latest so many rows and no more, so that asking costs the same behind a million of them.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, SmallInt, Text, Timestamptz};
use kernel::TaskId;
use serde::Serialize;

use crate::schema::tasks;

/// Ends looked at.
const ENDS: i32 = 10_000;
/// Failures looked at.
const FAILURES: i32 = 1_000;
/// Tasks shown.
const SHOWN: i64 = 20;

/// How many tasks of one kind ended and failed within a time.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct Pace {
    /// The kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Tasks that ended well.
    #[diesel(sql_type = BigInt)]
    pub done: i64,
    /// Attempts that failed.
    #[diesel(sql_type = BigInt)]
    pub failed: i64,
    /// Whether there may be more: only the latest 10,000 ends and 1,000 failures of the town are looked at.
    #[diesel(sql_type = Bool)]
    pub more: bool,
}

/// What ended and failed in this town after `since`, by kind.
pub fn rates(tx: &mut Tx<'_>, since: DateTime<Utc>) -> Result<Vec<Pace>, DbError> {
    Ok(diesel::sql_query(
        "WITH ended AS ( \
             SELECT kind, outcome FROM ( \
                 SELECT kind, outcome, finished_at FROM task_history ORDER BY id DESC LIMIT $1) latest \
             WHERE finished_at > $3), \
         failed AS ( \
             SELECT task_id FROM (SELECT task_id, failed_at FROM task_failures ORDER BY id DESC LIMIT $2) latest \
             WHERE failed_at > $3), \
         counted AS ( \
             SELECT kind, 1 AS done, 0 AS failed FROM ended WHERE outcome = 'done' \
             UNION ALL \
             SELECT COALESCE(t.kind, (SELECT h.kind FROM task_history h WHERE h.id = f.task_id LIMIT 1)), 0, 1 \
             FROM failed f LEFT JOIN tasks t ON t.id = f.task_id) \
         SELECT kind, sum(done) AS done, sum(failed) AS failed, \
             (SELECT count(*) FROM ended) >= $1 OR (SELECT count(*) FROM failed) >= $2 AS more \
         FROM counted WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind",
    )
    .bind::<Integer, _>(ENDS)
    .bind::<Integer, _>(FAILURES)
    .bind::<Timestamptz, _>(since)
    .load(tx.conn())?)
}

/// A task that failed and will be tried again.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct Retrying {
    /// The task.
    #[diesel(sql_type = BigInt)]
    pub id: TaskId,
    /// Its kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Where it stands: `scheduled` until its next try, `parked` while its kind is paused, otherwise about to be tried or
    /// running (`ready`, `gated`, `running`).
    #[diesel(sql_type = Text)]
    pub state: String,
    /// How often it was tried…
    #[diesel(sql_type = SmallInt)]
    pub attempt: i16,
    /// …of so many times.
    #[diesel(sql_type = SmallInt)]
    pub max_attempts: i16,
    /// When it is tried next.
    #[diesel(sql_type = Timestamptz)]
    pub run_at: DateTime<Utc>,
    /// What went wrong last.
    #[diesel(sql_type = Text)]
    pub error: String,
}

/// Tasks of this town that failed lately and are not dead, the latest failure first, at most 20.
pub fn retrying(tx: &mut Tx<'_>) -> Result<Vec<Retrying>, DbError> {
    Ok(diesel::sql_query(
        "SELECT t.id, t.kind, t.state, t.attempt, t.max_attempts, t.run_at, f.error FROM ( \
             SELECT DISTINCT ON (task_id) task_id, id, error FROM ( \
                 SELECT id, task_id, error FROM task_failures ORDER BY id DESC LIMIT $1) latest \
             ORDER BY task_id, id DESC) f \
         JOIN tasks t ON t.id = f.task_id WHERE t.state <> 'dead' ORDER BY f.id DESC LIMIT $2",
    )
    .bind::<Integer, _>(FAILURES)
    .bind::<BigInt, _>(SHOWN)
    .load(tx.conn())?)
}

/// A task that runs.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize)]
#[diesel(table_name = tasks)]
pub struct Running {
    /// The task.
    pub id: TaskId,
    /// Its kind.
    pub kind: String,
    /// Which attempt this is.
    pub attempt: i16,
    /// Since when it has been due.
    pub run_at: DateTime<Utc>,
}

/// The tasks of this town that run, the oldest first, at most 20.
pub fn running(tx: &mut Tx<'_>) -> Result<Vec<Running>, DbError> {
    Ok(tasks::table
        .filter(tasks::state.eq("running"))
        .order(tasks::id)
        .limit(SHOWN)
        .select(Running::as_select())
        .load(tx.conn())?)
}
