//! From the commit of an enqueueing transaction in one process to the first line of the handler in another.
//!
//! The two processes are two doors with nothing in common but the server: the one tells by NOTIFY, the other listens.
//! Transactions are begun by the clock and not by the last one's end, so that a slow one hides nothing. Latency is
//! counted from the moment the enqueueing client knows of its commit.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use db::private_postgres::Role;
use db::{Db, PoolSettings};
use kernel::Scope;
use queue::{Priority, Registry, TASKS, TENDING, Task, URGENT, Wake, connect_signals, enqueue};
use serde::{Deserialize, Serialize};

use super::{runner, workers};
use crate::harness::{Bench, Figure, Sample, Target, Trouble, percentile};
use crate::server::{Place, Server};

pub(crate) const SIGNALS: &[&str] = &[TASKS, URGENT, TENDING];
pub(crate) const SPAN: Duration = Duration::from_secs(8);

pub(crate) const BENCH: Bench = Bench {
    name: "queue pickup",
    figures: &[
        Figure { name: "queue: pickup p99 at 50/s", unit: "ms", target: Target::AtMost(10.0) },
        Figure { name: "queue: pickup p99 at 500/s", unit: "ms", target: Target::AtMost(10.0) },
    ],
    measure,
};

#[derive(Debug, Serialize, Deserialize)]
struct Usual {
    number: usize,
}

impl Task for Usual {
    const KIND: &'static str = "bench.usual";
}

#[derive(Debug, Serialize, Deserialize)]
struct Hurried {
    number: usize,
}

impl Task for Hurried {
    const KIND: &'static str = "bench.hurried";
    const PRIORITY: Priority = Priority::Urgent;
}

/// When a task was committed and when it was begun.
#[derive(Debug, Clone, Copy, Default)]
struct Moment {
    committed: Option<Instant>,
    begun: Option<Instant>,
}

impl Moment {
    fn latency_ms(&self) -> Option<f64> {
        Some(self.begun?.saturating_duration_since(self.committed?).as_secs_f64() * 1000.0)
    }
}

/// The moments of all tasks, by their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moments(Arc<Mutex<Vec<Moment>>>);

impl Moments {
    fn note(&self, number: usize, write: impl Fn(&mut Moment)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() <= number {
            all.resize(number + 1, Moment::default());
        }
        if let Some(one) = all.get_mut(number) {
            write(one);
        }
    }

    fn committed(&self, number: usize) {
        let now = Instant::now();
        self.note(number, |one| one.committed = Some(now));
    }

    fn begun(&self, number: usize) {
        let now = Instant::now();
        self.note(number, |one| one.begun = Some(now));
    }

    /// Milliseconds, once all `count` have been begun.
    fn latencies(&self, count: usize) -> Option<Vec<f64>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latencies: Option<Vec<f64>> = all.iter().map(Moment::latency_ms).collect();
        latencies.filter(|all| all.len() == count)
    }
}

/// Handlers that note when they begin.
pub(crate) fn watching(registry: &mut Registry, moments: &Moments) {
    let (usual, hurried) = (moments.clone(), moments.clone());
    registry.detached(move |_, _, _, task: Usual| {
        usual.begun(task.number);
        Ok(())
    });
    registry.detached(move |_, _, _, task: Hurried| {
        hurried.begun(task.number);
        Ok(())
    });
}

/// Which kind is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Usual,
    Hurried,
}

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    [50, 500].into_iter().map(|rate| quiet(&place, rate).map(Sample::of)).collect()
}

fn quiet(place: &Place<'_>, rate: u32) -> Result<f64, Trouble> {
    let moments = Moments::default();
    let mut registry = Registry::new();
    watching(&mut registry, &moments);
    let (wakes, _listening) = connect_signals(&place.queue, &place.url(Role::Queue), SIGNALS);
    let workers = workers(&runner(place, registry), &wakes);
    let p99 = offer(place, &moments, Kind::Usual, rate);
    workers.stop();
    p99
}

/// Offers tasks at `rate` for [`SPAN`] from a process of its own; returns the 99th percentile in milliseconds.
pub(crate) fn offer(place: &Place<'_>, moments: &Moments, kind: Kind, rate: u32) -> Result<f64, Trouble> {
    let there = Db::connect(&place.url(Role::App), &PoolSettings::default());
    let (_, _telling) = connect_signals(&there, &place.url(Role::App), SIGNALS);
    // Enough clients that none waits for another's commit.
    let clients = if rate > 100 { 4 } else { 1 };
    let count = rate * u32::try_from(SPAN.as_secs())?;
    let (began, town) = (Instant::now() + Duration::from_millis(100), place.town);
    std::thread::scope(|scope| {
        let offering: Vec<_> = (0..clients)
            .map(|client| {
                let there = &there;
                scope.spawn(move || {
                    let bell = Wake::default();
                    for number in (client..count).step_by(usize::try_from(clients).unwrap_or(1)) {
                        let due = began + Duration::from_secs_f64(f64::from(number) / f64::from(rate));
                        bell.wait(due.saturating_duration_since(Instant::now()));
                        let number = usize::try_from(number).unwrap_or(0);
                        there.run_blocking::<_, db::DbError, _>(Scope::system(town), |tx| match kind {
                            Kind::Usual => enqueue(tx, &Usual { number }),
                            Kind::Hurried => enqueue(tx, &Hurried { number }),
                        })?;
                        moments.committed(number);
                    }
                    Ok::<(), Trouble>(())
                })
            })
            .collect();
        offering
            .into_iter()
            .try_for_each(|client| client.join().unwrap_or_else(|_panic| Err("a client panicked".into())))
    })?;
    let count = usize::try_from(count)?;
    let (bell, until) = (Wake::default(), Instant::now() + Duration::from_mins(1));
    loop {
        if let Some(latencies) = moments.latencies(count) {
            return Ok(percentile(latencies.into_iter(), 0.99));
        }
        if Instant::now() > until {
            return Err("not every task was picked up".into());
        }
        bell.wait(Duration::from_millis(10));
    }
}
