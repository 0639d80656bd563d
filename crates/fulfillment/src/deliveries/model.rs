//! What a delivery is and what may be entered for one. No database here.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::{
    Checks, ContactId, DeliveryId, Invalid, OrderId, PersonId, SubmissionId, Typed, UnitId, text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::acceptance::ClientAnswer;
use crate::units::UnitState;

text_enum!(
    /// Where a delivery stands.
    DeliveryState {
        /// Before the client.
        Sent = "sent",
        /// The client answered every unit of it.
        Answered = "answered",
    }
);

/// A bundle of units handed to the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The order.
    pub order_id: OrderId,
    /// Whom it was sent to.
    pub contact_id: ContactId,
    /// Its number within the order, from 1.
    pub number: i32,
    /// Where it stands.
    pub state: DeliveryState,
    /// What was written to the client.
    pub message: String,
    /// Until when the client looks at it.
    pub inspect_until: NaiveDate,
    /// Whether silence beyond that day accepts it: only where the client's terms said so when it was sent.
    pub silence_accepts: bool,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Who sent it.
    pub sent_by: PersonId,
    /// When the client answered, or their silence was taken as the answer.
    pub answered_at: Option<DateTime<Utc>>,
    /// The name the client typed; none where silence accepted it.
    pub answered_name: Option<String>,
    /// Counts its changes.
    pub version: i32,
}

/// What a delivery holds, counted by the client's answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SentUnits {
    /// All units of it.
    pub all: i64,
    /// Those the client accepted.
    pub accepted: i64,
    /// Those the client wants mended.
    pub fixes: i64,
}

impl SentUnits {
    /// Counts the units of one delivery.
    pub fn of(units: &[DeliveredUnit]) -> Self {
        let with = |answer| units.iter().filter(|unit| unit.answer == Some(answer)).count();
        let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
        Self {
            all: number(units.len()),
            accepted: number(with(ClientAnswer::Accepted)),
            fixes: number(with(ClientAnswer::Fix)),
        }
    }
}

/// How much of its order a delivery leaves to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// All units of the order that were not called off.
    pub of: i64,
    /// Those that the client has not got yet, or not as they want them.
    pub rest: i64,
    /// When the client wants all of it.
    pub due_on: NaiveDate,
}

/// A delivery as lists over all orders show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliverySummary {
    /// The delivery.
    pub delivery: Delivery,
    /// The order's title.
    pub order_title: String,
    /// What it holds.
    pub units: SentUnits,
}

/// Where a page of deliveries ends: when the last one was sent, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryKey(pub DateTime<Utc>, pub DeliveryId);

/// One unit of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeliveredUnit {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// Where it stands now.
    pub state: UnitState,
    /// The version that was delivered.
    pub submission: SubmissionId,
    /// What the client said to it.
    pub answer: Option<ClientAnswer>,
    /// What the client wants mended.
    pub fix_note: String,
}

/// A unit that the client wants mended (修正依頼), with the delivery they said so in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientWish {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its number within the order.
    pub number: i32,
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// What is to be mended, in the client's words.
    pub note: String,
    /// Where the unit stands now.
    pub state: UnitState,
}

/// Where a page of an order's wishes ends: the delivery of the last one, then its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishKey(pub DeliveryId, pub UnitId);

/// A delivery as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "unit_ids": [42, 43], "message": "ご確認をお願いします" }]))]
pub struct DeliverInput {
    /// Which units; none named means all that have passed.
    pub unit_ids: Vec<UnitId>,
    /// What is written to the client.
    pub message: Typed,
    /// Whom to send it to; empty means the order's own contact.
    pub contact_id: Typed,
    /// `true` to deliver units that bring neither a file nor a text, such as work done in the client's own system.
    pub allow_empty: Typed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeliverFields {
    pub(super) message: String,
    pub(super) contact_id: Option<ContactId>,
    pub(super) allow_empty: bool,
}

/// How long the town waits before it mails a client about the same delivery again.
pub(super) const BETWEEN_MAILS: Duration = Duration::hours(24);

/// How many units one delivery holds at most: its page and the answer to it have to stay readable.
pub(super) const MOST_UNITS: i64 = 1000;

impl DeliverInput {
    pub(super) fn checked(&self) -> Result<DeliverFields, Invalid> {
        let mut checks = Checks::new();
        let message = checks.lines("message", &self.message, 4000);
        let contact_id = checks.optional_number("contact_id", &self.contact_id, 1..=i64::MAX).map(ContactId);
        checks.done(DeliverFields { message, contact_id, allow_empty: self.allow_empty.is_yes() })
    }
}
