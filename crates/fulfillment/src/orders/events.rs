//! What orders tell.

use kernel::{CompanyId, DealId, OrderId, PersonId, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

/// The order of a deal that is opened again was taken back before anybody began it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderWithdrawn {
    /// The order.
    pub order: OrderId,
    /// The deal it came from.
    pub deal: DealId,
    /// The client.
    pub company: CompanyId,
    /// What it was called.
    pub title: String,
    /// What it was worth, before tax.
    pub amount: Yen,
    /// Why.
    pub because: String,
    /// Who took it back.
    pub withdrawn_by: Option<PersonId>,
}

impl Event for OrderWithdrawn {
    const KIND: &'static str = "order.withdrawn";
}
