//! Rows and writes of `todos`.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, DealId, LeadId, PersonId};

use super::model::{Todo, TodoFields, TodoId, TodoState};
use crate::about::About;
use crate::schema::todos;

#[derive(Queryable, Selectable)]
#[diesel(table_name = todos)]
pub(crate) struct TodoRow {
    id: TodoId,
    title: String,
    due_on: NaiveDate,
    due_time: Option<NaiveTime>,
    deal_id: Option<DealId>,
    company_id: Option<CompanyId>,
    lead_id: Option<LeadId>,
    person_id: PersonId,
    asked_by: PersonId,
    note: String,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<TodoRow> for Todo {
    fn from(row: TodoRow) -> Self {
        Self {
            id: row.id,
            title: row.title,
            due_on: row.due_on,
            due_time: row.due_time,
            deal_id: row.deal_id,
            company_id: row.company_id,
            lead_id: row.lead_id,
            person_id: row.person_id,
            asked_by: row.asked_by,
            note: row.note,
            state: row.done_at.map_or(TodoState::Open, |done_at| TodoState::Done { done_at }),
            created_at: row.created_at,
            changed_at: row.changed_at,
            version: row.version,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, asked_by: PersonId, fields: &TodoFields) -> Result<Todo, DbError> {
    let now = tx.now();
    let row: TodoRow = diesel::insert_into(todos::table)
        .values((
            todos::title.eq(&fields.title),
            todos::due_on.eq(fields.due_on),
            todos::due_time.eq(fields.due_time),
            todos::deal_id.eq(fields.about.and_then(About::deal)),
            todos::company_id.eq(fields.about.and_then(About::company)),
            todos::lead_id.eq(fields.about.and_then(About::lead)),
            todos::person_id.eq(fields.person),
            todos::asked_by.eq(asked_by),
            todos::created_at.eq(now),
            todos::changed_at.eq(now),
        ))
        .returning(TodoRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Writes all of a todo over the row it was read from; `None` when that is no longer at its version.
pub(super) fn update(tx: &mut Tx<'_>, todo: &Todo) -> Result<Option<Todo>, DbError> {
    let now = tx.now();
    let done_at = match todo.state {
        TodoState::Open => None,
        TodoState::Done { done_at } => Some(done_at),
    };
    let guarded = todos::table.filter(todos::id.eq(todo.id)).filter(todos::version.eq(todo.version));
    let row: Option<TodoRow> = diesel::update(guarded)
        .set((
            todos::title.eq(&todo.title),
            todos::due_on.eq(todo.due_on),
            todos::due_time.eq(todo.due_time),
            todos::deal_id.eq(todo.deal_id),
            todos::company_id.eq(todo.company_id),
            todos::lead_id.eq(todo.lead_id),
            todos::person_id.eq(todo.person_id),
            todos::note.eq(&todo.note),
            todos::done_at.eq(done_at),
            todos::changed_at.eq(now),
            todos::version.eq(todo.version + 1),
        ))
        .returning(TodoRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Todo::from))
}

/// Moves the todos about company `from`, or those of them named in `only`, to `into`; gives back which it moved.
pub(crate) fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut moving = diesel::update(todos::table)
        .filter(todos::company_id.eq(from))
        .set(todos::company_id.eq(into))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(todos::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(todos::id).get_results(tx.conn())?)
}
