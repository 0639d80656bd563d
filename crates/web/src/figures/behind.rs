//! `GET /figures/{figure}`: what a figure means, where it comes from, how it was reckoned, and the list behind it. The
//! list names no worker: a number and days are enough to count along. Deals and orders have their titles and clients.

use std::rc::Rc;

use accounts::organizations;
use actix_web::HttpResponse;
use chrono::NaiveDate;
use clients::companies;
use db::{DbError, Tx};
use fulfillment::orders::{self, Order, OrderKey};
use futures_util::{StreamExt as _, stream};
use kernel::{CompanyId, FiscalYear, OrderId, Page, Paging, WorkerId, Yen, date_in_japan};
use sales::deals::{self, Card, CardKey, DealFilter, DealStatus};
use serde::Serialize;
use workforce::workers::{self, StepFilter, StepKey, WithdrawalReason, Worker, WorkerEvent, WorkerStep};

use super::{Figure, Name, Taken, division, percent_unrounded, taken_today};
use crate::call::Call;
use crate::csv;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::paths;
use crate::phrases::{counted as counted_words, said, word};
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
    heads: Vec<Head>,
    rows: Vec<Row>,
    /// How many rows there are on all pages together, in words.
    total_count: String,
    /// The figure again, as the list's totals.
    total: String,
    csv: String,
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
struct Head {
    label: String,
    is_number: bool,
}

#[derive(Serialize)]
struct Row {
    name: String,
    /// Who ordered it, where that belongs to the name.
    company: String,
    href: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    is_number: bool,
    /// For a spreadsheet: a day as `2026-11-22`, an amount in digits.
    #[serde(skip)]
    plain: String,
}

impl Cell {
    fn day(call: &Call, day: NaiveDate) -> Self {
        Self { text: format::plain_date(call.language, day), is_number: false, plain: day.to_string() }
    }

    fn yen(call: &Call, amount: Yen) -> Self {
        Self { text: format::yen(call.language, amount), is_number: true, plain: amount.0.to_string() }
    }

    fn word(text: String) -> Self {
        Self { plain: text.clone(), text, is_number: false }
    }
}

/// A page of what the figure counts.
enum Counted {
    Steps(Page<(WorkerId, WorkerEvent), StepKey>),
    Workers(Page<Worker, WorkerId>),
    Deals(Page<Card, CardKey>),
    Orders(Page<Accepted, OrderKey>),
    Nothing,
}

/// An order with what the year counts of it.
struct Accepted {
    order: Order,
    company: String,
    share: Yen,
    /// The last day something of it was accepted.
    on: Option<NaiveDate>,
}

fn accepted(tx: &mut Tx<'_>, year: FiscalYear, after: &str) -> Result<Page<Accepted, OrderKey>, DbError> {
    let page = orders::accepted_in(tx, year, &paging(after))?;
    let ids: Vec<OrderId> = page.items.iter().map(|(order, _)| order.id).collect();
    let companies: Vec<CompanyId> = page.items.iter().map(|(order, _)| order.company_id).collect();
    let (days, names) = (orders::last_accepted_on(tx, &ids, year)?, companies::names(tx, &companies)?);
    Ok(page.map(|(order, share)| Accepted {
        on: days.get(&order.id).copied(),
        company: names.get(&order.company_id).cloned().unwrap_or_default(),
        share,
        order,
    }))
}

fn paging<K: serde::de::DeserializeOwned>(after: &str) -> Paging<K> {
    Paging { after: format::read_page_key(after), ..Paging::first(ROWS) }
}

fn counted(tx: &mut Tx<'_>, name: Name, after: &str) -> Result<Counted, DbError> {
    let until = date_in_japan(tx.now());
    let year = organizations::fiscal_year(tx)?;
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
        Name::Accepted => Counted::Orders(accepted(tx, year, after)?),
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
        total_count: call
            .db(move |tx| total_count(tx, name))
            .await?
            .map_or_else(String::new, |count| counted_words(&call, "figure-rows", "count", count)),
        total: figure.said(&call, name),
        csv: if is_share { String::new() } else { format!("{here}/csv") },
        next: next.map(|key| format!("{here}?after={key}")).unwrap_or_default(),
        first: if is_first { String::new() } else { here },
        figure,
    };
    call.page("figures/behind.html", &page)
}

/// How many rows of money there are; people are counted by their figure itself.
fn total_count(tx: &mut Tx<'_>, name: Name) -> Result<Option<i64>, DbError> {
    let year = organizations::fiscal_year(tx)?;
    Ok(match name {
        Name::Won => Some(deals::won_total(tx, year)?.count),
        Name::Accepted => Some(orders::accepted_totals(tx, year)?.0),
        _ => None,
    })
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

type Listed = (Vec<Head>, Vec<Row>, Option<String>);

fn listed(call: &Call, counted: Counted) -> Listed {
    let heads = |keys: &[&str]| -> Vec<Head> {
        let head = |key: &&str| Head {
            label: call.text(key),
            is_number: matches!(*key, "deal-amount" | "orders-accepted-share"),
        };
        keys.iter().map(head).collect()
    };
    match counted {
        Counted::Steps(page) => {
            let is_withdrawal = page.items.iter().any(|(_, event)| event.step == WorkerStep::Withdrawn);
            let keys: &[&str] = if is_withdrawal {
                &["figure-worker", "figure-left-on", "figure-reason"]
            } else {
                &["figure-worker", "figure-registered-on"]
            };
            let rows = page.items.iter().map(|(id, event)| step_row(call, *id, event)).collect();
            (heads(keys), rows, key(&page))
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
            let rows = page.items.iter().map(|accepted| order_row(call, accepted)).collect();
            (heads(&["orders-order", "figure-accepted-on", "orders-accepted-share"]), rows, key(&page))
        }
        Counted::Nothing => (Vec::new(), Vec::new(), None),
    }
}

fn key<T, K: Serialize>(page: &Page<T, K>) -> Option<String> {
    page.next.as_ref().map(format::page_key)
}

/// `ワーカー 12`: figures name no worker.
fn numbered(call: &Call, id: WorkerId) -> String {
    said(call, "figure-worker-number", [("number", &id.to_string())])
}

/// The way there for those who may open it.
fn href(call: &Call, route: &str, path: String) -> String {
    if may_get(call, route) { path } else { String::new() }
}

fn step_row(call: &Call, id: WorkerId, event: &WorkerEvent) -> Row {
    let reason = event.reason.map(|reason| Cell::word(word(call, "workers-reason", reason)));
    Row {
        name: numbered(call, id),
        company: String::new(),
        href: href(call, "/workers/{id}", paths::worker(id)),
        cells: std::iter::once(Cell::day(call, event.happened_on)).chain(reason).collect(),
    }
}

fn worker_row(call: &Call, worker: &Worker) -> Row {
    let day = worker.registered_on.map(|day| Cell::day(call, day));
    Row {
        name: numbered(call, worker.id),
        company: String::new(),
        href: href(call, "/workers/{id}", paths::worker(worker.id)),
        cells: vec![
            day.unwrap_or_else(|| Cell::word(String::new())),
            Cell::word(word(call, "state-worker", worker.state)),
        ],
    }
}

fn deal_row(call: &Call, card: &Card) -> Row {
    Row {
        name: card.title.clone(),
        company: card.company.clone(),
        href: href(call, "/deals/{id}", paths::deal(card.id)),
        cells: vec![Cell::day(call, date_in_japan(card.moved_at)), Cell::yen(call, card.amount)],
    }
}

fn order_row(call: &Call, Accepted { order, company, share, on }: &Accepted) -> Row {
    Row {
        name: order.title.clone(),
        company: company.clone(),
        href: href(call, "/orders/{id}", paths::order(order.id)),
        cells: vec![
            on.map_or_else(|| Cell::word(String::new()), |on| Cell::day(call, on)),
            Cell::yen(call, *share),
        ],
    }
}

/// `GET /figures/{figure}/csv`: the whole list for a spreadsheet, page by page as it is taken.
pub(crate) async fn csv(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let name = Name::parse(call.segment("figure")?).ok_or_else(Failure::not_found)?;
    if matches!(name, Name::RegisteredShare | Name::EnrolledShare) {
        return Err(Failure::not_found());
    }
    let (heads, first, next) = sheet(&call, name, String::new()).await?;
    let mut head: Vec<String> = heads.into_iter().map(|head| head.label).collect();
    if matches!(name, Name::Won | Name::Accepted) {
        head.insert(1, call.text("deal-company"));
    }
    let file = format!("{}.csv", call.text(&format!("figure-{}", name.word())));
    let rest = stream::unfold((call, next), move |(call, next)| async move {
        let after = next?;
        Some(match sheet(&call, name, after).await {
            Ok((_, rows, next)) => (Ok(rows), (call, next)),
            Err(failure) => (Err(failure), (call, None)),
        })
    });
    let pages = stream::once(std::future::ready(Ok(first))).chain(rest);
    Ok(csv::download(&file, &head, pages))
}

type Sheet = (Vec<Head>, Vec<Vec<String>>, Option<String>);

async fn sheet(call: &Call, name: Name, after: String) -> Result<Sheet, Failure> {
    let page = call.db(move |tx| counted(tx, name, &after)).await?;
    let (heads, rows, next) = listed(call, page);
    let line = |row: Row| {
        let company = if row.company.is_empty() { None } else { Some(row.company) };
        let cells = row.cells.into_iter().map(|cell| cell.plain);
        std::iter::once(row.name).chain(company).chain(cells).collect()
    };
    Ok((heads, rows.into_iter().map(line).collect(), next))
}
