//! `GET /review`: what waits for a checker, the longest waiting first. One's own work is shown with the reason why
//! it cannot be opened.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::claims::{self, Mine, MyUnit};
use fulfillment::reviews::{self, ReviewKey, ToReview};
use fulfillment::units::UnitState;
use kernel::{Page, Paging};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::PageQuery;
use crate::orders::parts::{self, When};
use crate::paths;

/// How many versions a page shows.
const ROWS: u16 = 50;

#[derive(Serialize)]
struct QueuePage {
    title: String,
    answer: String,
    rows: Vec<Row>,
    start: Option<String>,
    own: Vec<OwnRow>,
    shown: String,
    next: String,
    is_first: bool,
    /// How many others are checking, in words; empty where none.
    taken: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    label: String,
    href: String,
    order: String,
    due: Due,
    state: UnitState,
    since: When,
    version: String,
    is_again: bool,
    /// Somebody let it pass, and another person looks now.
    is_second: bool,
    /// Until when it is the reader's own; empty where it is free.
    mine: String,
}

#[derive(Serialize)]
struct OwnRow {
    label: String,
    state: UnitState,
}

struct Facts {
    now: DateTime<Utc>,
    waiting: Page<ToReview, ReviewKey>,
    count: i64,
    /// How many others are checking.
    taken: i64,
    own: Vec<MyUnit>,
}

fn facts(tx: &mut Tx<'_>, after: Option<ReviewKey>) -> Result<Facts, DbError> {
    let waiting = reviews::waiting(tx, &Paging { after, ..Paging::first(ROWS) })?;
    let mut own = claims::mine(tx, Mine::Waiting, &Paging::first(ROWS))?.items;
    own.retain(|unit| UnitState::TO_REVIEW.contains(&unit.state));
    Ok(Facts {
        now: tx.now(),
        waiting,
        count: reviews::waiting_count(tx)?,
        taken: reviews::taken_count(tx)?,
        own,
    })
}

/// `GET /review`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<ReviewKey>(call.query::<PageQuery>().after.as_str());
    let Facts { now, waiting, count, taken, own } = call.db(move |tx| facts(tx, after)).await?;
    let shown = i64::try_from(waiting.items.len()).unwrap_or(i64::MAX);
    let page = QueuePage {
        title: call.text("nav-review"),
        answer: answer(&call, now, &waiting.items, count),
        start: waiting.items.first().map(|first| paths::review(first.submission)),
        rows: waiting.items.iter().map(|item| row(&call, now, item)).collect(),
        own: own.iter().map(|unit| own_row(&call, unit)).collect(),
        shown: parts::say_count(&call, "review-shown", shown),
        next: waiting
            .next
            .as_ref()
            .map(|key| format!("/review?after={}", format::page_key(key)))
            .unwrap_or_default(),
        is_first: after.is_none(),
        taken: if taken == 0 { String::new() } else { parts::say_count(&call, "review-others", taken) },
    };
    call.page("review/index.html", &page)
}

/// How many wait, all counted, and how many of those on this page are due today or late.
fn answer(call: &Call, now: DateTime<Utc>, items: &[ToReview], count: i64) -> String {
    if count == 0 {
        return call.text("review-nothing");
    }
    let today = kernel::date_in_japan(now);
    let urgent = items.iter().filter(|item| item.order_due_on <= today).count();
    let waiting = parts::say_count(call, "review-waiting", count);
    if urgent == 0 {
        return waiting;
    }
    format!(
        "{waiting} · {}",
        parts::say_count(call, "review-urgent", i64::try_from(urgent).unwrap_or(i64::MAX))
    )
}

fn row(call: &Call, now: DateTime<Utc>, item: &ToReview) -> Row {
    Row {
        id: format!("submission-{}", item.submission),
        label: parts::unit_name(call, &item.job_title, &item.label),
        href: paths::review(item.submission),
        order: if item.order_title == item.job_title { String::new() } else { item.order_title.clone() },
        due: format::due(call.language, now, item.order_due_on),
        state: item.state,
        since: When::of(call.language, item.submitted_at),
        version: parts::say(call, "review-version", &[("number", item.number.to_string())]),
        is_again: item.number > 1,
        is_second: item.level > 1,
        mine: item.leased_until.map_or_else(String::new, |until| {
            let until = format::moment(call.language, until);
            parts::say(call, "review-lease-mine", &[("until", until)])
        }),
    }
}

fn own_row(call: &Call, unit: &MyUnit) -> OwnRow {
    OwnRow { label: parts::unit_name(call, &unit.job_title, &unit.label), state: unit.state }
}
