//! What a client's wish for the same again says. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, DeliveryId, Invalid, OrderId, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// One wish of a client for the same again.
    RepeatWishId
);

text_enum!(
    /// What came of a wish.
    WishState {
        /// Nobody of ours has decided.
        Open = "open",
        /// The order was entered.
        Confirmed = "confirmed",
        /// It will not be done this time.
        Declined = "declined",
    }
);

/// A client would like the same again. It orders nothing until somebody of the town confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RepeatWish {
    /// Its id.
    pub id: RepeatWishId,
    /// The order they would like once more.
    pub order_id: OrderId,
    /// What that one is called.
    pub order_title: String,
    /// The delivery on whose page they wrote it.
    pub delivery_id: DeliveryId,
    /// Who wrote it, as they typed themselves.
    pub name: String,
    /// The day they would like to have it.
    pub wished_on: NaiveDate,
    /// What else they said.
    pub note: String,
    /// What came of it.
    pub state: WishState,
    /// When they wrote it.
    pub wished_at: DateTime<Utc>,
}

/// A wish as typed on the client's page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WishInput {
    /// Who writes; required.
    pub name: Typed,
    /// The day they would like to have it; required, later than today.
    pub wished_on: Typed,
    /// What else there is to say, up to 2,000 characters.
    pub note: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WishFields {
    pub(super) name: String,
    pub(super) wished_on: NaiveDate,
    pub(super) note: String,
}

impl WishInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self, today: NaiveDate) -> Result<WishFields, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        let wished_on = checks.date("wished_on", &self.wished_on);
        // A date that could not be read stands at 1970 and has its own problem already.
        if wished_on != NaiveDate::default() && wished_on <= today {
            checks.problem("wished_on", Code::InThePast);
        }
        let note = checks.lines("note", &self.note, 2000);
        checks.done(WishFields { name, wished_on, note })
    }
}

/// Where a page of wishes ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatWishKey(pub RepeatWishId);
