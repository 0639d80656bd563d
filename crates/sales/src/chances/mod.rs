//! How likely deals are won, beside the probability of their stage: by how often deals like them were, and in words from
//! which counts that comes.
//!
//! Invariant: with few decided deals nothing is said (`with_few_decided_deals_nothing_is_said`), nor where nearly all of them
//! ended alike (`one_lost_deal_says_nothing_of_losing`); what only a few deals had in common says nothing either.

mod lists;
mod model;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use db::{DbError, Tx};
use kernel::DealId;
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use lists::{Decided, decided};
pub use model::{Count, Variable};

use crate::deals::DealStatus;
use lists::Subject;
use model::{Features, Frequencies};

/// How many deals have to be decided before anything is said.
pub const LEAST: u32 = 30;

/// How many of them have to be won, and how many lost: of fewer, one more or less would turn the result over.
pub const LEAST_OF_EACH: u32 = 5;

/// How many decided deals have to share a value before that value counts.
const LEAST_ALIKE: u32 = 5;

/// One thing known of a deal, and how often deals like that were won and lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ChanceFactor")]
pub struct Factor {
    /// What is looked at.
    pub variable: Variable,
    /// Its value here: a source, a kind of work, `new` or `returning`, a size.
    pub value: String,
    /// How often deals with it were decided, and how.
    pub count: Count,
    /// Whether it makes the deal likelier than the pipeline's deals are on the whole.
    pub lifts: bool,
}

/// How likely a deal is won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DealChance")]
pub struct Chance {
    /// The deal.
    pub deal: DealId,
    /// What its stage says, in percent.
    pub stage_percent: i16,
    /// By deals like it, in hundredths of a percent; null where too few were decided.
    pub hundredths: Option<u16>,
    /// The decided deals it is reckoned from.
    pub decided: Count,
    /// Whether they are of every pipeline, because its own has too few.
    pub of_every_pipeline: bool,
    /// The decided deals that came as far as its stage, which is where the reckoning begins; null where nothing is reckoned.
    pub at_stage: Option<Count>,
    /// From what else it comes; empty where nothing is said.
    pub factors: Vec<Factor>,
}

/// How likely each of these deals is won; a won one is, and a lost one is not. In no order.
pub fn of(tx: &mut Tx<'_>, deals: &[DealId]) -> Result<HashMap<DealId, Chance>, DbError> {
    let known = Frequencies::of(&lists::cases(tx)?);
    let subjects = lists::subjects(tx, deals)?;
    Ok(subjects.iter().map(|subject| (subject.id, chance(&known, subject))).collect())
}

/// How likely one deal is won; [`DbError::NotFound`] where this town has none of that id.
pub fn of_one(tx: &mut Tx<'_>, deal: DealId) -> Result<Chance, DbError> {
    of(tx, &[deal])?.remove(&deal).ok_or(DbError::NotFound)
}

fn chance(known: &Frequencies, subject: &Subject) -> Chance {
    let enough = |count: Count| {
        count.won + count.lost >= LEAST && count.won >= LEAST_OF_EACH && count.lost >= LEAST_OF_EACH
    };
    let own = Some(subject.pipeline);
    let of_every_pipeline = !enough(known.decided(own)) && enough(known.decided(None));
    let pipeline = if of_every_pipeline { None } else { own };
    let decided = known.decided(pipeline);
    let counts = |feature: &(Variable, String)| {
        known.count(pipeline, feature).filter(|count| count.won + count.lost >= LEAST_ALIKE)
    };
    let features: Features =
        subject.features.iter().filter(|feature| counts(feature).is_some()).cloned().collect();
    let reckoned = match subject.state {
        DealStatus::Won => Some(10_000),
        DealStatus::Lost => Some(0),
        DealStatus::Open | DealStatus::Dormant if enough(decided) => {
            known.probability(pipeline, subject.stage, &features)
        }
        DealStatus::Open | DealStatus::Dormant => None,
    };
    let is_reckoned = reckoned.is_some() && matches!(subject.state, DealStatus::Open | DealStatus::Dormant);
    let factors = features.iter().filter(|_| is_reckoned).filter_map(|feature| {
        let count = counts(feature)?;
        let lifts = count.against(decided).is_gt();
        Some(Factor { variable: feature.0, value: feature.1.clone(), count, lifts })
    });
    Chance {
        deal: subject.id,
        stage_percent: subject.stage_percent,
        hundredths: reckoned,
        decided,
        of_every_pipeline,
        at_stage: known.at_stage(pipeline, subject.stage).filter(|_| is_reckoned),
        factors: factors.collect(),
    }
}
