//! One process drains 100,000 tasks that do nothing. The ceiling is bare SQL: claim and delete on a narrow table without
//! row-level security, history, towns or handlers, at the same batch size and by the same means: two functions whose plans
//! are kept, called by statements that are prepared once, the claim committed without waiting for the disk and the end not.

use std::time::Instant;

use diesel::connection::SimpleConnection as _;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Jsonb};
use queue::Wakes;

use super::{fill, rate_until, registry, runner, workers};
use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{Place, Server};

pub(crate) const TASKS: usize = 100_000;
/// The workers' own largest batch.
const BATCH: i32 = 500;

pub(crate) const BENCH: Bench = Bench {
    name: "queue drain",
    figures: &[
        Figure {
            name: "queue: drain of 100,000 no-op tasks, beside bare SQL",
            unit: "/s",
            target: Target::Ratio(0.5),
        },
        Figure {
            name: "queue: drain of 100,000 no-op tasks, beside the fastest peer",
            unit: "/s",
            target: Target::AtLeast(51_000.0),
        },
    ],
    measure,
};

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let ours = drain(&place, TASKS)?;
    let ceiling = [2, 4].map(|connections| bare(&place, connections));
    let mut best = 0.0_f64;
    for rate in ceiling {
        best = best.max(rate?);
    }
    Ok(vec![Sample::beside(ours, best), Sample::of(ours)])
}

pub(crate) fn drain(place: &Place<'_>, count: usize) -> Result<f64, Trouble> {
    fill(place, count)?;
    let runner = runner(place, registry());
    let began = Instant::now();
    let workers = workers(&runner, &Wakes::default());
    let rate = rate_until(&runner, count as u64, began);
    workers.stop();
    rate
}

/// Claims and deletes by bare SQL on so many connections.
fn bare(place: &Place<'_>, connections: usize) -> Result<f64, Trouble> {
    let mut owner = place.owner()?;
    owner.batch_execute(
        "DROP TABLE IF EXISTS bare; DROP SEQUENCE IF EXISTS bare_leases; CREATE SEQUENCE bare_leases CACHE 1000; \
         CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL DEFAULT 'ready', \
             run_at timestamptz NOT NULL DEFAULT clock_timestamp(), attempt smallint NOT NULL DEFAULT 0, \
             lease bigint, lease_until timestamptz, payload jsonb NOT NULL) WITH (fillfactor = 70); \
         CREATE INDEX ON bare (run_at, id) WHERE state = 'ready'; CREATE INDEX ON bare (id) WHERE state = 'running'",
    )?;
    owner.batch_execute(FUNCTIONS)?;
    owner.batch_execute(&format!(
        "INSERT INTO bare (payload) SELECT jsonb_build_object('padding', lpad(n::text, 180, '0')) \
         FROM generate_series(1, {TASKS}) n"
    ))?;
    owner.batch_execute("VACUUM ANALYZE bare")?;
    let url = place.url(db::private_postgres::Role::Owner);
    let began = Instant::now();
    let ended = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(|| claim_and_delete(&url))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_panic| Err("a claimer panicked".into())))
            .sum::<Result<usize, Trouble>>()
    })?;
    Ok(f64::from(u32::try_from(ended)?) / began.elapsed().as_secs_f64())
}

/// The queue's own claim and end, without anything that makes them a queue of Yui's.
const FUNCTIONS: &str = "
    CREATE OR REPLACE FUNCTION bare_claim(most integer)
        RETURNS TABLE (task_id bigint, task_lease bigint, task_payload jsonb) LANGUAGE plpgsql
        SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off
        SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
    BEGIN
        PERFORM set_config('synchronous_commit', 'off', true);
        RETURN QUERY WITH next AS MATERIALIZED (
            SELECT id FROM bare WHERE state = 'ready' ORDER BY run_at, id LIMIT most FOR UPDATE SKIP LOCKED)
        UPDATE bare b SET state = 'running', attempt = attempt + 1, lease = nextval('bare_leases'),
            lease_until = clock_timestamp() + interval '1 minute'
        FROM next WHERE b.id = next.id RETURNING b.id, b.lease, b.payload;
    END $$;
    CREATE OR REPLACE FUNCTION bare_end(ids bigint[], leases bigint[]) RETURNS bigint LANGUAGE plpgsql
        SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
        SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
    DECLARE
        ended bigint;
    BEGIN
        DELETE FROM bare b USING unnest(ids, leases) AS e (id, lease) WHERE b.id = e.id AND b.lease = e.lease;
        GET DIAGNOSTICS ended = ROW_COUNT;
        RETURN ended;
    END $$;";

/// Prepared once for each connection, as the queue's statements are: `sql_query` is parsed at every call.
#[derive(Debug, QueryId)]
struct BareClaim;

impl QueryFragment<Pg> for BareClaim {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("SELECT * FROM bare_claim(");
        pass.push_bind_param::<Integer, _>(&BATCH)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl Query for BareClaim {
    type SqlType = (BigInt, BigInt, Jsonb);
}

impl RunQueryDsl<PgConnection> for BareClaim {}

diesel::define_sql_function! {
    fn bare_end(ids: Array<BigInt>, leases: Array<BigInt>) -> BigInt;
}

fn claim_and_delete(url: &str) -> Result<usize, Trouble> {
    let mut conn = PgConnection::establish(url)?;
    let mut ended = 0;
    loop {
        // The payload is read from the server and parsed, as a worker must.
        let claimed: Vec<(i64, i64, serde_json::Value)> = BareClaim.load(&mut conn)?;
        if claimed.is_empty() {
            return Ok(ended);
        }
        let (ids, leases): (Vec<i64>, Vec<i64>) = claimed.iter().map(|(id, lease, _)| (*id, *lease)).unzip();
        let deleted: i64 = diesel::select(bare_end(&ids, &leases)).get_result(&mut conn)?;
        ended += usize::try_from(deleted)?;
    }
}
