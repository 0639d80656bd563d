//! What an activity is and what may be entered for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ActivityId, Checks, Code, CompanyId, DealId, Invalid, LeadId, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::deals::{NextAction, optional_choice, problems_of, read_next_action};

kernel::text_enum!(
    /// What was done.
    ActivityKind {
        /// A call.
        Call = "call",
        /// A mail.
        Mail = "mail",
        /// We went there.
        Visit = "visit",
        /// They met us, here or online.
        Meeting = "meeting",
        /// Something worth remembering.
        Note = "note",
        /// Some other piece of work.
        Task = "task",
    }
);

kernel::text_enum!(
    /// What came of it.
    #[schemars(rename = "ActivityOutcome")]
    Outcome {
        /// It is done.
        Done = "done",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// They want to hear more.
        Interested = "interested",
        /// They do not want it.
        Refused = "refused",
        /// They will answer.
        Waiting = "waiting",
    }
);

/// Something that was done (活動): for a deal, for a company beside its deals, or noted on a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// The deal it was done for, where it is about one.
    pub deal_id: Option<DealId>,
    /// The company it was done for, where it is about no deal.
    pub company_id: Option<CompanyId>,
    /// The lead it was noted on.
    pub lead_id: Option<LeadId>,
    /// What was done.
    pub kind: ActivityKind,
    /// What came of it.
    pub outcome: Outcome,
    /// In words.
    pub note: String,
    /// Who did it.
    pub person_id: PersonId,
    /// When.
    pub happened_at: DateTime<Utc>,
}

/// What was done and what comes next, in one step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "call", "outcome": "interested", "note": "来週もう一度電話", "next_action": "電話", "next_action_on": "2027-01-15", "version": 1 }]))]
pub struct ActivityInput {
    /// A word of [`ActivityKind`]; required.
    #[schemars(with = "ActivityKind")]
    pub kind: Typed,
    /// A word of `ActivityOutcome`; required, but done for a note that names none.
    #[schemars(with = "Outcome")]
    pub outcome: Typed,
    /// In words.
    pub note: Typed,
    /// What is to be done next; required.
    pub next_action: Typed,
    /// By when; required, today or later.
    pub next_action_on: Typed,
    /// The deal's version this was based on; required, because the next action is written over.
    pub version: Typed,
    /// `true`, `on`, `yes` or `1` where the register says that the company is closed and it is to be logged anyway.
    pub confirm_closed: Typed,
    /// A colleague who is mailed what was noted.
    pub tell: Typed,
}

/// What was done without a next action: for a company, or noted on a lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "note", "outcome": "done", "note": "来月から担当者が替わるとのこと" }]))]
pub struct NoteInput {
    /// A word of [`ActivityKind`]; required. On a lead only `note`: who gets in touch with a lead says so there.
    #[schemars(with = "ActivityKind")]
    pub kind: Typed,
    /// A word of `ActivityOutcome`; done where empty.
    #[schemars(with = "Outcome")]
    pub outcome: Typed,
    /// In words; required.
    pub note: Typed,
    /// `true`, `on`, `yes` or `1` where the register says that the company is closed and it is to be logged anyway.
    pub confirm_closed: Typed,
    /// A colleague who is mailed what was noted.
    pub tell: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoteFields {
    pub(super) kind: ActivityKind,
    pub(super) outcome: Outcome,
    pub(super) note: String,
    pub(super) tell: Option<PersonId>,
}

impl NoteInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self, about: About) -> Result<NoteFields, Invalid> {
        let mut checks = Checks::new();
        let kind = checks.choice("kind", &self.kind);
        if about.lead().is_some() && kind.is_some_and(|kind| kind != ActivityKind::Note) {
            checks.problem("kind", Code::UnknownChoice);
        }
        let outcome = optional_choice(&mut checks, "outcome", &self.outcome).unwrap_or(Outcome::Done);
        let note = checks.required_lines("note", &self.note, 4000);
        let tell = optional_choice(&mut checks, "tell", &self.tell);
        match kind {
            Some(kind) => checks.done(NoteFields { kind, outcome, note, tell }),
            None => Err(problems_of(checks)),
        }
    }

    /// Whether logging on a closed company was confirmed.
    pub(super) fn closed_is_confirmed(&self) -> bool {
        self.confirm_closed.is_yes()
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ActivityFields {
    pub(super) kind: ActivityKind,
    pub(super) outcome: Outcome,
    pub(super) note: String,
    pub(super) next: NextAction,
    pub(super) version: i32,
    pub(super) tell: Option<PersonId>,
}

impl ActivityFields {
    /// What is kept of it besides the next action.
    pub(super) fn noted(&self) -> NoteFields {
        NoteFields { kind: self.kind, outcome: self.outcome, note: self.note.clone(), tell: self.tell }
    }
}

impl ActivityInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self, today: NaiveDate) -> Result<ActivityFields, Invalid> {
        let mut checks = Checks::new();
        let kind = checks.choice("kind", &self.kind);
        let outcome = match kind {
            // A note is about nobody who could have been reached.
            Some(ActivityKind::Note) => {
                Some(optional_choice(&mut checks, "outcome", &self.outcome).unwrap_or(Outcome::Done))
            }
            _ => checks.choice("outcome", &self.outcome),
        };
        let note = checks.lines("note", &self.note, 4000);
        let next = read_next_action(&mut checks, &self.next_action, &self.next_action_on, Some(today));
        let version = checks.number("version", &self.version, 1..=i64::from(i32::MAX));
        let tell = optional_choice(&mut checks, "tell", &self.tell);
        match (kind, outcome, i32::try_from(version)) {
            (Some(kind), Some(outcome), Ok(version)) => {
                checks.done(ActivityFields { kind, outcome, note, next, version, tell })
            }
            _ => Err(problems_of(checks)),
        }
    }

    /// Whether logging on a closed company was confirmed.
    pub(super) fn closed_is_confirmed(&self) -> bool {
        self.confirm_closed.is_yes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Code;

    #[test]
    fn an_activity_says_what_came_of_it_and_what_comes_next() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let invalid = ActivityInput::default().checked(today).unwrap_err();
        let found: Vec<_> = invalid.0.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
        let expected = [
            ("kind", Code::Required),
            ("outcome", Code::Required),
            ("next_action", Code::NextActionMissing),
            ("next_action_on", Code::Required),
            ("version", Code::Required),
        ];
        assert_eq!(found, expected);
        let note = ActivityInput {
            kind: "note".into(),
            next_action: "電話".into(),
            next_action_on: "2026-11-24".into(),
            version: "1".into(),
            ..ActivityInput::default()
        };
        assert_eq!(note.checked(today).unwrap().outcome, Outcome::Done, "nobody was reached by a note");
    }
}
