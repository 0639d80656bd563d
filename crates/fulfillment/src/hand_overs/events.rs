//! What is told about parts that were handed over.

use chrono::NaiveDate;
use kernel::{JobId, OrderId, PersonId, UnitId, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::HandOverId;

/// Somebody gave a unit back with what they had made of it: coordination decides its share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitHandedOver {
    /// The part.
    pub hand_over: HandOverId,
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// Its order.
    pub order: OrderId,
    /// Who made it.
    pub person: PersonId,
    /// How much is done, in tenths, as they think.
    pub tenths: i16,
}

impl Event for UnitHandedOver {
    const KIND: &'static str = "unit.handed_over";
}

/// Coordination said what share of a unit's pay a part is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOverDecided {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// Who made the part.
    pub person: PersonId,
    /// The share they proposed, in tenths.
    pub proposed_tenths: i16,
    /// The share that is paid, in tenths.
    pub tenths: i16,
    /// What that is, before tax.
    pub amount: Yen,
    /// When it is paid.
    pub pay_on: NaiveDate,
    /// Why it is less, where it is; may be empty.
    pub reason: String,
}

impl Event for HandOverDecided {
    const KIND: &'static str = "hand_over.decided";
}
