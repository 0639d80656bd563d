//! `GET /deliveries`: what is ready to go out, and what lies before clients or was answered.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::client_questions::{self, ClientQuestion};
use fulfillment::deliveries::{self, DeliveryKey, DeliverySummary};
use fulfillment::orders::{self, Order, OrderState};
use kernel::{Page, Paging, Typed};
use serde::{Deserialize, Serialize};

use super::row::{AskedRow, DeliveryRow};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::orders::parts::{self, Tab};
use crate::paths;
use crate::phrases::address;

/// How many deliveries a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    state: Typed,
    after: Typed,
}

struct Facts {
    now: DateTime<Utc>,
    ready: Vec<(Order, i64)>,
    waiting: i64,
    asked: Vec<ClientQuestion>,
    sent: Page<DeliverySummary, DeliveryKey>,
}

fn facts(tx: &mut Tx<'_>, state: OrderState, paging: &Paging<DeliveryKey>) -> Result<Facts, DbError> {
    let is_running = state == OrderState::Running;
    Ok(Facts {
        now: tx.now(),
        ready: if is_running { orders::ready_to_deliver(tx)? } else { Vec::new() },
        asked: if is_running { client_questions::open(tx, &Paging::first(ROWS))?.items } else { Vec::new() },
        waiting: if is_running { deliveries::waiting(tx)? } else { 0 },
        sent: deliveries::list(tx, state, paging)?,
    })
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    tabs: Vec<Tab>,
    answer: String,
    asked: Vec<AskedRow>,
    ready: Vec<ReadyRow>,
    rows: Vec<DeliveryRow>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct ReadyRow {
    title: String,
    href: String,
    due: Due,
    count: String,
    deliver: String,
}

/// `GET /deliveries`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let past = parts::word_of::<OrderState>(&query.state) == Some(OrderState::Closed);
    let (state, here) = if past {
        (OrderState::Closed, "/deliveries?state=closed")
    } else {
        (OrderState::Running, "/deliveries")
    };
    let after = format::read_page_key::<DeliveryKey>(query.after.as_str());
    let paging = Paging { after, ..Paging::first(ROWS) };
    let facts = call.db(move |tx| facts(tx, state, &paging)).await?;
    let next = facts.sent.next.as_ref().map(format::page_key).unwrap_or_default();
    let row = |one: &DeliverySummary| {
        DeliveryRow::of(&call, facts.now, &one.delivery, &one.units, &one.order_title)
    };
    let page = ListPage {
        title: call.text("nav-deliveries"),
        tabs: tabs(&call, past),
        answer: if past { String::new() } else { answer(&call, &facts) },
        asked: facts.asked.iter().map(|one| AskedRow::of(&call, one)).collect(),
        ready: if after.is_some() { Vec::new() } else { ready_rows(&call, &facts) },
        rows: facts.sent.items.iter().map(row).collect(),
        next: next_page(past, &next),
        first: if after.is_some() { here.to_owned() } else { String::new() },
    };
    call.page("deliveries/index.html", &page)
}

fn next_page(past: bool, key: &str) -> String {
    let state = if past { OrderState::Closed.as_str() } else { "" };
    if key.is_empty() { String::new() } else { address("/deliveries", &[("state", state), ("after", key)]) }
}

fn ready_rows(call: &Call, facts: &Facts) -> Vec<ReadyRow> {
    facts.ready.iter().map(|(order, passed)| ready_row(call, facts.now, order, *passed)).collect()
}

fn answer(call: &Call, facts: &Facts) -> String {
    let ready: i64 = facts.ready.iter().map(|(_, passed)| passed).sum();
    let said = [
        parts::say_count(call, "deliveries-ready", ready),
        parts::say_count(call, "deliveries-waiting", facts.waiting),
    ];
    said.join(" · ")
}

fn ready_row(call: &Call, now: DateTime<Utc>, order: &Order, passed: i64) -> ReadyRow {
    ReadyRow {
        title: order.title.clone(),
        href: paths::order(order.id),
        due: format::due(call.language, now, order.due_on),
        count: parts::say(call, "orders-pieces", &[("count", format::count(passed))]),
        deliver: format!("{}/deliver", paths::order(order.id)),
    }
}

fn tabs(call: &Call, past: bool) -> Vec<Tab> {
    let tab = |key, href: &str, current| Tab { label: call.text(key), href: href.to_owned(), current };
    vec![
        tab("deliveries-tab-running", "/deliveries", !past),
        tab("deliveries-tab-closed", "/deliveries?state=closed", past),
    ]
}
