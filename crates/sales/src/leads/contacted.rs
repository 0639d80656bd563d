//! Getting in touch with a lead: how, what came of it, and what comes next. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::activities::{ActivityKind, Outcome};
use crate::deals::{NextAction, optional_choice, problems_of, read_next_action};

/// One time somebody got in touch with a lead, or tried to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadContact {
    /// How: a call, a mail, a visit or a meeting.
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

/// What came of getting in touch, and what comes next, in one step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "outcome": "interested", "note": "来週くわしく聞く", "next_action": "電話で仕様を聞く", "next_action_on": "2027-01-15" }]))]
pub struct ContactedInput {
    /// `call`, `mail`, `visit` or `meeting`; a call where empty.
    #[schemars(with = "ActivityKind")]
    pub kind: Typed,
    /// A word of `ActivityOutcome`; required.
    #[schemars(with = "Outcome")]
    pub outcome: Typed,
    /// In words.
    pub note: Typed,
    /// What is to be done next; required.
    pub next_action: Typed,
    /// By when; required, today or later.
    pub next_action_on: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ContactedFields {
    pub(super) kind: ActivityKind,
    pub(super) outcome: Outcome,
    pub(super) note: String,
    pub(super) next: NextAction,
}

impl ContactedFields {
    /// Whether they had an answer of ours: not where nobody was there. A mail reaches them, whatever they say to it.
    pub(super) fn reached(&self) -> bool {
        self.outcome != Outcome::NoAnswer || self.kind == ActivityKind::Mail
    }
}

impl ContactedInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self, today: NaiveDate) -> Result<ContactedFields, Invalid> {
        let mut checks = Checks::new();
        let kind = optional_choice(&mut checks, "kind", &self.kind).unwrap_or(ActivityKind::Call);
        if matches!(kind, ActivityKind::Note | ActivityKind::Task) {
            checks.problem("kind", Code::UnknownChoice);
        }
        let outcome = checks.choice("outcome", &self.outcome);
        let note = checks.lines("note", &self.note, 4000);
        let next = read_next_action(&mut checks, &self.next_action, &self.next_action_on, Some(today));
        match outcome {
            Some(outcome) => checks.done(ContactedFields { kind, outcome, note, next }),
            None => Err(problems_of(checks)),
        }
    }
}
