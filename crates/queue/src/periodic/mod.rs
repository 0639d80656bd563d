//! Tasks that come back. There is no leader: every process sees every tick, and the one whose row for (town, schedule,
//! tick) is written first adds the task (`INSERT … ON CONFLICT DO NOTHING`). All times are the database's.

mod recurrence;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use db::{Db, DbError, Lobby};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, SmallInt, Text, Timestamptz};
use kernel::OrganizationId;

pub use recurrence::Recurrence;

use crate::schema::schedules;
use crate::statement::prepared;
use crate::tasks::{self, Limits, Task};

/// What happens with ticks that nobody was there to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// Only the latest one is made up for.
    Coalesce,
    /// The newest so many are made up for, the oldest first.
    CatchUp(u16),
}

/// When a task comes back, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Its name forever, unique among all schedules.
    pub name: &'static str,
    /// The rhythm…
    pub recurrence: Recurrence,
    /// …by the clock of this zone.
    pub zone: Tz,
    /// What happens after an outage.
    pub missed: Missed,
}

type Towns = Box<dyn Fn(&mut Lobby<'_>) -> Result<Vec<OrganizationId>, DbError> + Send + Sync>;
type Make = Box<dyn Fn(DateTime<Utc>) -> Result<serde_json::Value, DbError> + Send + Sync>;
type GateOf = Box<dyn Fn(DateTime<Utc>, OrganizationId) -> Option<String> + Send + Sync>;

pub(crate) struct Periodic {
    schedule: Schedule,
    kind: &'static str,
    priority: i16,
    attempts: i16,
    towns: Towns,
    make: Make,
    gate: GateOf,
}

impl Periodic {
    pub(crate) fn of<T: Task>(
        schedule: Schedule,
        towns: impl Fn(&mut Lobby<'_>) -> Result<Vec<OrganizationId>, DbError> + Send + Sync + 'static,
        make: impl Fn(DateTime<Utc>) -> T + Send + Sync + Clone + 'static,
    ) -> Self {
        let for_gate = make.clone();
        Self {
            schedule,
            kind: T::KIND,
            priority: T::PRIORITY.number(),
            attempts: T::BACKOFF.attempts,
            towns: Box::new(towns),
            make: Box::new(move |tick| tasks::to_json(&make(tick))),
            gate: Box::new(move |tick, town| {
                (T::LIMITS != Limits::NONE).then(|| for_gate(tick).gate().text(town))
            }),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.schedule.name
    }
}

prepared! {
    Tick<'a> -> diesel::sql_types::Integer {
        "SELECT tick_schedule(" schedule: &'a str as Text, ", " tick: DateTime<Utc> as Timestamptz,
        ", " towns: &'a [i64] as Array<BigInt>, ", " gates: &'a [Option<String>] as Array<Nullable<Text>>,
        ", " kind: &'a str as Text, ", " priority: i16 as SmallInt, ", " attempts: i16 as SmallInt,
        ", " body: &'a serde_json::Value as Jsonb;
        ")"
    }
}

/// What one process has already done about its schedules.
#[derive(Debug, Default)]
pub(crate) struct Ticked {
    last: HashMap<&'static str, DateTime<Utc>>,
}

impl Ticked {
    /// Adds the tasks of all ticks that are due at `now` and new to this process; returns how many were added. Without
    /// a new tick this costs the database nothing.
    pub(crate) fn round(
        &mut self,
        all: &[Periodic],
        app: &Db,
        queue: &Db,
        now: DateTime<Utc>,
    ) -> Result<i32, DbError> {
        let mut added = 0;
        for periodic in all {
            let Schedule { name, recurrence, zone, missed } = periodic.schedule;
            let after = match self.last.get(name) {
                Some(last) => *last,
                None => queue.single_blocking(|conn| since(conn, name, now))?,
            };
            let most = match missed {
                Missed::Coalesce => 1,
                Missed::CatchUp(most) => usize::from(most),
            };
            for tick in recurrence.between(zone, after, now, most) {
                added += add(periodic, app, queue, tick)?;
            }
            // A tick that could not be added is tried again in the next round.
            self.last.insert(name, now);
        }
        Ok(added)
    }
}

/// When the schedule was first seen; now, when it has not been.
fn since(
    conn: &mut PgConnection,
    name: &str,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, diesel::result::Error> {
    diesel::insert_into(schedules::table)
        .values((schedules::name.eq(name), schedules::since.eq(now)))
        .on_conflict_do_nothing()
        .execute(conn)?;
    schedules::table.filter(schedules::name.eq(name)).select(schedules::since).first(conn)
}

fn add(periodic: &Periodic, app: &Db, queue: &Db, tick: DateTime<Utc>) -> Result<i32, DbError> {
    let towns = app.lobby_blocking::<_, DbError, _>(|lobby| (periodic.towns)(lobby))?;
    let gates: Vec<Option<String>> = towns.iter().map(|town| (periodic.gate)(tick, *town)).collect();
    let towns: Vec<i64> = towns.into_iter().map(|town| town.0).collect();
    let body = (periodic.make)(tick)?;
    queue.single_blocking(|conn| {
        Tick {
            schedule: periodic.schedule.name,
            tick,
            towns: &towns,
            gates: &gates,
            kind: periodic.kind,
            priority: periodic.priority,
            attempts: periodic.attempts,
            body: &body,
        }
        .get_result(conn)
    })
}
