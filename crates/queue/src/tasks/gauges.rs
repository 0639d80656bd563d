//! What monitoring reads of all towns' tasks, through the queue role's connection. No town, no person and no payload is
//! named: kinds and numbers alone.

use chrono::{DateTime, Utc};
use db::{DbError, Lobby};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamptz};
use kernel::OrganizationId;

/// Tasks counted of each state: asking must not cost more the more there are.
const MOST_COUNTED: i64 = 100_000;
/// The states, each with an index of its own: however many are in one, the others are counted all the same.
const STATES: [&str; 6] = ["dead", "gated", "parked", "ready", "running", "scheduled"];
/// Ends looked at in each town.
const ENDS: i32 = 10_000;

/// How many tasks of a kind are in a state, in all towns.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Gauge {
    /// The kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The state.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// How many; of each state no more than 100,000 are counted.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// All towns' tasks by kind and state.
pub fn gauges(lobby: &mut Lobby<'_>) -> Result<Vec<Gauge>, DbError> {
    gauges_up_to(lobby, MOST_COUNTED)
}

pub(crate) fn gauges_up_to(lobby: &mut Lobby<'_>, most: i64) -> Result<Vec<Gauge>, DbError> {
    let of_state = |state| format!("(SELECT kind, state FROM tasks WHERE state = '{state}' LIMIT $1)");
    Ok(diesel::sql_query(format!(
        "SELECT kind, state, count(*) AS count FROM ({}) counted GROUP BY kind, state ORDER BY kind, state",
        STATES.map(of_state).join(" UNION ALL ")
    ))
    .bind::<BigInt, _>(most)
    .load(lobby.conn())?)
}

/// How many attempts at tasks of a kind failed.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Failed {
    /// The kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// How many; of each town no more than its latest 10,000 are looked at.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// Attempts in `towns` that failed after `since`, by the kind of their task.
pub fn failed_lately(
    lobby: &mut Lobby<'_>,
    towns: &[OrganizationId],
    since: DateTime<Utc>,
) -> Result<Vec<Failed>, DbError> {
    let towns: Vec<i64> = towns.iter().map(|town| town.0).collect();
    Ok(diesel::sql_query(
        "SELECT kind, count(*) AS count FROM ( \
             SELECT COALESCE(t.kind, (SELECT h.kind FROM task_history h \
                 WHERE h.organization_id = town.id AND h.id = f.task_id LIMIT 1)) AS kind \
             FROM unnest($1) AS town (id) CROSS JOIN LATERAL ( \
                 SELECT task_id, failed_at FROM task_failures WHERE organization_id = town.id \
                 ORDER BY id DESC LIMIT $2) f \
             LEFT JOIN tasks t ON t.id = f.task_id WHERE f.failed_at > $3) failed \
         WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind",
    )
    .bind::<Array<BigInt>, _>(towns)
    .bind::<Integer, _>(ENDS)
    .bind::<Timestamptz, _>(since)
    .load(lobby.conn())?)
}

/// How many tasks of a kind ended in one way.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Ended {
    /// The kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// `done`, `cancelled` or `discarded`.
    #[diesel(sql_type = Text)]
    pub outcome: String,
    /// How many; of each town no more than its latest 10,000 are looked at.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// What ended in `towns` after `since`, by kind and outcome.
pub fn ended_lately(
    lobby: &mut Lobby<'_>,
    towns: &[OrganizationId],
    since: DateTime<Utc>,
) -> Result<Vec<Ended>, DbError> {
    let towns: Vec<i64> = towns.iter().map(|town| town.0).collect();
    Ok(diesel::sql_query(
        "SELECT h.kind, h.outcome, count(*) AS count FROM unnest($1) AS town (id) CROSS JOIN LATERAL ( \
             SELECT kind, outcome, finished_at FROM task_history WHERE organization_id = town.id \
             ORDER BY id DESC LIMIT $2) h \
         WHERE h.finished_at > $3 GROUP BY h.kind, h.outcome ORDER BY h.kind, h.outcome",
    )
    .bind::<Array<BigInt>, _>(towns)
    .bind::<Integer, _>(ENDS)
    .bind::<Timestamptz, _>(since)
    .load(lobby.conn())?)
}
