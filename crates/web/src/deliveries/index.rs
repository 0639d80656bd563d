//! `GET /deliveries`: what is ready to go out, and what lies before clients or was answered.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::deliveries::{self, Delivery};
use fulfillment::orders::{self, Order, OrderFilter, OrderKey, OrderState};
use kernel::{Paging, Typed};
use serde::{Deserialize, Serialize};

use super::row::{DeliveryRow, SentUnits};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::orders::index::red_first;
use crate::orders::parts::{self, Tab};
use crate::paths;

/// How many finished orders' deliveries a page shows.
const ORDERS: u16 = 25;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    state: Typed,
    after: Typed,
}

struct Facts {
    now: DateTime<Utc>,
    ready: Vec<(Order, i64)>,
    sent: Vec<(Order, Delivery, SentUnits)>,
    next: Option<OrderKey>,
}

/// The deliveries of these orders, the newest first within an order.
fn sent(
    tx: &mut Tx<'_>,
    orders: impl IntoIterator<Item = Order>,
) -> Result<Vec<(Order, Delivery, SentUnits)>, DbError> {
    let mut all = Vec::new();
    for order in orders {
        for delivery in deliveries::of_order(tx, order.id)?.into_iter().rev() {
            let units = SentUnits::of(&deliveries::units(tx, delivery.id)?);
            all.push((order.clone(), delivery, units));
        }
    }
    Ok(all)
}

fn running(tx: &mut Tx<'_>) -> Result<Facts, DbError> {
    let running = red_first(tx)?;
    let ready = running.iter().filter(|row| row.progress.passed > 0);
    let ready = ready.map(|row| (row.order.clone(), row.progress.passed)).collect();
    let mut sent = sent(tx, running.into_iter().map(|row| row.order))?;
    sent.sort_by_key(|(_, delivery, _)| std::cmp::Reverse(delivery.sent_at));
    Ok(Facts { now: tx.now(), ready, sent, next: None })
}

fn finished(tx: &mut Tx<'_>, after: Option<OrderKey>) -> Result<Facts, DbError> {
    let filter = OrderFilter { state: Some(OrderState::Closed) };
    let page = orders::list(tx, filter, &Paging { after, ..Paging::first(ORDERS) })?;
    let sent = sent(tx, page.items)?;
    Ok(Facts { now: tx.now(), ready: Vec::new(), sent, next: page.next })
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    tabs: Vec<Tab>,
    answer: String,
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
    let after = format::read_page_key::<OrderKey>(query.after.as_str());
    let facts = call.db(move |tx| if past { finished(tx, after) } else { running(tx) }).await?;
    let here = "/deliveries?state=closed";
    let page = ListPage {
        title: call.text("nav-deliveries"),
        tabs: tabs(&call, past),
        answer: if past { String::new() } else { answer(&call, &facts) },
        ready: facts
            .ready
            .iter()
            .map(|(order, passed)| ready_row(&call, facts.now, order, *passed))
            .collect(),
        rows: facts
            .sent
            .iter()
            .map(|(order, delivery, units)| DeliveryRow::of(&call, facts.now, delivery, units, &order.title))
            .collect(),
        next: facts
            .next
            .as_ref()
            .map(|key| format!("{here}&after={}", format::page_key(key)))
            .unwrap_or_default(),
        first: if past && after.is_some() { here.to_owned() } else { String::new() },
    };
    call.page("deliveries/index.html", &page)
}

fn answer(call: &Call, facts: &Facts) -> String {
    let ready: i64 = facts.ready.iter().map(|(_, passed)| passed).sum();
    let waiting =
        facts.sent.iter().filter(|(_, sent, _)| sent.state == deliveries::DeliveryState::Sent).count();
    let said = [
        parts::say_count(call, "deliveries-ready", ready),
        parts::say_count(call, "deliveries-waiting", i64::try_from(waiting).unwrap_or(i64::MAX)),
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
