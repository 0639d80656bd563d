//! Deals by state, year and owner with their totals, and the rows other pages list.

use std::rc::Rc;

use accounts::{organizations, persons};
use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{BoardStageId, DealId, FiscalYear, Page, Paging, PersonId, Typed, date_in_japan};
use sales::deals::{self, Card, CardKey, DealFilter, DealStatus, DealTotals};
use sales::pipelines;
use sales::stages;
use serde::{Deserialize, Serialize};

use super::may_sell;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::paths;
use crate::phrases::{self, said, word};

/// How many deals a page shows.
const ROWS: u16 = 30;
/// How many fiscal years the filter offers, from this one back.
const YEARS: i32 = 5;

/// A deal as `deals/rows.html` and the list show one.
#[derive(Debug, Serialize)]
pub(crate) struct DealRow {
    id: String,
    /// Its id, for whoever ticks it.
    number: DealId,
    href: String,
    title: String,
    company: String,
    amount: String,
    owner: String,
    /// Its column, while it is open.
    stage: String,
    state: DealStatus,
    next_action: String,
    due: Option<Due>,
    /// When it was won or lost; empty while it is open.
    closed_on: String,
    /// The expected day, where it has passed.
    overdue_since: String,
}

impl DealRow {
    /// The row of one deal; `now` is the transaction's time.
    pub(crate) fn of(call: &Call, now: DateTime<Utc>, card: Card) -> Self {
        let language = call.language;
        let is_closed = matches!(card.state, DealStatus::Won | DealStatus::Lost);
        let moved = || format::full_date(language, date_in_japan(card.moved_at));
        Self {
            id: format!("deal-{}", card.id),
            number: card.id,
            href: paths::deal(card.id),
            amount: phrases::amount(call, card.amount),
            state: card.state,
            closed_on: if is_closed { moved() } else { String::new() },
            overdue_since: overdue_since(call, &card),
            due: card.next_action_on.map(|on| format::due(language, now, on)),
            title: card.title,
            company: card.company,
            owner: card.owner,
            stage: if card.state == DealStatus::Open { card.stage } else { String::new() },
            next_action: card.next_action.unwrap_or_default(),
        }
    }

    /// Without the company's name, for the page of that company.
    pub(crate) fn of_its_company(self) -> Self {
        Self { company: String::new(), ..self }
    }
}

/// That the day a deal was to be decided has passed, in words; empty where it has not.
pub(crate) fn overdue_since(call: &Call, card: &Card) -> String {
    let day = card.expected_close_on.filter(|_| card.overdue);
    let words = |on| said(call, "deal-overdue", [("date", &format::short_date(call.language, on))]);
    day.map(words).unwrap_or_default()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DealsQuery {
    state: Typed,
    year: Typed,
    owner: Typed,
    stage: Typed,
    after: Typed,
}

/// What the list shows, as its address says it.
#[derive(Debug, Clone, Copy)]
struct View {
    state: DealStatus,
    year: Option<FiscalYear>,
    owner: Option<PersonId>,
    stage: Option<BoardStageId>,
}

impl View {
    fn of(query: &DealsQuery) -> Self {
        let state = query.state.as_str().parse().unwrap_or(DealStatus::Open);
        Self {
            state,
            year: query.year.as_str().parse().ok().filter(|_| is_closed(state)),
            owner: query.owner.as_str().parse().ok(),
            stage: query.stage.as_str().parse().ok(),
        }
    }

    fn filter(self) -> DealFilter {
        DealFilter {
            state: Some(self.state),
            closed_in: self.year,
            owner: self.owner,
            stage: self.stage,
            company: None,
        }
    }

    /// The same of deals in another state, who stand in another stage where they are closed.
    fn of_state(self, state: DealStatus) -> Self {
        let same = state == self.state;
        let year = self.year.filter(|_| is_closed(state));
        Self { state, year, stage: self.stage.filter(|_| same), ..self }
    }

    fn href(self, after: &str) -> String {
        self.address("/deals", after)
    }

    /// The same list on another page.
    fn address(self, path: &str, after: &str) -> String {
        let year = self.year.map(|year| year.0.to_string()).unwrap_or_default();
        let owner = self.owner.map(|owner| owner.to_string()).unwrap_or_default();
        let column = self.stage.map(|stage| stage.to_string()).unwrap_or_default();
        let state = self.state.as_str();
        let query =
            [("state", state), ("year", &year), ("owner", &owner), ("stage", &column), ("after", after)];
        phrases::address(path, &query)
    }
}

/// Where the deals won in `year` are listed: what every figure of it links to.
pub(crate) fn won_in(year: FiscalYear) -> String {
    View { state: DealStatus::Won, year: Some(year), owner: None, stage: None }.href("")
}

/// Where the deals that were won or lost in `year` and stand in `column` are listed.
pub(crate) fn closed_in(state: DealStatus, year: FiscalYear, column: BoardStageId) -> String {
    View { state, year: Some(year), owner: None, stage: Some(column) }.href("")
}

/// Where the open deals of `owner` are listed.
pub(crate) fn open_of(owner: PersonId) -> String {
    View { state: DealStatus::Open, year: None, owner: Some(owner), stage: None }.href("")
}

fn is_closed(state: DealStatus) -> bool {
    matches!(state, DealStatus::Won | DealStatus::Lost)
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
}

/// One word of the sentence of filters (`ui.filter_chips`).
#[derive(Serialize)]
struct Chip {
    text: String,
    href: String,
    on: bool,
    options: Vec<Tab>,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    /// `62件 · 9,876,543円`: the same numbers as in the last row.
    answer: String,
    tabs: Vec<Tab>,
    chips: Vec<Chip>,
    deals: Vec<DealRow>,
    state: DealStatus,
    is_closed: bool,
    total_count: String,
    total_amount: String,
    shown: usize,
    may_sell: bool,
    /// Whether rows can be chosen to be changed together: what is closed stays as it is.
    may_tick: bool,
    /// Where the same list is written out.
    export: String,
    next: String,
    first: String,
}

struct Facts {
    page: Page<Card, CardKey>,
    totals: DealTotals,
    owner: String,
    /// The pipeline and the stage whose deals are shown alone.
    stage: Option<(String, String)>,
    now: DateTime<Utc>,
    this_year: FiscalYear,
}

fn facts(
    tx: &mut Tx<'_>,
    view: View,
    after: Option<CardKey>,
    language: kernel::Language,
) -> Result<Facts, DbError> {
    let owner = match view.owner {
        Some(id) => persons::find(tx, id)?.name_in(language),
        None => String::new(),
    };
    let stage = match view.stage {
        Some(id) => {
            let stage = stages::find(tx, id)?;
            Some((pipelines::find(tx, stage.pipeline_id)?.name, stage.name))
        }
        None => None,
    };
    Ok(Facts {
        page: deals::list(tx, &view.filter(), &Paging { after, ..Paging::first(ROWS) })?,
        totals: deals::totals(tx, &view.filter())?,
        owner,
        stage,
        now: tx.now(),
        this_year: organizations::fiscal_year(tx)?,
    })
}

/// `GET /deals`: open ones unless another state is asked for; of closed ones, those of a fiscal year.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: DealsQuery = call.query();
    let view = View::of(&query);
    let after = format::read_page_key::<CardKey>(query.after.as_str());
    let (is_first, language) = (after.is_none(), call.language);
    let Facts { page, totals, owner, stage, now, this_year } =
        call.db(move |tx| facts(tx, view, after, language)).await?;
    let (total_count, total_amount) = (format::count(totals.count), format::yen(language, totals.amount));
    let worth = phrases::worth(&call, totals.count, totals.amount, totals.undecided);
    let page = ListPage {
        title: call.text("deals-title"),
        answer: said(&call, "deals-answer", [("count", &total_count), ("amount", &worth)]),
        tabs: tabs(&call, view),
        chips: chips(&call, view, this_year, owner, stage),
        state: view.state,
        is_closed: is_closed(view.state),
        total_count,
        total_amount,
        shown: page.items.len(),
        next: page.next.map(|key| view.href(&format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { view.href("") },
        deals: page.items.into_iter().map(|card| DealRow::of(&call, now, card)).collect(),
        may_sell: may_sell(&call),
        may_tick: may_sell(&call) && view.state == DealStatus::Open,
        export: view.address("/exports/deals", ""),
    };
    call.page("deals/index.html", &page)
}

fn tabs(call: &Call, view: View) -> Vec<Tab> {
    let tab = |state: &DealStatus| Tab {
        label: word(call, "state-deal", state),
        href: view.of_state(*state).href(""),
        current: *state == view.state,
    };
    DealStatus::ALL.iter().map(tab).collect()
}

fn chips(
    call: &Call,
    view: View,
    this_year: FiscalYear,
    owner: String,
    stage: Option<(String, String)>,
) -> Vec<Chip> {
    let mut chips = Vec::new();
    if is_closed(view.state) {
        chips.push(year_chip(call, view, this_year));
    }
    let mine = call.who.as_ref().filter(|_| may_sell(call)).map(|who| who.person.id);
    if view.owner.is_some() {
        let text = said(call, "deals-of-owner", [("name", &owner)]);
        chips.push(Chip { text, href: View { owner: None, ..view }.href(""), on: true, options: Vec::new() });
    } else if mine.is_some() {
        let href = View { owner: mine, ..view }.href("");
        chips.push(Chip { text: call.text("deals-mine"), href, on: false, options: Vec::new() });
    }
    if let Some((pipeline, stage)) = stage {
        let text = said(call, "deal-pipeline-stage", [("pipeline", &*pipeline), ("stage", &stage)]);
        chips.push(Chip { text, href: View { stage: None, ..view }.href(""), on: true, options: Vec::new() });
    }
    chips
}

fn year_chip(call: &Call, view: View, this_year: FiscalYear) -> Chip {
    let all = Tab {
        label: call.text("deals-all-years"),
        href: View { year: None, ..view }.href(""),
        current: view.year.is_none(),
    };
    let one = |year: FiscalYear| Tab {
        label: phrases::fiscal_year(call, year),
        href: View { year: Some(year), ..view }.href(""),
        current: view.year == Some(year),
    };
    let years = (0..YEARS).map(|back| one(FiscalYear(this_year.0 - back)));
    Chip {
        text: view.year.map_or_else(|| call.text("deals-all-years"), |year| phrases::fiscal_year(call, year)),
        href: String::new(),
        on: view.year.is_some(),
        options: years.chain(std::iter::once(all)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_closing_column_leads_to_is_its_stage_and_year_until_another_state_is_looked_at() {
        let href = closed_in(DealStatus::Won, FiscalYear(2026), BoardStageId(7));
        assert_eq!(href, "/deals?state=won&year=2026&stage=7");
        let query = DealsQuery {
            state: "won".into(),
            year: "2026".into(),
            stage: "7".into(),
            ..DealsQuery::default()
        };
        let view = View::of(&query);
        assert_eq!((view.filter().stage, view.href("")), (Some(BoardStageId(7)), href));
        assert_eq!(view.of_state(DealStatus::Lost).href(""), "/deals?state=lost&year=2026");
        let far = View::of(&DealsQuery { year: "999999".into(), ..query });
        assert_eq!(far.filter().closed_in, None);
    }
}
