//! The form of a todo: writing one down, for oneself or a colleague, and correcting it.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{Code, CompanyId, DealId, LeadId, Typed, date_in_japan};
use sales::about::{self, About};
use sales::colleagues;
use sales::todos::{self, Todo, TodoId, TodoInput};
use serde::{Deserialize, Serialize};

use super::pages::crumbs;
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::overtaken::{Beside, Difference, is_overtaken};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    is_new: bool,
    version: i32,
    /// The company and the deal it is about; empty where it is about none.
    about: String,
    people: Vec<Choice>,
    form: FormView,
    /// What somebody else saved while this was typed.
    differences: Vec<Difference>,
}

/// What a form is shown with beside its fields.
struct Around {
    people: Vec<Person>,
    about: String,
}

/// What a form's three hidden fields name.
fn about_of(form: &Form) -> Option<About> {
    let (deal, company, lead) = (form.get("deal_id"), form.get("company_id"), form.get("lead_id"));
    About::of(
        deal.parse().ok().map(DealId),
        company.parse().ok().map(CompanyId),
        lead.parse().ok().map(LeadId),
    )
}

fn around(tx: &mut Tx<'_>, about: Option<About>) -> Result<Around, DbError> {
    let called = match about {
        Some(about) => about::called(tx, &[about])?.remove(&about).unwrap_or_default(),
        None => about::Called::default(),
    };
    let parts = [called.company, called.title];
    let about = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    Ok(Around { people: colleagues::list(tx)?, about })
}

/// A todo as it stands, and the version the next save is based on; `None` for a new one.
type Edited = Option<(Todo, i32)>;

fn differences(call: &Call, stands: &Todo, form: &Form, people: &[Choice]) -> Vec<Difference> {
    let stands = Form::of(&TodoInput::from(stands));
    let beside = Beside { call, stands: &stands, typed: form };
    let fields = [
        beside.text("todo-title", "title"),
        beside.text("todo-due-on", "due_on"),
        beside.text("todo-due-time", "due_time"),
        beside.chosen("todo-person", "person_id", people),
    ];
    fields.into_iter().flatten().collect()
}

async fn page(
    call: &Call,
    edited: Edited,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let about = about_of(form);
    let around = call.db(move |tx| around(tx, about)).await?;
    let people = phrases::people(call.language, &around.people);
    let page = FormPage {
        differences: match &edited {
            Some((stands, _)) if is_overtaken(failure) => differences(call, stands, form, &people),
            _ => Vec::new(),
        },
        title: call.text(if edited.is_some() { "todo-edit-title" } else { "todo-new-title" }),
        crumbs: match &edited {
            Some((todo, _)) => {
                let mut crumbs = crumbs(call);
                crumbs.push(Crumb::named(form.get("title"), paths::todo(todo.id)));
                crumbs
            }
            None => crumbs(call),
        },
        action: edited.as_ref().map_or("/todos".to_owned(), |(todo, _)| paths::todo(todo.id)),
        is_new: edited.is_none(),
        version: edited.map_or(0, |(_, version)| version),
        about: around.about,
        people,
        form: form.view(call, failure),
    };
    let status: StatusCode = failure.map_or(StatusCode::OK, phrases::again);
    call.page_with(status, "todos/form.html", &page)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    deal: Typed,
    company: Typed,
    lead: Typed,
}

/// `GET /todos/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: NewQuery = call.query();
    let today = call.db(|tx| -> Result<_, DbError> { Ok(date_in_japan(tx.now())) }).await?;
    let form = Form::default()
        .preset("person_id", call.person()?)
        .preset("due_on", today)
        .preset("deal_id", query.deal.as_str())
        .preset("company_id", query.company.as_str())
        .preset("lead_id", query.lead.as_str());
    page(&call, None, &form, None).await
}

/// `POST /todos`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: TodoInput = form.input()?;
    match call.once(&form, move |tx| todos::add(tx, &input).map(|todo| paths::todo(todo.id))).await {
        Ok(page) => Ok(call.done(page, "done-todo-added")),
        Err(failure) if failure.is_about_input() => page(&call, None, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `GET /todos/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TodoId = call.id("id")?;
    let todo = call.db(move |tx| todos::find(tx, id)).await?;
    let (form, version) = (Form::of(&TodoInput::from(&todo)), todo.version);
    page(&call, Some((todo, version)), &form, None).await
}

/// `POST /todos/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TodoId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<TodoInput>()?, form.version()?);
    match call.db(move |tx| todos::change(tx, id, version, &input)).await {
        Ok(todo) => Ok(call.done(paths::todo(todo.id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let stands = call.db(move |tx| todos::find(tx, id)).await?;
            // What is shown beside what was typed may be replaced by the next save, and nothing else.
            let version = if failure.code == Code::Stale { stands.version } else { version };
            page(&call, Some((stands, version)), &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}
