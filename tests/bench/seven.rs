//! The coordinator's first screen, the seven questions, in a town with two hundred running orders: of ten units each and of
//! five thousand each; through the running program, as a browser asks for it.
//!
//! The towns are made once for all runs (`yui demo --scale-units`) and taken away at the end.

use std::sync::{Mutex, PoisonError};

use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::pages::Town;
use crate::program::binary;
use crate::server::Server;

/// How many units the small town has, and the large one.
const UNITS: [u32; 2] = [2_000, 1_000_000];
/// The first screen, and the list of all running orders.
const PATHS: [&str; 2] = ["/", "/orders"];

const fn at_most(name: &'static str) -> Figure {
    Figure { name, unit: "ms", target: Target::AtMost(150.0) }
}

const fn times(name: &'static str) -> Figure {
    Figure { name, unit: "times", target: Target::AtMost(3.0) }
}

pub(crate) const BENCHES: &[Bench] = &[Bench {
    name: "seven",
    figures: &[
        at_most("seven: first screen of coordination among 1,000,000 units, p95"),
        times("seven: first screen of coordination, against 2,000 units"),
        at_most("seven: 200 running orders with 1,000,000 units, p95"),
        times("seven: 200 running orders, against 2,000 units"),
        Figure { name: "seven: making 1,000,000 units", unit: "s", target: Target::Told },
    ],
    measure,
}];

/// The small one and the large one, once they are made.
static TOWNS: Mutex<Vec<Town>> = Mutex::new(Vec::new());

/// Takes the towns away again.
pub(crate) fn clear() {
    TOWNS.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// The small town and the large one, made where they are not there yet.
pub(crate) fn in_both<T>(look: impl Fn(&Town) -> Result<T, Trouble>) -> Result<[T; 2], Trouble> {
    let mut towns = TOWNS.lock().unwrap_or_else(PoisonError::into_inner);
    for units in UNITS.into_iter().skip(towns.len()) {
        towns.push(Town::made(&binary()?, "--scale-units", units, "coordinator")?);
    }
    let [small, large] = towns.as_slice() else { return Err("there are two towns".into()) };
    Ok([look(small)?, look(large)?])
}

fn measure(_server: &Server) -> Result<Vec<Sample>, Trouble> {
    let binary = binary()?;
    let paths = |_: &_| Ok(PATHS.map(str::to_owned).to_vec());
    let [(few, _), (many, seconds)] = in_both(|town| Ok((town.timed(&binary, paths)?, town.seconds)))?;
    let pairs = few.into_iter().zip(many);
    let mut samples: Vec<Sample> =
        pairs.flat_map(|(few, many)| [Sample::of(many), Sample::of(many / few)]).collect();
    samples.push(Sample::of(seconds));
    Ok(samples)
}
