//! What appeals tell.

use chrono::NaiveDate;
use kernel::{PersonId, UnitId, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::{AppealId, AppealOutcome};
use crate::reviews::Verdict;
use crate::terms::TermsNoticeId;

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
    /// Whether it was refused or sent back.
    #[serde(default = "refusal")]
    pub against: Verdict,
    /// Who refused it or sent it back.
    pub first_checker: PersonId,
    /// Why they think otherwise.
    pub text: String,
    /// By when it is decided.
    pub decide_by: NaiveDate,
}

/// What every appeal was against before returns could be.
fn refusal() -> Verdict {
    Verdict::Reject
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
    /// Whether it had been refused or sent back.
    #[serde(default = "refusal")]
    pub against: Verdict,
    /// Who had done so.
    pub first_checker: PersonId,
    /// What it led to.
    pub outcome: AppealOutcome,
    /// Why.
    pub comment: String,
    /// The day it is due again; none where nothing is to be done again.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// The terms of what is paid anew; none where nothing is.
    #[serde(default)]
    pub terms_notice: Option<TermsNoticeId>,
    /// What they are paid for the unit, before tax; none where the refusal stands or the unit is not done.
    pub unit_pay: Option<Yen>,
    /// When they are paid.
    pub pay_on: Option<NaiveDate>,
}

impl Event for AppealDecided {
    const KIND: &'static str = "appeal.decided";
}
