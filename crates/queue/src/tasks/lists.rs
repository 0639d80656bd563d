//! What operators see of the tasks of their town.

use chrono::{DateTime, Utc};
use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Double, Integer, Nullable, Text, Timestamptz};
use kernel::{Page, Paging, TaskId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::schema::{task_failures, task_history, task_pauses, task_progress, tasks};

/// Of each state so many tasks are counted and no more, so that asking costs the same behind a million of them.
const MOST_COUNTED: i32 = 10_000;

/// How many tasks of one kind are in one state.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize, JsonSchema)]
#[schemars(rename = "TaskDepth")]
pub struct Depth {
    /// The kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// `ready`, `gated`, `scheduled`, `running`, `parked` or `dead`.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// Whether there may be more: only the first 10,000 of a state are counted.
    #[diesel(sql_type = Bool)]
    pub more: bool,
    /// Since when the oldest of those counted has been due; after now where none is due yet.
    #[diesel(sql_type = Timestamptz)]
    pub oldest: DateTime<Utc>,
}

/// Tasks of this town by kind and state.
pub fn depths(tx: &mut Tx<'_>) -> Result<Vec<Depth>, DbError> {
    depths_up_to(tx, MOST_COUNTED)
}

pub(crate) fn depths_up_to(tx: &mut Tx<'_>, most: i32) -> Result<Vec<Depth>, DbError> {
    Ok(diesel::sql_query(
        "SELECT task_kind AS kind, task_state AS state, counted AS count, more, oldest FROM task_depths($1)",
    )
    .bind::<Integer, _>(most)
    .load(tx.conn())?)
}

/// A task as operators see it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = tasks)]
pub struct TaskRow {
    /// The task.
    pub id: TaskId,
    /// Its kind.
    pub kind: String,
    /// How often it was tried.
    pub attempt: i16,
    /// When it was last due.
    pub run_at: DateTime<Utc>,
}

/// Dead tasks of this town, oldest first.
pub fn dead(tx: &mut Tx<'_>, paging: &Paging<TaskId>) -> Result<Page<TaskRow, TaskId>, DbError> {
    let rows = tasks::table
        .filter(tasks::state.eq("dead"))
        .filter(tasks::id.gt(paging.after.unwrap_or(TaskId(0))))
        .order(tasks::id)
        .limit(paging.probe())
        .select(TaskRow::as_select())
        .load(tx.conn())?;
    Ok(Page::cut(rows, paging, |row| row.id))
}

/// Dead tasks of one kind that died of the same thing.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct DeadCause {
    /// The kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The error without its numbers and quoted names.
    #[diesel(sql_type = Text)]
    pub cause: String,
    /// How many tasks.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// The last time any of them was due.
    #[diesel(sql_type = Timestamptz)]
    pub last: DateTime<Utc>,
}

/// What the 10,000 oldest of this town's dead tasks died of, the most frequent first.
pub fn causes(tx: &mut Tx<'_>) -> Result<Vec<DeadCause>, DbError> {
    Ok(diesel::sql_query(
        "SELECT kind, COALESCE(cause, '') AS cause, count(*) AS count, max(run_at) AS last FROM ( \
             SELECT kind, cause, run_at FROM tasks WHERE state = 'dead' ORDER BY id LIMIT $1) oldest \
         GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 100",
    )
    .bind::<Integer, _>(MOST_COUNTED)
    .load(tx.conn())?)
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize)]
#[diesel(table_name = task_history)]
pub struct Ended {
    /// `done`, `cancelled` or `discarded`.
    pub outcome: String,
    /// How often it was tried.
    pub attempt: i16,
    /// When.
    pub finished_at: DateTime<Utc>,
}

/// Where a task is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum TaskState {
    /// It has not ended; the text is its state.
    Live(String),
    /// It has ended.
    Ended(Ended),
}

/// Where a task of this town is; `None` when there never was one or its month has been dropped.
pub fn state(tx: &mut Tx<'_>, id: TaskId) -> Result<Option<TaskState>, DbError> {
    let live = tasks::table.filter(tasks::id.eq(id)).select(tasks::state).first(tx.conn()).optional()?;
    if let Some(state) = live {
        return Ok(Some(TaskState::Live(state)));
    }
    let ended = task_history::table
        .filter(task_history::id.eq(id))
        .select(Ended::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(ended.map(TaskState::Ended))
}

/// How far a long task says it has come.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize)]
#[diesel(table_name = task_progress)]
pub struct Progress {
    /// Steps done…
    pub done: i64,
    /// …of so many.
    pub total: i64,
    /// When it said so.
    pub reported_at: DateTime<Utc>,
}

/// The last report of a task that has not ended; `None` when it never reported.
pub fn progress(tx: &mut Tx<'_>, id: TaskId) -> Result<Option<Progress>, DbError> {
    let live = tasks::table.filter(tasks::id.eq(id));
    Ok(task_progress::table
        .filter(task_progress::task_id.eq(id))
        .filter(diesel::dsl::exists(live))
        .select(Progress::as_select())
        .first(tx.conn())
        .optional()?)
}

/// A task that runs and has said how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize)]
pub struct Report {
    /// The task.
    pub id: TaskId,
    /// Its kind.
    pub kind: String,
    /// What it said last.
    pub progress: Progress,
}

/// The running tasks of this town that have reported, the oldest first, at most 50.
pub fn reports(tx: &mut Tx<'_>) -> Result<Vec<Report>, DbError> {
    Ok(tasks::table
        .inner_join(task_progress::table.on(task_progress::task_id.eq(tasks::id)))
        .filter(tasks::state.eq("running"))
        .order(tasks::id)
        .limit(50)
        .select((tasks::id, tasks::kind, Progress::as_select()))
        .load(tx.conn())?)
}

/// A paused kind.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize)]
#[diesel(table_name = task_pauses)]
pub struct Pause {
    /// The kind.
    pub kind: String,
    /// Who paused it.
    pub actor: String,
    /// When.
    pub paused_at: DateTime<Utc>,
}

/// This town's paused kinds.
pub fn pauses(tx: &mut Tx<'_>) -> Result<Vec<Pause>, DbError> {
    Ok(task_pauses::table.order(task_pauses::kind).limit(500).select(Pause::as_select()).load(tx.conn())?)
}

/// One failed attempt.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = task_failures)]
pub struct TaskFailure {
    /// Which attempt.
    pub attempt: i16,
    /// What went wrong, without names or secrets.
    pub error: String,
    /// When.
    pub failed_at: DateTime<Utc>,
}

/// The failures of one task, newest first, at most 50.
pub fn failures(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<TaskFailure>, DbError> {
    Ok(task_failures::table
        .filter(task_failures::task_id.eq(id))
        .order(task_failures::id.desc())
        .limit(50)
        .select(TaskFailure::as_select())
        .load(tx.conn())?)
}

/// Seconds the oldest ready task of any town has been waiting; through the queue role's connection.
pub fn oldest_ready_age(lobby: &mut Lobby<'_>) -> Result<f64, DbError> {
    #[derive(QueryableByName)]
    struct Age {
        #[diesel(sql_type = Nullable<Double>)]
        seconds: Option<f64>,
    }
    // From lane to lane along the claim's index: the head of each is its oldest, however many wait behind it.
    let age: Age = diesel::sql_query(
        "WITH RECURSIVE heads AS ( \
             (SELECT priority, organization_id, run_at FROM tasks WHERE state = 'ready' \
              ORDER BY priority, organization_id, run_at, id LIMIT 1) \
             UNION ALL \
             SELECT next.* FROM heads CROSS JOIN LATERAL ( \
                 SELECT t.priority, t.organization_id, t.run_at FROM tasks t WHERE t.state = 'ready' \
                 AND (t.priority, t.organization_id) > (heads.priority, heads.organization_id) \
                 ORDER BY t.priority, t.organization_id, t.run_at, t.id LIMIT 1) next) \
         SELECT extract(epoch FROM clock_timestamp() - min(run_at))::float8 AS seconds FROM heads",
    )
    .get_result(lobby.conn())?;
    Ok(age.seconds.unwrap_or(0.0).max(0.0))
}
