//! What a meeting looks at, read off the board: idle deals, what is due, what was won and lost since the last meeting,
//! leads nobody has answered, and what the meeting steers by.

use chrono::{DateTime, Days, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer};
use kernel::{DealId, LeadId, Yen, date_in_japan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lists::last_closed;
use super::model::Meeting;
use super::steering::{AgendaSteering, steering};
use crate::deals::{self, Card, DealStatus, SUM, UNDECIDED};
use crate::leads;
use crate::schema::deals as deal_rows;

/// How many things of one kind are named; the count says how many there are.
const NAMED: i64 = 30;
/// How far back the first meeting of all looks.
const FIRST_LOOKS_BACK: Days = Days::new(7);

/// How many deals, for how much, and how many of them without an amount.
type Totals = (i64, Yen, i64);

/// A deal an agenda names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaDeal {
    /// The deal.
    pub deal_id: DealId,
    /// What it is about.
    pub title: String,
    /// Who would order.
    pub company: String,
    /// Its stage.
    pub stage: String,
    /// Who works on it, by their family name.
    pub owner: String,
    /// What it is worth before tax.
    pub amount: Yen,
    /// What is to be done next, while it is open.
    pub next_action: Option<String>,
    /// By when.
    pub next_action_on: Option<NaiveDate>,
    /// Days since its last move or activity.
    pub idle_days: i64,
}

impl From<Card> for AgendaDeal {
    fn from(card: Card) -> Self {
        Self {
            deal_id: card.id,
            title: card.title,
            company: card.company,
            stage: card.stage,
            owner: card.owner,
            amount: card.amount,
            next_action: card.next_action,
            next_action_on: card.next_action_on,
            idle_days: card.idle_days,
        }
    }
}

/// Some deals, all counted and the first of them named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaDeals {
    /// How many.
    pub count: i64,
    /// What they are worth before tax.
    pub amount: Yen,
    /// How many of them nobody has named an amount for; 0 in agendas that were kept before this was counted.
    #[serde(default)]
    pub undecided: i64,
    /// The first of them.
    pub deals: Vec<AgendaDeal>,
}

/// A lead an agenda names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaLead {
    /// The lead.
    pub lead_id: LeadId,
    /// The company's name as told to us.
    pub company: String,
    /// The day by which an answer was promised.
    pub answer_by: Option<NaiveDate>,
}

/// What a meeting looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Agenda {
    /// When it was read off the board.
    pub taken_at: DateTime<Utc>,
    /// Since when what was won and lost counts: since the last meeting was closed, or a week where there was none.
    pub since: DateTime<Utc>,
    /// Open deals whose next action is due on the meeting's day or before, the longest overdue first.
    pub due: AgendaDeals,
    /// Open deals that idle longer than their stage allows, the longest idle first.
    pub idle: AgendaDeals,
    /// Deals won since, the newest first.
    pub won: AgendaDeals,
    /// Deals lost since, the newest first.
    pub lost: AgendaDeals,
    /// How many leads nobody has answered.
    pub waiting: i64,
    /// The first of them.
    pub leads: Vec<AgendaLead>,
    /// What the meeting steers by; null in agendas that were kept before there were targets.
    #[serde(default)]
    pub steering: Option<AgendaSteering>,
}

/// What `meeting` looks at as things stand now.
pub fn agenda(tx: &mut Tx<'_>, meeting: &Meeting) -> Result<Agenda, DbError> {
    let now = tx.now();
    let since = last_closed(tx)?.unwrap_or(now - FIRST_LOOKS_BACK);
    let waiting = leads::unanswered(tx, NAMED)?.into_iter();
    Ok(Agenda {
        taken_at: now,
        since,
        due: due(tx, meeting.held_on)?,
        idle: idle(tx, date_in_japan(now))?,
        won: closed(tx, DealStatus::Won, (since, now))?,
        lost: closed(tx, DealStatus::Lost, (since, now))?,
        waiting: leads::waiting(tx)?,
        steering: Some(steering(tx, date_in_japan(now), meeting.held_on)?),
        leads: waiting
            .map(|lead| AgendaLead {
                lead_id: lead.id,
                company: lead.company_name,
                answer_by: lead.answer_by,
            })
            .collect(),
    })
}

fn named(
    tx: &mut Tx<'_>,
    (count, amount, undecided): Totals,
    ids: &[DealId],
) -> Result<AgendaDeals, DbError> {
    let deals = deals::cards(tx, ids)?.into_iter().map(AgendaDeal::from).collect();
    Ok(AgendaDeals { count, amount, undecided, deals })
}

fn due(tx: &mut Tx<'_>, by: NaiveDate) -> Result<AgendaDeals, DbError> {
    let open = || {
        let open = deal_rows::table.filter(deal_rows::state.eq(DealStatus::Open));
        open.filter(deal_rows::next_action_on.le(by))
    };
    let totals: Totals =
        open().select((count_star(), sql::<BigInt>(SUM), sql::<BigInt>(UNDECIDED))).first(tx.conn())?;
    let ids: Vec<DealId> = open()
        .order((deal_rows::next_action_on, deal_rows::id))
        .limit(NAMED)
        .select(deal_rows::id)
        .load(tx.conn())?;
    named(tx, totals, &ids)
}

fn closed(
    tx: &mut Tx<'_>,
    state: DealStatus,
    (since, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<AgendaDeals, DbError> {
    // A closed deal moved for the last time when it was closed.
    let those = || {
        let those = deal_rows::table.filter(deal_rows::state.eq(state));
        those.filter(deal_rows::moved_at.gt(since)).filter(deal_rows::moved_at.le(now))
    };
    let totals: Totals =
        those().select((count_star(), sql::<BigInt>(SUM), sql::<BigInt>(UNDECIDED))).first(tx.conn())?;
    let ids: Vec<DealId> = those()
        .order((deal_rows::moved_at.desc(), deal_rows::id.desc()))
        .limit(NAMED)
        .select(deal_rows::id)
        .load(tx.conn())?;
    named(tx, totals, &ids)
}

#[derive(QueryableByName)]
struct Idle {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    #[diesel(sql_type = BigInt)]
    undecided: i64,
    #[diesel(sql_type = Array<BigInt>)]
    ids: Vec<i64>,
}

/// As the board marks them: days in Japan since the last move or activity against those the stage allows.
fn idle(tx: &mut Tx<'_>, today: NaiveDate) -> Result<AgendaDeals, DbError> {
    let found: Idle = diesel::sql_query(
        "WITH quiet AS (SELECT deals.id, deals.amount, greatest(deals.moved_at, last.at) AS since \
             FROM deals JOIN stages ON stages.organization_id = deals.organization_id AND stages.id = deals.stage_id \
             LEFT JOIN LATERAL (SELECT max(happened_at) AS at FROM activities \
                 WHERE activities.organization_id = deals.organization_id AND activities.deal_id = deals.id) last ON true \
             WHERE deals.state = 'open' \
               AND $1 - (greatest(deals.moved_at, last.at) AT TIME ZONE 'Asia/Tokyo')::date >= stages.idle_days) \
         SELECT count(*) AS count, COALESCE(sum(amount), 0)::bigint AS amount, \
             count(*) FILTER (WHERE amount = 0) AS undecided, \
             COALESCE((array_agg(id ORDER BY since, id))[1:$2], '{}') AS ids FROM quiet",
    )
    .bind::<Date, _>(today)
    .bind::<Integer, _>(i32::try_from(NAMED).unwrap_or(i32::MAX))
    .get_result(tx.conn())?;
    let ids: Vec<DealId> = found.ids.into_iter().map(DealId).collect();
    named(tx, (found.count, found.amount, found.undecided), &ids)
}
