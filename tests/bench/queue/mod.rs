//! Background tasks: how fast they are enqueued, picked up and drained, and what an idle queue costs.

mod backlog;
mod drain;
mod enqueue;
mod idle;
mod pickup;
mod plans;
mod snapshot;

use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::Scope;
use queue::{Registry, Runner, Task, Wake, WorkerSettings, Workers, enqueue_many};
use serde::{Deserialize, Serialize};

use crate::harness::{Bench, Trouble};
use crate::server::Place;

/// The theme's benches.
pub(crate) const BENCHES: &[Bench] = &[
    drain::BENCH,
    enqueue::BENCH,
    pickup::BENCH,
    backlog::BENCH,
    snapshot::BENCH,
    idle::BENCH,
    plans::BENCH,
];

/// A task that does nothing; about 200 bytes, as the peers' benches have it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Nothing {
    padding: String,
}

impl Task for Nothing {
    const KIND: &'static str = "bench.nothing";
}

impl Nothing {
    fn new(number: usize) -> Self {
        Self { padding: format!("{number:0180}") }
    }
}

pub(crate) fn nothings(count: usize) -> Vec<Nothing> {
    (0..count).map(Nothing::new).collect()
}

pub(crate) fn fill(place: &Place<'_>, count: usize) -> Result<(), Trouble> {
    add(place, count, Nothing::new)?;
    place.settle()
}

/// Adds `count` tasks, fifty thousand in a transaction.
fn add<T: Task>(place: &Place<'_>, count: usize, make: impl Fn(usize) -> T) -> Result<(), Trouble> {
    let mut left = count;
    while left > 0 {
        let tasks: Vec<T> = (0..left.min(50_000)).map(&make).collect();
        left -= tasks.len();
        place
            .app
            .run_blocking::<_, db::DbError, _>(Scope::system(place.town), |tx| enqueue_many(tx, &tasks))?;
    }
    Ok(())
}

pub(crate) fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.detached(|_, _, _, _: Nothing| Ok(()));
    registry
}

pub(crate) fn runner(place: &Place<'_>, registry: Registry) -> Arc<Runner> {
    Arc::new(Runner::new(place.app.clone(), place.queue.clone(), registry))
}

pub(crate) fn workers(runner: &Arc<Runner>, wakes: &queue::Wakes) -> Workers {
    Workers::start(runner.clone(), wakes, WorkerSettings::default(), |_run| {})
}

/// How long a measurement may take before it counts as stuck.
const PATIENCE: Duration = Duration::from_mins(5);

/// Waits until the runner has ended `count` tasks; says at what rate since `began`.
pub(crate) fn rate_until(runner: &Runner, count: u64, began: Instant) -> Result<f64, Trouble> {
    let (bell, already) = (Wake::default(), runner.finished());
    while runner.finished() < already + count {
        if began.elapsed() > PATIENCE {
            return Err(format!("only {} of {count} tasks ended", runner.finished() - already).into());
        }
        bell.wait(Duration::from_millis(1));
    }
    let ended = u32::try_from(runner.finished() - already).unwrap_or(u32::MAX);
    Ok(f64::from(ended) / began.elapsed().as_secs_f64())
}
