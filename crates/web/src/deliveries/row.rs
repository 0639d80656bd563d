//! A delivery as lists show it.

use chrono::{DateTime, Utc};
use fulfillment::client_questions::ClientQuestion;
use fulfillment::deliveries::{Delivery, DeliveryState, SentUnits};
use serde::Serialize;

use crate::call::Call;
use crate::format::{self, Due};
use crate::orders::parts::{self, When};
use crate::paths;

/// The chip of a delivery: answered is either accepted or returned.
pub(crate) fn chip(state: DeliveryState, units: &SentUnits) -> &'static str {
    match state {
        DeliveryState::Sent => "sent",
        DeliveryState::Answered if units.fixes > 0 => "returned",
        DeliveryState::Answered => "accepted",
    }
}

/// What the client said, in words.
pub(crate) fn said(call: &Call, state: DeliveryState, units: &SentUnits) -> String {
    let counts = [("accepted", format::count(units.accepted)), ("fixes", format::count(units.fixes))];
    match state {
        DeliveryState::Sent => call.text("deliveries-waits"),
        DeliveryState::Answered if units.fixes == 0 => call.text("deliveries-all-accepted"),
        DeliveryState::Answered => parts::say(call, "deliveries-answered", &counts),
    }
}

/// One row.
#[derive(Debug, Serialize)]
pub(crate) struct DeliveryRow {
    id: String,
    title: String,
    href: String,
    order: String,
    state: &'static str,
    count: String,
    sent: When,
    until: Option<Due>,
    said: String,
}

impl DeliveryRow {
    /// `order` is the order's title where the list is not the order's own.
    pub(crate) fn of(
        call: &Call,
        now: DateTime<Utc>,
        delivery: &Delivery,
        units: &SentUnits,
        order: &str,
    ) -> Self {
        Self {
            id: format!("delivery-{}", delivery.id),
            title: parts::say(call, "deliveries-number", &[("number", delivery.number.to_string())]),
            href: paths::delivery(delivery.id),
            order: order.to_owned(),
            state: chip(delivery.state, units),
            count: parts::say(call, "orders-pieces", &[("count", format::count(units.all))]),
            sent: When::of(call.language, delivery.sent_at),
            until: (delivery.state == DeliveryState::Sent)
                .then(|| format::due(call.language, now, delivery.inspect_until)),
            said: said(call, delivery.state, units),
        }
    }
}

/// A client's question in a list.
#[derive(Serialize)]
pub(super) struct AskedRow {
    text: String,
    href: String,
    name: String,
    asked: When,
    answer: String,
}

impl AskedRow {
    pub(super) fn of(call: &Call, question: &ClientQuestion) -> Self {
        Self {
            text: question.question.clone(),
            href: super::questions::path(question.id),
            name: question.name.clone(),
            asked: When::of(call.language, question.asked_at),
            answer: question.answer.clone().unwrap_or_default(),
        }
    }
}
