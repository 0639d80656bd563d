//! What rounds tell beside offers.

use chrono::NaiveDate;
use kernel::{JobId, OrderId};
use queue::Event;
use serde::{Deserialize, Serialize};

/// Why work stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandsBecause {
    /// Everybody whom it fits may take it, and for a day of allowed hours nobody has.
    #[default]
    NobodyTakes,
    /// It was opened and fits nobody at all.
    NobodyFits,
}

/// Everybody whom it fits may take what waits of a job, and nobody will without something being changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolStands {
    /// The job.
    pub job: JobId,
    /// Its order.
    pub order: OrderId,
    /// What it is called.
    pub title: String,
    /// How many units wait.
    pub units: i64,
    /// When the work is due.
    pub work_due_on: NaiveDate,
    /// Why it stands; facts from before know of one reason alone.
    #[serde(default)]
    pub because: StandsBecause,
}

impl Event for PoolStands {
    const KIND: &'static str = "pool.stands";
}
