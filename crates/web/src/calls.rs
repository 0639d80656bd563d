//! Whom to call, because a notice did not reach them by mail.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::contacts;
use db::{DbError, Tx};
use kernel::Paging;
use notifier::calls::{self, Call as Entry, CallId, CallInput};
use notifier::{Party, suppressions};
use serde::Serialize;

use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::paths;

const ROWS: u16 = 30;

#[derive(Serialize)]
struct Page {
    title: String,
    open: i64,
    rows: Vec<Row>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Row {
    id: CallId,
    name: String,
    /// As entered; empty where we have none.
    phone: String,
    reason: String,
    subject: String,
    address: String,
    message_href: String,
    since: String,
    is_dead: bool,
}

/// A contact's number; people of the town are known to their coordinator.
fn phone_of(tx: &mut Tx<'_>, entry: &Entry) -> Result<String, DbError> {
    match entry.party {
        Party::Contact(contact) => Ok(contacts::find(tx, contact)?.phone),
        Party::Person(_) | Party::Nobody => Ok(String::new()),
    }
}

/// `GET /calls`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let paging: Paging<CallId> =
        Paging { after: format::read_page_key(query.after.as_str()), ..Paging::first(ROWS) };
    let (open, rows, next) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = calls::list(tx, &paging)?;
            let mut rows = Vec::new();
            for entry in page.items {
                let (phone, is_dead) = (phone_of(tx, &entry)?, suppressions::is_dead(tx, &entry.address)?);
                rows.push((entry, phone, is_dead));
            }
            Ok((calls::open_count(tx)?, rows, page.next))
        })
        .await?;
    let rows = rows.into_iter().map(|(entry, phone, is_dead)| Row {
        id: entry.id,
        reason: call.text(&format!("call-reason-{}", entry.reason.as_str().replace('_', "-"))),
        address: entry.address.to_string(),
        message_href: paths::message(entry.message),
        since: format::moment(call.language, entry.opened_at),
        subject: entry.subject,
        name: entry.name,
        phone,
        is_dead,
    });
    let next = next.as_ref().map(format::page_key);
    call.page("calls/index.html", &Page { title: call.text("nav-calls"), open, rows: rows.collect(), next })
}

/// `POST /calls/{id}/close`
pub(crate) async fn close(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CallId = call.id("id")?;
    let input: CallInput = call.form().input()?;
    call.db(move |tx| calls::close(tx, id, &input)).await?;
    Ok(call.done("/calls", "done-call-closed"))
}

/// `POST /calls/{id}/lift`: the address works again, says whoever called.
pub(crate) async fn lift(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CallId = call.id("id")?;
    let reason = call.form().get("note").into();
    call.db(move |tx| -> Result<(), Failure> {
        let entry = calls::find(tx, id)?;
        Ok(suppressions::lift(tx, &entry.address, &reason)?)
    })
    .await?;
    Ok(call.done("/calls", "done-address-lifted"))
}

/// `GET /api/v1/calls`
pub(crate) async fn api_index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging: Paging<CallId> = call.query::<ListQuery>().paging();
    let page = call.db(move |tx| calls::list(tx, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `POST /api/v1/calls/{id}/close`
pub(crate) async fn api_close(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CallId = call.id("id")?;
    let verb = move |tx: &mut Tx<'_>, input: CallInput| -> Result<Entry, Failure> {
        calls::close(tx, id, &input)?;
        Ok(calls::find(tx, id)?)
    };
    api::post(&call, StatusCode::OK, verb).await
}
