//! Deals by state, for those that have left the board, and the rows other pages list.

use std::rc::Rc;

use actix_web::HttpResponse;
use kernel::{DealId, Paging, Typed};
use sales::deals::{self, Card, DealFilter, DealStatus};
use serde::{Deserialize, Serialize};

use super::may_sell;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::paths;
use crate::phrases::{self, word};

/// How many deals a page shows.
const ROWS: u16 = 30;

/// A deal as `deals/rows.html` shows one.
#[derive(Debug, Serialize)]
pub(crate) struct DealRow {
    id: String,
    href: String,
    title: String,
    company: String,
    amount: String,
    owner: String,
    state: DealStatus,
    next_action: String,
    due: Option<Due>,
}

impl DealRow {
    /// The row of one deal; `now` is the transaction's time.
    pub(crate) fn of(call: &Call, now: chrono::DateTime<chrono::Utc>, card: Card) -> Self {
        Self {
            id: format!("deal-{}", card.id),
            href: paths::deal(card.id),
            title: card.title,
            company: card.company,
            amount: phrases::amount(call, card.amount),
            owner: card.owner,
            state: card.state,
            next_action: card.next_action.unwrap_or_default(),
            due: card.next_action_on.map(|on| format::due(call.language, now, on)),
        }
    }

    /// Without the company's name, for the page of that company.
    pub(crate) fn of_its_company(self) -> Self {
        Self { company: String::new(), ..self }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DealsQuery {
    state: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    tabs: Vec<Tab>,
    deals: Vec<DealRow>,
    shown: usize,
    may_sell: bool,
    next: String,
    first: String,
}

/// `GET /deals`: open ones unless another state is asked for.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: DealsQuery = call.query();
    let state: DealStatus = query.state.as_str().parse().unwrap_or(DealStatus::Open);
    let after = format::read_page_key::<DealId>(query.after.as_str());
    let is_first = after.is_none();
    let (page, now) = call
        .db(move |tx| -> Result<_, db::DbError> {
            let filter = DealFilter { state: Some(state), ..DealFilter::default() };
            Ok((deals::list(tx, &filter, &Paging { after, ..Paging::first(ROWS) })?, tx.now()))
        })
        .await?;
    let here = |state: DealStatus, after: &str| {
        phrases::address("/deals", &[("state", state.as_str()), ("after", after)])
    };
    let tab = |one: &DealStatus| Tab {
        label: word(&call, "state-deal", one),
        href: here(*one, ""),
        current: *one == state,
    };
    let page = ListPage {
        title: call.text("deals-title"),
        tabs: DealStatus::ALL.iter().map(tab).collect(),
        shown: page.items.len(),
        next: page.next.map(|key| here(state, &format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here(state, "") },
        deals: page.items.into_iter().map(|card| DealRow::of(&call, now, card)).collect(),
        may_sell: may_sell(&call),
    };
    call.page("deals/index.html", &page)
}
