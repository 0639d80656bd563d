//! The fact that a fix was decided.

use chrono::NaiveDate;
use kernel::{JobId, OrderId, PersonId, UnitId, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use crate::reviews::Fault;
use crate::terms::TermsNoticeId;

/// Coordination decided about a client's wish: the unit is in its holder's hands again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixDecided {
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
    /// Who mends it.
    pub person: PersonId,
    /// Whose fault it is.
    pub fault: Fault,
    /// What the client wrote.
    pub wish: String,
    /// What to do and why, in the coordinator's words.
    pub comment: String,
    /// What mending pays beside the unit's own pay, before tax.
    pub extra_pay: Yen,
    /// The new last day work is received.
    pub due_on: NaiveDate,
    /// The terms of the extra pay: a legal notice (Freelance Act art. 3).
    pub terms_notice: Option<TermsNoticeId>,
}

impl Event for FixDecided {
    const KIND: &'static str = "fix.decided";
}
