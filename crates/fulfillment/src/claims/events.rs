//! What is told about claims that rest or are given back.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{JobId, OrderId, PersonId, UnitId};
use queue::Event;
use serde::{Deserialize, Serialize};

/// Nothing has been heard for a while of what somebody claimed of a job: they are asked whether they go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRests {
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// Who holds it.
    pub person: PersonId,
    /// One of the units, on whose page they answer.
    pub unit: UnitId,
    /// How many units it is about.
    pub units: i64,
    /// Until when they are kept without an answer.
    pub until: DateTime<Utc>,
    /// Whether it is the last time they are asked.
    pub is_last: bool,
}

impl Event for ClaimRests {
    const KIND: &'static str = "claim.rests";
}

/// What somebody claimed of a job went on to others, because nothing was heard of it. It leaves no mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimExpired {
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// Its order.
    pub order: OrderId,
    /// Who held it.
    pub person: PersonId,
    /// Which units.
    pub units: Vec<UnitId>,
}

impl Event for ClaimExpired {
    const KIND: &'static str = "claim.expired";
}

/// Somebody gave back a unit that they had claimed, or several of a job at once. It leaves no mark and has no reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitHandedBack {
    /// Which unit; one of them, where there are several.
    pub unit: UnitId,
    /// How many units it is about; what was recorded before there could be several is about one.
    #[serde(default = "one")]
    pub units: i64,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// Its order.
    pub order: OrderId,
    /// Who held it.
    pub person: PersonId,
    /// The last day work on it is received.
    pub due_on: NaiveDate,
}

impl Event for UnitHandedBack {
    const KIND: &'static str = "unit.handed-back";
}

fn one() -> i64 {
    1
}
