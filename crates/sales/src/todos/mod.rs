//! Todos (やること): what somebody does by a day beside the next actions of deals and leads, for themselves or for a
//! colleague who asked.
//!
//! Invariant: whoever is asked by somebody else is told once for each time
//! (`whoever_is_asked_by_somebody_else_is_told`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, date_in_japan};

pub use lists::{Listed, TodoKey, find, list, of, open_count};
pub(crate) use lists::{count_of_company, find_many};
pub use model::{FinishInput, PostponeInput, Todo, TodoId, TodoInput, TodoState, TodoStatus};
pub(crate) use store::move_company;

use model::TodoFields;

use crate::about::About;
use crate::colleagues;
use crate::events::TodoAssigned;

/// Why a todo was not written or did not take its next step.
#[derive(Debug, thiserror::Error)]
pub enum TodoError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is done, or not done yet, and the step wants the other.
    #[error("the todo is {0}")]
    Not(TodoStatus),
    /// Somebody changed it since it was read.
    #[error("the todo was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TodoError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Not(_) => Code::Conflict,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Not(_) | Self::Stale | Self::Db(_) => &[],
        }
    }
}

/// Writes a todo down, for whoever writes it where nobody else is named.
pub fn add(tx: &mut Tx<'_>, input: &TodoInput) -> Result<Todo, TodoError> {
    let own = tx.actor().person().ok_or(DbError::NotFound)?;
    let mut fields = input.checked(own)?;
    colleagues::check::<TodoError>(tx, "person_id", fields.person)?;
    if let Some(about) = fields.about {
        fields.about = Some(about.standing::<TodoError>(tx)?);
    }
    let todo = store::insert(tx, own, &fields)?;
    tell(tx, &todo, own)?;
    Ok(todo)
}

/// Keeps for somebody, today, what would be forgotten otherwise.
pub(crate) fn keep(tx: &mut Tx<'_>, person: PersonId, title: String, about: About) -> Result<Todo, DbError> {
    let due_on = date_in_japan(tx.now());
    store::insert(tx, person, &TodoFields { title, due_on, due_time: None, about: Some(about), person })
}

/// Corrects what is to be done, by when, for what and by whom.
pub fn change(tx: &mut Tx<'_>, id: TodoId, version: i32, input: &TodoInput) -> Result<Todo, TodoError> {
    let current = at_version(tx, id, version)?;
    let fields = input.checked(current.person_id)?;
    current.must_be(TodoStatus::Open)?;
    let before = current.person_id;
    if fields.person != before {
        colleagues::check::<TodoError>(tx, "person_id", fields.person)?;
    }
    let about = match fields.about {
        Some(about) => Some(about.standing::<TodoError>(tx)?),
        None => None,
    };
    let todo = store::update(tx, &current.corrected(fields, about))?.ok_or(TodoError::Stale)?;
    if let Some(by) = tx.actor().person().filter(|_by| todo.person_id != before) {
        tell(tx, &todo, by)?;
    }
    Ok(todo)
}

/// It is done, with a line about what came of it.
pub fn finish(tx: &mut Tx<'_>, id: TodoId, version: i32, input: &FinishInput) -> Result<Todo, TodoError> {
    let note = input.checked()?;
    let now = tx.now();
    let done = at_version(tx, id, version)?.done(note, now)?;
    store::update(tx, &done)?.ok_or(TodoError::Stale)
}

/// It is done on a later day, with a line about why.
pub fn postpone(tx: &mut Tx<'_>, id: TodoId, version: i32, input: &PostponeInput) -> Result<Todo, TodoError> {
    let later = input.checked(date_in_japan(tx.now()))?;
    let todo = at_version(tx, id, version)?.postponed(later)?;
    store::update(tx, &todo)?.ok_or(TodoError::Stale)
}

/// It was not done after all.
pub fn reopen(tx: &mut Tx<'_>, id: TodoId, version: i32) -> Result<Todo, TodoError> {
    let todo = at_version(tx, id, version)?.reopened()?;
    store::update(tx, &todo)?.ok_or(TodoError::Stale)
}

fn at_version(tx: &mut Tx<'_>, id: TodoId, version: i32) -> Result<Todo, TodoError> {
    let todo = find(tx, id)?;
    if todo.version == version { Ok(todo) } else { Err(TodoError::Stale) }
}

fn tell(tx: &mut Tx<'_>, todo: &Todo, by: PersonId) -> Result<(), DbError> {
    if todo.person_id != by {
        queue::record(tx, &TodoAssigned { todo: todo.id, person: todo.person_id, by })?;
    }
    Ok(())
}
