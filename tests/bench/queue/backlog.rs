//! The same before a backlog of 1,000,000 ready tasks: how fast it is drained, and how soon an urgent task that comes
//! behind it is begun while every worker thread is busy with the backlog. There the backlog's tasks take 5 ms each, as a
//! small transaction and a call to somewhere do: with tasks that do nothing the two cores would be what is measured.

use std::time::{Duration, Instant};

use db::private_postgres::Role;
use queue::{Registry, Wake, Wakes, connect_signals};

use super::pickup::{self, Kind, Moments};
use super::{Nothing, drain, fill, rate_until, registry, runner, workers};
use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{Place, Server};

const BACKLOG: usize = 1_000_000;
/// How long a task of the backlog takes.
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
            name: "queue: pickup p99 at 50/s behind 1,000,000",
            unit: "ms",
            target: Target::AtMost(10.0),
        },
        Figure {
            name: "queue: pickup p99 at 500/s behind 1,000,000",
            unit: "ms",
            target: Target::AtMost(10.0),
        },
    ],
    measure,
};

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let small = drain::drain(&server.place()?, drain::TASKS)?;
    let place = server.place()?;
    fill(&place, BACKLOG)?;
    let runner = runner(&place, registry());
    let began = Instant::now();
    let draining = workers(&runner, &Wakes::default());
    let large = rate_until(&runner, drain::TASKS as u64, began);
    draining.stop();
    let mut samples = vec![Sample::beside(large?, small)];
    for rate in [50, 500] {
        fill(&place, BACKLOG - waiting(&place)?)?;
        samples.push(Sample::of(urgent(&place, rate)?));
    }
    Ok(samples)
}

fn waiting(place: &Place<'_>) -> Result<usize, Trouble> {
    use diesel::RunQueryDsl as _;
    let count: i64 = diesel::dsl::sql::<diesel::sql_types::BigInt>("SELECT count(*) FROM tasks")
        .get_result(&mut place.owner()?)?;
    Ok(usize::try_from(count)?)
}

fn urgent(place: &Place<'_>, rate: u32) -> Result<f64, Trouble> {
    let moments = Moments::default();
    let mut registry = Registry::new();
    registry.detached(|_, _, _, _: Nothing| {
        Wake::default().wait(WORK);
        Ok(())
    });
    pickup::watching(&mut registry, &moments);
    let (wakes, _listening) = connect_signals(&place.queue, &place.url(Role::Queue), pickup::SIGNALS);
    let workers = workers(&runner(place, registry), &wakes);
    let p99 = pickup::offer(place, &moments, Kind::Hurried, rate);
    workers.stop();
    if waiting(place)? == 0 {
        return Err("the backlog was gone before the measurement ended".into());
    }
    p99
}
