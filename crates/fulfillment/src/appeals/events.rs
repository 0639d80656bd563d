//! What appeals tell.

use chrono::NaiveDate;
use kernel::{PersonId, UnitId, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::{AppealId, AppealOutcome};

/// A maker wants another reviewer's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealMade {
    /// The appeal.
    pub appeal: AppealId,
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// Who made it, and appeals.
    pub person: PersonId,
    /// Who refused it.
    pub first_checker: PersonId,
    /// Why they think otherwise.
    pub text: String,
    /// By when it is decided.
    pub decide_by: NaiveDate,
}

impl Event for AppealMade {
    const KIND: &'static str = "appeal.made";
}

/// Another reviewer decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealDecided {
    /// The appeal.
    pub appeal: AppealId,
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// Who appealed.
    pub person: PersonId,
    /// Who had refused it.
    pub first_checker: PersonId,
    /// What it led to.
    pub outcome: AppealOutcome,
    /// Why.
    pub comment: String,
    /// What they are paid for the unit, before tax; none where the refusal stands.
    pub unit_pay: Option<Yen>,
    /// When they are paid.
    pub pay_on: Option<NaiveDate>,
}

impl Event for AppealDecided {
    const KIND: &'static str = "appeal.decided";
}
