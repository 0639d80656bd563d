//! What a claim is, and what a worker sees of the units they hold. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AssignmentId, Checks, Code, Invalid, JobId, Language, Typed, UnitId, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::span::Kept;
use crate::earnings::{Earning, EarningKind};
use crate::reviews::{Fault, ReviewReason};
use crate::terms::{TermsDigest, TermsNoticeId};
use crate::units::UnitState;

text_enum!(
    /// How somebody's hold on a unit ended. None of these is a mark on the worker.
    EndKind {
        /// The worker gave it back.
        HandedBack = "handed_back",
        /// The coordinator took it back.
        TakenBack = "taken_back",
        /// Review refused the work.
        Rejected = "rejected",
        /// The unit was called off.
        Cancelled = "cancelled",
        /// The client accepted it.
        Completed = "completed",
        /// Nothing was heard of it for as long as it was kept.
        Expired = "expired",
    }
);

/// A claim as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "count": 2, "terms_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }]))]
pub struct ClaimInput {
    /// How many units, 1 to 1,000; required.
    pub count: Typed,
    /// The digest of the terms as the worker saw them; required.
    pub terms_sha256: Typed,
    /// The language they were shown in; empty means the person's own.
    #[schemars(with = "Option<Language>")]
    pub language: Typed,
}

/// How many units one claim takes at most: far more than a week of work, far less than a lock would mind.
const MOST_UNITS: i64 = 1000;

/// A claim that passed every rule. No digest is `None`: whoever did not see the terms cannot have accepted them.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClaimFields {
    pub(super) count: i64,
    pub(super) seen: Option<TermsDigest>,
    pub(super) language: Option<Language>,
}

impl ClaimInput {
    pub(super) fn checked(&self) -> Result<ClaimFields, Invalid> {
        let mut checks = Checks::new();
        let count = checks.number("count", &self.count, 1..=MOST_UNITS);
        let language = self.language.as_str().trim();
        if !language.is_empty() && language.parse::<Language>().is_err() {
            checks.problem("language", Code::UnknownChoice);
        }
        let fields = ClaimFields {
            count,
            seen: TermsDigest::read(&self.terms_sha256),
            language: language.parse().ok(),
        };
        checks.done(fields)
    }
}

/// What is given back, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "all": "yes" }]))]
pub struct HandBackInput {
    /// `yes` for the unit and all others of its job of which the caller has handed in nothing; otherwise it alone.
    pub all: Typed,
}

impl HandBackInput {
    /// Whether all of them are meant.
    pub fn is_of_all(&self) -> bool {
        self.all.is_yes()
    }
}

/// What would be given back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandBackWith {
    /// How many units, the one that was named included.
    pub units: i64,
    /// How many of the others are begun.
    pub begun: i64,
}

/// Why a unit is taken back, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "note": "しめきりが変わったため" }]))]
pub struct TakeBackInput {
    /// What its holder is told, in their language; may be empty.
    pub note: Typed,
}

impl TakeBackInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let note = checks.lines("note", &self.note, 2000);
        checks.done(note)
    }
}

/// What a claim gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Claimed {
    /// The job.
    pub job: JobId,
    /// The frozen terms.
    pub terms_notice: TermsNoticeId,
    /// The units, in their order.
    pub units: Vec<UnitId>,
    /// The holds on them, in the same order.
    pub assignments: Vec<AssignmentId>,
    /// When the work is due.
    pub due_on: NaiveDate,
}

/// What review last said about a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewFeedback")]
pub struct Feedback {
    /// Why it came back.
    pub reason: ReviewReason,
    /// Whose fault it is.
    pub fault: Fault,
    /// What to do.
    pub comment: String,
    /// When.
    pub reviewed_at: DateTime<Utc>,
}

/// A unit as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MyUnit {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What to work from.
    pub content: String,
    /// Where it stands.
    pub state: UnitState,
    /// Whether somebody let it pass and a second person looks at it now, as its job asks.
    pub in_second_check: bool,
    /// Whether their appeal against its return waits: its clock stands until it is decided.
    pub appealed: bool,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// How it is to be done.
    pub rules: String,
    /// Whether those have changed since its holder agreed to or read them; only while something is to be done.
    pub rules_changed: bool,
    /// How long it usually takes.
    pub unit_minutes: i32,
    /// What it pays, before tax.
    pub unit_pay: Yen,
    /// The last day work is received: the day decided for this unit alone, else that of the terms its holder accepted.
    pub work_due_on: NaiveDate,
    /// The later day that the job has now and that its holder has not accepted yet; none where nothing moved.
    pub moved_to: Option<NaiveDate>,
    /// The day its work was received that the day of payment counts from; none before it is handed in.
    pub received_on: Option<NaiveDate>,
    /// When it is paid: after its receipt, or if it were handed in today.
    pub pay_on: NaiveDate,
    /// What its worker earned with it so far, in all: certain, whatever becomes of it.
    pub earned: Yen,
    /// What fixes of it pay beside, the oldest first.
    pub extra_pay: Vec<ExtraPay>,
    /// How long it is kept for its worker; none where nothing is to be done by them, or where their terms say nothing of it.
    pub kept: Option<Kept>,
    /// The newest terms its worker accepted for it.
    pub terms_notice: Option<TermsNoticeId>,
    /// What review said, where it sent the unit back or refused it.
    pub feedback: Option<Feedback>,
    /// What the client wants fixed, once coordination has decided about it.
    pub fix: Option<FixWanted>,
}

/// What a fix pays beside the unit's own pay: a line under terms of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExtraPay {
    /// How much, before tax.
    pub pay: Yen,
    /// The day the fixed work was received; none before it is handed in.
    pub received_on: Option<NaiveDate>,
    /// When it is paid: after that receipt, or if it were handed in today.
    pub pay_on: NaiveDate,
    /// Its terms.
    pub terms_notice: TermsNoticeId,
}

impl ExtraPay {
    /// What is certain already; `None` for what is no fix.
    pub(super) fn earned(one: &Earning) -> Option<Self> {
        (one.kind == EarningKind::Fix).then(|| Self {
            pay: one.amount,
            received_on: Some(one.received_on),
            pay_on: one.pay_on(),
            terms_notice: one.terms_notice,
        })
    }
}

/// A client's wish with what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FixWanted {
    /// What the client wants mended, in their words.
    pub wish: String,
    /// What to do, in the coordinator's words.
    pub comment: String,
    /// Whose fault it is.
    pub fault: Fault,
    /// What mending pays beside the unit's own pay, before tax.
    pub extra_pay: Yen,
}

text_enum!(
    /// The three parts of a worker's own list.
    #[schemars(rename = "MyUnitsPart")]
    Mine {
        /// Something is to be done by the worker.
        ToDo = "to_do",
        /// Somebody else looks at it.
        Waiting = "waiting",
        /// Over: accepted, refused or called off.
        Over = "over",
    }
);

impl Mine {
    /// The states this part shows.
    pub fn states(self) -> &'static [UnitState] {
        match self {
            Self::ToDo => &UnitState::TO_DO,
            Self::Waiting => &[
                UnitState::Submitted,
                UnitState::Checking,
                UnitState::Passed,
                UnitState::Delivered,
                UnitState::ClaimedBack,
            ],
            Self::Over => &[UnitState::Accepted, UnitState::Rejected, UnitState::Cancelled],
        }
    }
}

/// Where a page of one's units ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MineKey(pub NaiveDate, pub UnitId);

/// A unit somebody has in hand, for those who run the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldUnit {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// Where it stands.
    pub state: UnitState,
    /// The day that binds whoever holds it.
    pub due_on: NaiveDate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_held_state_is_in_exactly_one_part_of_the_list() {
        for state in UnitState::ALL {
            let parts = Mine::ALL.iter().filter(|part| part.states().contains(state)).count();
            let held = !matches!(state, UnitState::Draft | UnitState::Offered);
            assert_eq!(parts, usize::from(held), "{state}");
        }
    }
}
