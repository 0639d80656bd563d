//! Orders that have ended, the newest first, and the orders behind a year's accepted amount; both with their totals.

use std::collections::HashMap;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::orders::{self, EndedKey, Order, OrderKey, OrderState};
use kernel::{CompanyId, FiscalYear, Page, Paging, Yen, date_in_japan};
use serde::Serialize;

use super::index::{Query, tabs};
use super::parts::{self, Tab};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::paths;
use crate::phrases::{fiscal_year, said};

/// How many orders a page shows.
const ROWS: u16 = 50;

#[derive(Serialize)]
struct PastPage {
    title: String,
    tabs: Vec<Tab>,
    /// Says which year's accepted amount this is; empty for ended orders.
    about: String,
    answer: String,
    rows: Vec<PastRow>,
    total_count: String,
    total_amount: String,
    amount_head: String,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct PastRow {
    title: String,
    href: String,
    client: String,
    state: OrderState,
    amount: String,
    ended: String,
}

impl PastRow {
    /// `amount` is the order's, or its share of a year.
    fn of(call: &Call, order: &Order, amount: Yen, names: &HashMap<CompanyId, String>) -> Self {
        let ended = order.ended_at.map(|at| parts::day(call.language, date_in_japan(at)));
        Self {
            title: order.title.clone(),
            href: paths::order(order.id),
            client: names.get(&order.company_id).cloned().unwrap_or_default(),
            state: order.state,
            amount: format::yen(call.language, amount),
            ended: ended.unwrap_or_default(),
        }
    }
}

/// What both lists say of themselves.
struct About {
    current: Option<OrderState>,
    about: String,
    count: String,
    amount: Yen,
    amount_head: &'static str,
    here: String,
    next: Option<String>,
    is_first: bool,
}

fn show(call: &Call, about: About, rows: Vec<PastRow>) -> Result<HttpResponse, Failure> {
    let amount = format::yen(call.language, about.amount);
    let page = PastPage {
        title: call.text("nav-orders"),
        tabs: tabs(call, about.current),
        answer: said(call, "orders-past-answer", [("count", &about.count), ("amount", &amount)]),
        about: about.about,
        rows,
        total_count: about.count,
        total_amount: amount,
        amount_head: call.text(about.amount_head),
        next: about.next.map(|key| format!("{}&after={key}", about.here)).unwrap_or_default(),
        first: if about.is_first { String::new() } else { about.here },
    };
    call.page("orders/past.html", &page)
}

/// Closed or cancelled orders.
pub(super) async fn ended(call: &Call, state: OrderState, query: &Query) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<EndedKey>(query.after.as_str());
    let (page, (count, amount), names) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = orders::ended(tx, state, &Paging { after, ..Paging::first(ROWS) })?;
            let names = parts::client_names(tx, &page.items.iter().collect::<Vec<_>>())?;
            Ok((page, orders::totals(tx, state)?, names))
        })
        .await?;
    let rows = page.items.iter().map(|order| PastRow::of(call, order, order.amount, &names)).collect();
    let about = About {
        current: Some(state),
        about: String::new(),
        count: format::count(count),
        amount,
        amount_head: "orders-amount",
        here: format!("/orders?state={state}"),
        next: page.next.as_ref().map(format::page_key),
        is_first: after.is_none(),
    };
    show(call, about, rows)
}

/// Where the orders behind a year's accepted amount are listed.
pub(crate) fn accepted_in(year: FiscalYear) -> String {
    format!("/orders?accepted={year}", year = year.0)
}

struct Accepted {
    page: Page<(Order, Yen), OrderKey>,
    count: i64,
    total: Yen,
    names: HashMap<CompanyId, String>,
}

fn read_accepted(tx: &mut Tx<'_>, year: FiscalYear, after: Option<OrderKey>) -> Result<Accepted, DbError> {
    let page = orders::accepted_in(tx, year, &Paging { after, ..Paging::first(ROWS) })?;
    let (count, total) = orders::accepted_totals(tx, year)?;
    let names = parts::client_names(tx, &page.items.iter().map(|(order, _)| order).collect::<Vec<_>>())?;
    Ok(Accepted { page, count, total, names })
}

/// The orders of which something was accepted in `year`, each with its share.
pub(super) async fn accepted(call: &Call, year: FiscalYear, query: &Query) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<OrderKey>(query.after.as_str());
    let Accepted { page, count, total, names } = call.db(move |tx| read_accepted(tx, year, after)).await?;
    let rows = page.items.iter().map(|(order, share)| PastRow::of(call, order, *share, &names)).collect();
    let about = About {
        current: None,
        about: said(call, "orders-accepted-about", [("year", &fiscal_year(call, year))]),
        count: format::count(count),
        amount: total,
        amount_head: "orders-accepted-share",
        here: accepted_in(year),
        next: page.next.as_ref().map(format::page_key),
        is_first: after.is_none(),
    };
    show(call, about, rows)
}
