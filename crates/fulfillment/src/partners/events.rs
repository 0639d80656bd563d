//! What partners tell, each in the town that hears of it.

use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::{PartnerId, Standing};

/// The other town has asked, agreed or ended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerHeard {
    /// This town's id of it.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// How the two stand now.
    pub standing: Standing,
}

impl Event for PartnerHeard {
    const KIND: &'static str = "partner.heard";
}
