//! `/harassment/new` and `/harassment/{id}`: sending a report, and what is said about it.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{PersonId, Typed};
use serde::Serialize;
use workforce::harassment::{
    self, Report, ReportId, ReportInput, ReportMessage, ReportMessageInput, ReportState,
};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::phrases::{Choice, again};
use crate::shell::Crumb;

fn crumbs(call: &Call) -> Vec<Crumb> {
    vec![Crumb::new(call, "desk-title", "/harassment")]
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    readers: Vec<Choice>,
    form: FormView,
}

async fn form_page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let (contacts, names) = call
        .db(move |tx| -> Result<_, DbError> {
            let contacts = harassment::desk(tx)?;
            let names = super::desk::names(tx, language, &contacts, &[])?;
            Ok((contacts, names))
        })
        .await?;
    let own = call.person()?;
    let readers = contacts.iter().filter_map(|contact| contact.person_id).filter(|person| *person != own);
    let page = FormPage {
        title: call.text("report-new-title"),
        crumbs: crumbs(call),
        readers: readers
            .map(|person| Choice::new(person, names.get(&person).cloned().unwrap_or_default()))
            .collect(),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "harassment/form.html", &page)
}

/// `GET /harassment/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    form_page(&call, &Form::default(), None).await
}

/// A report as posted: the readers come as the values of one group of boxes.
fn input(form: &Form) -> ReportInput {
    ReportInput {
        body: form.get("body").into(),
        readers: form.all("readers").into_iter().map(Typed).collect(),
        shows_name: form.get("shows_name").into(),
    }
}

/// `POST /harassment`
pub(crate) async fn report(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = input(&form);
    let sent = call.once(&form, move |tx| {
        harassment::report(tx, &input).map(|report| format!("/harassment/{}", report.id))
    });
    match sent.await {
        Ok(page) => Ok(call.done(page, "done-report-sent")),
        Err(failure) if failure.is_about_input() => form_page(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct ShowPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: ReportState,
    is_own: bool,
    is_closed: bool,
    /// Who reports, as the reader may know it.
    reporter: String,
    /// Who reads it.
    readers: String,
    shows_name: bool,
    messages: Vec<MessageRow>,
    here: String,
    form: FormView,
}

#[derive(Serialize)]
struct MessageRow {
    who: String,
    when: String,
    iso: String,
    body: String,
}

fn message_row(call: &Call, names: &HashMap<PersonId, String>, message: &ReportMessage) -> MessageRow {
    let name = message.person_id.and_then(|person| names.get(&person).cloned());
    MessageRow {
        who: name.unwrap_or_else(|| call.text("report-nameless")),
        when: format::full_moment(call.language, message.written_at),
        iso: message.written_at.to_rfc3339(),
        body: message.body.clone(),
    }
}

async fn page(
    call: &Call,
    id: ReportId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let (report, messages, readers, names) = call
        .db(move |tx| -> Result<_, DbError> {
            let report: Report = harassment::find(tx, id)?;
            let messages = harassment::messages(tx, &report)?;
            let readers = harassment::readers(tx, id)?;
            let people = readers.iter().copied().chain(report.reporter_id);
            let people = people.chain(messages.iter().filter_map(|message| message.person_id));
            let names = parts::people(tx, language, people)?;
            Ok((report, messages, readers, names))
        })
        .await?;
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    let page = ShowPage {
        title: call.text("report-title"),
        crumbs: crumbs(call),
        state: report.state,
        is_own: report.is_own,
        is_closed: report.state == ReportState::Closed,
        reporter: report.reporter_id.map_or_else(|| call.text("report-nameless"), name),
        readers: readers.into_iter().map(name).collect::<Vec<_>>().join(&call.text("word-comma")),
        shows_name: report.shows_name,
        messages: messages.iter().map(|message| message_row(call, &names, message)).collect(),
        here: format!("/harassment/{id}"),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, again), "harassment/show.html", &page)
}

/// `GET /harassment/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /harassment/{id}/messages`
pub(crate) async fn say(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ReportId = call.id("id")?;
    let form = call.form();
    let input: ReportMessageInput = form.input()?;
    let said = call
        .once(&form, move |tx| harassment::say(tx, id, &input).map(|_report| format!("/harassment/{id}")));
    match said.await {
        Ok(report) => Ok(call.done(report, "done-report-said")),
        Err(failure) if failure.is_about_input() => page(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
