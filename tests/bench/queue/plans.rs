//! How often the server plans what the hot path asks of it, as `pg_stat_statements` counts: statements inside the
//! functions too. On a server of its own, because counting costs.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Double;

use super::{fill, registry, runner};
use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{Place, Server};

const TASKS: usize = 1000;

pub(crate) const BENCH: Bench = Bench {
    name: "queue plans",
    figures: &[Figure {
        name: "queue: plans per call of the hot statements",
        unit: "",
        target: Target::AtMost(0.1),
    }],
    measure,
};

fn measure(_shared: &Server) -> Result<Vec<Sample>, Trouble> {
    let options = [
        "shared_preload_libraries=pg_stat_statements",
        "pg_stat_statements.track=all",
        "pg_stat_statements.track_planning=on",
    ];
    let counting = match Server::start_with(&options) {
        Ok(server) => server,
        Err(trouble) => {
            log::error!("not measured: is pg_stat_statements installed? {trouble}");
            return Ok(vec![Sample::of(f64::NAN)]);
        }
    };
    let place = counting.place()?;
    place.superuser()?.batch_execute("CREATE EXTENSION pg_stat_statements")?;
    fill(&place, TASKS)?;
    place.superuser()?.batch_execute("SELECT pg_stat_statements_reset()")?;
    // One by one: a claim, a handler, an end each.
    let runner = runner(&place, registry());
    while runner.run_once()? {}
    Ok(vec![Sample::of(plans_per_call(&place)?)])
}

#[derive(QueryableByName)]
struct Planned {
    #[diesel(sql_type = Double)]
    plans_per_call: f64,
}

/// The worst of all statements that ran for most of the tasks.
fn plans_per_call(place: &Place<'_>) -> Result<f64, Trouble> {
    let worst: Planned = diesel::sql_query(
        "SELECT max(plans::float8 / calls) AS plans_per_call FROM pg_stat_statements \
         WHERE userid = 'yui_queue'::regrole AND calls >= $1",
    )
    .bind::<diesel::sql_types::BigInt, _>(i64::try_from(TASKS)? / 2)
    .get_result(&mut place.superuser()?)?;
    Ok(worst.plans_per_call)
}
