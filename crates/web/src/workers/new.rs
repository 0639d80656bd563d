//! The form that registers a worker.

use std::rc::Rc;

use accounts::Role;
use accounts::persons::{self, PersonFilter, PersonKey, PersonState};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{Language, Paging};
use serde::Serialize;
use workforce::workers::Entry;

use super::enter::{self, EnterInput};
use super::hours;
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts::Choice;
use crate::paths;
use crate::shell::Crumb;

/// How many members the choice offers at most; a town office has some dozens.
const MOST_MEMBERS: usize = 500;

#[derive(Serialize)]
struct NewPage {
    title: String,
    crumbs: Vec<Crumb>,
    form: FormView,
    members: Vec<Choice>,
    languages: Vec<Choice>,
    entries: Vec<Choice>,
}

/// Active people who are not workers yet, in gojūon order.
fn members(tx: &mut Tx<'_>, language: Language) -> Result<Vec<Choice>, DbError> {
    let filter = PersonFilter { state: Some(PersonState::Active), ..PersonFilter::default() };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = persons::list(tx, filter, &Paging { after, ..Paging::first(Paging::<PersonKey>::MOST) })?;
        let others = page.items.iter().filter(|person| !person.is(Role::Worker));
        found.extend(others.map(|person| Choice::new(person.id, person.name_in(language))));
        after = page.next;
        if after.is_none() || found.len() >= MOST_MEMBERS {
            return Ok(found);
        }
    }
}

async fn answer(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let members = call.db(move |tx| members(tx, language)).await?;
    let page = NewPage {
        title: call.text("workers-new-title"),
        crumbs: vec![Crumb::new(call, "nav-workers", "/workers")],
        form: form.view(call, failure),
        members,
        entries: Choice::words(call, "workers-entry", Entry::ALL),
        languages: vec![Choice::new(Language::Ja, "日本語"), Choice::new(Language::En, "English")],
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "workers/form.html", &page)
}

/// `GET /workers/new`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = Form::default()
        .preset("language", Language::Ja)
        .preset("entry", Entry::Registered)
        .preset(hours::FIELD, 10)
        .preset("invite", "yes");
    answer(&call, &form, None).await
}

/// `POST /workers`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let minutes = hours::minutes(form.get(hours::FIELD));
    let typed = form.without(hours::FIELD).preset("weekly_minutes", minutes.as_str());
    let input: EnterInput = typed.input()?;
    let key = call.app.key.clone();
    let entered = move |tx: &mut Tx<'_>| enter::enter(tx, &key, input).map(|worker| paths::worker(worker.id));
    match call.once(&form, entered).await {
        Ok(page) => {
            let applied = form.get("entry") == Entry::Applied.as_str();
            Ok(call.done(page, if applied { "done-workers-applied" } else { "done-workers-registered" }))
        }
        Err(failure) if failure.is_about_input() => {
            answer(&call, &form, Some(&hours::in_hours(failure))).await
        }
        Err(failure) => Err(failure),
    }
}
