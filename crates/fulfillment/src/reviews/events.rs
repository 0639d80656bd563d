//! What verdicts tell.

use chrono::NaiveDate;
use kernel::{OrderId, PersonId, SubmissionId, UnitId, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::{Fault, ReviewReason};
use crate::terms::TermsNoticeId;

/// A unit was sent back to its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitReturned {
    /// The unit.
    pub unit: UnitId,
    /// The version that was checked.
    pub submission: SubmissionId,
    /// What the unit is called.
    pub label: String,
    /// What the job is called.
    pub job_title: String,
    /// Why.
    pub reason: ReviewReason,
    /// Whose fault it is.
    pub fault: Fault,
    /// What to do.
    pub comment: String,
    /// Who has it.
    pub person: PersonId,
    /// When the work is due: as before, or a new day where it is paid anew.
    pub due_on: NaiveDate,
    /// The last day on which they may appeal; none where it is paid anew.
    #[serde(default)]
    pub appeal_by: Option<NaiveDate>,
    /// It went back once too often: somebody sits down with them.
    #[serde(default)]
    pub coaching: bool,
    /// What doing it anew pays beside the unit's own pay, before tax.
    #[serde(default)]
    pub extra_pay: Yen,
    /// The terms of that pay: a legal notice (Freelance Act art. 3).
    #[serde(default)]
    pub terms_notice: Option<TermsNoticeId>,
}

impl Event for UnitReturned {
    const KIND: &'static str = "unit.returned";
}

/// A unit passed review, or passed unseen as the sampling plan drew it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPassed {
    /// The unit.
    pub unit: UnitId,
    /// The version that passed.
    pub submission: SubmissionId,
    /// What the unit is called.
    pub label: String,
    /// What the job is called.
    pub job_title: String,
    /// Its order.
    pub order: OrderId,
    /// Who made it.
    pub person: PersonId,
    /// What they are paid for it, before tax.
    pub unit_pay: Yen,
    /// When they are paid.
    pub pay_on: NaiveDate,
}

impl Event for UnitPassed {
    const KIND: &'static str = "unit.passed";
}

/// Review refused a unit; its maker is no longer asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRejected {
    /// The unit.
    pub unit: UnitId,
    /// The version that was refused.
    pub submission: SubmissionId,
    /// What the unit is called.
    pub label: String,
    /// What the job is called.
    pub job_title: String,
    /// Why.
    pub reason: ReviewReason,
    /// Whose fault it is.
    pub fault: Fault,
    /// In words.
    pub comment: String,
    /// Who made it.
    pub person: PersonId,
    /// The last day on which they may appeal.
    #[serde(default)]
    pub appeal_by: NaiveDate,
}

impl Event for UnitRejected {
    const KIND: &'static str = "unit.rejected";
}
