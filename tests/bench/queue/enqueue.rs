//! Bulk enqueue through the typed API beside one bare `INSERT … SELECT FROM unnest` of the same payloads.

use std::time::Instant;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, Jsonb};
use kernel::Scope;
use queue::enqueue_many;

use super::nothings;
use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::Server;

const TASKS: usize = 100_000;
/// As many rows a statement as the queue itself takes.
const CHUNK: usize = 10_000;

pub(crate) const BENCH: Bench = Bench {
    name: "queue enqueue",
    figures: &[Figure {
        name: "queue: bulk enqueue of 100,000 tasks, beside bare SQL",
        unit: "/s",
        target: Target::Ratio(0.6),
    }],
    measure,
};

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let tasks = nothings(TASKS);
    let rate = |began: Instant| f64::from(u32::try_from(TASKS).unwrap_or(0)) / began.elapsed().as_secs_f64();
    place.settle()?;
    let began = Instant::now();
    place.app.run_blocking::<_, db::DbError, _>(Scope::system(place.town), |tx| enqueue_many(tx, &tasks))?;
    let ours = rate(began);

    let mut owner = place.owner()?;
    owner.batch_execute(
        "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, \
             state text NOT NULL DEFAULT 'ready', run_at timestamptz NOT NULL DEFAULT clock_timestamp(), \
             attempt smallint NOT NULL DEFAULT 0, lease bigint, lease_until timestamptz, payload jsonb NOT NULL) \
             WITH (fillfactor = 70); \
         CREATE INDEX ON bare (run_at, id) WHERE state = 'ready'",
    )?;
    let began = Instant::now();
    owner.transaction::<_, Trouble, _>(|conn| {
        for chunk in tasks.chunks(CHUNK) {
            let payloads = chunk.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>()?;
            diesel::sql_query(
                "INSERT INTO bare (kind, payload) SELECT 'bench.nothing', p FROM unnest($1) AS p",
            )
            .bind::<Array<Jsonb>, _>(payloads)
            .execute(conn)?;
        }
        Ok(())
    })?;
    Ok(vec![Sample::beside(ours, rate(began))])
}
