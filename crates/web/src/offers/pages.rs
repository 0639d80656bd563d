//! The offers that fit a worker, and saying no to one, which costs nothing.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::DbError;
use fulfillment::offers::{self, OfferKey};
use fulfillment::rounds;
use kernel::{Code, OfferId, Paging, date_in_japan};
use serde::{Deserialize, Serialize};
use workforce::availability;

use super::card::{self, CardView, WhyNone};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::my_units::ask::{self, Ask};
use crate::my_units::not_registered;
use crate::paths;
use crate::session::Flash;

/// How many offers a page shows.
const CARDS: u16 = 20;
/// How many jobs that went to others.
const PASSED_BY: i64 = 5;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: String,
    /// The offer that was just declined, so that a slip of the thumb can be undone.
    declined: String,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    /// What an empty page says.
    why_none: WhyNone,
    ask: Option<Ask>,
    shown: usize,
    /// They have today off: nothing new comes, and what lies before them may be taken all the same.
    is_off_today: bool,
    offers: Vec<CardView>,
    next: Option<String>,
    is_first: bool,
    declined: Option<OfferId>,
    /// Work that was shared out lately and did not come to them, each with the way to why.
    passed_by: Vec<PassedBy>,
}

#[derive(Serialize)]
struct PassedBy {
    title: String,
    href: String,
    when: String,
}

/// `GET /offers`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(not_yet) = not_registered::page(&call).await? {
        return Ok(not_yet);
    }
    let query: ListQuery = call.query();
    let after = format::read_page_key::<OfferKey>(&query.after);
    let (person, is_first) = (call.person()?, after.is_none());
    let (why_none, desk, page, passed_by, is_off_today, now) = call
        .db(move |tx| -> Result<_, DbError> {
            let worker = card::worker(tx, person)?;
            let page = card::fitting(tx, &worker, &Paging { after, ..Paging::first(CARDS) })?;
            let passed_by = rounds::passed_by(tx, worker.id, PASSED_BY)?;
            let is_off_today = availability::is_off_today(tx, worker.id)?;
            Ok((WhyNone::of(tx, &worker)?, ask::desk(tx)?, page, passed_by, is_off_today, tx.now()))
        })
        .await?;
    let view = ListPage {
        title: call.text("nav-offers"),
        why_none,
        ask: Ask::about(&call, &desk, &call.text("nav-offers")),
        shown: page.items.len(),
        is_off_today,
        offers: page.items.into_iter().map(|offered| CardView::of(&call, now, offered)).collect(),
        next: page.next.as_ref().map(format::page_key),
        is_first,
        declined: query.declined.parse().ok(),
        passed_by: passed_by
            .into_iter()
            .map(|one| PassedBy {
                title: one.title,
                href: format!("{}/why", paths::offer(one.job)),
                when: format::short_date(call.language, date_in_japan(one.at)),
            })
            .collect(),
    };
    call.page("offers/index.html", &view)
}

/// `POST /offers/{job}/decline`
pub(crate) async fn decline(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let offer = offer_of(&call)?;
    match call.db(move |tx| offers::decline(tx, offer)).await {
        // The town took it back first: that is what the worker wanted.
        Err(failure) if failure.code == Code::Conflict => return Ok(call.see_other("/offers")),
        done => done?,
    }
    Ok(call.done(format!("/offers?declined={offer}"), "done-offer-declined"))
}

/// `POST /offers/reconsider`
pub(crate) async fn reconsider(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let offer = offer_of(&call)?;
    match call.db(move |tx| offers::reconsider(tx, offer)).await {
        Err(failure) if failure.code == Code::Conflict => return Ok(told(&call, "done-offer-withdrawn")),
        Err(failure) if failure.code == Code::UnitTaken => return Ok(told(&call, "done-offer-nothing-left")),
        done => done?,
    }
    Ok(call.done("/offers", "done-offer-back"))
}

/// Back to the list, which says what became of the wish.
fn told(call: &Call, key: &str) -> HttpResponse {
    let mut response = call.see_other("/offers");
    let told = Flash { kind: "info", key: key.to_owned() };
    call.add_cookie(&mut response, &told.cookie(call.app.is_secure()));
    response
}

/// The offer a button names; the verb makes sure that it is the worker's own.
fn offer_of(call: &Call) -> Result<OfferId, Failure> {
    call.form().get("offer").parse().map_err(|_no_number| Failure::not_found())
}
