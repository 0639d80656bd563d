//! What an activity is and what may be entered for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ActivityId, Checks, DealId, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::{NextAction, problems_of, read_next_action};

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

/// Something that was done for a deal (活動).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// The deal it was done for.
    pub deal_id: DealId,
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
    /// A word of [`Outcome`]; required.
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
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ActivityFields {
    pub(super) kind: ActivityKind,
    pub(super) outcome: Outcome,
    pub(super) note: String,
    pub(super) next: NextAction,
    pub(super) version: i32,
}

impl ActivityInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self, today: NaiveDate) -> Result<ActivityFields, Invalid> {
        let mut checks = Checks::new();
        let kind = checks.choice("kind", &self.kind);
        let outcome = checks.choice("outcome", &self.outcome);
        let note = checks.lines("note", &self.note, 4000);
        let next = read_next_action(&mut checks, &self.next_action, &self.next_action_on, Some(today));
        let version = checks.number("version", &self.version, 1..=i64::from(i32::MAX));
        match (kind, outcome, i32::try_from(version)) {
            (Some(kind), Some(outcome), Ok(version)) => {
                checks.done(ActivityFields { kind, outcome, note, next, version })
            }
            _ => Err(problems_of(checks)),
        }
    }

    /// Whether logging on a closed company was confirmed.
    pub(super) fn closed_is_confirmed(&self) -> bool {
        matches!(self.confirm_closed.as_str().trim(), "true" | "on" | "yes" | "1")
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
    }
}
