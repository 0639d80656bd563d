//! What an appeal is and what may be said in one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Invalid, JobId, OrderId, PersonId, ReviewId, SubmissionId, Typed, UnitId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// One appeal.
    AppealId
);

text_enum!(
    /// What an appeal led to.
    AppealOutcome {
        /// The refusal stands.
        Upheld = "upheld",
        /// The work stays refused, but through no fault of its maker's: it is paid.
        Paid = "paid",
        /// The work is good: it has passed, and is paid.
        Passed = "passed",
    }
);

/// A maker's wish for another reviewer's word, and that word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Appeal {
    /// Its id.
    pub id: AppealId,
    /// The refusal.
    pub review_id: ReviewId,
    /// The unit.
    pub unit_id: UnitId,
    /// The version that was refused.
    pub submission_id: SubmissionId,
    /// Who made it.
    pub appellant_id: PersonId,
    /// Why they think otherwise.
    pub text: String,
    /// When.
    pub appealed_at: DateTime<Utc>,
    /// By when it is decided.
    pub decide_by: NaiveDate,
    /// What it led to; none until somebody decided.
    pub outcome: Option<AppealOutcome>,
    /// Who decided: never whoever refused, nor whoever made it.
    pub decided_by: Option<PersonId>,
    /// Why.
    pub comment: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

/// An appeal that nobody has decided yet, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenAppeal {
    /// The appeal.
    #[serde(flatten)]
    pub appeal: Appeal,
    /// What the unit is called.
    pub label: String,
    /// Its job.
    pub job_id: JobId,
    /// What that is called.
    pub job_title: String,
    /// Its order.
    pub order_id: OrderId,
    /// Who refused it, and so does not decide.
    pub first_checker: PersonId,
    /// What they wrote.
    pub refusal: String,
}

/// Where a page of appeals ends: the day by which it is decided, and the appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealKey(pub NaiveDate, pub AppealId);

/// An appeal before whoever made it: nobody is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MyAppeal {
    /// Its id.
    pub id: AppealId,
    /// Why they think otherwise.
    pub text: String,
    /// When they said so.
    pub appealed_at: DateTime<Utc>,
    /// By when it is decided.
    pub decide_by: NaiveDate,
    /// What it led to; none until somebody decided.
    pub outcome: Option<AppealOutcome>,
    /// Why.
    pub comment: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

impl From<Appeal> for MyAppeal {
    fn from(appeal: Appeal) -> Self {
        Self {
            id: appeal.id,
            text: appeal.text,
            appealed_at: appeal.appealed_at,
            decide_by: appeal.decide_by,
            outcome: appeal.outcome,
            comment: appeal.comment,
            decided_at: appeal.decided_at,
        }
    }
}

/// The last refusal of somebody's work on a unit, as they stand to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MyRefusal {
    /// The refusal.
    pub review_id: ReviewId,
    /// What the unit is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// What the reviewer wrote.
    pub comment: String,
    /// When.
    pub refused_at: DateTime<Utc>,
    /// The last day on which they may appeal.
    pub appeal_by: NaiveDate,
    /// Their appeal, once they made one.
    pub appeal: Option<MyAppeal>,
}

/// An appeal as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "text": "見本の3枚目と同じ形にしました。もう一度見てください" }]))]
pub struct AppealInput {
    /// Why they think otherwise, for the other reviewer; required.
    pub text: Typed,
}

impl AppealInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let text = checks.required_lines("text", &self.text, 4000);
        checks.done(text)
    }
}

/// A decision as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "outcome": "paid", "comment": "見本が古いものでした。作業の分はお支払いします" }]))]
pub struct DecideAppealInput {
    /// An [`AppealOutcome`]'s word; required.
    #[schemars(with = "AppealOutcome")]
    pub outcome: Typed,
    /// Why, for both sides; required.
    pub comment: Typed,
}

impl DecideAppealInput {
    pub(super) fn checked(&self) -> Result<(AppealOutcome, String), Invalid> {
        let mut checks = Checks::new();
        let outcome: Option<AppealOutcome> = checks.choice("outcome", &self.outcome);
        let comment = checks.required_lines("comment", &self.comment, 4000);
        checks.done((outcome.unwrap_or(AppealOutcome::Upheld), comment))
    }
}
