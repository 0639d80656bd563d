//! Whom to call, because a notice did not reach them by mail.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{Page as Cut, Paging, Typed};
use notifier::calls::{self, CallId, CallInput, CallReason};
use notifier::{Category, suppressions};
use serde::Serialize;

use super::{lift as lift_address, phone_of};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::paths;
use crate::phrases;

const ROWS: u16 = 30;

#[derive(Serialize)]
struct Page {
    title: String,
    open: i64,
    rows: Vec<Row>,
    /// This page's query, so that a refused form comes back on it.
    query: String,
    next: Option<String>,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    id: CallId,
    name: String,
    /// As entered; empty where we have none.
    phone: String,
    /// For a `tel:` link.
    dial: String,
    reason: String,
    /// What they have to be told.
    tell: String,
    subject: String,
    /// Empty where there is none to write to, as is the mail's own page.
    address: String,
    message_href: String,
    since: String,
    is_dead: bool,
    /// The name of the field for what was said.
    field: String,
}

struct Found {
    call: calls::Call,
    phone: String,
    is_dead: bool,
}

fn found(tx: &mut Tx<'_>, paging: &Paging<CallId>) -> Result<(i64, Cut<Found, CallId>), DbError> {
    let page = calls::list(tx, paging)?;
    let mut items = Vec::new();
    for call in page.items {
        let phone = phone_of(tx, &call)?;
        let is_dead = match &call.address {
            Some(address) => suppressions::is_dead(tx, address)?,
            None => false,
        };
        items.push(Found { call, phone, is_dead });
    }
    Ok((calls::open_count(tx)?, Cut { items, next: page.next }))
}

/// `GET /calls`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    list(&call, &Form::default(), None).await
}

/// The list; after a refusal with what was typed, at its row.
async fn list(call: &Call, form: &Form, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let paging: Paging<CallId> =
        Paging { after: format::read_page_key(query.after.as_str()), ..Paging::first(ROWS) };
    let (open, page) = call.db(move |tx| found(tx, &paging)).await?;
    let page = Page {
        title: call.text("nav-calls"),
        open,
        rows: page.items.into_iter().map(|found| row(call, found)).collect(),
        query: phrases::address("", &[("after", query.after.as_str())]),
        next: page.next.as_ref().map(format::page_key),
        form: form.view(call, refused),
    };
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "calls/index.html", &page)
}

fn row(page: &Call, Found { call, phone, is_dead }: Found) -> Row {
    let tell = match (call.category, call.reason) {
        (_, CallReason::AddressDead) => "call-tell-address",
        (Category::Legal, _) => "call-tell-legal",
        (_, CallReason::Unmailable) => "call-tell-work",
        _ => "call-tell-other",
    };
    Row {
        id: call.id,
        reason: page.text(&format!("call-reason-{}", call.reason.as_str().replace('_', "-"))),
        tell: page.text(tell),
        address: call.address.map(String::from).unwrap_or_default(),
        message_href: call.message.map(paths::message).unwrap_or_default(),
        since: format::moment(page.language, call.opened_at),
        subject: call.subject,
        name: call.name,
        dial: phrases::dial(&phone),
        phone,
        is_dead,
        field: note_field(call.id),
    }
}

/// Each row has its own, because one page has many.
fn note_field(id: CallId) -> String {
    format!("calls.{id}.note")
}

fn input(form: &Form, id: CallId) -> CallInput {
    CallInput { note: Typed::from(form.get(&note_field(id))) }
}

/// `POST /calls/{id}/close`
pub(crate) async fn close(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (CallId, Form) = (call.id("id")?, call.form());
    let input = input(&form, id);
    let closed = call.db(move |tx| calls::close(tx, id, &input)).await;
    settle(&call, id, &form, closed, "done-call-closed").await
}

/// `POST /calls/{id}/lift`
pub(crate) async fn lift(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (CallId, Form) = (call.id("id")?, call.form());
    let input = input(&form, id);
    let lifted = call.db(move |tx| lift_address(tx, id, &input)).await;
    settle(&call, id, &form, lifted, "done-address-lifted").await
}

async fn settle(
    call: &Call,
    id: CallId,
    form: &Form,
    outcome: Result<(), Failure>,
    done: &'static str,
) -> Result<HttpResponse, Failure> {
    match outcome {
        Ok(()) => Ok(call.done("/calls", done)),
        Err(mut failure) if failure.is_about_input() => {
            for problem in failure.fields.iter_mut().filter(|problem| problem.field == "note") {
                problem.field = note_field(id);
            }
            list(call, form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}
