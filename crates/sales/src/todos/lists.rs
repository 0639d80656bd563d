//! Reading todos: one, a page of one person's, and those about one thing.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::pg::Pg;
use diesel::prelude::*;
use kernel::{CompanyId, Page, Paging, PersonId};
use serde::{Deserialize, Serialize};

use super::model::{Todo, TodoId, TodoStatus};
use super::store::TodoRow;
use crate::about::About;
use crate::schema::todos;

/// How many todos about one thing are shown.
const MOST_OF_A_THING: i64 = 100;

/// One todo; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: TodoId) -> Result<Todo, DbError> {
    let row: TodoRow = todos::table.filter(todos::id.eq(id)).select(TodoRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// These todos, in no order.
pub(crate) fn find_many(tx: &mut Tx<'_>, ids: &[TodoId]) -> Result<Vec<Todo>, DbError> {
    let rows: Vec<TodoRow> =
        todos::table.filter(todos::id.eq_any(ids)).select(TodoRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Todo::from).collect())
}

/// Which todos a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// What somebody has to do, in this state.
    Of(PersonId, TodoStatus),
    /// What somebody wrote down for others and themselves, whatever its state.
    AskedBy(PersonId),
}

/// Where a page of todos ends: the last one's day, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoKey(pub NaiveDate, pub TodoId);

/// A page of todos: open ones by the day they are due, the others the latest first.
pub fn list(
    tx: &mut Tx<'_>,
    listed: Listed,
    paging: &Paging<TodoKey>,
) -> Result<Page<Todo, TodoKey>, DbError> {
    let mut query = of_list(listed).limit(paging.probe()).select(TodoRow::as_select());
    let upward = matches!(listed, Listed::Of(_, TodoStatus::Open));
    query = if upward {
        query.order((todos::due_on, todos::id))
    } else {
        query.order((todos::due_on.desc(), todos::id.desc()))
    };
    if let Some(TodoKey(day, id)) = &paging.after {
        query = if upward {
            query.filter(todos::due_on.ge(*day)).filter(todos::due_on.gt(*day).or(todos::id.gt(*id)))
        } else {
            query.filter(todos::due_on.le(*day)).filter(todos::due_on.lt(*day).or(todos::id.lt(*id)))
        };
    }
    let rows: Vec<Todo> = query.load(tx.conn())?.into_iter().map(Todo::from).collect();
    Ok(Page::cut(rows, paging, |todo| TodoKey(todo.due_on, todo.id)))
}

fn of_list<'q>(listed: Listed) -> todos::BoxedQuery<'q, Pg> {
    match listed {
        Listed::Of(person, TodoStatus::Open) => {
            todos::table.filter(todos::person_id.eq(person)).filter(todos::done_at.is_null()).into_boxed()
        }
        Listed::Of(person, TodoStatus::Done) => {
            todos::table.filter(todos::person_id.eq(person)).filter(todos::done_at.is_not_null()).into_boxed()
        }
        Listed::AskedBy(person) => todos::table.filter(todos::asked_by.eq(person)).into_boxed(),
    }
}

/// How many todos a person has open, all counted.
pub fn open_count(tx: &mut Tx<'_>, person: PersonId) -> Result<i64, DbError> {
    Ok(of_list(Listed::Of(person, TodoStatus::Open)).count().get_result(tx.conn())?)
}

/// How many todos are about a company.
pub(crate) fn count_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<i64, DbError> {
    Ok(todos::table.filter(todos::company_id.eq(company)).count().get_result(tx.conn())?)
}

/// The todos about one thing, open ones first, then by their day; at most a hundred.
pub fn of(tx: &mut Tx<'_>, about: About) -> Result<Vec<Todo>, DbError> {
    let query = match about {
        About::Deal(id) => todos::table.filter(todos::deal_id.eq(id)).into_boxed(),
        About::Company(id) => todos::table.filter(todos::company_id.eq(id)).into_boxed(),
        About::Lead(id) => todos::table.filter(todos::lead_id.eq(id)).into_boxed(),
    };
    let rows: Vec<TodoRow> = query
        .order((todos::done_at.is_not_null(), todos::due_on, todos::id))
        .limit(MOST_OF_A_THING)
        .select(TodoRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Todo::from).collect())
}
