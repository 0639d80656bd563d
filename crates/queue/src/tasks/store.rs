//! Rows and writes of tasks in the scope of a town: enqueueing and what operators do. The workers' writes are in
//! [`super::hot`].

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text};
use kernel::TaskId;

use super::hot::InsertMany;
use super::model::{Backoff, Limits, Task};
use super::{BatchId, Redrive, Unique};
use crate::schema::{task_history, task_pauses, task_payloads, task_progress, tasks};

/// A payload larger than this leaves the hot row.
const LARGE_BYTES: usize = 1024;
/// Rows of one bulk statement.
const CHUNK: usize = 10_000;

pub(crate) struct NewTask {
    pub(crate) kind: String,
    pub(crate) max_attempts: i16,
    pub(crate) priority: i16,
    pub(crate) run_at: Option<DateTime<Utc>>,
    pub(crate) unique_key: Option<String>,
    pub(crate) gate: Option<String>,
    pub(crate) batch: Option<BatchId>,
    pub(crate) payload: serde_json::Value,
}

impl NewTask {
    pub(crate) fn of<T: Task>(tx: &Tx<'_>, task: &T) -> Result<Self, DbError> {
        let gated = T::LIMITS != Limits::NONE;
        Ok(Self {
            priority: T::PRIORITY.number(),
            gate: gated.then(|| task.gate().text(tx.organization())),
            ..Self::plain(T::KIND, &T::BACKOFF, super::to_json(task)?)
        })
    }

    pub(crate) fn plain(kind: &str, backoff: &Backoff, payload: serde_json::Value) -> Self {
        Self {
            kind: kind.to_owned(),
            max_attempts: backoff.attempts,
            priority: super::Priority::Usual.number(),
            run_at: None,
            unique_key: None,
            gate: None,
            batch: None,
            payload,
        }
    }

    fn state(&self) -> &'static str {
        match (&self.run_at, &self.gate) {
            (Some(_), _) => "scheduled",
            (None, Some(_)) => "gated",
            (None, None) => "ready",
        }
    }

    fn is_large(&self) -> bool {
        is_large(&self.payload)
    }
}

fn is_large(payload: &serde_json::Value) -> bool {
    weight_bytes(payload) > LARGE_BYTES
}

/// About as many bytes as its text has, without writing it.
fn weight_bytes(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Null | serde_json::Value::Bool(_) => 5,
        serde_json::Value::Number(_) => 10,
        serde_json::Value::String(text) => text.len() + 2,
        serde_json::Value::Array(items) => items.iter().map(|item| weight_bytes(item) + 1).sum(),
        serde_json::Value::Object(fields) => {
            fields.iter().map(|(name, field)| name.len() + weight_bytes(field) + 4).sum()
        }
    }
}

pub(crate) fn insert(tx: &mut Tx<'_>, task: &NewTask) -> Result<TaskId, DbError> {
    insert_row(tx, task)?.ok_or(DbError::NotFound)
}

/// `None`: a live task has the unique key.
fn insert_row(tx: &mut Tx<'_>, task: &NewTask) -> Result<Option<TaskId>, DbError> {
    let row = (
        tasks::kind.eq(&task.kind),
        tasks::max_attempts.eq(task.max_attempts),
        tasks::priority.eq(task.priority),
        tasks::state.eq(task.state()),
        task.run_at.map(|at| tasks::run_at.eq(at)),
        tasks::unique_key.eq(&task.unique_key),
        tasks::gate.eq(&task.gate),
        tasks::batch_id.eq(task.batch),
        tasks::payload.eq((!task.is_large()).then_some(&task.payload)),
    );
    let id: Option<TaskId> = diesel::insert_into(tasks::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(tasks::id)
        .get_result(tx.conn())
        .optional()?;
    if let Some(id) = id.filter(|_added| task.is_large()) {
        diesel::insert_into(task_payloads::table)
            .values((task_payloads::task_id.eq(id), task_payloads::payload.eq(&task.payload)))
            .execute(tx.conn())?;
    }
    Ok(id)
}

pub(crate) fn insert_unless_live(tx: &mut Tx<'_>, task: &NewTask) -> Result<Unique, DbError> {
    loop {
        if let Some(id) = insert_row(tx, task)? {
            return Ok(Unique::Added(id));
        }
        let live = tasks::table
            .filter(tasks::kind.eq(&task.kind))
            .filter(tasks::unique_key.eq(&task.unique_key))
            .select(tasks::id)
            .first(tx.conn())
            .optional()?;
        // It may have ended between the two statements: then there is room for ours.
        if let Some(id) = live {
            return Ok(Unique::Exists(id));
        }
    }
}

pub(crate) fn insert_many<T: Task>(
    tx: &mut Tx<'_>,
    all: &[T],
    batch: Option<BatchId>,
) -> Result<usize, DbError> {
    let has_gate = T::LIMITS != Limits::NONE;
    for chunk in all.chunks(CHUNK) {
        let (mut gates, mut payloads) = (Vec::new(), Vec::new());
        for task in chunk {
            let payload = super::to_json(task)?;
            if is_large(&payload) {
                insert(tx, &NewTask { batch, ..NewTask::of(tx, task)? })?;
                continue;
            }
            gates.push(has_gate.then(|| task.gate().text(tx.organization())));
            payloads.push(payload);
        }
        let _added: i64 = InsertMany {
            kind: T::KIND,
            priority: T::PRIORITY.number(),
            max_attempts: T::BACKOFF.attempts,
            state: if has_gate { "gated" } else { "ready" },
            batch: batch.map(|id| id.0),
            gates: &gates,
            payloads: &payloads,
        }
        .get_result(tx.conn())?;
    }
    Ok(all.len())
}

/// Dead tasks become ready, or gated, with all their attempts.
pub(crate) fn revive(tx: &mut Tx<'_>, which: &Redrive, most: i64) -> Result<usize, DbError> {
    let (id, kind, cause) = match which {
        Redrive::One(id) => (Some(*id), None, None),
        Redrive::Kind(kind) => (None, Some(kind), None),
        Redrive::Cause { kind, cause } => (None, Some(kind), Some(cause)),
    };
    Ok(diesel::sql_query(
        "UPDATE tasks SET state = CASE WHEN gate IS NULL THEN 'ready' ELSE 'gated' END, attempt = 0, rescued = 0, cause = NULL, \
             run_at = clock_timestamp() \
         WHERE id IN (SELECT id FROM tasks WHERE state = 'dead' AND ($1 IS NULL OR id = $1) \
             AND ($2 IS NULL OR kind = $2) AND ($3 IS NULL OR cause = $3) ORDER BY id LIMIT $4 FOR UPDATE)",
    )
    .bind::<Nullable<BigInt>, _>(id)
    .bind::<Nullable<Text>, _>(kind)
    .bind::<Nullable<Text>, _>(cause)
    .bind::<BigInt, _>(most)
    .execute(tx.conn())?)
}

/// Tasks that wait for their next try: one of them, or those of a kind before a gate.
pub(crate) enum Waiting<'a> {
    One(TaskId),
    Gate { kind: &'a str, gate: &'a str },
}

/// What waits for its next try becomes ready, or gated, with the attempts it has left; how many.
pub(crate) fn hurry(tx: &mut Tx<'_>, which: &Waiting<'_>) -> Result<usize, DbError> {
    let (id, kind, gate) = match which {
        Waiting::One(id) => (Some(*id), None, None),
        Waiting::Gate { kind, gate } => (None, Some(*kind), Some(*gate)),
    };
    Ok(diesel::sql_query(
        "UPDATE tasks SET state = CASE WHEN gate IS NULL THEN 'ready' ELSE 'gated' END, run_at = clock_timestamp() \
         WHERE state = 'scheduled' AND attempt > 0 AND ($1 IS NULL OR id = $1) \
             AND ($2 IS NULL OR kind = $2) AND ($3 IS NULL OR gate = $3)",
    )
    .bind::<Nullable<BigInt>, _>(id)
    .bind::<Nullable<Text>, _>(kind)
    .bind::<Nullable<Text>, _>(gate)
    .execute(tx.conn())?)
}

/// A task that waits for its time, or for its kind.
#[derive(Queryable)]
pub(crate) struct WaitingRow {
    pub(crate) payload: Option<serde_json::Value>,
    pub(crate) state: String,
    pub(crate) run_at: DateTime<Utc>,
    pub(crate) attempt: i16,
    pub(crate) max_attempts: i16,
}

/// What waits of a kind before a gate, the newest first.
pub(crate) fn waiting_of(tx: &mut Tx<'_>, kind: &str, gate: &str) -> Result<Vec<WaitingRow>, DbError> {
    Ok(tasks::table
        .filter(tasks::state.eq_any(["scheduled", "parked"]))
        .filter(tasks::kind.eq(kind))
        .filter(tasks::gate.eq(gate))
        .order(tasks::id.desc())
        .limit(1_000)
        .select((tasks::payload, tasks::state, tasks::run_at, tasks::attempt, tasks::max_attempts))
        .load(tx.conn())?)
}

/// What a task of a kind that has not ended is about; `None` where there is none.
pub(crate) fn payload(tx: &mut Tx<'_>, id: TaskId, kind: &str) -> Result<Option<serde_json::Value>, DbError> {
    let row = tasks::table.filter(tasks::id.eq(id)).filter(tasks::kind.eq(kind));
    let small = row.select(tasks::payload).first::<Option<serde_json::Value>>(tx.conn()).optional()?;
    if let Some(None) = small {
        let large = task_payloads::table.filter(task_payloads::task_id.eq(id));
        return Ok(large.select(task_payloads::payload).first(tx.conn()).optional()?);
    }
    Ok(small.flatten())
}

/// Why a task is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Removal {
    CancelLive,
    DiscardDead,
}

/// Takes a task out into the history; its kind, or `None` where there was no such task.
pub(crate) fn remove(tx: &mut Tx<'_>, id: TaskId, removal: Removal) -> Result<Option<String>, DbError> {
    let row = tasks::table.filter(tasks::id.eq(id));
    let returned = (tasks::kind, tasks::attempt);
    let (outcome, removed) = match removal {
        Removal::CancelLive => {
            let live = row.filter(tasks::state.ne("dead"));
            ("cancelled", diesel::delete(live).returning(returned).get_result::<(String, i16)>(tx.conn()))
        }
        Removal::DiscardDead => {
            let dead = row.filter(tasks::state.eq("dead"));
            ("discarded", diesel::delete(dead).returning(returned).get_result::<(String, i16)>(tx.conn()))
        }
    };
    let Some((kind, attempt)) = removed.optional()? else { return Ok(None) };
    diesel::delete(task_payloads::table.filter(task_payloads::task_id.eq(id))).execute(tx.conn())?;
    diesel::insert_into(task_history::table)
        .values((
            task_history::id.eq(id),
            task_history::kind.eq(&kind),
            task_history::attempt.eq(attempt),
            task_history::outcome.eq(outcome),
        ))
        .execute(tx.conn())?;
    Ok(Some(kind))
}

/// Takes tasks of a kind that have not begun out into the history; what each was about. In no order: by id, the ids of everything
/// that waits before them would be looked up one by one, a million of another kind too.
pub(crate) fn remove_waiting(
    tx: &mut Tx<'_>,
    kind: &str,
    most: i64,
) -> Result<Vec<serde_json::Value>, DbError> {
    #[derive(QueryableByName)]
    struct Gone {
        #[diesel(sql_type = Nullable<Jsonb>)]
        payload: Option<serde_json::Value>,
    }
    let gone: Vec<Gone> = diesel::sql_query(
        "WITH gone AS (DELETE FROM tasks WHERE id IN (SELECT id FROM tasks WHERE kind = $1 AND attempt = 0 \
                 AND state IN ('ready', 'scheduled', 'gated', 'parked') LIMIT $2 FOR UPDATE SKIP LOCKED) \
             RETURNING id, attempt, payload), \
         large AS (DELETE FROM task_payloads WHERE task_id IN (SELECT id FROM gone)), \
         kept AS (INSERT INTO task_history (id, kind, attempt, outcome) SELECT id, $1, attempt, 'cancelled' FROM gone) \
         SELECT payload FROM gone",
    )
    .bind::<Text, _>(kind)
    .bind::<BigInt, _>(most)
    .load(tx.conn())?;
    Ok(gone.into_iter().map(|one| one.payload.unwrap_or_default()).collect())
}

/// False: it was paused already.
pub(crate) fn pause(tx: &mut Tx<'_>, kind: &str) -> Result<bool, DbError> {
    let (actor, now) = (tx.actor().to_string(), tx.now());
    let added = diesel::insert_into(task_pauses::table)
        .values((task_pauses::kind.eq(kind), task_pauses::actor.eq(actor), task_pauses::paused_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(added == 1)
}

pub(crate) fn resume(tx: &mut Tx<'_>, kind: &str) -> Result<bool, DbError> {
    Ok(diesel::delete(task_pauses::table.filter(task_pauses::kind.eq(kind))).execute(tx.conn())? == 1)
}

/// Why progress could not be noted.
pub(crate) enum Missing {
    Lease,
    Answer(DbError),
}

pub(crate) fn report(tx: &mut Tx<'_>, id: TaskId, lease: i64, done: i64, total: i64) -> Result<(), Missing> {
    let answered = |error: diesel::result::Error| Missing::Answer(error.into());
    let held = tasks::table.filter(tasks::id.eq(id)).filter(tasks::lease.eq(lease));
    if !diesel::select(diesel::dsl::exists(held)).get_result::<bool>(tx.conn()).map_err(answered)? {
        return Err(Missing::Lease);
    }
    let far = (task_progress::done.eq(done), task_progress::total.eq(total));
    diesel::insert_into(task_progress::table)
        .values((task_progress::task_id.eq(id), far))
        .on_conflict((task_progress::organization_id, task_progress::task_id))
        .do_update()
        .set((far, task_progress::reported_at.eq(diesel::dsl::now)))
        .execute(tx.conn())
        .map_err(answered)?;
    Ok(())
}
