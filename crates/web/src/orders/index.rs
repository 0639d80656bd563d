//! `GET /orders`: the coordinator's seven questions, red first; what has ended is in `past.rs`.

use std::cmp::Reverse;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::orders::{self, OrderCounts, OrderFilter, OrderKey, OrderState, OrderStatus, Schedule};
use fulfillment::repeats::{self, RepeatWish};
use fulfillment::shares;
use kernel::{FiscalYear, Language, OrderId, Paging, Typed};
use serde::{Deserialize, Serialize};

use super::again::WishRow;
use super::parts::{self, Tab};
use super::past;
use super::row::{Names, StatusRow};
use super::step::{NextStep, next_step};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::paths;

/// How many orders to split the page shows.
const ROWS: u16 = 50;
/// How many running orders a page shows.
const SHOWN: usize = 50;

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

/// Where drafts alone are listed.
const DRAFTS: &str = "/orders?state=draft";

impl Query {
    /// The condition that names nothing here.
    fn unknown(&self) -> Option<String> {
        parts::unknown_word::<OrderState>("state", &self.state)
            .or_else(|| parts::unknown_word::<Schedule>("schedule", &self.schedule))
    }
}

/// `GET /orders`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    if let Ok(year) = query.accepted.as_str().parse::<FiscalYear>() {
        return past::accepted(&call, year, &query).await;
    }
    match parts::word_of::<OrderState>(&query.state) {
        Some(state @ (OrderState::Closed | OrderState::Cancelled)) => past::ended(&call, state, &query).await,
        Some(OrderState::Draft) => running(&call, Some(Only::Drafts), &query).await,
        _ => running(&call, parts::word_of(&query.schedule).map(Only::Schedule), &query).await,
    }
}

#[derive(Serialize)]
struct RunningPage {
    title: String,
    tabs: Vec<Tab>,
    answer: String,
    drafts: Vec<DraftRow>,
    /// Where the drafts go on; empty where these are all.
    drafts_next: String,
    /// What was asked for and is no part of the list, so that all of it is shown.
    unknown: Option<String>,
    /// What clients would like once more.
    wished: Vec<WishRow>,
    /// How many shares of partner towns wait for an answer, in words; empty where none does, or somebody else answers.
    shares: String,
    rows: Vec<StatusRow>,
    /// The running orders by colour, each with its count.
    colours: Vec<Colour>,
    total: String,
    shown: usize,
    next: String,
    first: String,
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

/// Every running order, the red ones first, and by due date within a colour.
pub(crate) fn red_first(tx: &mut Tx<'_>) -> Result<Vec<OrderStatus>, DbError> {
    let mut all = orders::all_running(tx)?;
    all.sort_by_key(|status| RedKey::of(status).place());
    Ok(all)
}

/// Where a page of running orders ends: colour, due date and id of its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct RedKey(Schedule, NaiveDate, OrderId);

impl RedKey {
    fn of(status: &OrderStatus) -> Self {
        Self(status.schedule, status.order.due_on, status.order.id)
    }

    fn place(self) -> (Reverse<u8>, NaiveDate, OrderId) {
        (Reverse(urgency(self.0)), self.1, self.2)
    }
}

fn urgency(schedule: Schedule) -> u8 {
    match schedule {
        Schedule::Done => 0,
        Schedule::OnTime => 1,
        Schedule::AtRisk => 2,
        Schedule::Late => 3,
    }
}

fn drafts(tx: &mut Tx<'_>, after: Option<OrderKey>) -> Result<(Vec<OrderStatus>, Option<OrderKey>), DbError> {
    let filter = OrderFilter { state: Some(OrderState::Draft), ..OrderFilter::default() };
    let page = orders::list(tx, filter, &Paging { after, ..Paging::first(ROWS) })?;
    Ok((orders::statuses(tx, page.items)?, page.next))
}

/// A part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    /// What is not split yet.
    Drafts,
    /// Running orders of one colour.
    Schedule(Schedule),
}

/// What the page shows of the orders that are not over.
struct Running {
    now: DateTime<Utc>,
    counts: OrderCounts,
    drafts: Vec<OrderStatus>,
    /// Where the next drafts begin.
    more_drafts: Option<OrderKey>,
    rows: Vec<OrderStatus>,
    wishes: Vec<RepeatWish>,
    /// How many shares wait for an answer.
    shares: i64,
    next: Option<RedKey>,
    names: Names,
}

fn read(
    tx: &mut Tx<'_>,
    language: Language,
    only: Option<Only>,
    (after, drafts_after): (Option<RedKey>, Option<OrderKey>),
) -> Result<Running, DbError> {
    let mut rows = red_first(tx)?;
    let counts = orders::counts(tx, &rows)?;
    rows.retain(|row| match only {
        None => true,
        Some(Only::Drafts) => false,
        Some(Only::Schedule(only)) => row.schedule == only,
    });
    if let Some(after) = after {
        rows.retain(|row| RedKey::of(row).place() > after.place());
    }
    let more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    let next = rows.last().filter(|_| more).map(RedKey::of);
    let with_drafts = !matches!(only, Some(Only::Schedule(_))) && after.is_none();
    let (drafts, more_drafts) = if with_drafts { drafts(tx, drafts_after)? } else { (Vec::new(), None) };
    let shown: Vec<&OrderStatus> = drafts.iter().chain(&rows).collect();
    let names = Names::read(tx, language, &shown)?;
    let wishes = if with_drafts { repeats::open(tx, &Paging::first(ROWS))?.items } else { Vec::new() };
    let shares = shares::count_waiting(tx)?;
    Ok(Running { now: tx.now(), counts, drafts, more_drafts, rows, wishes, shares, next, names })
}

async fn running(call: &Call, only: Option<Only>, query: &Query) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let is_of_drafts = only == Some(Only::Drafts);
    let drafts_after = format::read_page_key::<OrderKey>(query.after.as_str()).filter(|_| is_of_drafts);
    let after = format::read_page_key::<RedKey>(query.after.as_str()).filter(|_| !is_of_drafts);
    let Running { now, counts, drafts, more_drafts, rows, wishes, shares, next, names } =
        call.db(move |tx| read(tx, language, only, (after, drafts_after))).await?;
    let total = match only {
        None => parts::say_count(call, "orders-running-total", counts.running()),
        Some(Only::Drafts) => parts::say_count(call, "orders-answer-drafts", counts.drafts),
        Some(Only::Schedule(only)) => parts::say_count(call, "orders-running-total", counts.of(only)),
    };
    let here = match only {
        Some(Only::Schedule(only)) => of_schedule(only),
        Some(Only::Drafts) => DRAFTS.to_owned(),
        None => "/orders".to_owned(),
    };
    let joint = if here.contains('?') { '&' } else { '?' };
    let page = RunningPage {
        title: call.text("nav-orders"),
        tabs: tabs(call, Some(OrderState::Running)),
        answer: answer(call, &counts),
        colours: colours(call, &counts, only),
        total,
        shown: rows.len(),
        wished: wishes.iter().map(|wish| WishRow::of(call, wish)).collect(),
        shares: if shares > 0 && parts::may_write(call) {
            parts::say_count(call, "shares-answer", shares)
        } else {
            String::new()
        },
        drafts: drafts.iter().map(|draft| draft_row(call, now, draft, &names)).collect(),
        rows: rows.iter().map(|row| StatusRow::of(call, now, row, &names)).collect(),
        next: next.map_or_else(String::new, |key| format!("{here}{joint}after={}", format::page_key(&key))),
        drafts_next: match more_drafts {
            Some(key) if is_of_drafts => format!("{DRAFTS}&after={}", format::page_key(&key)),
            Some(_) => DRAFTS.to_owned(),
            None => String::new(),
        },
        unknown: query.unknown(),
        first: if after.is_some() || drafts_after.is_some() { here } else { String::new() },
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

fn draft_row(call: &Call, now: DateTime<Utc>, draft: &OrderStatus, names: &Names) -> DraftRow {
    let order = &draft.order;
    DraftRow {
        id: format!("order-{}", order.id),
        title: order.title.clone(),
        href: paths::order(order.id),
        client: names.client(order),
        due: format::due(call.language, now, order.due_on),
        ordered: parts::say(call, "orders-pieces", &[("count", format::count(draft.pieces.ordered))]),
        step: next_step(call, order, &draft.progress, 0, 0),
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
