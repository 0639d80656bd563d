//! What operators see of the tasks of their town.

use chrono::{DateTime, Utc};
use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Double, Nullable, Text};
use kernel::{Page, Paging, TaskId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::schema::{task_failures, tasks};

/// How many tasks of one kind are in one state.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize, JsonSchema)]
#[schemars(rename = "TaskDepth")]
pub struct Depth {
    /// The kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// `ready`, `scheduled`, `running` or `dead`.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// Tasks of this town by kind and state.
pub fn depths(tx: &mut Tx<'_>) -> Result<Vec<Depth>, DbError> {
    Ok(diesel::sql_query(
        "SELECT kind, state, count(*) AS count FROM tasks GROUP BY kind, state ORDER BY kind, state",
    )
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
    let age: Age = diesel::sql_query(
        "SELECT extract(epoch FROM clock_timestamp() - min(run_at))::float8 AS seconds FROM tasks WHERE state = 'ready'",
    )
    .get_result(lobby.conn())?;
    Ok(age.seconds.unwrap_or(0.0).max(0.0))
}
