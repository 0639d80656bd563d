//! The board: its columns with counts and sums over the whole column, and its cards page by page.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use accounts::{Person, organizations};
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use kernel::{BoardStageId, CompanyId, ContactId, DealId, Page, Paging, PersonId, Yen, date_in_japan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::DealStatus;
use crate::activities;
use crate::pipelines::PipelineId;
use crate::schema::deals;
use crate::stages::{self, Stage, StageKind};

/// A deal in a list or on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DealCard")]
pub struct Card {
    /// The deal.
    pub id: DealId,
    /// What it is about.
    pub title: String,
    /// Who would order.
    pub company_id: CompanyId,
    /// That company's name.
    pub company: String,
    /// Whom we talk to there.
    pub contact_id: Option<ContactId>,
    /// Its column.
    pub stage_id: BoardStageId,
    /// That column's name.
    pub stage: String,
    /// Open, won, lost or dormant.
    pub state: DealStatus,
    /// Who works on it.
    pub owner_id: PersonId,
    /// That person's family name.
    pub owner: String,
    /// What it is worth before tax.
    pub amount: Yen,
    /// What is to be done next, while it is open.
    pub next_action: Option<String>,
    /// By when.
    pub next_action_on: Option<NaiveDate>,
    /// When it should be decided.
    pub expected_close_on: Option<NaiveDate>,
    /// Whether that day has passed and the deal is still open.
    pub overdue: bool,
    /// When it came to its column; of a closed deal, when it was won or lost.
    pub moved_at: DateTime<Utc>,
    /// Days in Japan since its last move or activity.
    pub idle_days: i64,
    /// Whether that is as long as its stage allows, or longer; only while it is open.
    pub idle: bool,
    /// What a move of this card names.
    pub version: i32,
}

/// Where a page of cards ends: when the last one moved, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardKey(pub DateTime<Utc>, pub DealId);

/// Where a page of a column ends: an open one is in the order people put its cards in, a closing one in that of closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnKey {
    /// The last card's rank, then its id.
    Rank(String, DealId),
    /// When the last one was closed, then its id.
    Closed(DateTime<Utc>, DealId),
}

/// A column of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its stage.
    pub stage: Stage,
    /// How many deals stand in it, all counted; a closing column counts this fiscal year's.
    pub count: i64,
    /// What they are worth before tax.
    pub sum: Yen,
    /// How many of them nobody has named an amount for.
    pub undecided: i64,
    /// The first of them: in the order people put them in, or, in a closing column, the newest first.
    pub cards: Page<Card, ColumnKey>,
}

/// How many cards a closing column shows: the board is for what is open, and the lists hold the rest.
const CLOSED_SHOWN: u16 = 3;

/// The whole board of a pipeline, with at most `per_column` cards in each open column and the last few in the closing
/// ones.
pub fn board(tx: &mut Tx<'_>, pipeline: PipelineId, per_column: u16) -> Result<Vec<Column>, DbError> {
    let stages = stages::of_pipeline(tx, pipeline)?;
    let mut columns = Vec::with_capacity(stages.len());
    for stage in &stages {
        let most = if stage.kind == StageKind::Open { per_column } else { per_column.min(CLOSED_SHOWN) };
        columns.push((totals(tx, stage)?, rows(tx, stage, &Paging::first(most))?));
    }
    let shown: Vec<&CardRow> = columns.iter().flat_map(|(_, page)| &page.items).collect();
    let around = Surroundings::of(tx, &shown, &stages)?;
    Ok(stages
        .into_iter()
        .zip(columns)
        .map(|(stage, ((count, sum, undecided), page))| Column {
            stage,
            count,
            sum,
            undecided,
            cards: page.map(|row| around.card(row)),
        })
        .collect())
}

/// More cards of one column, in its order.
pub fn more(
    tx: &mut Tx<'_>,
    stage: BoardStageId,
    paging: &Paging<ColumnKey>,
) -> Result<Page<Card, ColumnKey>, DbError> {
    let stage = stages::find(tx, stage)?;
    let page = rows(tx, &stage, paging)?;
    dressed(tx, page)
}

/// That something of a deal changed, be it only its place on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = deals)]
pub struct Change {
    /// The deal.
    #[diesel(column_name = id)]
    pub deal: DealId,
    /// The column it stands in now.
    #[diesel(column_name = stage_id)]
    pub stage: BoardStageId,
    /// When it changed.
    #[diesel(column_name = changed_at)]
    pub at: DateTime<Utc>,
}

/// How many changes are told at most: whoever missed more looks at the whole board anyway.
const MOST_CHANGES: i64 = 200;

/// What changed after an instant, the newest last. A transaction writes the time it began at: whoever asks again and
/// again asks a little further back.
pub fn changed_since(tx: &mut Tx<'_>, since: DateTime<Utc>) -> Result<Vec<Change>, DbError> {
    Ok(deals::table
        .filter(deals::changed_at.gt(since))
        .order((deals::changed_at.desc(), deals::id.desc()))
        .limit(MOST_CHANGES)
        .select(Change::as_select())
        .load(tx.conn())?
        .into_iter()
        .rev()
        .collect())
}

/// Rows as cards.
pub(super) fn dressed<K>(tx: &mut Tx<'_>, page: Page<CardRow, K>) -> Result<Page<Card, K>, DbError> {
    if page.items.is_empty() {
        return Ok(Page { items: Vec::new(), next: page.next });
    }
    let stages = stages::list(tx)?;
    let around = Surroundings::of(tx, &page.items.iter().collect::<Vec<_>>(), &stages)?;
    Ok(page.map(|row| around.card(row)))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = deals)]
pub(super) struct CardRow {
    pub(super) id: DealId,
    title: String,
    pub(super) company_id: CompanyId,
    contact_id: Option<ContactId>,
    stage_id: BoardStageId,
    state: DealStatus,
    owner_id: PersonId,
    pub(super) amount: Yen,
    next_action: Option<String>,
    pub(super) next_action_on: Option<NaiveDate>,
    pub(super) expected_close_on: Option<NaiveDate>,
    pub(super) moved_at: DateTime<Utc>,
    rank: String,
    version: i32,
}

type InColumn = Box<dyn BoxableExpression<deals::table, Pg, SqlType = Bool>>;

/// What a column shows: dormant deals keep their stage but leave the board, and a closing column begins anew
/// fiscal year (a closed deal moved when it was closed). States are written out, so that a plan made for any column
/// knows the index that holds nothing else.
fn in_column(tx: &mut Tx<'_>, stage: &Stage) -> Result<InColumn, DbError> {
    let in_stage = deals::stage_id.eq(stage.id);
    let closed = sql::<Bool>("deals.state IN ('won', 'lost')");
    Ok(match stage.kind {
        StageKind::Open => Box::new(in_stage.and(sql::<Bool>("deals.state = 'open'"))),
        StageKind::Won | StageKind::Lost => {
            let this_year = organizations::fiscal_year(tx)?;
            let (begins, _) = organizations::days_of_year(tx, this_year)?.instants();
            Box::new(in_stage.and(closed).and(deals::moved_at.ge(begins)))
        }
    })
}

fn totals(tx: &mut Tx<'_>, stage: &Stage) -> Result<(i64, Yen, i64), DbError> {
    Ok(deals::table
        .filter(in_column(tx, stage)?)
        .select((
            diesel::dsl::count_star(),
            sql::<BigInt>("COALESCE(sum(amount), 0)::bigint"),
            diesel::dsl::count(deals::id).aggregate_filter(deals::amount.eq(Yen::ZERO)),
        ))
        .first(tx.conn())?)
}

fn rows(
    tx: &mut Tx<'_>,
    stage: &Stage,
    paging: &Paging<ColumnKey>,
) -> Result<Page<CardRow, ColumnKey>, DbError> {
    let query = deals::table
        .filter(in_column(tx, stage)?)
        .limit(paging.probe())
        .select(CardRow::as_select())
        .into_boxed();
    if stage.kind == StageKind::Open {
        let mut query = query.order((deals::rank, deals::id));
        if let Some(ColumnKey::Rank(rank, id)) = paging.after.clone() {
            let beyond = deals::rank.gt(rank.clone()).or(deals::id.gt(id));
            query = query.filter(deals::rank.ge(rank)).filter(beyond);
        }
        let rows: Vec<CardRow> = query.load(tx.conn())?;
        return Ok(Page::cut(rows, paging, |row| ColumnKey::Rank(row.rank.clone(), row.id)));
    }
    let mut query = query.order((deals::moved_at.desc(), deals::id.desc()));
    if let Some(ColumnKey::Closed(at, id)) = &paging.after {
        let (at, id) = (*at, *id);
        query = query.filter(deals::moved_at.le(at)).filter(deals::moved_at.lt(at).or(deals::id.lt(id)));
    }
    let rows: Vec<CardRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows, paging, |row| ColumnKey::Closed(row.moved_at, row.id)))
}

/// What other tables know about some deals: names, the last activity, and how long idling is allowed.
struct Surroundings {
    today: NaiveDate,
    companies: HashMap<CompanyId, String>,
    owners: BTreeMap<PersonId, Person>,
    last_activities: HashMap<DealId, DateTime<Utc>>,
    stages: HashMap<BoardStageId, Stage>,
}

impl Surroundings {
    /// A fixed number of queries, however many rows.
    fn of(tx: &mut Tx<'_>, rows: &[&CardRow], stages: &[Stage]) -> Result<Self, DbError> {
        let companies: Vec<CompanyId> = rows.iter().map(|row| row.company_id).collect();
        let owners: BTreeSet<PersonId> = rows.iter().map(|row| row.owner_id).collect();
        let deals: Vec<DealId> = rows.iter().map(|row| row.id).collect();
        Ok(Self {
            today: date_in_japan(tx.now()),
            companies: clients::companies::names(tx, &companies)?,
            owners: accounts::persons::find_many(tx, &owners.into_iter().collect::<Vec<_>>())?,
            last_activities: activities::last(tx, &deals)?,
            stages: stages.iter().map(|stage| (stage.id, stage.clone())).collect(),
        })
    }

    fn card(&self, row: CardRow) -> Card {
        let last = self.last_activities.get(&row.id).map_or(row.moved_at, |at| row.moved_at.max(*at));
        let idle_days = (self.today - date_in_japan(last)).num_days();
        let stage = self.stages.get(&row.stage_id);
        let too_long = stage.is_some_and(|stage| idle_days >= i64::from(stage.idle_days));
        Card {
            id: row.id,
            title: row.title,
            company_id: row.company_id,
            company: self.companies.get(&row.company_id).cloned().unwrap_or_default(),
            contact_id: row.contact_id,
            stage_id: row.stage_id,
            stage: stage.map(|stage| stage.name.clone()).unwrap_or_default(),
            state: row.state,
            owner_id: row.owner_id,
            owner: self.owners.get(&row.owner_id).map(|owner| owner.name.family.clone()).unwrap_or_default(),
            amount: row.amount,
            next_action: row.next_action,
            next_action_on: row.next_action_on,
            overdue: row.state == DealStatus::Open && row.expected_close_on.is_some_and(|on| on < self.today),
            expected_close_on: row.expected_close_on,
            moved_at: row.moved_at,
            idle_days,
            idle: too_long && row.state == DealStatus::Open,
            version: row.version,
        }
    }
}
