//! Reading deals: one, its history, filtered pages, what is due today, what was won in a year.

use accounts::organizations;
use chrono::{DateTime, Utc};
use clients::companies;
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Text};
use kernel::{BoardStageId, CompanyId, ContactId, DealId, FiscalYear, Page, Paging, PersonId, Yen, text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::board::{Card, CardKey, CardRow, dressed};
use super::model::{Deal, DealEventKind, DealStatus, LostReason};
use super::store::DealRow;
use crate::pipelines::{self, PipelineId};
use crate::schema::{deal_events, deals};
use crate::stages::{self, Stage, StageKind};

/// One deal; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: DealId) -> Result<Deal, DbError> {
    let row: DealRow = deals::table.filter(deals::id.eq(id)).select(DealRow::as_select()).first(tx.conn())?;
    row.read()
}

/// One line of a deal's history; never changed once written.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = deal_events)]
pub struct DealEvent {
    /// What happened.
    pub kind: DealEventKind,
    /// The stage it came from; none when it was entered.
    pub from_stage_id: Option<BoardStageId>,
    /// The stage it was in afterwards.
    pub to_stage_id: BoardStageId,
    /// What it was worth afterwards.
    pub amount: Yen,
    /// Who did it: `person:42`, `system` or `outside`.
    pub actor: String,
    /// When.
    pub happened_at: DateTime<Utc>,
    /// What was said about it: why it was opened again, or lost. Empty where nothing was.
    pub note: String,
    /// Why it was lost, which stays when it is opened again.
    pub lost_reason: Option<LostReason>,
}

impl DealEvent {
    /// The person who did it, where it was one.
    pub fn person(&self) -> Option<PersonId> {
        kernel::person_in(&self.actor)
    }
}

/// A deal's history, newest first. It grows only by people's decisions, so it comes in one piece.
pub fn history(tx: &mut Tx<'_>, deal: DealId) -> Result<Vec<DealEvent>, DbError> {
    Ok(deal_events::table
        .filter(deal_events::deal_id.eq(deal))
        .order(deal_events::id.desc())
        .select(DealEvent::as_select())
        .load(tx.conn())?)
}

/// Deals whose title contains `query`, the newest `most`; one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<Card>, DbError> {
    let items = titled(tx, query, most)?;
    Ok(dressed(tx, Page { items, next: None::<DealId> })?.items)
}

/// Those that [`search`] finds whose company's name `is_meant`; of the others no more than that name is read.
pub fn search_with(
    tx: &mut Tx<'_>,
    query: &str,
    most: i32,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Vec<Card>, DbError> {
    let mut items = titled(tx, query, most)?;
    let companies: Vec<CompanyId> = items.iter().map(|row| row.company_id).collect();
    let names = companies::names(tx, &companies)?;
    items.retain(|row| names.get(&row.company_id).is_some_and(|name| is_meant(name)));
    Ok(dressed(tx, Page { items, next: None::<DealId> })?.items)
}

fn titled(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<CardRow>, DbError> {
    let newest = among_newest(tx, query, most)?;
    // A word of every fifth title is in so many that the index would be read for thousands; among the newest few there
    // are enough of them. Of a rare word the index knows every one.
    let found: db::search::Found<deals::table> =
        if usize::try_from(most).is_ok_and(|most| newest.len() >= most) {
            Box::new(deals::id.eq_any(newest))
        } else {
            db::search::found("deals.id", "search_deal_ids", query, most)
        };
    Ok(deals::table.filter(found).order(deals::id.desc()).select(CardRow::as_select()).load(tx.conn())?)
}

/// Deals of these companies whose title contains `query`, company by company, the newest first; at most `most`. A company's deals are
/// few and have their index.
pub fn search_of(
    tx: &mut Tx<'_>,
    companies: &[CompanyId],
    query: &str,
    most: i64,
) -> Result<Vec<Card>, DbError> {
    if companies.is_empty() {
        return Ok(Vec::new());
    }
    let is_meant =
        sql::<Bool>("deals.search_key LIKE ANY (").bind::<Array<Text>, _>(text::like_patterns(query));
    let items: Vec<CardRow> = deals::table
        .filter(deals::company_id.eq_any(companies))
        .filter(is_meant.sql(")"))
        .order((deals::company_id, deals::id.desc()))
        .limit(most)
        .select(CardRow::as_select())
        .load(tx.conn())?;
    Ok(dressed(tx, Page { items, next: None::<DealId> })?.items)
}

/// How many of the newest deals are looked through before the index is asked.
const NEWEST: i32 = 1_000;

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    id: DealId,
}

fn among_newest(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<DealId>, DbError> {
    let rows: Vec<Hit> = diesel::sql_query(
        "SELECT id FROM (SELECT id, search_key FROM deals ORDER BY id DESC LIMIT $1) newest \
         WHERE search_key LIKE ANY ($2) ORDER BY id DESC LIMIT $3",
    )
    .bind::<Integer, _>(NEWEST)
    .bind::<Array<Text>, _>(text::like_patterns(query))
    .bind::<Integer, _>(most)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Which deals a list shows; everything where nothing is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DealFilter {
    /// Only those in this state.
    pub state: Option<DealStatus>,
    /// Only this person's.
    pub owner: Option<PersonId>,
    /// Only this company's.
    pub company: Option<CompanyId>,
    /// Only those in this stage, of whatever state.
    pub stage: Option<BoardStageId>,
    /// Only those that were won or lost in this fiscal year, by the day in Japan.
    pub closed_in: Option<FiscalYear>,
}

impl DealFilter {
    /// The one condition that the list, its totals and the year's figure share, so that they cannot disagree.
    fn passes(&self, tx: &mut Tx<'_>) -> Result<Passes, DbError> {
        let mut passes: Passes = Box::new(deals::id.is_not_null());
        if let Some(state) = self.state {
            passes = Box::new(passes.and(deals::state.eq(state)));
        }
        if let Some(owner) = self.owner {
            passes = Box::new(passes.and(deals::owner_id.eq(owner)));
        }
        if let Some(company) = self.company {
            passes = Box::new(passes.and(deals::company_id.eq(company)));
        }
        if let Some(stage) = self.stage {
            passes = Box::new(passes.and(deals::stage_id.eq(stage)));
        }
        if let Some(year) = self.closed_in {
            // A closed deal moved for the last time when it was closed.
            let (from, until) = organizations::days_of_year(tx, year)?.instants();
            let closed = deals::state.eq_any([DealStatus::Won, DealStatus::Lost]);
            let within = deals::moved_at.ge(from).and(deals::moved_at.lt(until));
            passes = Box::new(passes.and(closed).and(within));
        }
        Ok(passes)
    }
}

type Passes = Box<dyn BoxableExpression<deals::table, Pg, SqlType = Bool>>;

/// Deals that pass `filter`, the newest moved first: closed ones by the day they were closed.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &DealFilter,
    paging: &Paging<CardKey>,
) -> Result<Page<Card, CardKey>, DbError> {
    let mut query = deals::table
        .filter(filter.passes(tx)?)
        .order((deals::moved_at.desc(), deals::id.desc()))
        .limit(paging.probe())
        .select(CardRow::as_select())
        .into_boxed();
    if let Some(CardKey(moved_at, id)) = &paging.after {
        // The first of the two bounds is one of the index, which the second alone would not be.
        query = query
            .filter(deals::moved_at.le(*moved_at))
            .filter(deals::moved_at.lt(*moved_at).or(deals::id.lt(*id)));
    }
    let page = Page::cut(query.load(tx.conn())?, paging, |row: &CardRow| CardKey(row.moved_at, row.id));
    dressed(tx, page)
}

/// How many deals a list holds, however many pages it has, and for how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DealTotals {
    /// How many deals.
    pub count: i64,
    /// What they are worth before tax.
    pub amount: Yen,
    /// How many of them nobody has named an amount for.
    pub undecided: i64,
}

/// What some deals are worth together.
pub(crate) const SUM: &str = "COALESCE(sum(amount), 0)::bigint";
/// How many of some deals nobody has named an amount for.
pub(crate) const UNDECIDED: &str = "count(*) FILTER (WHERE amount = 0)";

/// The totals of every deal that passes `filter`.
pub fn totals(tx: &mut Tx<'_>, filter: &DealFilter) -> Result<DealTotals, DbError> {
    let (count, amount, undecided) = deals::table
        .filter(filter.passes(tx)?)
        .select((diesel::dsl::count_star(), sql::<BigInt>(SUM), sql::<BigInt>(UNDECIDED)))
        .first(tx.conn())?;
    Ok(DealTotals { count, amount, undecided })
}

/// A company's deals, the newest moved first.
pub fn of_company(
    tx: &mut Tx<'_>,
    company: CompanyId,
    paging: &Paging<CardKey>,
) -> Result<Page<Card, CardKey>, DbError> {
    list(tx, &DealFilter { company: Some(company), ..DealFilter::default() }, paging)
}

/// These deals as cards, in the order they are named.
pub(crate) fn cards(tx: &mut Tx<'_>, ids: &[DealId]) -> Result<Vec<Card>, DbError> {
    let rows: Vec<CardRow> =
        deals::table.filter(deals::id.eq_any(ids)).select(CardRow::as_select()).load(tx.conn())?;
    let mut cards = dressed(tx, Page { items: rows, next: None::<DealId> })?.items;
    cards.sort_by_key(|card| ids.iter().position(|id| *id == card.id));
    Ok(cards)
}

/// What was won in a fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WonTotal {
    /// The year, as the town's fiscal years begin.
    pub year: FiscalYear,
    /// How many deals.
    pub count: i64,
    /// What they are worth before tax.
    pub amount: Yen,
}

/// How many deals were won in `year`, by the day in Japan they were won on, and for how much.
pub fn won_total(tx: &mut Tx<'_>, year: FiscalYear) -> Result<WonTotal, DbError> {
    let won = DealFilter { state: Some(DealStatus::Won), closed_in: Some(year), ..DealFilter::default() };
    let DealTotals { count, amount, .. } = totals(tx, &won)?;
    Ok(WonTotal { year, count, amount })
}

/// Where a deal goes back to when it is taken up again: a dormant one never left its stage, a lost or won one returns to
/// the stage it came from; neither where that pipeline is out of use.
pub(super) fn stage_before_close(tx: &mut Tx<'_>, deal: &Deal) -> Result<Option<Stage>, DbError> {
    let from = match deal.state.status() {
        DealStatus::Dormant => Some(deal.stage_id),
        DealStatus::Won => came_from(tx, deal.id, DealEventKind::Won)?,
        _ => came_from(tx, deal.id, DealEventKind::Lost)?,
    };
    let used = pipelines::in_use(tx)?;
    let stages = stages::list(tx)?;
    let stage = stages.into_iter().find(|stage| Some(stage.id) == from && stage.kind == StageKind::Open);
    Ok(stage.filter(|stage| used.iter().any(|one| one.id == stage.pipeline_id)))
}

fn came_from(tx: &mut Tx<'_>, deal: DealId, kind: DealEventKind) -> Result<Option<BoardStageId>, DbError> {
    let from: Option<Option<BoardStageId>> = deal_events::table
        .filter(deal_events::deal_id.eq(deal))
        .filter(deal_events::kind.eq(kind))
        .order(deal_events::id.desc())
        .select(deal_events::from_stage_id)
        .first(tx.conn())
        .optional()?;
    Ok(from.flatten())
}

/// The pipeline a deal is taken up in whose stage is gone: its own where that is in use, otherwise the town's first.
pub(super) fn pipeline_to_reopen(tx: &mut Tx<'_>, deal: &Deal) -> Result<Option<PipelineId>, DbError> {
    let own = stages::find(tx, deal.stage_id)?.pipeline_id;
    let used = pipelines::in_use(tx)?;
    Ok(used.iter().find(|one| one.id == own).or(used.first()).map(|one| one.id))
}

/// Whether a deal of company `one` names somebody else than its `people`, or a deal of `other` names one of them.
pub(crate) fn are_entangled(
    tx: &mut Tx<'_>,
    one: CompanyId,
    people: &[ContactId],
    other: CompanyId,
) -> Result<bool, DbError> {
    let strangers = deals::company_id.eq(one).and(deals::contact_id.ne_all(people.to_vec()));
    let theirs = deals::company_id.eq(other).and(deals::contact_id.eq_any(people.to_vec()));
    let astray = deals::table.filter(deals::contact_id.is_not_null()).filter(strangers.or(theirs));
    Ok(diesel::select(diesel::dsl::exists(astray)).get_result(tx.conn())?)
}

/// How many deals name a contact.
pub(crate) fn count_of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<i64, DbError> {
    Ok(deals::table.filter(deals::contact_id.eq(contact)).count().get_result(tx.conn())?)
}

/// How many deals a company has.
pub(crate) fn count_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<i64, DbError> {
    Ok(deals::table.filter(deals::company_id.eq(company)).count().get_result(tx.conn())?)
}
