//! What an offer is. No database here.

use chrono::NaiveDate;
use kernel::{JobId, OfferId, OrderId, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::jobs::PayDay;
use crate::rounds::OpenPortion;

text_enum!(
    /// Where an offer stands. Not answering is not declining.
    OfferState {
        /// May be claimed.
        Open = "open",
        /// The worker said no, which costs nothing and may be taken back.
        Declined = "declined",
        /// The time to answer went by: no answer, and no mark.
        Passed = "passed",
        /// The town took it back.
        Withdrawn = "withdrawn",
    }
);

/// A job as a worker sees it before deciding: what, how long, for how much, until when, paid when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfferCard {
    /// The offer.
    pub offer: OfferId,
    /// The job.
    pub job: JobId,
    /// Its order.
    pub order: OrderId,
    /// What the job is called.
    pub title: String,
    /// What the order is called.
    pub order_title: String,
    /// How the work is to be done, its first two hundred characters.
    pub rules_excerpt: String,
    /// Pay for one unit, before tax.
    pub unit_pay: Yen,
    /// How long one unit usually takes.
    pub unit_minutes: i32,
    /// The pay of an hour at that pace.
    pub yen_per_hour: Yen,
    /// How many units wait that they may take: of their portion, where the job is offered in turn.
    pub units_left: i64,
    /// What lies before them alone, and until when; none where whoever is first has it.
    pub portion: Option<OpenPortion>,
    /// How many of them fit the worker's free hours this week.
    pub fitting_units: i64,
    /// How many of the worker's minutes are free this week.
    pub free_minutes_this_week: i64,
    /// The last day work is received.
    pub work_due_on: NaiveDate,
    /// On which day of the month after it is handed in it is paid.
    pub pay_day: PayDay,
    /// The one day on which it is paid, where it is re-entrusted work handed in before that day.
    pub fixed_pay_on: Option<NaiveDate>,
    /// When it is paid if it is handed in today, and if it is handed in on the last day.
    pub pay_on: [NaiveDate; 2],
    /// How many of the worker's minutes are free until the last day.
    pub free_minutes_until_due: i64,
}

/// How a job stands before one worker who may have been offered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// May be claimed.
    Open(OfferCard),
    /// They said no; it can be taken back.
    Declined(OfferId),
    /// They did not answer in time; while something is left of it they may still ask for it.
    Passed(OfferId),
    /// They took their portion; others have theirs.
    TookPortion,
    /// Nothing of it is left for them: others were faster, or it is done.
    Filled,
    /// The day it was due has passed.
    Over,
    /// The town took it back.
    Withdrawn,
    /// It runs on for others; the town does not ask this worker to do it.
    Excluded,
    /// They rest, so they are offered nothing.
    Resting,
}

/// Where a page of offers ends: whether this week has no time for one unit of it, the day the work is due, then the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferKey(pub bool, pub NaiveDate, pub OfferId);

const EXCERPT_CHARACTERS: usize = 200;

pub(super) fn excerpt(rules: &str) -> String {
    match rules.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", rules.get(..end).unwrap_or_default().trim_end()),
        None => rules.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_between_characters() {
        assert_eq!(excerpt("短い"), "短い");
        assert_eq!(excerpt(&"長".repeat(201)).chars().count(), 201);
        assert!(excerpt(&"長".repeat(201)).ends_with('…'));
    }
}
