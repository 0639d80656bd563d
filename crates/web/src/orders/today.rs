//! The coordinator's home: what waits, what is due today, and the red orders with their next step.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::fixes;
use fulfillment::orders::{self, Order, OrderCounts, OrderStatus, Schedule};
use kernel::{CompanyId, FiscalYear, Yen, date_in_japan};
use serde::Serialize;

use super::index::{self, StatusRow};
use super::{parts, past};
use crate::call::Call;
use crate::format;

/// How many orders the home shows.
const ROWS: usize = 8;

/// What the database says about today; [`OrdersToday::of`] puts it into words.
#[derive(Debug)]
pub(crate) struct Facts {
    now: DateTime<Utc>,
    accepted: Yen,
    waiting: i64,
    fixes: i64,
    counts: OrderCounts,
    shown: Vec<OrderStatus>,
    names: HashMap<CompanyId, String>,
}

/// `page.orders_today` of `orders/today.html`.
#[derive(Debug, Serialize)]
pub(crate) struct OrdersToday {
    /// `検品待ち 14 · 今日期限 3`
    pub(crate) sentence: String,
    waiting: String,
    fixes: i64,
    fixes_text: String,
    late: i64,
    late_text: String,
    late_href: String,
    running: String,
    accepted: String,
    accepted_href: String,
    accepted_year: String,
    rows: Vec<StatusRow>,
    /// Whether every order is green: then the rows are simply the next ones.
    is_calm: bool,
}

/// Reads what the coordinator's home shows, in one transaction with the rest of the page.
pub(crate) fn facts(tx: &mut Tx<'_>) -> Result<Facts, DbError> {
    let now = tx.now();
    let today = date_in_japan(now);
    let mut shown = index::red_first(tx)?;
    shown.truncate(ROWS);
    let named: Vec<&Order> = shown.iter().map(|row| &row.order).collect();
    Ok(Facts {
        now,
        accepted: orders::accepted_total(tx, FiscalYear::of(today))?,
        waiting: fulfillment::reviews::waiting_count(tx)?,
        fixes: fixes::count_open(tx, None)?,
        counts: orders::counts(tx)?,
        names: parts::client_names(tx, &named)?,
        shown,
    })
}

impl OrdersToday {
    /// The facts in the reader's words.
    pub(crate) fn of(call: &Call, facts: &Facts) -> Self {
        let year = FiscalYear::of(date_in_japan(facts.now));
        Self {
            sentence: sentence(call, facts),
            waiting: format::count(facts.waiting),
            fixes: facts.fixes,
            fixes_text: format::count(facts.fixes),
            late: facts.counts.late,
            late_href: index::of_schedule(Schedule::Late),
            accepted_href: past::accepted_in(year),
            late_text: format::count(facts.counts.late),
            running: format::count(facts.counts.running()),
            accepted: format::yen(call.language, facts.accepted),
            accepted_year: parts::say(call, "orders-today-year", &[("year", year.0.to_string())]),
            rows: facts.shown.iter().map(|row| StatusRow::of(call, facts.now, row, &facts.names)).collect(),
            is_calm: facts.shown.iter().all(|row| row.schedule == Schedule::OnTime),
        }
    }
}

fn sentence(call: &Call, facts: &Facts) -> String {
    let mut said = vec![
        parts::say(call, "orders-today-waiting", &[("count", format::count(facts.waiting))]),
        parts::say(call, "orders-today-due", &[("count", format::count(facts.counts.due_today))]),
    ];
    if facts.counts.late > 0 {
        said.push(parts::say_count(call, "orders-answer-late", facts.counts.late));
    }
    if facts.counts.drafts > 0 {
        said.push(parts::say_count(call, "orders-answer-drafts", facts.counts.drafts));
    }
    said.join(" · ")
}
