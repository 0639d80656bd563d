//! What wishes for the same again tell.

use chrono::NaiveDate;
use kernel::{CompanyId, DealId, OrderId};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::RepeatWishId;

/// A client would like the same again; nothing is ordered until somebody of the town confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatWished {
    /// The wish.
    pub wish: RepeatWishId,
    /// The order they would like once more.
    pub order: OrderId,
    /// What that one is called.
    pub title: String,
    /// The deal it came from.
    pub deal: DealId,
    /// The client.
    pub company: CompanyId,
    /// Who wrote it, as they typed themselves.
    pub name: String,
    /// The day they would like to have it.
    pub wished_on: NaiveDate,
    /// What else they said.
    pub note: String,
}

impl Event for RepeatWished {
    const KIND: &'static str = "repeat.wished";
}
