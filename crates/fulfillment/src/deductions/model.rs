//! What a deduction is. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, PersonId, ReviewId, Typed, UnitId, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statements::StatementId;

kernel::id!(
    /// One deduction.
    DeductionId
);

/// Pay that is reduced, or is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deduction {
    /// Its id.
    pub id: DeductionId,
    /// The statement it is on.
    pub statement_id: StatementId,
    /// The unit whose pay is reduced.
    pub unit_id: UnitId,
    /// The review that recorded the fault.
    pub review_id: ReviewId,
    /// By how much, before tax.
    pub amount: Yen,
    /// Why, for the worker to read.
    pub reason: String,
    /// Who asked for it.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Whether it was approved; none while nobody has decided.
    pub is_approved: Option<bool>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

/// A fault of a worker's that a review recorded in a unit of a statement, for which pay could be reduced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DeductibleFault")]
pub struct Fault {
    /// The review.
    pub review_id: ReviewId,
    /// The unit.
    pub unit_id: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// What the reviewer wrote.
    pub comment: String,
    /// What is left of the unit's pay on the statement, before tax: nothing more may be taken off.
    pub most: Yen,
}

/// No unit is paid more.
const MOST_YEN: i64 = 10_000_000;

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeductionFields {
    pub(super) unit_id: UnitId,
    pub(super) review_id: ReviewId,
    pub(super) amount: Yen,
    pub(super) reason: String,
}

/// A deduction as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "review_id": 1, "amount": 100, "reason": "検品する人が直した分" }]))]
pub struct DeductionInput {
    /// The review that recorded the fault; required.
    pub review_id: Typed,
    /// Yen before tax, up to what the unit is paid; required.
    pub amount: Typed,
    /// Why, for the worker to read; required.
    pub reason: Typed,
}

impl DeductionInput {
    pub(super) fn checked(&self, faults: &[Fault]) -> Result<DeductionFields, Invalid> {
        let mut checks = Checks::new();
        let review = checks.number("review_id", &self.review_id, 1..=i64::MAX);
        let fault = faults.iter().find(|fault| fault.review_id.0 == review);
        if fault.is_none() && review > 0 {
            checks.problem("review_id", Code::UnknownChoice);
        }
        let most = fault.map_or(MOST_YEN, |fault| fault.most.0.max(1));
        let amount = Yen(checks.number("amount", &self.amount, 1..=most));
        let reason = checks.required_lines("reason", &self.reason, 2000);
        let (unit_id, review_id) = fault.map_or((UnitId(0), ReviewId(0)), |one| (one.unit_id, one.review_id));
        checks.done(DeductionFields { unit_id, review_id, amount, reason })
    }
}

/// A second person's word, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "approve": "yes" }]))]
pub struct DecideDeductionInput {
    /// `yes` approves it, `no` refuses it; required.
    pub approve: Typed,
}

impl DecideDeductionInput {
    pub(super) fn checked(&self) -> Result<bool, Invalid> {
        let mut checks = Checks::new();
        let approve = match self.approve.as_str().trim() {
            "yes" | "true" => true,
            "no" | "false" => false,
            other => {
                let code = if other.is_empty() { Code::Required } else { Code::UnknownChoice };
                checks.problem("approve", code);
                false
            }
        };
        checks.done(approve)
    }
}
