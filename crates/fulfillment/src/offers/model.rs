//! What an offer is. No database here.

use chrono::NaiveDate;
use kernel::{JobId, OfferId, OrderId, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

text_enum!(
    /// Where an offer stands. Not answering is not declining.
    OfferState {
        /// May be claimed.
        Open = "open",
        /// The worker said no, which costs nothing and may be taken back.
        Declined = "declined",
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
    /// How many units wait.
    pub units_left: i64,
    /// How many of them fit the worker's free hours this week.
    pub fitting_units: i64,
    /// The last day work is received.
    pub work_due_on: NaiveDate,
    /// When it is paid.
    pub pay_on: NaiveDate,
}

/// Where a page of offers ends: the day the work is due, then the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferKey(pub NaiveDate, pub OfferId);

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
