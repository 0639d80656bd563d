//! What a todo is, what may be entered for one, and its two states. No database here.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kernel::{Checks, Code, CompanyId, DealId, Invalid, LeadId, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TodoError;
use crate::about::About;
use crate::deals::optional_choice;

kernel::id!(
    /// Something somebody does by a day (やること).
    TodoId
);

/// The longest note.
const NOTE_CHARS: usize = 1000;

kernel::text_enum!(
    /// The word for a todo's state.
    TodoStatus {
        /// Still to be done.
        Open = "open",
        /// Done.
        Done = "done",
    }
);

/// Where a todo stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TodoState {
    /// Still to be done.
    Open,
    /// Done.
    Done {
        /// When.
        done_at: DateTime<Utc>,
    },
}

impl TodoState {
    /// The word for it.
    pub const fn status(self) -> TodoStatus {
        match self {
            Self::Open => TodoStatus::Open,
            Self::Done { .. } => TodoStatus::Done,
        }
    }
}

/// Something somebody does by a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Todo {
    /// Its id.
    pub id: TodoId,
    /// What is to be done.
    pub title: String,
    /// By which day in Japan.
    pub due_on: NaiveDate,
    /// At what time in Japan, where that matters.
    #[schemars(with = "Option<String>")]
    pub due_time: Option<NaiveTime>,
    /// The deal it is about, if it is about one.
    pub deal_id: Option<DealId>,
    /// The company it is about.
    pub company_id: Option<CompanyId>,
    /// The lead it is about.
    pub lead_id: Option<LeadId>,
    /// Who does it.
    pub person_id: PersonId,
    /// Who wrote it down.
    pub asked_by: PersonId,
    /// Why it is later and what came of it, a line for each time; may be empty.
    pub note: String,
    /// Open or done.
    #[serde(flatten)]
    pub state: TodoState,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
    /// When something of it last changed.
    pub changed_at: DateTime<Utc>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

impl Todo {
    /// What it is about.
    pub fn about(&self) -> Option<About> {
        About::of(self.deal_id, self.company_id, self.lead_id)
    }

    pub(super) fn must_be(&self, wanted: TodoStatus) -> Result<(), TodoError> {
        match self.state.status() {
            status if status == wanted => Ok(()),
            status => Err(TodoError::Not(status)),
        }
    }

    pub(super) fn corrected(self, fields: TodoFields, about: Option<About>) -> Self {
        Self {
            title: fields.title,
            due_on: fields.due_on,
            due_time: fields.due_time,
            person_id: fields.person,
            deal_id: about.and_then(About::deal),
            company_id: about.and_then(About::company),
            lead_id: about.and_then(About::lead),
            ..self
        }
    }

    pub(super) fn done(self, note: String, now: DateTime<Utc>) -> Result<Self, TodoError> {
        self.must_be(TodoStatus::Open)?;
        Ok(Self { note: self.noting(note), state: TodoState::Done { done_at: now }, ..self })
    }

    pub(super) fn postponed(self, later: Later) -> Result<Self, TodoError> {
        self.must_be(TodoStatus::Open)?;
        Ok(Self { due_on: later.due_on, note: self.noting(later.note), ..self })
    }

    /// What was noted before, and below it what is noted now; where that is too long, without its beginning.
    fn noting(&self, line: String) -> String {
        if line.is_empty() || self.note.lines().last() == Some(line.as_str()) {
            return self.note.clone();
        }
        let all = if self.note.is_empty() { line } else { format!("{}\n{line}", self.note) };
        let too_many = all.chars().count().saturating_sub(NOTE_CHARS);
        all.chars().skip(too_many).collect()
    }

    pub(super) fn reopened(self) -> Result<Self, TodoError> {
        self.must_be(TodoStatus::Done)?;
        Ok(Self { state: TodoState::Open, ..self })
    }
}

/// A todo as typed into the form or sent to the API; empty means "not given".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "見本のファイルを受け取りに行く", "due_on": "2027-01-15", "due_time": "14:00" }]))]
pub struct TodoInput {
    /// What is to be done; required.
    pub title: Typed,
    /// By which day; required.
    pub due_on: Typed,
    /// At what time in Japan, such as `14:00`, where that matters.
    pub due_time: Typed,
    /// The deal it is about; at most one of the three is named.
    pub deal_id: Typed,
    /// The company it is about.
    pub company_id: Typed,
    /// The lead it is about.
    pub lead_id: Typed,
    /// Who does it; whoever writes it down where empty.
    pub person_id: Typed,
}

impl From<&Todo> for TodoInput {
    /// What an edit form starts with.
    fn from(todo: &Todo) -> Self {
        let id = |id: Option<String>| Typed(id.unwrap_or_default());
        Self {
            title: todo.title.as_str().into(),
            due_on: todo.due_on.to_string().into(),
            due_time: id(todo.due_time.map(|time| time.format("%H:%M").to_string())),
            deal_id: id(todo.deal_id.map(|id| id.to_string())),
            company_id: id(todo.company_id.map(|id| id.to_string())),
            lead_id: id(todo.lead_id.map(|id| id.to_string())),
            person_id: todo.person_id.to_string().into(),
        }
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TodoFields {
    pub(super) title: String,
    pub(super) due_on: NaiveDate,
    pub(super) due_time: Option<NaiveTime>,
    pub(super) about: Option<About>,
    pub(super) person: PersonId,
}

impl TodoInput {
    /// Checks every field and reports all problems at once; `person` does it where nobody is named.
    pub(super) fn checked(&self, person: PersonId) -> Result<TodoFields, Invalid> {
        let mut checks = Checks::new();
        let title = checks.required_line("title", &self.title, 200);
        let due_on = checks.date("due_on", &self.due_on);
        let due_time = checks.optional_time("due_time", &self.due_time);
        let about = About::read(&mut checks, &self.deal_id, &self.company_id, &self.lead_id);
        let named = optional_choice(&mut checks, "person_id", &self.person_id);
        checks.done(TodoFields { title, due_on, due_time, about, person: named.unwrap_or(person) })
    }
}

/// What came of a todo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "TodoFinishInput", extend("examples" = [{ "note": "見本を受け取った" }]))]
pub struct FinishInput {
    /// In a line; may be empty.
    pub note: Typed,
}

impl FinishInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let note = checks.lines("note", &self.note, NOTE_CHARS);
        checks.done(note)
    }
}

/// The later day of a todo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "TodoPostponeInput", extend("examples" = [{ "due_on": "2027-01-20", "note": "先方が出張中" }]))]
pub struct PostponeInput {
    /// The day; required, today or later.
    pub due_on: Typed,
    /// Why, in a line; may be empty.
    pub note: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Later {
    pub(super) due_on: NaiveDate,
    pub(super) note: String,
}

impl PostponeInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<Later, Invalid> {
        let mut checks = Checks::new();
        let due_on = checks.date("due_on", &self.due_on);
        // A date that could not be read stands at 1970 and has its own problem already.
        if due_on != NaiveDate::default() && due_on < today {
            checks.problem("due_on", Code::InThePast);
        }
        let note = checks.lines("note", &self.note, NOTE_CHARS);
        checks.done(Later { due_on, note })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_todo_is_about_one_thing_at_most_and_every_wrong_field_is_named() {
        let input = TodoInput { deal_id: "1".into(), lead_id: "2".into(), ..TodoInput::default() };
        let problems = input.checked(PersonId(1)).unwrap_err().0;
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["title", "due_on", "deal_id"]);
    }
}
