//! Claims while somebody holds an old snapshot, so that 50,000 finished tasks cannot be vacuumed and lie ahead of the
//! first ready one.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use queue::Wakes;

use super::{fill, rate_until, registry, runner, workers};
use crate::harness::{Bench, Figure, Sample, Target, Trouble, percentile};
use crate::server::Server;

const FINISHED: usize = 50_000;
const READY: usize = 30_000;
/// Long enough that a claimer drops its marks several times and has to find the head anew.
const SPAN: Duration = Duration::from_secs(4);

pub(crate) const BENCH: Bench = Bench {
    name: "queue snapshot",
    figures: &[Figure {
        name: "queue: claim p99 with an old snapshot, 50,000 finished ahead",
        unit: "ms",
        target: Target::AtMost(50.0),
    }],
    measure,
};

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    fill(&place, FINISHED)?;
    let mut reader = place.owner()?;
    reader.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM tasks")?;
    let runner = runner(&place, registry());
    let draining = workers(&runner, &Wakes::default());
    let drained = rate_until(&runner, FINISHED as u64, Instant::now());
    draining.stop();
    drained?;
    fill(&place, READY)?;
    let claimer = queue::Claimer::default();
    let (began, mut took) = (Instant::now(), Vec::new());
    while began.elapsed() < SPAN {
        let claim = Instant::now();
        if runner.claim_and_forget(&claimer, 10)? < 10 {
            break;
        }
        took.push(claim.elapsed().as_secs_f64() * 1000.0);
    }
    reader.batch_execute("COMMIT")?;
    if took.len() < 200 {
        return Err(format!("only {} claims were measured", took.len()).into());
    }
    Ok(vec![Sample::of(percentile(took.into_iter(), 0.99))])
}
