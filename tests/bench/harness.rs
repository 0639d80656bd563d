//! What a bench is, and how benches are run.

use std::fmt;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::server::Server;

/// Whatever keeps a bench from being measured.
pub(crate) type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// What a figure has to reach.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// This share of its ceiling.
    Ratio(f64),
    /// At least this much.
    AtLeast(f64),
    /// At most this much.
    AtMost(f64),
    /// Nothing is promised; the figure is told.
    Told,
}

/// A promise: a name, a unit and a target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) target: Target,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ratio(share) => write!(f, ">= {:.0} % of the ceiling", share * 100.0),
            Self::AtLeast(bound) => write!(f, ">= {bound}"),
            Self::AtMost(bound) => write!(f, "<= {bound}"),
            Self::Told => f.write_str("none"),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<58} {} {}", self.name, self.target, self.unit)
    }
}

/// One measurement of one figure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) value: f64,
    /// What the machine allows, measured beside it.
    pub(crate) ceiling: Option<f64>,
}

impl Sample {
    pub(crate) fn of(value: f64) -> Self {
        Self { value, ceiling: None }
    }

    pub(crate) fn beside(value: f64, ceiling: f64) -> Self {
        Self { value, ceiling: Some(ceiling) }
    }
}

/// One measurement that yields one sample for each of its figures, in their order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bench {
    /// What `--only` chooses by.
    pub(crate) name: &'static str,
    pub(crate) figures: &'static [Figure],
    pub(crate) measure: fn(&Server) -> Result<Vec<Sample>, Trouble>,
}

/// A figure with all its runs.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) figure: Figure,
    pub(crate) runs: Vec<Sample>,
}

impl Measured {
    pub(crate) fn value(&self) -> f64 {
        median(self.runs.iter().map(|run| run.value))
    }

    pub(crate) fn ceiling(&self) -> Option<f64> {
        let ceilings: Option<Vec<f64>> = self.runs.iter().map(|run| run.ceiling).collect();
        ceilings.map(|all| median(all.into_iter()))
    }

    /// The median of the runs' own ratios: each with the ceiling of its own moment.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let ratios: Option<Vec<f64>> =
            self.runs.iter().map(|run| run.ceiling.map(|ceiling| run.value / ceiling)).collect();
        ratios.map(|all| median(all.into_iter()))
    }

    pub(crate) fn passes(&self) -> bool {
        match self.figure.target {
            Target::Ratio(share) => self.ratio().is_some_and(|ratio| ratio >= share),
            Target::AtLeast(bound) => self.value() >= bound,
            Target::AtMost(bound) => self.value() <= bound,
            Target::Told => true,
        }
    }
}

/// What came of all rounds: the figures, and which benches could not be measured and why.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) figures: Vec<Measured>,
    pub(crate) troubles: Vec<String>,
}

impl Bench {
    fn sample(&self, server: &Server) -> Result<Vec<Sample>, Trouble> {
        let measured = (self.measure)(server)?;
        if measured.len() == self.figures.len() {
            Ok(measured)
        } else {
            Err(format!("{} samples for {} figures", measured.len(), self.figures.len()).into())
        }
    }
}

/// The samples of each bench's runs, or why it could not be measured.
type Samples = Vec<Result<Vec<Vec<Sample>>, String>>;

/// Runs every bench `runs` times, each round in an order of its own, and tells after each what came of all until then: whoever
/// stops it keeps that. One that fails is left out from then on, and the others are measured all the same.
pub(crate) fn measure(
    benches: &[Bench],
    runs: usize,
    seed: u64,
    server: &Server,
    tell: &mut dyn FnMut(&Outcome) -> Result<(), Trouble>,
) -> Result<Outcome, Trouble> {
    let mut samples: Samples = vec![Ok(Vec::new()); benches.len()];
    let mut chance = Chance(seed);
    let began = Instant::now();
    for round in 1..=runs {
        let mut order: Vec<usize> = (0..benches.len()).collect();
        chance.shuffle(&mut order);
        for index in order {
            let (Some(bench), Some(Ok(into))) = (benches.get(index), samples.get_mut(index)) else {
                continue;
            };
            let since = Instant::now();
            match bench.sample(server) {
                Ok(measured) => {
                    into.push(measured);
                    println!("  {}: {:.0} s", bench.name, since.elapsed().as_secs_f64());
                }
                Err(trouble) => {
                    let trouble = format!("{}: {trouble}", bench.name);
                    println!("  {trouble}");
                    if let Some(broken) = samples.get_mut(index) {
                        *broken = Err(trouble);
                    }
                }
            }
        }
        println!("round {round} of {runs} done after {:.0} s", began.elapsed().as_secs_f64());
        tell(&outcome_of(benches, &samples))?;
    }
    Ok(outcome_of(benches, &samples))
}

fn outcome_of(benches: &[Bench], samples: &Samples) -> Outcome {
    let mut outcome = Outcome { figures: Vec::new(), troubles: Vec::new() };
    for (bench, samples) in benches.iter().zip(samples) {
        match samples {
            Ok(runs) => outcome.figures.extend(bench.figures.iter().enumerate().map(|(index, figure)| {
                let runs = runs.iter().filter_map(|run| run.get(index).copied()).collect();
                Measured { figure: *figure, runs }
            })),
            Err(trouble) => outcome.troubles.push(trouble.clone()),
        }
    }
    outcome
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    percentile(values, 0.5)
}

/// The smallest value that at least this share of all values does not exceed; 0.5 of an even number takes the lower.
pub(crate) fn percentile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "far fewer values than a float can count"
    )]
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// A seed from the clock.
pub(crate) fn fresh_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| u64::from(since.subsec_nanos()) | 1)
}

/// A small generator (xorshift): an order needs no better one.
struct Chance(u64);

impl Chance {
    fn shuffle(&mut self, items: &mut [usize]) {
        for last in (1..items.len()).rev() {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            let other = usize::try_from(self.0 % (last as u64 + 1)).unwrap_or(0);
            items.swap(last, other);
        }
    }
}
