//! Behind a backlog of 1,000,000 ready tasks that may wait (priority `Later`): how fast it is drained, and how soon what
//! people wait for is begun while every worker thread is busy with the backlog: urgent tasks, and usual ones. There the
//! backlog's tasks take 5 ms each, as a small transaction and a call to somewhere do: with tasks that do nothing the two
//! cores would be what is measured.
//!
//! Behind a million tasks of its own priority and town a task waits its turn; that is what a queue is, and no figure here.

use std::time::{Duration, Instant};

use db::private_postgres::Role;
use queue::{Priority, Registry, Task, Wake, Wakes, connect_signals};
use serde::{Deserialize, Serialize};

use super::pickup::{self, Kind, Moments};
use super::{add, drain, rate_until, runner, workers};
use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{Place, Server};

const BACKLOG: usize = 1_000_000;
/// What is drained, and what the measurements after it use up: the backlog is filled once.
const SPARE: usize = drain::TASKS + 80_000;
/// How long a task of the backlog takes while pickup is measured.
const WORK: Duration = Duration::from_millis(5);

pub(crate) const BENCH: Bench = Bench {
    name: "queue backlog",
    figures: &[
        Figure {
            name: "queue: drain behind 1,000,000, beside a small queue",
            unit: "/s",
            target: Target::Ratio(0.9),
        },
        Figure {
            name: "queue: urgent pickup p99 at 50/s, 1,000,000 later ones",
            unit: "ms",
            target: Target::AtMost(10.0),
        },
        Figure {
            name: "queue: urgent pickup p99 at 500/s, 1,000,000 later ones",
            unit: "ms",
            target: Target::AtMost(10.0),
        },
        Figure {
            name: "queue: usual pickup p99 at 50/s, 1,000,000 later ones",
            unit: "ms",
            target: Target::AtMost(10.0),
        },
        Figure {
            name: "queue: usual pickup p99 at 500/s, 1,000,000 later ones",
            unit: "ms",
            target: Target::AtMost(10.0),
        },
    ],
    measure,
};

/// A task that may wait.
#[derive(Debug, Serialize, Deserialize)]
struct Patient {
    padding: String,
}

impl Task for Patient {
    const KIND: &'static str = "bench.patient";
    const PRIORITY: Priority = Priority::Later;
}

impl Patient {
    fn new(number: usize) -> Self {
        Self { padding: format!("{number:0180}") }
    }
}

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let small = drained(&server.place()?, drain::TASKS)?;
    let place = server.place()?;
    let large = drained(&place, BACKLOG + SPARE)?;
    let mut samples = vec![Sample::beside(large, small)];
    for kind in [Kind::Hurried, Kind::Usual] {
        for rate in [50, 500] {
            samples.push(Sample::of(behind(&place, kind, rate)?));
        }
    }
    Ok(samples)
}

/// Adds so many and drains as many as a small queue has.
fn drained(place: &Place<'_>, count: usize) -> Result<f64, Trouble> {
    add(place, count, Patient::new)?;
    place.settle()?;
    let mut registry = Registry::new();
    registry.detached(|_, _, _, _: Patient| Ok(()));
    let runner = runner(place, registry);
    let began = Instant::now();
    let draining = workers(&runner, &Wakes::default());
    let rate = rate_until(&runner, drain::TASKS as u64, began);
    draining.stop();
    rate
}

fn behind(place: &Place<'_>, kind: Kind, rate: u32) -> Result<f64, Trouble> {
    let moments = Moments::default();
    let mut registry = Registry::new();
    registry.detached(|_, _, _, _: Patient| {
        Wake::default().wait(WORK);
        Ok(())
    });
    pickup::watching(&mut registry, &moments);
    // A slow machine may have used up more than was to spare.
    add(place, BACKLOG.saturating_sub(waiting(place)?), Patient::new)?;
    let (wakes, _listening) = connect_signals(&place.queue, &place.url(Role::Queue), pickup::SIGNALS);
    let workers = workers(&runner(place, registry), &wakes);
    let p99 = pickup::offer(place, &moments, kind, rate);
    workers.stop();
    p99
}

fn waiting(place: &Place<'_>) -> Result<usize, Trouble> {
    use diesel::RunQueryDsl as _;
    let count: i64 = diesel::dsl::sql::<diesel::sql_types::BigInt>("SELECT count(*) FROM tasks")
        .get_result(&mut place.owner()?)?;
    Ok(usize::try_from(count)?)
}
