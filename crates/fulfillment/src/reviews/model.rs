//! What a review is and what may be decided. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Checks, Code, FileId, Invalid, JobId, OrderId, PersonId, ReviewId, SubmissionId, Typed, UnitId, text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::UnitState;

text_enum!(
    /// What review says about a version.
    Verdict {
        /// Good enough for the client.
        Pass = "pass",
        /// Back to its holder, with a reason.
        Return = "return",
        /// Refused; the holder is no longer asked for it.
        Reject = "reject",
    }
);

text_enum!(
    /// Why a version did not pass.
    ReviewReason {
        /// Something is missing.
        Missing = "missing",
        /// A slip of the pen.
        Typo = "typo",
        /// The content is wrong.
        WrongContent = "wrong_content",
        /// The form is wrong.
        WrongFormat = "wrong_format",
        /// A rule of the job was not kept.
        RuleBroken = "rule_broken",
        /// It cannot be read or opened.
        Unreadable = "unreadable",
        /// The client or the town changed what is wanted; never the worker's fault.
        SpecificationChanged = "specification_changed",
    }
);

text_enum!(
    /// Whose fault it is that a version did not pass. Decided here, because it decides pay: no reduction and no
    /// unpaid redo without the worker's own fault (Freelance Act art. 5).
    Fault {
        /// The worker's.
        Worker = "worker",
        /// The specification's.
        Specification = "specification",
    }
);

/// One checker's verdict on one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// The unit.
    pub unit_id: UnitId,
    /// The version.
    pub submission_id: SubmissionId,
    /// Who checked it.
    pub checker_id: PersonId,
    /// What they decided.
    pub verdict: Verdict,
    /// Why, unless it passed.
    pub reason: Option<ReviewReason>,
    /// Whose fault, unless it passed.
    pub fault: Option<Fault>,
    /// What they wrote.
    pub comment: String,
    /// When.
    pub reviewed_at: DateTime<Utc>,
}

/// A verdict as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "verdict": "return", "reason": "typo", "fault": "worker", "comment": "3行目の番地" }]))]
pub struct ReviewInput {
    /// A [`Verdict`]'s word; required.
    #[schemars(with = "Verdict")]
    pub verdict: Typed,
    /// A [`ReviewReason`]'s word; required unless it passes.
    #[schemars(with = "Option<ReviewReason>")]
    pub reason: Typed,
    /// A [`Fault`]'s word; required unless it passes or the specification changed.
    #[schemars(with = "Option<Fault>")]
    pub fault: Typed,
    /// What to do, for the maker to read; required unless it passes.
    pub comment: Typed,
}

/// A verdict that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    Pass { comment: String },
    Against { verdict: Verdict, reason: ReviewReason, fault: Fault, comment: String },
}

impl ReviewInput {
    pub(super) fn checked(&self) -> Result<Decision, Invalid> {
        let mut checks = Checks::new();
        let verdict = checks.choice("verdict", &self.verdict);
        let against = match verdict {
            Some(Verdict::Pass) | None => None,
            Some(verdict) => self.against(&mut checks, verdict),
        };
        let comment = checks.lines("comment", &self.comment, 4000);
        checks.done(match against {
            Some((verdict, reason, fault)) => Decision::Against { verdict, reason, fault, comment },
            None => Decision::Pass { comment },
        })
    }

    fn against(&self, checks: &mut Checks, verdict: Verdict) -> Option<(Verdict, ReviewReason, Fault)> {
        let reason: Option<ReviewReason> = checks.choice("reason", &self.reason);
        let changed = reason == Some(ReviewReason::SpecificationChanged);
        let fault = if changed && self.fault.as_str().trim().is_empty() {
            Some(Fault::Specification)
        } else {
            checks.choice("fault", &self.fault)
        };
        if changed && fault == Some(Fault::Worker) {
            checks.problem("fault", Code::Different);
        }
        if self.comment.as_str().trim().is_empty() {
            checks.problem("comment", Code::Required);
        }
        Some((verdict, reason?, fault?))
    }
}

/// A version that waits for somebody to check it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ToReview {
    /// The version.
    pub submission: SubmissionId,
    /// Its number; from 2 on it was sent back before.
    pub number: i32,
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// Submitted, or being looked at by somebody.
    pub state: UnitState,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// The order.
    pub order: OrderId,
    /// What it is called.
    pub order_title: String,
    /// When the client wants it.
    pub order_due_on: NaiveDate,
    /// What the client would get in words.
    pub result_text: String,
    /// The files the client would get.
    pub files: Vec<FileId>,
    /// What the maker says to whoever checks it.
    pub memo: String,
    /// Since when it waits.
    pub submitted_at: DateTime<Utc>,
}

/// Where a page of the queue ends: the day its client wants the order, and the version that has waited least of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewKey(pub NaiveDate, pub SubmissionId);

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(verdict: &str, reason: &str, fault: &str, comment: &str) -> Vec<(String, Code)> {
        let input = ReviewInput {
            verdict: verdict.into(),
            reason: reason.into(),
            fault: fault.into(),
            comment: comment.into(),
        };
        let problems = input.checked().err().unwrap_or_default().0;
        problems.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn a_return_says_why_whose_fault_and_what_to_do() {
        assert_eq!(problems("pass", "", "", ""), []);
        let missing: Vec<_> = problems("return", "", "", "").into_iter().map(|(field, _)| field).collect();
        assert_eq!(missing, ["reason", "fault", "comment"]);
        assert_eq!(problems("return", "typo", "worker", "3行目"), []);
        assert_eq!(problems("maybe", "", "", "")[0].1, Code::UnknownChoice);
    }

    #[test]
    fn a_changed_specification_is_never_the_workers_fault() {
        assert_eq!(problems("return", "specification_changed", "", "新しい様式で"), []);
        assert_eq!(
            problems("return", "specification_changed", "worker", "新しい様式で"),
            [("fault".to_owned(), Code::Different)]
        );
    }
}
