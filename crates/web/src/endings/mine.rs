//! `GET /my-endings/{id}`: what a worker was told about the end of their work, and asking why.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::endings::{self, Ending, EndingId};
use kernel::{Code, date_in_japan};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::orders::parts;
use crate::shell::Crumb;

/// A notice to the caller; somebody else's does not exist here.
pub(super) fn own(tx: &mut Tx<'_>, id: EndingId) -> Result<(Ending, bool), DbError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let worker = workforce::workers::of_person(tx, person)?.ok_or(DbError::NotFound)?;
    let ending = endings::find(tx, worker.id, id)?;
    let may_ask = ending.may_be_asked(date_in_japan(tx.now()));
    Ok((ending, may_ask))
}

#[derive(Serialize)]
struct MinePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    noticed: String,
    exception: String,
    /// Empty while it was not told.
    reason: String,
    may_ask: bool,
    ask: String,
}

fn path(id: EndingId) -> String {
    format!("/my-endings/{id}")
}

/// `GET /my-endings/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: EndingId = call.id("id")?;
    let (ending, may_ask) = call.db(move |tx| own(tx, id)).await?;
    let day = |day| parts::day(call.language, day);
    let page = MinePage {
        title: call.text("my-ending-title"),
        crumbs: vec![Crumb::new(&call, "nav-home", "/")],
        answer: parts::say(&call, "my-ending-answer", &[("day", day(ending.ends_on))]),
        noticed: day(ending.noticed_on),
        exception: ending
            .exception
            .map_or_else(String::new, |why| crate::words::ending_exception(call.language, why)),
        reason: ending.told_reason().unwrap_or_default().to_owned(),
        may_ask,
        ask: format!("{}/ask", path(id)),
    };
    call.page("endings/mine.html", &page)
}

/// `POST /my-endings/{id}/ask`
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: EndingId = call.id("id")?;
    match call.db(move |tx| endings::ask_reason(tx, id)).await {
        Ok(_told) => Ok(call.done(path(id), "done-endings-asked")),
        // Asked twice, or too late: the page says how it stands.
        Err(failure) if failure.code == Code::Conflict => Ok(call.see_other(path(id))),
        Err(failure) => Err(failure),
    }
}
