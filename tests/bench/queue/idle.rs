//! What workers cost that have nothing to do, listening connection included: transactions a second, as the server counts
//! them. Each statement of the queue is a transaction of its own.

use std::time::Duration;

use db::private_postgres::Role;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use queue::{Wake, connect_signals};

use super::{pickup, registry, runner, workers};
use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{Place, Server};

/// Backends tell the server's statistics once a second at most.
const SETTLE: Duration = Duration::from_secs(3);
const SPAN: Duration = Duration::from_secs(12);

pub(crate) const BENCH: Bench = Bench {
    name: "queue idle",
    figures: &[Figure { name: "queue: queries of an idle process", unit: "/s", target: Target::AtMost(5.0) }],
    measure,
};

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let (wakes, _listening) = connect_signals(&place.queue, &place.url(Role::Queue), pickup::SIGNALS);
    let workers = workers(&runner(&place, registry()), &wakes);
    let bell = Wake::default();
    bell.wait(SETTLE);
    let before = transactions(&place)?;
    bell.wait(SPAN);
    let made = transactions(&place)? - before;
    workers.stop();
    Ok(vec![Sample::of(f64::from(u32::try_from(made)?) / SPAN.as_secs_f64())])
}

/// Asked from another database of the same server, so that the question does not count.
fn transactions(place: &Place<'_>) -> Result<i64, Trouble> {
    Ok(diesel::sql_query(
        "SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = $1",
    )
    .bind::<diesel::sql_types::Text, _>(place.name())
    .get_result::<Count>(&mut place.neighbour()?)?
    .count)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
