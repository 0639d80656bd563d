//! Endpoints and what is sent to them. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, Typed, id, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::target::{Reach, Target};

id!(
    /// A program of somebody else's that is told what happens.
    EndpointId
);

id!(
    /// One message to an endpoint.
    WebhookDeliveryId
);

text_enum!(
    /// What programs can be told of.
    #[schemars(rename = "WebhookKind")]
    Happened {
        /// A deal was won.
        DealWon = "deal.won",
        /// An order was opened.
        OrderOpened = "order.opened",
        /// A delivery was sent to its client.
        DeliverySent = "delivery.sent",
        /// A client answered a delivery.
        DeliveryAnswered = "delivery.answered",
        /// Everything of an order was accepted.
        OrderAccepted = "order.accepted",
        /// Somebody tries whether it arrives.
        Ping = "ping",
    }
);

impl Happened {
    /// What an endpoint can be told of; a ping comes to each.
    pub const CHOICES: [Self; 5] =
        [Self::DealWon, Self::OrderOpened, Self::DeliverySent, Self::DeliveryAnswered, Self::OrderAccepted];
}

text_enum!(
    /// Whether an endpoint is told of what happens.
    #[schemars(rename = "WebhookEndpointState")]
    EndpointState {
        /// It is.
        Active = "active",
        /// Somebody paused it; messages wait until it goes on.
        Paused = "paused",
        /// Yui has stopped, because nothing arrived for days or the endpoint is gone; messages wait until somebody lets it
        /// go on.
        Stopped = "stopped",
    }
);

text_enum!(
    /// Why Yui stopped telling an endpoint.
    #[schemars(rename = "WebhookStop")]
    Stop {
        /// Messages were given up and nothing has arrived for days.
        Failing = "failing",
        /// It answered that it is gone for good (410).
        Gone = "gone",
    }
);

text_enum!(
    /// Where a message stands.
    #[schemars(rename = "WebhookDeliveryState")]
    DeliveryState {
        /// It is about to be sent, or is tried again.
        Pending = "pending",
        /// It waits until its endpoint goes on.
        Waiting = "waiting",
        /// The endpoint answered 2xx.
        Delivered = "delivered",
        /// It was tried too often, or the endpoint is gone.
        Failed = "failed",
    }
);

/// A program that is told what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Webhook")]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where messages are posted.
    pub url: String,
    /// Of what.
    pub kinds: Vec<Happened>,
    /// Whether it is told.
    pub state: EndpointState,
    /// Why Yui stopped; null where it did not.
    pub stopped_for: Option<Stop>,
    /// Since when nothing has arrived; null where the last try did.
    pub failing_since: Option<DateTime<Utc>>,
    /// How many signing keys it has had. For a day after a new one, messages are signed with the one before as well.
    pub key_version: i32,
    /// Its version, for `If-Match`.
    pub version: i32,
    /// Whose it is, in the town's own words.
    pub note: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

impl Endpoint {
    /// What people call it: its name, or the machine it is on. Never the whole address, whose path may be a password.
    pub fn called(&self) -> String {
        if !self.note.is_empty() {
            return self.note.clone();
        }
        self.host()
    }

    /// The machine it is on.
    pub fn host(&self) -> String {
        let host = self.url.split("//").nth(1).and_then(|rest| rest.split(['/', '?']).next());
        host.unwrap_or_default().to_owned()
    }
}

/// One message and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookDelivery")]
pub struct Delivery {
    /// Its id.
    pub id: WebhookDeliveryId,
    /// To whom.
    pub endpoint: EndpointId,
    /// The header `webhook-id`: the same for every try and replay of one message.
    pub message: String,
    /// Of what.
    pub kind: Happened,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i16,
    /// The last status of HTTP; null where none came.
    pub status: Option<i16>,
    /// What went wrong last; empty where nothing did.
    pub problem: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was delivered or given up.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it is tried next, where a try failed; null while it is sent for the first time, waits for its endpoint or its
    /// operators, or has ended.
    pub next_try_at: Option<DateTime<Utc>>,
    /// How often it is tried at most from now on; null where nothing is known to wait.
    pub tries_left: Option<i16>,
    /// Whether the town's operators have paused the sending of all such messages.
    pub paused: bool,
}

/// An endpoint as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "WebhookInput", extend("examples" = [{
    "url": "https://hooks.example.jp/yui", "kinds": ["deal.won", "delivery.answered"], "note": "会計ソフト"
}]))]
pub struct EndpointInput {
    /// Where messages are posted: https, port 443 or 8443, of the public internet; required.
    pub url: Typed,
    /// Of what; at least one.
    pub kinds: Vec<Typed>,
    /// Whose it is, at most 100 characters.
    pub note: Typed,
}

/// What may be entered.
pub(super) struct NewEndpoint {
    pub(super) url: String,
    pub(super) kinds: Vec<Happened>,
    pub(super) note: String,
}

impl EndpointInput {
    pub(super) fn checked(&self, reach: Reach) -> Result<NewEndpoint, Invalid> {
        let mut checks = Checks::new();
        let url = checks.required_line("url", &self.url, 500);
        if !url.is_empty()
            && let Err(code) = Target::parse(&url, reach)
        {
            checks.problem("url", code);
        }
        let kinds = self.kinds(&mut checks);
        let note = checks.line("note", &self.note, 100);
        checks.done(NewEndpoint { url, kinds, note })
    }

    fn kinds(&self, checks: &mut Checks) -> Vec<Happened> {
        let chosen = |kind: &Happened| self.kinds.iter().any(|typed| typed.as_str().trim() == kind.as_str());
        let kinds: Vec<Happened> = Happened::CHOICES.into_iter().filter(chosen).collect();
        let known =
            |typed: &Typed| Happened::CHOICES.iter().any(|kind| kind.as_str() == typed.as_str().trim());
        if self.kinds.is_empty() {
            checks.problem("kinds", Code::Required);
        } else if !self.kinds.iter().all(known) {
            checks.problem("kinds", Code::UnknownChoice);
        }
        kinds
    }
}
