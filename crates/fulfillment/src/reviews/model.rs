//! What a review is and what may be decided. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Checks, Code, FileId, Invalid, JobId, OrderId, PersonId, ReviewId, SubmissionId, Typed, UnitId, Yen,
    text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::findings::{AnswerInput, Answered, Findings, Known, Remark, RemarkInput};
use crate::units::{Move, UnitState};

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
    /// It went back once too often: somebody sits down with its maker.
    pub coaching: bool,
    /// The last day on which its maker may appeal, where it was refused; none of refusals from before that day was kept.
    pub appeal_by: Option<NaiveDate>,
    /// Which look it was of those its job asks for: the first, or the second.
    pub level: i16,
    /// Whether it decided about the unit: a pass of the first of two looks does not.
    pub is_last: bool,
    /// What was written about places of the version, in its order.
    pub remarks: Vec<Remark>,
    /// What was found of each item that is looked at, in its order.
    pub answers: Vec<Answered>,
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
    /// Yen before tax for doing what is wanted now, beside the unit's own pay: required above 0 where the specification changed
    /// and it goes back, empty where the fault is the worker's.
    pub extra_pay: Typed,
    /// The last day what is wanted now is received; empty where the day stays, and only with `extra_pay`.
    pub due_on: Typed,
    /// The version of the job's checks that is answered; empty where the job has none.
    pub checks: Typed,
    /// What was found of each item of that version; all of them are required for a pass.
    pub answers: Vec<AnswerInput>,
    /// What is said about places of the version, 20 at most. With a defect of a major or critical kind nothing passes.
    pub remarks: Vec<RemarkInput>,
}

/// A verdict that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    Pass { comment: String },
    Against { verdict: Verdict, reason: ReviewReason, fault: Fault, comment: String, change: Option<Change> },
}

impl Decision {
    /// What it does to the unit where no other look follows.
    pub(super) fn leads_to(&self) -> Move {
        match self {
            Self::Pass { .. } => Move::Pass,
            Self::Against { verdict: Verdict::Reject, .. } => Move::Reject,
            Self::Against { .. } => Move::Return,
        }
    }

    /// What it says of whoever made the version; none where it says nothing of them.
    pub(super) fn is_good(&self) -> Option<bool> {
        match self {
            Self::Pass { .. } => Some(true),
            Self::Against { fault: Fault::Worker, .. } => Some(false),
            Self::Against { .. } => None,
        }
    }
}

/// What is wanted now is another thing than was ordered: a new line with pay of its own (Freelance Act art. 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) extra_pay: Yen,
    pub(super) due_on: NaiveDate,
}

impl ReviewInput {
    pub(super) fn checked(&self, known: &Known) -> Result<(Decision, Findings), Invalid> {
        let mut checks = Checks::new();
        let verdict = checks.choice("verdict", &self.verdict);
        let against = match verdict {
            Some(Verdict::Pass) | None => None,
            Some(verdict) => self.against(&mut checks, verdict),
        };
        let change = against.and_then(|(verdict, reason, fault)| {
            self.change(&mut checks, known, (verdict, reason, fault)).filter(|_| verdict == Verdict::Return)
        });
        let comment = checks.lines("comment", &self.comment, 4000);
        let findings = Findings::checked(&mut checks, self, known);
        match verdict {
            Some(Verdict::Pass) => findings.may_pass(&mut checks),
            Some(_) if against.is_some_and(|(_, _, fault)| fault == Fault::Worker) => {
                findings.say_what(&mut checks, known);
            }
            _ => {}
        }
        let decision = match against {
            Some((verdict, reason, fault)) => Decision::Against { verdict, reason, fault, comment, change },
            None => Decision::Pass { comment },
        };
        checks.done((decision, findings))
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

    /// A new day comes with pay alone: a return moves none.
    fn change(
        &self,
        checks: &mut Checks,
        known: &Known,
        (verdict, reason, fault): (Verdict, ReviewReason, Fault),
    ) -> Option<Change> {
        let pay = checks.optional_number("extra_pay", &self.extra_pay, 0..=10_000_000).unwrap_or(0);
        let day = checks.optional_date("due_on", &self.due_on);
        let is_wanted = verdict == Verdict::Return && reason == ReviewReason::SpecificationChanged;
        if pay == 0 {
            if is_wanted || day.is_some() {
                checks.problem("extra_pay", Code::Required);
            }
            return None;
        }
        if fault == Fault::Worker || verdict != Verdict::Return {
            checks.problem("extra_pay", Code::OutOfRange);
        }
        let due_on = day.unwrap_or(known.due_on);
        if due_on < known.today {
            checks.problem("due_on", if day.is_some() { Code::InThePast } else { Code::Required });
        }
        Some(Change { extra_pay: Yen(pay), due_on })
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
    /// Which look it waits for: the first, or the second, by another person than the first.
    pub level: i16,
    /// Until when it is the caller's, who took it.
    pub leased_until: Option<DateTime<Utc>>,
}

/// Who looks at a version, and until when it is theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewLease")]
pub struct Lease {
    /// The unit.
    pub unit_id: UnitId,
    /// The version.
    pub submission_id: SubmissionId,
    /// Who took it.
    pub checker_id: PersonId,
    /// Until when nobody else decides about it.
    pub until: DateTime<Utc>,
}

/// Where a page of the queue ends: the day its client wants the order, and the version that has waited least of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewKey(pub NaiveDate, pub SubmissionId);

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known::of(NaiveDate::from_ymd_opt(2026, 5, 1).unwrap(), NaiveDate::from_ymd_opt(2026, 5, 15).unwrap())
    }

    fn listed(input: &ReviewInput) -> Vec<(String, Code)> {
        let problems = input.checked(&known()).err().unwrap_or_default().0;
        problems.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    fn input(verdict: &str, reason: &str, fault: &str, comment: &str) -> ReviewInput {
        ReviewInput {
            verdict: verdict.into(),
            reason: reason.into(),
            fault: fault.into(),
            comment: comment.into(),
            ..ReviewInput::default()
        }
    }

    fn problems(verdict: &str, reason: &str, fault: &str, comment: &str) -> Vec<(String, Code)> {
        listed(&input(verdict, reason, fault, comment))
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
        let changed = ReviewInput {
            extra_pay: "300".into(),
            ..input("return", "specification_changed", "", "新しい様式で")
        };
        assert_eq!(listed(&changed), []);
        assert_eq!(
            problems("reject", "specification_changed", "worker", "新しい様式で"),
            [("fault".to_owned(), Code::Different)]
        );
        assert_eq!(
            problems("reject", "specification_changed", "", "新しい様式で"),
            [],
            "it is paid as it is"
        );
    }

    #[test]
    fn a_changed_specification_is_a_new_paid_line_with_a_day_that_can_be_kept() {
        let changed = |pay: &str, day: &str| ReviewInput {
            extra_pay: pay.into(),
            due_on: day.into(),
            ..input("return", "specification_changed", "", "新しい様式で")
        };
        let one = |field: &str, code| vec![(field.to_owned(), code)];
        for nothing in ["", "0"] {
            assert_eq!(listed(&changed(nothing, "")), one("extra_pay", Code::Required));
        }
        let (decision, _) = changed("300", "").checked(&known()).unwrap();
        let Decision::Against { change: Some(change), .. } = decision else { panic!("{decision:?}") };
        assert_eq!((change.extra_pay, change.due_on), (Yen(300), known().due_on), "the day stays");
        assert_eq!(listed(&changed("300", "2026-04-30")), one("due_on", Code::InThePast));
        let late = Known::of(NaiveDate::from_ymd_opt(2026, 5, 16).unwrap(), known().due_on);
        let refused = changed("300", "").checked(&late).unwrap_err();
        assert_eq!((refused.0[0].field.as_str(), refused.0[0].code), ("due_on", Code::Required));
        let theirs = ReviewInput { extra_pay: "300".into(), ..input("return", "typo", "worker", "3行目") };
        assert_eq!(listed(&theirs), one("extra_pay", Code::OutOfRange));
        let moved =
            ReviewInput { due_on: "2026-06-01".into(), ..input("return", "typo", "worker", "3行目") };
        assert_eq!(listed(&moved), one("extra_pay", Code::Required), "a return moves no day");
    }
}
