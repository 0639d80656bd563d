//! What changed rules tell.

use kernel::{JobId, OrderId, PersonId};
use queue::Event;
use serde::{Deserialize, Serialize};

/// The rules of a job have another wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesChanged {
    /// The job.
    pub job: JobId,
    /// Its order.
    pub order: OrderId,
    /// What it is called.
    pub title: String,
    /// The version that is in force now.
    pub number: i32,
    /// Why; may be empty.
    pub note: String,
    /// Who has units of it that are to be done or are being checked.
    pub people: Vec<PersonId>,
}

impl Event for RulesChanged {
    const KIND: &'static str = "rules.changed";
}
