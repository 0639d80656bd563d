//! The hot path: claim, finish, settle, prolong, and the rounds that nothing calls. Each is one function of the
//! database and one round trip; the functions stand in the migration `queue_shape` with the reasons for their shape.
//!
//! They run as the queue role (all towns), except that a transactional handler's task is finished in its own town's
//! transaction.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Double, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz};
use kernel::{OrganizationId, TaskId};

use super::lanes::Marks;
use super::model::{Limits, Priority};
use crate::statement::prepared;

/// A task that this process holds.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub(crate) id: TaskId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) kind: String,
    pub(crate) priority: i16,
    pub(crate) attempt: i16,
    pub(crate) max_attempts: i16,
    pub(crate) lease: i64,
    pub(crate) payload: serde_json::Value,
    pub(crate) is_gated: bool,
    /// [`crate::Task::WAITS_OUTSIDE`].
    pub(crate) waits_outside: bool,
    pub(crate) claimed_at: DateTime<Utc>,
    /// Whether the attempt is counted already; that of a suspect is counted when it begins.
    pub(crate) is_counted: bool,
    /// How long it had waited when it was claimed, by the database's clock.
    pub(crate) waited: Duration,
    /// When the claim was asked for, by this process' own clock.
    pub(crate) asked_at: Instant,
}

/// A task and the lease it is held under.
pub(crate) type Key = (TaskId, i64);

impl Claimed {
    pub(crate) fn key(&self) -> Key {
        (self.id, self.lease)
    }

    pub(crate) fn is_urgent(&self) -> bool {
        self.priority == Priority::Urgent.number()
    }

    /// What is of a lower rank goes first: the priority's number, less one for each [`AGEING`] of waiting until `now`.
    pub(crate) fn rank(&self, now: Instant) -> u64 {
        let waited = self.waited + now.saturating_duration_since(self.asked_at);
        u64::try_from(self.priority).unwrap_or(0).saturating_sub(waited.as_secs() / AGEING.as_secs())
    }
}

/// So much longer waiting makes up for one step of priority, in the claim (`claim_tasks`) and in line.
const AGEING: Duration = Duration::from_mins(5);

prepared! {
    Claim<'a> -> (BigInt, BigInt, Text, SmallInt, SmallInt, SmallInt, Nullable<BigInt>, Nullable<Jsonb>, Timestamptz,
        Nullable<Text>, Timestamptz, Bool) {
        "SELECT * FROM claim_tasks(" most: i32 as Integer,
        ", " lease_seconds: f64 as Double,
        ", " kinds: &'a [String] as Array<Text>,
        ", " priorities: &'a [i16] as Array<SmallInt>,
        ", " towns: &'a [i64] as Array<BigInt>,
        ", " marks: &'a [DateTime<Utc>] as Array<Timestamptz>,
        ", " first_town: i64 as BigInt,
        ", " last_priority: i16 as SmallInt,
        ", " only_town: Option<i64> as Nullable<BigInt>;
        ")"
    }
}

#[derive(Debug, Queryable)]
struct Taken {
    id: TaskId,
    organization_id: OrganizationId,
    kind: String,
    priority: i16,
    attempt: i16,
    max_attempts: i16,
    lease: Option<i64>,
    payload: Option<serde_json::Value>,
    run_at: DateTime<Utc>,
    gate: Option<String>,
    claimed_at: DateTime<Utc>,
    is_counted: bool,
}

/// What a claim brought.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Held from now on.
    pub(crate) tasks: Vec<Claimed>,
    /// Put aside, because their kind is paused or not known here.
    pub(crate) parked: Vec<(TaskId, String)>,
}

impl Batch {
    pub(crate) fn len(&self) -> usize {
        self.tasks.len() + self.parked.len()
    }
}

/// How much a claim asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask {
    pub(crate) most: i32,
    pub(crate) last_priority: Priority,
    pub(crate) lease: Duration,
    /// Of this town alone.
    pub(crate) only_town: Option<OrganizationId>,
}

/// Takes ready tasks of `kinds`.
pub(crate) fn claim(
    conn: &mut PgConnection,
    kinds: &[String],
    ask: Ask,
    marks: &mut Marks,
) -> Result<Batch, diesel::result::Error> {
    let (known, asked_at) = (marks.known(), Instant::now());
    let taken: Vec<Taken> = Claim {
        most: ask.most,
        lease_seconds: ask.lease.as_secs_f64(),
        kinds,
        priorities: &known.priorities,
        towns: &known.towns,
        marks: &known.marks,
        first_town: known.first_town,
        last_priority: ask.last_priority.number(),
        only_town: ask.only_town.map(|town| town.0),
    }
    .load(conn)?;
    marks.advance(taken.iter().map(|task| (task.priority, task.organization_id, task.run_at)));
    let mut batch = Batch::default();
    for task in taken {
        let Some(lease) = task.lease else {
            batch.parked.push((task.id, task.kind));
            continue;
        };
        batch.tasks.push(Claimed {
            id: task.id,
            organization_id: task.organization_id,
            kind: task.kind,
            priority: task.priority,
            attempt: task.attempt,
            max_attempts: task.max_attempts,
            lease,
            payload: task.payload.unwrap_or_default(),
            is_gated: task.gate.is_some(),
            waits_outside: false,
            claimed_at: task.claimed_at,
            is_counted: task.is_counted,
            waited: (task.claimed_at - task.run_at).to_std().unwrap_or_default(),
            asked_at,
        });
    }
    Ok(batch)
}

prepared! {
    Finish<'a> -> Array<BigInt> {
        "SELECT finish_tasks(" ids: &'a [i64] as Array<BigInt>, ", " leases: &'a [i64] as Array<BigInt>; ")"
    }
}

fn split(keys: &[Key]) -> (Vec<i64>, Vec<i64>) {
    keys.iter().map(|(id, lease)| (id.0, *lease)).unzip()
}

/// Ends tasks; returns how many leases had been lost.
pub(crate) fn finish(conn: &mut PgConnection, ended: &[Key]) -> Result<usize, diesel::result::Error> {
    let (ids, leases) = split(ended);
    let done: Vec<i64> = Finish { ids: &ids, leases: &leases }.get_result(conn)?;
    Ok(ended.len() - done.len())
}

/// Ends a task inside its own town's transaction. False: the lease was lost, the caller must roll back.
pub(crate) fn finish_in(tx: &mut Tx<'_>, key: Key) -> Result<bool, DbError> {
    Ok(finish(tx.conn(), &[key])? == 0)
}

/// What becomes of a task that did not end well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fate {
    /// Tried again after this long.
    Again(Duration),
    /// Waits without having spent an attempt.
    Later(Duration),
    /// Given back untouched.
    Released,
    /// Stays for a person.
    Dead,
}

/// A task to be given back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settlement {
    pub(crate) key: Key,
    pub(crate) fate: Fate,
    /// What went wrong; not recorded for a snooze or a release.
    pub(crate) error: String,
}

prepared! {
    Settle<'a> -> Array<BigInt> {
        "SELECT settle_tasks(" ids: &'a [i64] as Array<BigInt>,
        ", " leases: &'a [i64] as Array<BigInt>,
        ", " states: &'a [&'a str] as Array<Text>,
        ", " waits: &'a [Option<f64>] as Array<Nullable<Double>>,
        ", " refunds: &'a [i16] as Array<SmallInt>,
        ", " errors: &'a [Option<String>] as Array<Nullable<Text>>,
        ", " causes: &'a [Option<String>] as Array<Nullable<Text>>;
        ")"
    }
}

/// Gives tasks back by their fate and records what went wrong; returns how many leases had been lost.
pub(crate) fn settle(
    conn: &mut PgConnection,
    settlements: &[Settlement],
) -> Result<usize, diesel::result::Error> {
    let keys: Vec<Key> = settlements.iter().map(|one| one.key).collect();
    let (ids, leases) = split(&keys);
    let (mut states, mut waits, mut refunds) = (Vec::new(), Vec::new(), Vec::new());
    let (mut errors, mut causes) = (Vec::new(), Vec::new());
    for one in settlements {
        let (state, wait, refund) = match one.fate {
            Fate::Again(wait) => ("scheduled", Some(wait.as_secs_f64()), 0),
            Fate::Later(wait) => ("scheduled", Some(wait.as_secs_f64()), 1),
            Fate::Released => ("ready", None, 1),
            Fate::Dead => ("dead", None, 0),
        };
        let is_failure = matches!(one.fate, Fate::Again(_) | Fate::Dead);
        states.push(state);
        waits.push(wait);
        refunds.push(refund);
        let error = is_failure.then(|| super::model::recordable(&one.error));
        causes.push(error.as_deref().map(super::model::cause_of));
        errors.push(error);
    }
    let settled: Vec<i64> = Settle {
        ids: &ids,
        leases: &leases,
        states: &states,
        waits: &waits,
        refunds: &refunds,
        errors: &errors,
        causes: &causes,
    }
    .get_result(conn)?;
    Ok(settlements.len() - settled.len())
}

prepared! {
    Prolong<'a> -> Array<BigInt> {
        "SELECT prolong_tasks(" ids: &'a [i64] as Array<BigInt>, ", " leases: &'a [i64] as Array<BigInt>,
        ", " lease_seconds: f64 as Double; ")"
    }
}

/// Prolongs leases; returns the tasks that are still held.
pub(crate) fn prolong(
    conn: &mut PgConnection,
    held: &[Key],
    lease: Duration,
) -> Result<Vec<TaskId>, diesel::result::Error> {
    let (ids, leases) = split(held);
    let prolonged: Vec<i64> =
        Prolong { ids: &ids, leases: &leases, lease_seconds: lease.as_secs_f64() }.get_result(conn)?;
    Ok(prolonged.into_iter().map(TaskId).collect())
}

/// Whether the scheduled tasks that have come due are made ready too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    Promote,
    Leave,
}

prepared! {
    Tend<'a> -> (Integer, Bool, Nullable<Double>, Timestamptz) {
        "SELECT * FROM tend_tasks(" kinds: &'a [String] as Array<Text>, ", " with_due: bool as Bool; ")"
    }
}

/// What a round found.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct Tended {
    /// Tasks that became ready or gated.
    pub(crate) moved: i32,
    /// Whether any task waits before a gate.
    pub(crate) gated: bool,
    next_due_seconds: Option<f64>,
    /// The database's time.
    pub(crate) moment: DateTime<Utc>,
}

impl Tended {
    /// How long until the next scheduled task is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.next_due_seconds.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, 3600.0)))
    }
}

/// Due tasks, parked tasks whose reason has gone, batches that have ended.
pub(crate) fn tend(
    conn: &mut PgConnection,
    kinds: &[String],
    due: Due,
) -> Result<Tended, diesel::result::Error> {
    Tend { kinds, with_due: due == Due::Promote }.get_result(conn)
}

/// The limits of all kinds that have any, as the database takes them.
#[derive(Debug, Default)]
pub(crate) struct LimitTable {
    kinds: Vec<String>,
    at_once: Vec<Option<i32>>,
    every_seconds: Vec<Option<f64>>,
    bursts: Vec<i32>,
}

impl LimitTable {
    pub(crate) fn of<'a>(limits: impl Iterator<Item = (&'a str, Limits)>) -> Self {
        let mut table = Self::default();
        for (kind, limits) in limits.filter(|(_, limits)| *limits != Limits::NONE) {
            table.kinds.push(kind.to_owned());
            table.at_once.push(limits.at_once.map(i32::from));
            table.every_seconds.push(limits.rate.map(|rate| rate.every().as_secs_f64()));
            table.bursts.push(limits.rate.map_or(1, |rate| i32::from(rate.burst.max(1))));
        }
        table
    }
}

prepared! {
    Admit<'a> -> Integer {
        "SELECT admit_tasks(" kinds: &'a [String] as Array<Text>,
        ", " at_once: &'a [Option<i32>] as Array<Nullable<Integer>>,
        ", " every_seconds: &'a [Option<f64>] as Array<Nullable<Double>>,
        ", " bursts: &'a [i32] as Array<Integer>;
        ")"
    }
}

/// Lets gated tasks through as far as their limits allow; returns how many.
pub(crate) fn admit(conn: &mut PgConnection, limits: &LimitTable) -> Result<i32, diesel::result::Error> {
    if limits.kinds.is_empty() {
        return Ok(0);
    }
    Admit {
        kinds: &limits.kinds,
        at_once: &limits.at_once,
        every_seconds: &limits.every_seconds,
        bursts: &limits.bursts,
    }
    .get_result(conn)
}

/// Takes tasks back whose worker stopped prolonging them; returns how many.
pub(crate) fn rescue(conn: &mut PgConnection, lease: Duration) -> Result<i32, diesel::result::Error> {
    diesel::select(rescue_tasks(lease.as_secs_f64())).get_result(conn)
}

/// Asks right before a task begins whether it is still held, and counts the attempt of a suspect; returns the attempt's
/// number, if it is held.
pub(crate) fn begin(
    conn: &mut PgConnection,
    (id, lease): Key,
    lasts: Duration,
) -> Result<Option<i16>, diesel::result::Error> {
    diesel::select(begin_task(id.0, lease, lasts.as_secs_f64())).get_result(conn)
}

/// Makes room for coming months in the history and drops months older than `kept_months`.
pub(crate) fn keep_history(conn: &mut PgConnection, kept_months: i32) -> Result<i32, diesel::result::Error> {
    diesel::select(keep_task_history(kept_months)).get_result(conn)
}

diesel::define_sql_function! {
    fn rescue_tasks(lease_seconds: Double) -> Integer;
}
diesel::define_sql_function! {
    fn begin_task(task: BigInt, task_lease: BigInt, lease_seconds: Double) -> Nullable<SmallInt>;
}
diesel::define_sql_function! {
    fn keep_task_history(kept_months: Integer) -> Integer;
}

prepared! {
    /// Adds many tasks of one kind at once.
    InsertMany<'a> -> BigInt {
        "WITH added AS (INSERT INTO tasks (kind, priority, max_attempts, state, batch_id, gate, payload) SELECT "
            kind: &'a str as Text,
        ", " priority: i16 as SmallInt,
        ", " max_attempts: i16 as SmallInt,
        ", " state: &'a str as Text,
        ", " batch: Option<i64> as Nullable<BigInt>,
        ", e.gate, e.payload FROM unnest(" gates: &'a [Option<String>] as Array<Nullable<Text>>,
        ", " payloads: &'a [serde_json::Value] as Array<Jsonb>;
        ") AS e (gate, payload) RETURNING 1) SELECT count(*) FROM added"
    }
}

impl Priority {
    pub(crate) fn number(self) -> i16 {
        match self {
            Self::Urgent => 1,
            Self::Usual => 2,
            Self::Later => 3,
            Self::Idle => 4,
        }
    }

    /// The lowest that goes before one with this number; none before what is usual, the urgent having a line of their own.
    pub(crate) fn before(number: i16) -> Option<Self> {
        match number {
            3 => Some(Self::Usual),
            4 => Some(Self::Later),
            _ => None,
        }
    }
}
