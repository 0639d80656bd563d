//! What rounds tell beside offers.

use chrono::NaiveDate;
use kernel::{JobId, OrderId};
use queue::Event;
use serde::{Deserialize, Serialize};

/// Everybody may take what waits of a job, and for a day of allowed hours nobody has.
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
}

impl Event for PoolStands {
    const KIND: &'static str = "pool.stands";
}
