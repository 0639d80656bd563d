//! Todos: lists, the form, one todo, JSON, and the rows other pages list.

pub(crate) mod api;
pub(crate) mod forms;
pub(crate) mod pages;

use std::collections::{BTreeMap, HashMap};

use accounts::{Person, persons};
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::PersonId;
use sales::about::{self, About, Called};
use sales::todos::{Todo, TodoState, TodoStatus};
use serde::Serialize;

use crate::call::Call;
use crate::format::{self, Due};
use crate::{paths, phrases};

/// A todo as lists show one.
#[derive(Debug, Serialize)]
pub(crate) struct TodoRow {
    id: String,
    href: String,
    title: String,
    /// The company and the deal it is about, who does it where that is not the reader, and who asked.
    text: Vec<String>,
    is_done: bool,
    due: Due,
    /// `14:00`; empty where any time of the day will do.
    time: String,
}

/// What rows of todos are written with.
#[derive(Debug, Default)]
pub(crate) struct Around {
    called: HashMap<About, Called>,
    people: BTreeMap<PersonId, Person>,
}

/// Reads what these todos are about and whose they are.
pub(crate) fn around(tx: &mut Tx<'_>, all: &[Todo]) -> Result<Around, DbError> {
    let things: Vec<About> = all.iter().filter_map(Todo::about).collect();
    let named: Vec<PersonId> = all.iter().flat_map(|todo| [todo.person_id, todo.asked_by]).collect();
    Ok(Around { called: about::called(tx, &things)?, people: persons::find_many(tx, &named)? })
}

impl Around {
    fn name(&self, call: &Call, id: PersonId) -> String {
        self.people.get(&id).map(|person| person.name_in(call.language)).unwrap_or_default()
    }

    /// The company and the deal a todo is about, in one line; empty where it is about none.
    fn about(&self, todo: &Todo) -> String {
        let called = todo.about().and_then(|about| self.called.get(&about));
        let parts = called.map(|called| [called.company.as_str(), &called.title]).unwrap_or_default();
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// One todo as a row, in the reader's language.
    pub(crate) fn row(&self, call: &Call, now: DateTime<Utc>, todo: &Todo) -> TodoRow {
        let own = call.person().ok();
        let mut text = vec![self.about(todo)];
        if own != Some(todo.person_id) {
            text.push(phrases::said(call, "todo-of", [("name", &self.name(call, todo.person_id))]));
        }
        if todo.asked_by != todo.person_id {
            text.push(phrases::said(call, "todo-asked-by", [("name", &self.name(call, todo.asked_by))]));
        }
        text.retain(|part| !part.is_empty());
        let is_done = todo.state.status() == TodoStatus::Done;
        let due = match todo.state {
            TodoState::Open => format::due(call.language, now, todo.due_on),
            TodoState::Done { .. } => format::day(call.language, todo.due_on),
        };
        TodoRow {
            id: format!("todo-{}", todo.id),
            href: paths::todo(todo.id),
            title: todo.title.clone(),
            text,
            is_done,
            due,
            time: todo.due_time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default(),
        }
    }

    /// All of them as rows.
    pub(crate) fn rows(&self, call: &Call, now: DateTime<Utc>, all: &[Todo]) -> Vec<TodoRow> {
        all.iter().map(|todo| self.row(call, now, todo)).collect()
    }
}

/// Where a todo about `about` is written down.
pub(crate) fn new_about(about: About) -> String {
    let (name, id) = match about {
        About::Deal(id) => ("deal", id.0),
        About::Company(id) => ("company", id.0),
        About::Lead(id) => ("lead", id.0),
    };
    format!("/todos/new?{name}={id}")
}
