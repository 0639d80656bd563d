//! What a deduction is. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, Invalid, PersonId, ReviewId, Typed, UnitId, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statements::StatementId;

kernel::id!(
    /// One deduction.
    DeductionId
);

text_enum!(
    /// What a fault has cost, so that pay may be reduced for it: the worker is paid in full for what they mended themselves (MHLW
    /// guideline), and a price is reduced by no more than what it cost or lost (取適法5条1項3号, フリーランス法5条1項2号).
    DeductionGround {
        /// The town mended it itself, at a cost.
        TownMended = "town_mended",
        /// What was delivered is worth less, or came too late to be worth as much.
        ValueLost = "value_lost",
    }
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
    /// What the fault has cost; null in one from before it was asked for.
    pub ground: Option<DeductionGround>,
    /// How the amount comes about, for the worker to read.
    pub basis: String,
    /// The day on which the worker agreed.
    pub agreed_on: Option<NaiveDate>,
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
    /// The day on which it was found, within the job's days of inspection.
    pub found_on: NaiveDate,
    /// Whether its maker mended it with a later version that passed: then it was not the town that did.
    pub is_mended: bool,
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
    pub(super) ground: DeductionGround,
    pub(super) basis: String,
    pub(super) agreed_on: NaiveDate,
}

/// A deduction as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "review_id": 1, "amount": 100, "reason": "検品する人が直した分", "ground": "town_mended", "basis": "直した時間 5分 × 時給 1,200円", "agreed_on": "2026-11-20" }]))]
pub struct DeductionInput {
    /// The review that recorded the fault; required.
    pub review_id: Typed,
    /// Yen before tax, up to what the unit is paid; required.
    pub amount: Typed,
    /// Why, for the worker to read; required.
    pub reason: Typed,
    /// What the fault has cost; required. Not `town_mended` where its maker mended it.
    #[schemars(with = "Option<DeductionGround>")]
    pub ground: Typed,
    /// How the amount comes about, for the worker to read; required.
    pub basis: Typed,
    /// The day on which the worker agreed, from the day it was found on; required.
    pub agreed_on: Typed,
}

impl DeductionInput {
    pub(super) fn checked(&self, faults: &[Fault], today: NaiveDate) -> Result<DeductionFields, Invalid> {
        let mut checks = Checks::new();
        let review = checks.number("review_id", &self.review_id, 1..=i64::MAX);
        let fault = faults.iter().find(|fault| fault.review_id.0 == review);
        if fault.is_none() && review > 0 {
            checks.problem("review_id", Code::UnknownChoice);
        }
        let most = fault.map_or(MOST_YEN, |fault| fault.most.0.max(1));
        let amount = Yen(checks.number("amount", &self.amount, 1..=most));
        let reason = checks.required_lines("reason", &self.reason, 2000);
        let ground = checks.choice("ground", &self.ground);
        if ground == Some(DeductionGround::TownMended) && fault.is_some_and(|fault| fault.is_mended) {
            checks.problem("ground", Code::UnknownChoice);
        }
        let basis = checks.required_lines("basis", &self.basis, 2000);
        let agreed_on = self.agreed(&mut checks, fault, today);
        let ground = ground.unwrap_or(DeductionGround::ValueLost);
        let (unit_id, review_id) = fault.map_or((UnitId(0), ReviewId(0)), |one| (one.unit_id, one.review_id));
        checks.done(DeductionFields { unit_id, review_id, amount, reason, ground, basis, agreed_on })
    }

    /// Nobody agrees before the fault is found, nor on a day to come.
    fn agreed(&self, checks: &mut Checks, fault: Option<&Fault>, today: NaiveDate) -> NaiveDate {
        let day = checks.date("agreed_on", &self.agreed_on);
        // A date that could not be read is reported already and comes back as the default.
        if day == NaiveDate::default() {
            return day;
        }
        if day > today {
            checks.bounded("agreed_on", Code::TooLate, today);
        }
        if let Some(before) =
            fault.filter(|fault| day < fault.found_on).and_then(|fault| fault.found_on.pred_opt())
        {
            checks.bounded("agreed_on", Code::NotLater, before);
        }
        day
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
        let (typed, approve) = (self.approve.as_str().trim(), self.approve.is_yes());
        // Silence about somebody's pay is neither.
        if typed.is_empty() {
            checks.problem("approve", Code::Required);
        } else if !approve && !matches!(typed, "no" | "false") {
            checks.problem("approve", Code::UnknownChoice);
        }
        checks.done(approve)
    }
}
