//! `GET /figures/{figure}`: what a figure means, where it comes from, how it was reckoned, and the list behind it. The
//! list names nobody to those who may not open it: a number, days and amounts are enough to count along.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::orders::{self, Order, OrderKey};
use kernel::{DealId, FiscalYear, OrderId, Page, Paging, WorkerId, Yen, date_in_japan};
use sales::deals::{self, Card, CardKey, DealFilter, DealStatus};
use serde::Serialize;
use workforce::workers::{self, StepFilter, StepKey, WithdrawalReason, Worker, WorkerEvent, WorkerStep};

use super::{Figure, Name, Taken, division, percent_unrounded, taken_today};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::paths;
use crate::phrases::{said, word};
use crate::routes::may_get;
use crate::shell::Crumb;

/// How many rows a page shows.
const ROWS: u16 = 100;

#[derive(Serialize)]
struct BehindPage {
    title: String,
    crumbs: Vec<Crumb>,
    figure: Figure,
    as_of: String,
    means: String,
    source: String,
    /// How a share was reckoned and rounded; empty for what was counted.
    reckoning: String,
    /// Withdrawals by reason, with what each reason means.
    reasons: Vec<Reason>,
    /// Where the share's list is.
    list: String,
    heads: Vec<String>,
    rows: Vec<Row>,
    /// The figure again, as the list's totals.
    total: String,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Reason {
    label: String,
    count: String,
    means: String,
}

#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    cells: Vec<String>,
}

/// A page of what the figure counts.
enum Counted {
    Steps(Page<(WorkerId, WorkerEvent), StepKey>),
    Workers(Page<Worker, WorkerId>),
    Deals(Page<Card, CardKey>),
    Orders(Page<(Order, Yen), OrderKey>),
    Nothing,
}

fn paging<K: serde::de::DeserializeOwned>(after: &str) -> Paging<K> {
    Paging { after: format::read_page_key(after), ..Paging::first(ROWS) }
}

fn counted(tx: &mut Tx<'_>, name: Name, after: &str) -> Result<Counted, DbError> {
    let until = date_in_japan(tx.now());
    let year = FiscalYear::of(until);
    let filter = |step, reason| StepFilter { step, reason, until };
    Ok(match name {
        Name::Registered => {
            Counted::Steps(workers::steps(tx, filter(WorkerStep::Registered, None), &paging(after))?)
        }
        Name::Left => {
            Counted::Steps(workers::steps(tx, filter(WorkerStep::Withdrawn, None), &paging(after))?)
        }
        Name::LeftEmployment => {
            let filter = filter(WorkerStep::Withdrawn, Some(WithdrawalReason::Employment));
            Counted::Steps(workers::steps(tx, filter, &paging(after))?)
        }
        Name::Enrolled => Counted::Workers(workers::enrolled(tx, &paging(after))?),
        Name::Won => {
            let won =
                DealFilter { state: Some(DealStatus::Won), closed_in: Some(year), ..DealFilter::default() };
            Counted::Deals(deals::list(tx, &won, &paging(after))?)
        }
        Name::Accepted => Counted::Orders(orders::accepted_in(tx, year, &paging(after))?),
        Name::RegisteredShare | Name::EnrolledShare => Counted::Nothing,
    })
}

/// `GET /figures/{figure}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let name = Name::parse(call.segment("figure")?).ok_or_else(Failure::not_found)?;
    let after = call.query::<PageQuery>().after.as_str().to_owned();
    let is_first = after.is_empty();
    let (taken, counted) = call
        .db(move |tx| -> Result<_, DbError> { Ok((taken_today(tx)?, counted(tx, name, &after)?)) })
        .await?;
    let is_share = matches!(name, Name::RegisteredShare | Name::EnrolledShare);
    if is_share && taken.town.population.is_none() {
        return Err(Failure::not_found());
    }
    let figure = Figure::of(&call, &taken, name);
    let (here, (heads, rows, next)) = (figure.href.clone(), listed(&call, counted));
    let page = BehindPage {
        title: figure.label.clone(),
        crumbs: vec![Crumb::new(&call, "nav-figures", "/figures")],
        as_of: format::full_date(call.language, taken.as_of),
        means: call.text(&format!("figure-{}-means", name.word())),
        source: call.text(&format!("figure-{}-source", name.word())),
        reckoning: if is_share { reckoning(&call, &taken, name) } else { String::new() },
        reasons: if name == Name::Left { reasons(&call, &taken) } else { Vec::new() },
        list: behind_share(name),
        heads,
        rows,
        total: format!("{}{}", figure.value, figure.unit),
        next: next.map(|key| format!("{here}?after={key}")).unwrap_or_default(),
        first: if is_first { String::new() } else { here },
        figure,
    };
    call.page("figures/behind.html", &page)
}

fn reckoning(call: &Call, taken: &Taken, name: Name) -> String {
    let (part, whole) = (taken.people_of(name), i64::from(taken.town.population.unwrap_or_default()));
    let words = [
        ("division", division(call, taken, name)),
        ("unrounded", percent_unrounded(part, whole)),
        ("rounded", taken.value(name)),
    ];
    said(call, "figure-reckoning", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

fn reasons(call: &Call, taken: &Taken) -> Vec<Reason> {
    let reason = |reason: &WithdrawalReason| Reason {
        label: word(call, "workers-reason", reason),
        count: format::count(taken.left_for(*reason)),
        means: word(call, "figure-reason", reason),
    };
    WithdrawalReason::ALL.iter().map(reason).collect()
}

fn behind_share(name: Name) -> String {
    let list = match name {
        Name::RegisteredShare => Name::Registered,
        Name::EnrolledShare => Name::Enrolled,
        _ => return String::new(),
    };
    format!("/figures/{}", list.word())
}

type Listed = (Vec<String>, Vec<Row>, Option<String>);

fn listed(call: &Call, counted: Counted) -> Listed {
    let heads = |keys: &[&str]| keys.iter().map(|key| call.text(key)).collect::<Vec<_>>();
    match counted {
        Counted::Steps(page) => {
            let is_withdrawal = page.items.iter().any(|(_, event)| event.step == WorkerStep::Withdrawn);
            let day = if is_withdrawal { "figure-left-on" } else { "figure-registered-on" };
            let keys = if is_withdrawal {
                vec!["figure-worker", day, "figure-reason"]
            } else {
                vec!["figure-worker", day]
            };
            (
                heads(&keys),
                page.items.iter().map(|(id, event)| step_row(call, *id, event)).collect(),
                key(&page),
            )
        }
        Counted::Workers(page) => {
            let rows = page.items.iter().map(|worker| worker_row(call, worker)).collect();
            (heads(&["figure-worker", "figure-registered-on", "orders-state"]), rows, key(&page))
        }
        Counted::Deals(page) => {
            let rows = page.items.iter().map(|card| deal_row(call, card)).collect();
            (heads(&["deal-title", "deal-closed-on-won", "deal-amount"]), rows, key(&page))
        }
        Counted::Orders(page) => {
            let rows = page.items.iter().map(|(order, share)| order_row(call, order, *share)).collect();
            (heads(&["orders-order", "orders-due", "orders-accepted-share"]), rows, key(&page))
        }
        Counted::Nothing => (Vec::new(), Vec::new(), None),
    }
}

fn key<T, K: Serialize>(page: &Page<T, K>) -> Option<String> {
    page.next.as_ref().map(format::page_key)
}

/// `ワーカー 12`, and the way there for those who may open it.
fn numbered(call: &Call, word: &str, id: impl ToString) -> String {
    said(call, word, [("number", &id.to_string())])
}

fn worker_href(call: &Call, id: WorkerId) -> String {
    if may_get(call, "/workers/{id}") { paths::worker(id) } else { String::new() }
}

fn step_row(call: &Call, id: WorkerId, event: &WorkerEvent) -> Row {
    let day = format::full_date(call.language, event.happened_on);
    let reason = event.reason.map(|reason| word(call, "workers-reason", reason));
    Row {
        name: numbered(call, "figure-worker-number", id),
        href: worker_href(call, id),
        cells: std::iter::once(day).chain(reason).collect(),
    }
}

fn worker_row(call: &Call, worker: &Worker) -> Row {
    let day = worker.registered_on.map(|day| format::full_date(call.language, day)).unwrap_or_default();
    Row {
        name: numbered(call, "figure-worker-number", worker.id),
        href: worker_href(call, worker.id),
        cells: vec![day, word(call, "state-worker", worker.state)],
    }
}

fn deal_row(call: &Call, card: &Card) -> Row {
    let may_open = may_get(call, "/deals/{id}");
    let number = |id: DealId| numbered(call, "figure-deal-number", id);
    Row {
        name: if may_open { card.title.clone() } else { number(card.id) },
        href: if may_open { paths::deal(card.id) } else { String::new() },
        cells: vec![
            format::full_date(call.language, date_in_japan(card.moved_at)),
            format::yen(call.language, card.amount),
        ],
    }
}

fn order_row(call: &Call, order: &Order, share: Yen) -> Row {
    let may_open = may_get(call, "/orders/{id}");
    let number = |id: OrderId| numbered(call, "figure-order-number", id);
    Row {
        name: if may_open { order.title.clone() } else { number(order.id) },
        href: if may_open { paths::order(order.id) } else { String::new() },
        cells: vec![format::full_date(call.language, order.due_on), format::yen(call.language, share)],
    }
}
