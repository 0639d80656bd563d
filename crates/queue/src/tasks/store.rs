//! Rows and writes of `tasks`, `task_failures` and `finished_tasks`.
//!
//! Claiming, finishing and failing go through the queue role's connection (all towns); a transactional handler
//! finishes through its own town's transaction instead. The statements are static texts so that their plans are
//! cached with the connection.

use std::time::Duration;

use chrono::{DateTime, Utc};
use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Double, Jsonb, SmallInt, Text, Timestamptz};
use kernel::{OrganizationId, TaskId};

use super::model::Backoff;
use crate::schema::{task_failures, tasks};

pub(crate) struct NewTask {
    pub(crate) kind: String,
    pub(crate) max_attempts: i16,
    pub(crate) run_at: Option<DateTime<Utc>>,
    pub(crate) unique_key: Option<String>,
    pub(crate) payload: serde_json::Value,
}

impl NewTask {
    pub(crate) fn of(kind: &str, backoff: &Backoff, payload: serde_json::Value) -> Self {
        Self {
            kind: kind.to_owned(),
            max_attempts: backoff.attempts,
            run_at: None,
            unique_key: None,
            payload,
        }
    }
}

pub(crate) fn insert(tx: &mut Tx<'_>, task: &NewTask) -> Result<TaskId, DbError> {
    let state = if task.run_at.is_some() { "scheduled" } else { "ready" };
    let row = (
        tasks::kind.eq(&task.kind),
        tasks::max_attempts.eq(task.max_attempts),
        tasks::state.eq(state),
        task.run_at.map(|at| tasks::run_at.eq(at)),
        tasks::unique_key.eq(&task.unique_key),
        tasks::payload.eq(&task.payload),
    );
    Ok(diesel::insert_into(tasks::table).values(row).returning(tasks::id).get_result(tx.conn())?)
}

pub(crate) fn insert_unless_live(tx: &mut Tx<'_>, task: &NewTask) -> Result<bool, DbError> {
    let row = (
        tasks::kind.eq(&task.kind),
        tasks::max_attempts.eq(task.max_attempts),
        tasks::unique_key.eq(&task.unique_key),
        tasks::payload.eq(&task.payload),
    );
    let added = diesel::insert_into(tasks::table).values(row).on_conflict_do_nothing().execute(tx.conn())?;
    Ok(added == 1)
}

#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct Claimed {
    #[diesel(sql_type = BigInt)]
    pub(crate) id: TaskId,
    #[diesel(sql_type = BigInt)]
    pub(crate) organization_id: OrganizationId,
    #[diesel(sql_type = Text)]
    pub(crate) kind: String,
    #[diesel(sql_type = SmallInt)]
    pub(crate) attempt: i16,
    #[diesel(sql_type = SmallInt)]
    pub(crate) max_attempts: i16,
    #[diesel(sql_type = BigInt)]
    pub(crate) lease: i64,
    #[diesel(sql_type = Jsonb)]
    pub(crate) payload: serde_json::Value,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) claimed_at: DateTime<Utc>,
}

/// Takes up to `most` ready tasks of `kinds`, each under a lease number that nobody had before.
pub(crate) fn claim(
    lobby: &mut Lobby<'_>,
    kinds: &[String],
    most: i64,
    lease: Duration,
) -> Result<Vec<Claimed>, DbError> {
    Ok(diesel::sql_query(
        "WITH next AS MATERIALIZED ( \
             SELECT id FROM tasks WHERE state = 'ready' AND kind = ANY ($1) \
             ORDER BY priority, run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) \
         UPDATE tasks t SET state = 'running', attempt = attempt + 1, lease = nextval('task_leases'), \
             lease_until = clock_timestamp() + make_interval(secs => $3) \
         FROM next WHERE t.id = next.id \
         RETURNING t.id, t.organization_id, t.kind, t.attempt, t.max_attempts, t.lease, t.payload, \
             clock_timestamp() AS claimed_at",
    )
    .bind::<Array<Text>, _>(kinds)
    .bind::<BigInt, _>(most)
    .bind::<Double, _>(lease.as_secs_f64())
    .load(lobby.conn())?)
}

/// Ends a task inside its own town's transaction. False: the lease was lost, the caller must roll back.
pub(crate) fn finish_in(tx: &mut Tx<'_>, task: &Claimed) -> Result<bool, DbError> {
    let done = diesel::sql_query(
        "WITH done AS (DELETE FROM tasks WHERE id = $1 AND lease = $2 RETURNING id, organization_id, kind, attempt) \
         INSERT INTO finished_tasks (organization_id, id, kind, attempt) \
         SELECT organization_id, id, kind, attempt FROM done",
    )
    .bind::<BigInt, _>(task.id)
    .bind::<BigInt, _>(task.lease)
    .execute(tx.conn())?;
    Ok(done == 1)
}

/// Ends tasks in one statement; returns how many leases had been lost. No condition on `state`: it would tempt
/// the planner onto the small lease index and a quadratic join.
pub(crate) fn finish(lobby: &mut Lobby<'_>, ended: &[(TaskId, i64)]) -> Result<usize, DbError> {
    let (ids, leases): (Vec<i64>, Vec<i64>) = ended.iter().map(|(id, lease)| (id.0, *lease)).unzip();
    let done = diesel::sql_query(
        "WITH done AS (DELETE FROM tasks t USING unnest($1, $2) AS e (id, lease) \
             WHERE t.id = e.id AND t.lease = e.lease RETURNING t.id, t.organization_id, t.kind, t.attempt) \
         INSERT INTO finished_tasks (organization_id, id, kind, attempt) \
         SELECT organization_id, id, kind, attempt FROM done",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<BigInt>, _>(leases)
    .execute(lobby.conn())?;
    Ok(ended.len() - done)
}

/// What becomes of a task whose attempt did not succeed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fate {
    /// Tried again after this long.
    Again(Duration),
    /// Waits without having spent an attempt.
    Later(Duration),
    /// Stays for a person.
    Dead,
}

/// Records the failure and gives the task back by its fate. False: the lease had been lost.
pub(crate) fn fail(lobby: &mut Lobby<'_>, task: &Claimed, fate: Fate, error: &str) -> Result<bool, DbError> {
    let (state, wait, spent) = match fate {
        Fate::Again(wait) => ("scheduled", wait, 0),
        Fate::Later(wait) => ("scheduled", wait, 1),
        Fate::Dead => ("dead", Duration::ZERO, 0),
    };
    let changed = diesel::sql_query(
        "UPDATE tasks SET state = $3, run_at = clock_timestamp() + make_interval(secs => $4), \
             attempt = attempt - $5, lease = NULL, lease_until = NULL WHERE id = $1 AND lease = $2",
    )
    .bind::<BigInt, _>(task.id)
    .bind::<BigInt, _>(task.lease)
    .bind::<Text, _>(state)
    .bind::<Double, _>(wait.as_secs_f64())
    .bind::<SmallInt, _>(spent)
    .execute(lobby.conn())?;
    if changed == 1 && !matches!(fate, Fate::Later(_)) {
        diesel::insert_into(task_failures::table)
            .values((
                task_failures::organization_id.eq(task.organization_id.0),
                task_failures::task_id.eq(task.id),
                task_failures::attempt.eq(task.attempt),
                task_failures::error.eq(error),
            ))
            .execute(lobby.conn())?;
    }
    Ok(changed == 1)
}

/// Gives claimed but unstarted tasks back untouched, at shutdown.
pub(crate) fn release(lobby: &mut Lobby<'_>, held: &[(TaskId, i64)]) -> Result<(), DbError> {
    let (ids, leases): (Vec<i64>, Vec<i64>) = held.iter().map(|(id, lease)| (id.0, *lease)).unzip();
    diesel::sql_query(
        "UPDATE tasks t SET state = 'ready', attempt = attempt - 1, lease = NULL, lease_until = NULL \
         FROM unnest($1, $2) AS e (id, lease) WHERE t.id = e.id AND t.lease = e.lease",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<BigInt>, _>(leases)
    .execute(lobby.conn())?;
    Ok(())
}

/// Prolongs the leases of running tasks; a lost one is simply not prolonged.
pub(crate) fn beat(lobby: &mut Lobby<'_>, held: &[(TaskId, i64)], lease: Duration) -> Result<(), DbError> {
    let (ids, leases): (Vec<i64>, Vec<i64>) = held.iter().map(|(id, lease)| (id.0, *lease)).unzip();
    diesel::sql_query(
        "UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => $3) \
         FROM unnest($1, $2) AS e (id, lease) WHERE t.id = e.id AND t.lease = e.lease",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<BigInt>, _>(leases)
    .bind::<Double, _>(lease.as_secs_f64())
    .execute(lobby.conn())?;
    Ok(())
}

/// Makes due scheduled tasks ready and takes tasks back whose worker stopped beating. A task whose worker died on
/// its last attempt is dead: something in it may be what kills workers. Returns how many moved.
pub(crate) fn promote_and_rescue(lobby: &mut Lobby<'_>) -> Result<usize, DbError> {
    let promoted = diesel::sql_query(
        "UPDATE tasks SET state = 'ready' WHERE id IN (SELECT id FROM tasks WHERE state = 'scheduled' \
         AND run_at <= clock_timestamp() ORDER BY run_at LIMIT 1000 FOR UPDATE SKIP LOCKED)",
    )
    .execute(lobby.conn())?;
    let rescued = diesel::sql_query(
        "WITH lost AS (SELECT id FROM tasks WHERE state = 'running' AND lease_until < clock_timestamp() \
             ORDER BY lease_until LIMIT 1000 FOR UPDATE SKIP LOCKED), \
         back AS (UPDATE tasks t SET state = CASE WHEN attempt >= max_attempts THEN 'dead' ELSE 'ready' END, \
             lease = NULL, lease_until = NULL FROM lost WHERE t.id = lost.id \
             RETURNING t.organization_id, t.id, t.attempt) \
         INSERT INTO task_failures (organization_id, task_id, attempt, error) \
         SELECT organization_id, id, attempt, 'the worker stopped answering' FROM back",
    )
    .execute(lobby.conn())?;
    Ok(promoted + rescued)
}

/// Seconds until the next scheduled task is due; `None` when none is scheduled.
pub(crate) fn next_due(lobby: &mut Lobby<'_>) -> Result<Option<Duration>, DbError> {
    #[derive(QueryableByName)]
    struct Due {
        #[diesel(sql_type = diesel::sql_types::Nullable<Double>)]
        seconds: Option<f64>,
    }
    let due: Due = diesel::sql_query(
        "SELECT extract(epoch FROM min(run_at) - clock_timestamp())::float8 AS seconds FROM tasks WHERE state = 'scheduled'",
    )
    .get_result(lobby.conn())?;
    Ok(due.seconds.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, 3600.0))))
}

pub(crate) fn revive(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, DbError> {
    let changed = diesel::update(tasks::table.filter(tasks::id.eq(id)).filter(tasks::state.eq("dead")))
        .set((tasks::state.eq("ready"), tasks::attempt.eq(0)))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

pub(crate) fn delete_dead(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, DbError> {
    let changed = diesel::delete(tasks::table.filter(tasks::id.eq(id)).filter(tasks::state.eq("dead")))
        .execute(tx.conn())?;
    Ok(changed == 1)
}
