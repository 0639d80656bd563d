//! Whom to call, because a notice did not reach them by mail.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::DbError;
use kernel::Paging;
use notifier::calls::{self, CallId, CallInput};
use notifier::suppressions;
use serde::Serialize;

use super::{lift as lift_address, phone_of};
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
    /// Empty where there is none to write to, as is the mail's own page.
    address: String,
    message_href: String,
    since: String,
    is_dead: bool,
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
                let phone = phone_of(tx, &entry)?;
                let is_dead = match &entry.address {
                    Some(address) => suppressions::is_dead(tx, address)?,
                    None => false,
                };
                rows.push((entry, phone, is_dead));
            }
            Ok((calls::open_count(tx)?, rows, page.next))
        })
        .await?;
    let rows = rows.into_iter().map(|(entry, phone, is_dead)| Row {
        id: entry.id,
        reason: call.text(&format!("call-reason-{}", entry.reason.as_str().replace('_', "-"))),
        address: entry.address.map(String::from).unwrap_or_default(),
        message_href: entry.message.map(paths::message).unwrap_or_default(),
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

/// `POST /calls/{id}/lift`
pub(crate) async fn lift(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CallId = call.id("id")?;
    let input: CallInput = call.form().input()?;
    call.db(move |tx| lift_address(tx, id, &input)).await?;
    Ok(call.done("/calls", "done-address-lifted"))
}
