//! `GET /orders`: the coordinator's seven questions, red first; what has ended is in `past.rs`.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::orders::{
    self, Order, OrderCounts, OrderFilter, OrderKey, OrderState, OrderStatus, Pieces, Progress, Schedule,
};
use kernel::{CompanyId, FiscalYear, Paging, Typed};
use serde::{Deserialize, Serialize};

use super::parts::{self, Tab};
use super::past;
use super::step::{NextStep, next_step};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::paths;

/// How many orders to split the page shows.
const ROWS: u16 = 50;
/// How many running orders are looked through for the red ones; a town has some dozens.
const MOST_RUNNING: usize = 500;
/// How many of them the page shows.
const SHOWN: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    state: Typed,
    /// Of the running orders, only those of this colour.
    schedule: Typed,
    /// The orders behind what was accepted in this fiscal year.
    accepted: Typed,
    pub(super) after: Typed,
}

/// `GET /orders`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    if let Ok(year) = query.accepted.as_str().parse::<FiscalYear>() {
        return past::accepted(&call, year, &query).await;
    }
    match parts::word_of::<OrderState>(&query.state) {
        Some(state @ (OrderState::Closed | OrderState::Cancelled)) => past::ended(&call, state, &query).await,
        Some(OrderState::Draft) => running(&call, Some(Only::Drafts)).await,
        _ => running(&call, parts::word_of(&query.schedule).map(Only::Schedule)).await,
    }
}

#[derive(Serialize)]
struct RunningPage {
    title: String,
    tabs: Vec<Tab>,
    answer: String,
    drafts: Vec<DraftRow>,
    rows: Vec<StatusRow>,
    /// The running orders by colour, each with its count.
    colours: Vec<Colour>,
    total: String,
    note: String,
    may_write: bool,
}

/// A filter of the running orders by colour.
#[derive(Serialize)]
struct Colour {
    text: String,
    href: String,
    on: bool,
}

#[derive(Serialize)]
struct DraftRow {
    id: String,
    title: String,
    href: String,
    client: String,
    due: Due,
    ordered: String,
    step: NextStep,
}

/// One running order with the answers to the seven questions.
#[derive(Debug, Serialize)]
pub(crate) struct StatusRow {
    id: String,
    title: String,
    href: String,
    client: String,
    due: Due,
    /// `bad`, `warn` or empty.
    tone: &'static str,
    schedule: String,
    schedule_tone: &'static str,
    schedule_icon: &'static str,
    arranged: String,
    /// How many of the ordered pieces were split into units, in words; empty where all were and no more.
    pieces: String,
    workers: String,
    late: i64,
    late_text: String,
    waits: bool,
    waiting: String,
    finished: String,
    step: NextStep,
}

impl StatusRow {
    pub(crate) fn of(
        call: &Call,
        now: DateTime<Utc>,
        status: &OrderStatus,
        names: &HashMap<CompanyId, String>,
    ) -> Self {
        let (order, progress) = (&status.order, &status.progress);
        let (tone, icon) = look(status.schedule);
        let of_all = |done: i64| {
            let counts = [("done", format::count(done)), ("total", format::count(progress.live()))];
            parts::say(call, "orders-cell-of", &counts)
        };
        let things = |count: i64| parts::say(call, "orders-cell-things", &[("count", format::count(count))]);
        Self {
            id: format!("order-{}", order.id),
            title: order.title.clone(),
            href: paths::order(order.id),
            client: names.get(&order.company_id).cloned().unwrap_or_default(),
            due: match status.schedule {
                // Nobody is late with what is finished.
                Schedule::Done => format::day(call.language, order.due_on),
                _ => format::due(call.language, now, order.due_on),
            },
            tone: if tone == "good" { "" } else { tone },
            schedule: call.text(&parts::text_key("orders-schedule", status.schedule.as_str())),
            schedule_tone: tone,
            schedule_icon: icon,
            arranged: of_all(progress.arranged()),
            pieces: pieces(call, &status.pieces),
            workers: parts::say(call, "orders-cell-people", &[("count", format::count(status.workers))]),
            late: status.late,
            late_text: things(status.late),
            waits: progress.submitted > 0,
            waiting: things(progress.submitted),
            finished: of_all(progress.finished()),
            step: next_step(call, order, progress, status.late),
        }
    }
}

/// Tone and icon of a schedule.
pub(crate) fn look(schedule: Schedule) -> (&'static str, &'static str) {
    match schedule {
        Schedule::OnTime | Schedule::Done => ("good", "check-circle"),
        Schedule::AtRisk => ("warn", "warning"),
        Schedule::Late => ("bad", "error"),
    }
}

/// How many pieces are in units, and how many were ordered, in words; empty where they agree. It names both numbers and
/// the difference: "30 short" beside "24 of 30" was read as 30 short of 30.
pub(crate) fn pieces(call: &Call, pieces: &Pieces) -> String {
    let Pieces { ordered, split, .. } = *pieces;
    let key = match split - ordered {
        0 => return String::new(),
        1.. => "orders-split-over",
        _ => "orders-split-under",
    };
    let numbers = [("ordered", ordered), ("units", split), ("left", (ordered - split).abs())];
    parts::say(call, key, &numbers.map(|(name, number)| (name, format::count(number))))
}

/// Every running order, the red ones first, and by due date within a colour.
pub(crate) fn red_first(tx: &mut Tx<'_>) -> Result<Vec<OrderStatus>, DbError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = orders::running(tx, &Paging { after, ..Paging::first(Paging::<OrderKey>::MOST) })?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() || all.len() >= MOST_RUNNING {
            break;
        }
    }
    all.sort_by_key(|status| {
        (std::cmp::Reverse(urgency(status.schedule)), status.order.due_on, status.order.id)
    });
    Ok(all)
}

fn urgency(schedule: Schedule) -> u8 {
    match schedule {
        Schedule::Done => 0,
        Schedule::OnTime => 1,
        Schedule::AtRisk => 2,
        Schedule::Late => 3,
    }
}

struct Draft {
    order: Order,
    progress: Progress,
    ordered: i64,
}

fn drafts(tx: &mut Tx<'_>) -> Result<Vec<Draft>, DbError> {
    let filter = OrderFilter { state: Some(OrderState::Draft) };
    let page = orders::list(tx, filter, &Paging::first(ROWS))?;
    let draft = |order: Order| {
        let progress = orders::progress(tx, order.id)?;
        let ordered = orders::lines(tx, order.id)?.iter().map(|line| i64::from(line.quantity)).sum();
        Ok(Draft { order, progress, ordered })
    };
    page.items.into_iter().map(draft).collect()
}

/// A part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    /// What is not split yet.
    Drafts,
    /// Running orders of one colour.
    Schedule(Schedule),
}

async fn running(call: &Call, only: Option<Only>) -> Result<HttpResponse, Failure> {
    let (now, counts, mut drafts, mut rows, names) = call
        .db(|tx| -> Result<_, DbError> {
            let (drafts, rows) = (drafts(tx)?, red_first(tx)?);
            let orders: Vec<&Order> =
                drafts.iter().map(|draft| &draft.order).chain(rows.iter().map(|row| &row.order)).collect();
            let names = parts::client_names(tx, &orders)?;
            Ok((tx.now(), orders::counts(tx)?, drafts, rows, names))
        })
        .await?;
    match only {
        None => {}
        Some(Only::Drafts) => rows.clear(),
        Some(Only::Schedule(only)) => {
            rows.retain(|row| row.schedule == only);
            drafts.clear();
        }
    }
    let total = match only {
        None => parts::say_count(call, "orders-running-total", counts.running()),
        Some(Only::Drafts) => parts::say_count(call, "orders-answer-drafts", counts.drafts),
        Some(Only::Schedule(only)) => parts::say_count(call, "orders-running-total", counts.of(only)),
    };
    let all = match only {
        Some(Only::Schedule(only)) => counts.of(only),
        _ => counts.running(),
    };
    let shown = rows.len().min(SHOWN);
    let page = RunningPage {
        title: call.text("nav-orders"),
        tabs: tabs(call, Some(OrderState::Running)),
        answer: answer(call, &counts),
        colours: colours(call, &counts, only),
        total,
        drafts: drafts.iter().map(|draft| draft_row(call, now, draft, &names)).collect(),
        rows: rows.iter().take(shown).map(|row| StatusRow::of(call, now, row, &names)).collect(),
        note: match i64::try_from(shown) {
            Ok(shown) if shown < all && only != Some(Only::Drafts) => {
                parts::say_count(call, "orders-cut", shown)
            }
            _ => String::new(),
        },
        may_write: parts::may_write(call),
    };
    call.page("orders/index.html", &page)
}

/// The sentence the coordinator came for.
fn answer(call: &Call, counts: &OrderCounts) -> String {
    let all = [
        ("orders-answer-late", counts.late),
        ("orders-answer-at-risk", counts.at_risk),
        ("orders-answer-drafts", counts.drafts),
    ];
    let said: Vec<String> = all
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| parts::say_count(call, key, count))
        .collect();
    if said.is_empty() && counts.running() > 0 {
        return call.text("orders-answer-calm");
    }
    said.join(" · ")
}

/// One chip for each colour that occurs, and for the one that is chosen.
fn colours(call: &Call, counts: &OrderCounts, only: Option<Only>) -> Vec<Colour> {
    let chip = |schedule: Schedule| {
        let (count, on) = (counts.of(schedule), only == Some(Only::Schedule(schedule)));
        let word = call.text(&parts::text_key("orders-schedule", schedule.as_str()));
        let href = if on { "/orders".to_owned() } else { of_schedule(schedule) };
        (count > 0 || on).then(|| Colour { text: format!("{word} {count}"), href, on })
    };
    let all = [Schedule::Late, Schedule::AtRisk, Schedule::OnTime, Schedule::Done];
    all.into_iter().filter_map(chip).collect()
}

/// Where the running orders of one colour are listed.
pub(super) fn of_schedule(schedule: Schedule) -> String {
    format!("/orders?schedule={schedule}")
}

fn draft_row(call: &Call, now: DateTime<Utc>, draft: &Draft, names: &HashMap<CompanyId, String>) -> DraftRow {
    let order = &draft.order;
    DraftRow {
        id: format!("order-{}", order.id),
        title: order.title.clone(),
        href: paths::order(order.id),
        client: names.get(&order.company_id).cloned().unwrap_or_default(),
        due: format::due(call.language, now, order.due_on),
        ordered: parts::say(call, "orders-pieces", &[("count", format::count(draft.ordered))]),
        step: next_step(call, order, &draft.progress, 0),
    }
}

/// `None` where the list is about none of the states.
pub(super) fn tabs(call: &Call, current: Option<OrderState>) -> Vec<Tab> {
    let tab = |state: OrderState| Tab {
        label: call.text(&format!("state-order-{state}")),
        href: if state == OrderState::Running {
            "/orders".to_owned()
        } else {
            format!("/orders?state={state}")
        },
        current: Some(state) == current,
    };
    [OrderState::Running, OrderState::Closed, OrderState::Cancelled].into_iter().map(tab).collect()
}
