//! `/todos`: one's own, those done, those asked of others; and one todo.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Paging, Typed};
use sales::todos::{self, FinishInput, Listed, Todo, TodoId, TodoKey, TodoState, TodoStatus};
use serde::{Deserialize, Serialize};

use super::{Around, TodoRow, around};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::overtaken::Unsaved;
use crate::paths;
use crate::phrases::{self, counted};
use crate::shell::Crumb;

/// How many todos a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TodosQuery {
    show: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
    count: String,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    tabs: Vec<Tab>,
    rows: Vec<TodoRow>,
    next: String,
    first: String,
}

/// The lists by the words their addresses have.
const SHOWN: [&str; 3] = ["open", "done", "asked"];

/// The way to the day, which these pages belong to.
pub(super) fn crumbs(call: &Call) -> Vec<Crumb> {
    vec![Crumb::new(call, "day-title", "/my-day")]
}

/// `GET /todos`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: TodosQuery = call.query();
    let person = call.person()?;
    let shown = SHOWN.into_iter().find(|shown| *shown == query.show.as_str()).unwrap_or("open");
    let listed = match shown {
        "done" => Listed::Of(person, TodoStatus::Done),
        "asked" => Listed::AskedBy(person),
        _ => Listed::Of(person, TodoStatus::Open),
    };
    let after = format::read_page_key::<TodoKey>(query.after.as_str());
    let is_first = after.is_none();
    let (page, around, open, now) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = todos::list(tx, listed, &Paging { after, ..Paging::first(ROWS) })?;
            let around = around(tx, &page.items)?;
            Ok((page, around, todos::open_count(tx, person)?, tx.now()))
        })
        .await?;
    let here = |after: &str| phrases::address("/todos", &[("show", shown), ("after", after)]);
    let tab = |name: &str| Tab {
        label: call.text(&format!("todos-{name}")),
        href: phrases::address("/todos", &[("show", name)]),
        current: name == shown,
        count: if name == "open" { format::count(open) } else { String::new() },
    };
    let list = ListPage {
        title: call.text("todos-title"),
        crumbs: crumbs(&call),
        answer: counted(&call, "todos-answer", "count", open),
        tabs: SHOWN.iter().map(|name| tab(name)).collect(),
        rows: around.rows(&call, now, &page.items),
        next: page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
    };
    call.page("todos/index.html", &list)
}

#[derive(Serialize)]
struct TodoPage {
    title: String,
    crumbs: Vec<Crumb>,
    is_done: bool,
    due: Due,
    when: String,
    about: String,
    about_href: String,
    person: String,
    asked_by: String,
    note: String,
    done_at: String,
    version: i32,
    edit: String,
    finish: String,
    reopen: String,
    form: FormView,
    /// What was typed about a todo that is done by now.
    unsaved: Vec<Unsaved>,
}

fn read(tx: &mut Tx<'_>, id: TodoId) -> Result<(Todo, Around, DateTime<Utc>), DbError> {
    let todo = todos::find(tx, id)?;
    let around = around(tx, std::slice::from_ref(&todo))?;
    Ok((todo, around, tx.now()))
}

/// One todo, with a form that came back.
pub(crate) async fn page(
    call: &Call,
    id: TodoId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (todo, around, now) = call.db(move |tx| read(tx, id)).await?;
    let step = |verb: &str| format!("{}/{verb}", paths::todo(id));
    let page = TodoPage {
        crumbs: crumbs(call),
        is_done: todo.state.status() == TodoStatus::Done,
        due: format::due_on(call.language, now, todo.due_on),
        when: format::day_and_time(call.language, todo.due_on, todo.due_time),
        about: around.about(&todo),
        about_href: todo.about().map(paths::about).unwrap_or_default(),
        person: around.name(call, todo.person_id),
        asked_by: around.name(call, todo.asked_by),
        done_at: match todo.state {
            TodoState::Open => String::new(),
            TodoState::Done { done_at } => format::moment(call.language, done_at),
        },
        version: todo.version,
        edit: step("edit"),
        finish: step("finish"),
        reopen: step("reopen"),
        unsaved: match todo.state.status() {
            TodoStatus::Open => Vec::new(),
            TodoStatus::Done => Unsaved::of(call, "todo-note", form.get("note"), None),
        },
        form: form.view(call, failure),
        note: todo.note,
        title: todo.title,
    };
    let status: StatusCode = failure.map_or(StatusCode::OK, phrases::again);
    call.page_with(status, "todos/show.html", &page)
}

/// `GET /todos/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /todos/{id}/finish`
pub(crate) async fn finish(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TodoId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<FinishInput>()?, form.version()?);
    match call.db(move |tx| todos::finish(tx, id, version, &input)).await {
        Ok(todo) => Ok(call.done(paths::todo(todo.id), "done-todo-finished")),
        Err(failure) if failure.is_about_input() => {
            stepped_or(&call, id, TodoStatus::Done, &form, failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /todos/{id}/reopen`
pub(crate) async fn reopen(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TodoId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    match call.db(move |tx| todos::reopen(tx, id, version)).await {
        Ok(todo) => Ok(call.done(paths::todo(todo.id), "done-todo-reopened")),
        Err(failure) if failure.is_about_input() => {
            stepped_or(&call, id, TodoStatus::Open, &form, failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// The way to the todo, where the step has brought it to `wanted` before; otherwise the page with what was refused.
async fn stepped_or(
    call: &Call,
    id: TodoId,
    wanted: TodoStatus,
    form: &Form,
    failure: Failure,
) -> Result<HttpResponse, Failure> {
    let todo = call.db(move |tx| todos::find(tx, id)).await?;
    if todo.state.status() == wanted {
        return Ok(call.noted(paths::todo(id), "done-todo-already"));
    }
    page(call, id, form, Some(&failure)).await
}
