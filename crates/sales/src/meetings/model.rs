//! What a meeting is, what may be entered for one, and what a decision becomes. No database here.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kernel::{Checks, Code, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agenda::Agenda;
use crate::deals::problems_of;
use crate::findings::Finding;
use crate::todos::Todo;

kernel::id!(
    /// A sales meeting (営業会議).
    MeetingId
);

/// A sales meeting.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// The day it is held.
    pub held_on: NaiveDate,
    /// When it begins in Japan, where that is agreed.
    #[schemars(with = "Option<String>")]
    pub begins_at: Option<NaiveTime>,
    /// Who comes.
    pub people: Vec<PersonId>,
    /// What was said, in words.
    pub minutes: String,
    /// What it looked at, once it is closed.
    pub agenda: Option<Agenda>,
    /// Who called it.
    pub person_id: PersonId,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When something of it last changed.
    pub changed_at: DateTime<Utc>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

/// A meeting as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "held_on": "2027-01-12", "begins_at": "10:00", "people": [], "minutes": "" }]))]
pub struct MeetingInput {
    /// The day; required.
    pub held_on: Typed,
    /// When it begins in Japan, such as `10:00`.
    pub begins_at: Typed,
    /// Who comes: people of the town who do not only work.
    pub people: Vec<Typed>,
    /// What was said.
    pub minutes: Typed,
}

impl From<&Meeting> for MeetingInput {
    /// What an edit form starts with.
    fn from(meeting: &Meeting) -> Self {
        let time = meeting.begins_at.map(|time| time.format("%H:%M").to_string());
        Self {
            held_on: meeting.held_on.to_string().into(),
            begins_at: Typed(time.unwrap_or_default()),
            people: meeting.people.iter().map(|id| id.to_string().into()).collect(),
            minutes: meeting.minutes.as_str().into(),
        }
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MeetingFields {
    pub(super) held_on: NaiveDate,
    pub(super) begins_at: Option<NaiveTime>,
    pub(super) people: Vec<PersonId>,
    pub(super) minutes: String,
}

impl MeetingInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<MeetingFields, Invalid> {
        let mut checks = Checks::new();
        let held_on = checks.date("held_on", &self.held_on);
        let begins_at = checks.optional_time("begins_at", &self.begins_at);
        let named: Vec<Option<PersonId>> =
            self.people.iter().map(|typed| typed.as_str().trim().parse().ok()).collect();
        if named.iter().any(Option::is_none) {
            checks.problem("people", Code::UnknownChoice);
        }
        let mut people: Vec<PersonId> = named.into_iter().flatten().collect();
        people.sort_unstable();
        people.dedup();
        let minutes = checks.lines("minutes", &self.minutes, 20_000);
        checks.done(MeetingFields { held_on, begins_at, people, minutes })
    }
}

kernel::text_enum!(
    /// What a decision becomes.
    #[schemars(rename = "DecisionKind")]
    DecisionKind {
        /// Somebody does it by a day.
        Todo = "todo",
        /// It is wanting, and stays on the list until it is settled.
        Finding = "finding",
    }
);

/// A decision as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "MeetingDecisionInput", extend("examples" = [{ "kind": "todo", "title": "説明会の日取りを決める", "due_on": "2027-01-15" }]))]
pub struct DecisionInput {
    /// A word of [`DecisionKind`]; required.
    #[schemars(with = "DecisionKind")]
    pub kind: Typed,
    /// What was decided, in one line; required.
    pub title: Typed,
    /// For a todo: by which day; required.
    pub due_on: Typed,
    /// For a todo: who does it; whoever writes it down where empty.
    pub person_id: Typed,
}

impl DecisionInput {
    pub(super) fn checked(&self) -> Result<DecisionKind, Invalid> {
        let mut checks = Checks::new();
        match checks.choice("kind", &self.kind) {
            Some(kind) => checks.done(kind),
            None => Err(problems_of(checks)),
        }
    }
}

/// What a decision became, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// Somebody does it.
    Todo(Todo),
    /// It is wanting.
    Finding(Finding),
}

/// A decision of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MeetingDecision")]
pub struct Decision {
    /// What it became.
    pub decided: Decided,
    /// Who wrote it down.
    pub person_id: PersonId,
    /// When.
    pub decided_at: DateTime<Utc>,
}
