//! What shares tell, each in the town that hears of it.

use kernel::{OrderId, text_enum};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::ShareId;
use crate::partners::PartnerId;

text_enum!(
    /// What the other town did.
    ShareNews {
        /// It offers a part of an order.
        Offered = "offered",
        /// It takes back what it offered.
        Withdrawn = "withdrawn",
        /// It takes what was offered.
        Accepted = "accepted",
        /// It does not take it.
        Declined = "declined",
        /// It has delivered more of it.
        Delivered = "delivered",
        /// Its order is closed.
        Finished = "finished",
        /// Its order was called off.
        Cancelled = "cancelled",
    }
);

/// The other town of a share did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareHeard {
    /// This town's row of it.
    pub share: ShareId,
    /// With whom.
    pub partner: PartnerId,
    /// That town's name.
    pub partner_name: String,
    /// What is shared.
    pub title: String,
    /// The order of which it is a part, or which it became.
    pub order: Option<OrderId>,
    /// What that town did.
    pub news: ShareNews,
    /// How many pieces it is about.
    pub quantity: i32,
    /// Of these, before the sharing town or accepted by it.
    pub delivered: i32,
    /// Why it was declined; empty otherwise.
    pub reason: String,
}

impl Event for ShareHeard {
    const KIND: &'static str = "share.heard";
}
