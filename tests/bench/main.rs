//! `make bench`: what Yui promises in figures, measured on this machine and compared with a ceiling measured in the same
//! run. One file per theme; a bench is a row in its theme's list.
//!
//! Every round measures every chosen bench once, in an order drawn anew; a figure is the median of its runs. Nothing is
//! asserted: the table and `target/bench/report.json` say what was reached.
#![expect(clippy::print_stdout, reason = "the table is what a person reads")]

mod claims;
mod harness;
mod imports;
mod machine;
mod mail;
mod pages;
mod program;
mod promise;
mod queue;
mod report;
mod review;
mod rounds;
mod server;
mod seven;

use std::process::ExitCode;

use clap::Parser;

use harness::{Bench, Outcome, Trouble};
use server::Server;

/// Measures what Yui promises.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    /// Only benches whose name contains one of these
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Runs of each; a figure is their median
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Seed of the order; drawn where it is not given
    #[arg(long)]
    seed: Option<u64>,
    /// List the benches and what they promise
    #[arg(long)]
    list: bool,
}

/// Every bench there is, by theme.
fn benches() -> Vec<Bench> {
    [
        program::BENCHES,
        pages::BENCHES,
        seven::BENCHES,
        review::BENCHES,
        queue::BENCHES,
        mail::BENCHES,
        imports::BENCHES,
        rounds::BENCHES,
        claims::BENCHES,
        promise::BENCHES,
    ]
    .concat()
}

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("error")).init();
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            println!("bench: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Trouble> {
    let wanted = |bench: &Bench| {
        arguments.only.is_empty() || arguments.only.iter().any(|part| bench.name.contains(part.as_str()))
    };
    let chosen: Vec<Bench> = benches().into_iter().filter(wanted).collect();
    if arguments.list {
        chosen.iter().flat_map(|bench| bench.figures).for_each(|figure| println!("{figure}"));
        return Ok(());
    }
    if chosen.is_empty() {
        return Err(format!("no bench is called like {}", arguments.only.join(", ")).into());
    }
    let seed = arguments.seed.unwrap_or_else(harness::fresh_seed);
    println!("{} benches, {} runs each, order drawn with --seed {seed}", chosen.len(), arguments.runs);
    let server = Server::start()?;
    let machine = machine::describe(&server)?;
    let mut tell = |outcome: &Outcome| -> Result<(), Trouble> {
        println!("{}", report::table(&outcome.figures));
        let path = report::write(&machine, &outcome.figures)?;
        println!("written to {}", path.display());
        Ok(())
    };
    let outcome = harness::measure(&chosen, arguments.runs.max(1), seed, &server, &mut tell)?;
    pages::clear();
    seven::clear();
    if outcome.troubles.is_empty() {
        Ok(())
    } else {
        Err(format!("not measured: {}", outcome.troubles.join("; ")).into())
    }
}
