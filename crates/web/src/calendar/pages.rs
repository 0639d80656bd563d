//! `/me/calendar`: making, replacing and ending the address; who made one sees it this once.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::DbError;
use sales::feeds::{self, Feed};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format::Moment;
use crate::shell::Crumb;

#[derive(Serialize)]
struct Page {
    title: String,
    crumbs: Vec<Crumb>,
    /// The address just made; empty otherwise.
    address: String,
    /// The same for programs that subscribe at a click.
    webcal: String,
    feed: Option<FeedView>,
}

/// An address: when it was made, and when a calendar last read it.
#[derive(Serialize)]
pub(crate) struct FeedView {
    made: Moment,
    read: Option<Moment>,
}

impl FeedView {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, now: DateTime<Utc>, feed: &Feed) -> Self {
        Self {
            made: Moment::of(call.language, now, feed.created_at),
            read: feed.read_at.map(|at| Moment::of(call.language, now, at)),
        }
    }
}

async fn page(call: &Call, address: String) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let (feed, now) =
        call.db(move |tx| -> Result<_, DbError> { Ok((feeds::of(tx, person)?, tx.now())) }).await?;
    let page = Page {
        title: call.text("calendar-title"),
        crumbs: vec![Crumb::new(call, "me-title", "/me")],
        webcal: address.split_once("://").map(|(_, rest)| format!("webcal://{rest}")).unwrap_or_default(),
        address,
        feed: feed.map(|feed| FeedView::of(call, now, &feed)),
    };
    call.page("calendar/index.html", &page)
}

/// `GET /me/calendar`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, String::new()).await
}

/// `POST /me/calendar`: a new address, shown on the very answer because nobody can read it back later.
pub(crate) async fn renew(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (_, secret) = call.db(feeds::renew).await?;
    let address = format!("{}/calendar/{}/yui.ics", call.app.settings.base_url, secret.text());
    page(&call, address).await
}

/// `POST /me/calendar/end`
pub(crate) async fn end(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    call.db(feeds::end).await?;
    Ok(call.done("/me/calendar", "done-calendar-ended"))
}
