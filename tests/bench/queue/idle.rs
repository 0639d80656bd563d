//! What workers and mail senders cost that have nothing to do, listening connection included: transactions a second, as the
//! server counts them. Each statement of the queue is a transaction of its own.

use std::time::Duration;

use db::private_postgres::Role;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use notifier::sending::Checks;
use notifier::smtp::{Relay, Security};
use notifier::{Depot, MAILS, SenderSettings, Senders};
use queue::{TASKS, TENDING, URGENT, Wake, connect_signals};

use super::{registry, runner, workers};
use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{Place, Server};

/// A backend that has told the server's statistics less than a second ago tells what it did since only when it has been idle
/// for ten more: what starting costs must not count here.
const SETTLE: Duration = Duration::from_secs(12);
const SPAN: Duration = Duration::from_secs(12);

pub(crate) const BENCH: Bench = Bench {
    name: "queue idle",
    figures: &[Figure {
        name: "queue: queries of an idle process, mail senders included",
        unit: "/s",
        target: Target::AtMost(5.0),
    }],
    measure,
};

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let signals = &[TASKS, URGENT, TENDING, MAILS];
    let (wakes, _listening) = connect_signals(&place.queue, &place.url(Role::Queue), signals);
    let workers = workers(&runner(&place, registry()), &wakes);
    let depot = Depot::new(place.app.clone(), place.queue.clone(), Checks::new());
    // Nothing is sent, so nobody has to listen there.
    let relay = Relay::new("127.0.0.1", 9, Security::PlainLoopback, "yui.example")?;
    let senders = Senders::start(depot, vec![relay], SenderSettings::default(), &wakes, |_flows| {})?;
    let bell = Wake::default();
    bell.wait(SETTLE);
    let before = transactions(&place)?;
    bell.wait(SPAN);
    let made = transactions(&place)? - before;
    workers.stop();
    senders.stop();
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
