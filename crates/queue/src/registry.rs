//! Which code handles which kind of task, and who listens to which event. Filled once at start-up.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use db::{Db, DbError, Lobby, Tx};
use kernel::OrganizationId;
use serde::de::DeserializeOwned;

use crate::events::{self, Deliver, Dispatch, Event, Recorded};
use crate::periodic::{Periodic, Schedule};
use crate::tasks::hot::LimitTable;
use crate::tasks::store::NewTask;
use crate::tasks::{self, Attempt, Backoff, Limits, Task, TaskError};

type InTransaction =
    Box<dyn Fn(&mut Tx<'_>, Attempt, serde_json::Value) -> Result<(), TaskError> + Send + Sync>;
type Detached =
    Box<dyn Fn(&Db, OrganizationId, Attempt, serde_json::Value) -> Result<(), TaskError> + Send + Sync>;

pub(crate) enum Handler {
    InTransaction(InTransaction),
    Detached(Detached),
}

pub(crate) struct Registered {
    pub(crate) backoff: Backoff,
    pub(crate) time_limit: Duration,
    pub(crate) limits: Limits,
    pub(crate) waits_outside: bool,
    pub(crate) handler: Handler,
}

impl Registered {
    fn of<T: Task>(handler: Handler) -> Self {
        const { assert!(!T::WAITS_OUTSIDE || T::LIMITS.at_once.is_some(), "a kind that waits outside has limits") };
        let (backoff, time_limit, limits) = (T::BACKOFF, T::TIME_LIMIT, T::LIMITS);
        Self { backoff, time_limit, limits, waits_outside: T::WAITS_OUTSIDE, handler }
    }
}

/// An event with the payload its subscriber asked for.
#[derive(Debug)]
pub struct Delivered<E> {
    /// Which event, where and when.
    pub event: Recorded,
    /// The fact.
    pub fact: E,
}

/// The handlers of one process.
#[derive(Default)]
pub struct Registry {
    handlers: BTreeMap<String, Registered>,
    /// Every known kind of event, with the kinds of its subscribers' tasks.
    heard: BTreeMap<&'static str, Vec<String>>,
    periodic: Vec<Periodic>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.handlers.keys()).finish()
    }
}

impl Registry {
    /// No kinds yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Handles `T` inside a transaction of the task's town. The handler's writes and the end of the task commit
    /// together: exactly once.
    pub fn in_transaction<T: Task>(
        &mut self,
        handle: impl Fn(&mut Tx<'_>, Attempt, T) -> Result<(), TaskError> + Send + Sync + 'static,
    ) {
        let handler = Handler::InTransaction(Box::new(move |tx, attempt, payload| {
            handle(tx, attempt, parse(T::KIND, payload)?)
        }));
        self.add(T::KIND.to_owned(), Registered::of::<T>(handler));
    }

    /// Handles `T` outside any transaction (network, long work): at least once, so the handler must be safe to
    /// repeat. It opens the transactions it needs itself.
    pub fn detached<T: Task>(
        &mut self,
        handle: impl Fn(&Db, OrganizationId, Attempt, T) -> Result<(), TaskError> + Send + Sync + 'static,
    ) {
        let handler = Handler::Detached(Box::new(move |db, organization, attempt, payload| {
            handle(db, organization, attempt, parse(T::KIND, payload)?)
        }));
        self.add(T::KIND.to_owned(), Registered::of::<T>(handler));
    }

    /// Runs `react` once for every event `E`, in a transaction of the event's town. `subscriber` names it
    /// forever: `open-order`.
    pub fn subscribe<E: Event>(
        &mut self,
        subscriber: &str,
        react: impl Fn(&mut Tx<'_>, Delivered<E>) -> Result<(), TaskError> + Send + Sync + 'static,
    ) {
        let kind = format!("{}/{subscriber}", E::KIND);
        let handler = Handler::InTransaction(Box::new(move |tx, _attempt, payload| {
            let Deliver { event } = parse(E::KIND, payload)?;
            let stored = events::load(tx, event)?;
            react(tx, Delivered { event: stored.recorded, fact: parse(E::KIND, stored.payload)? })
        }));
        self.add(kind.clone(), Registered::of::<Deliver>(handler));
        self.heard.entry(E::KIND).or_default().push(kind);
    }

    /// Knows an event that nobody reacts to: it is passed on to nobody. Every event must be known to some process, by this
    /// or by a subscription; one that a registry does not know waits for a process that does.
    pub fn know<E: Event>(&mut self) {
        self.heard.entry(E::KIND).or_default();
    }

    /// Knows the events that `other` knows: those that nobody subscribes to here are passed on to nobody.
    pub fn ignore_other_events_of(&mut self, other: &Self) {
        for event in other.heard.keys() {
            self.heard.entry(event).or_default();
        }
    }

    /// Enqueues what `make` makes of each tick of `schedule`, once for each of `towns`, whatever the number of
    /// processes. The kind's handler is registered like any other.
    ///
    /// # Panics
    /// When a schedule of that name is there already.
    pub fn periodic<T: Task>(
        &mut self,
        schedule: Schedule,
        towns: impl Fn(&mut Lobby<'_>) -> Result<Vec<OrganizationId>, DbError> + Send + Sync + 'static,
        make: impl Fn(DateTime<Utc>) -> T + Send + Sync + Clone + 'static,
    ) {
        let twice = self.periodic.iter().any(|other| other.name() == schedule.name);
        assert!(!twice, "two schedules called {}", schedule.name);
        self.periodic.push(Periodic::of(schedule, towns, make));
    }

    /// Closes the registry: adds the built-in dispatchers.
    pub(crate) fn complete(mut self) -> Self {
        for (event, heard) in std::mem::take(&mut self.heard) {
            let handler = Handler::InTransaction(Box::new(move |tx, _attempt, payload| {
                dispatch(tx, &heard, &parse(Dispatch::KIND, payload)?)
            }));
            self.add(Dispatch::kind_of(event), Registered::of::<Dispatch>(handler));
        }
        self.in_transaction::<Dispatch>(|tx, _attempt, task| address(tx, &task));
        self
    }

    /// Every kind of event that is known here.
    pub fn events(&self) -> impl Iterator<Item = &'static str> {
        self.heard.keys().copied()
    }

    /// Every kind that has a handler here.
    pub fn kinds(&self) -> Vec<String> {
        self.handlers.keys().cloned().collect()
    }

    pub(crate) fn get(&self, kind: &str) -> Option<&Registered> {
        self.handlers.get(kind)
    }

    pub(crate) fn limits(&self) -> LimitTable {
        LimitTable::of(self.handlers.iter().map(|(kind, registered)| (kind.as_str(), registered.limits)))
    }

    pub(crate) fn all_periodic(&self) -> &[Periodic] {
        &self.periodic
    }

    fn add(&mut self, kind: String, registered: Registered) {
        let before = self.handlers.insert(kind.clone(), registered);
        assert!(before.is_none(), "two handlers for tasks of kind {kind}");
    }
}

/// One task per subscriber; their unique key keeps it one even if this runs again.
fn dispatch(tx: &mut Tx<'_>, heard: &[String], task: &Dispatch) -> Result<(), TaskError> {
    for kind in heard {
        let payload = tasks::to_json(&Deliver { event: task.event })?;
        let row = NewTask {
            unique_key: Some(task.event.to_string()),
            ..NewTask::plain(kind, &Deliver::BACKOFF, payload)
        };
        tasks::store::insert_unless_live(tx, &row)?;
        tasks::raise(tx, &row);
    }
    Ok(())
}

/// Writes the event's kind on a dispatch of before, so that whoever knows it takes it.
fn address(tx: &mut Tx<'_>, task: &Dispatch) -> Result<(), TaskError> {
    let event = events::load(tx, task.event)?;
    let row = task.addressed(&event.kind)?;
    tasks::store::insert(tx, &row)?;
    tasks::raise(tx, &row);
    Ok(())
}

/// A payload that does not fit its kind will not fit on the next try either: dead at once, with the reason.
fn parse<T: DeserializeOwned>(kind: &str, payload: serde_json::Value) -> Result<T, TaskError> {
    serde_json::from_value(payload)
        .map_err(|error| TaskError::dead(format!("{kind}: payload does not fit: {error}")))
}
