//! Reading orders: one, pages by due date; where they stand is read in `standing.rs`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use clients::terms::ClientTerms;
use db::{DbError, Tx};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{CompanyId, ContactId, DealId, OrderId, Page, Paging, TaxRate, Yen};

use super::model::{Order, OrderKey, OrderLine, OrderState};
use super::store::OrderRow;
use crate::schema::{order_lines, orders};

/// One order; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: OrderId) -> Result<Order, DbError> {
    let row: OrderRow =
        orders::table.filter(orders::id.eq(id)).select(OrderRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// The terms that hold for an order: those of the company it was made for, as they were then. Terms agreed later bind nothing of it,
/// nor do those of a company that it moved to by a merge (`an_order_keeps_its_terms_when_its_company_is_merged_into_another`).
pub fn terms(tx: &mut Tx<'_>, order: &Order) -> Result<Option<ClientTerms>, DbError> {
    let made_for: CompanyId =
        orders::table.filter(orders::id.eq(order.id)).select(orders::made_for).first(tx.conn())?;
    clients::terms::at(tx, made_for, order.created_at)
}

/// The order of a deal, once there is one; not one that was taken back with it.
pub fn of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<Order>, DbError> {
    let row: Option<OrderRow> = orders::table
        .filter(orders::deal_id.eq(deal))
        .filter(orders::withdrawn_because.is_null())
        .select(OrderRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Order::from))
}

/// What the client ordered, line by line.
pub fn lines(tx: &mut Tx<'_>, id: OrderId) -> Result<Vec<OrderLine>, DbError> {
    let rows: Vec<(String, i32, Yen, i32, i16)> = order_lines::table
        .filter(order_lines::order_id.eq(id))
        .order(order_lines::position)
        .select((
            order_lines::description,
            order_lines::quantity,
            order_lines::unit_price,
            order_lines::unit_minutes,
            order_lines::tax_rate,
        ))
        .load(tx.conn())?;
    let line = |(description, quantity, unit_price, unit_minutes, rate)| OrderLine {
        description,
        quantity,
        unit_price,
        unit_minutes,
        tax_rate: TaxRate(u8::try_from(rate).unwrap_or(TaxRate::STANDARD.0)),
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Which orders a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only those in this state.
    pub state: Option<OrderState>,
    /// Only the orders of this deal: the newest counts, those before it were taken back with it.
    pub deal: Option<DealId>,
}

/// Orders by due date, the nearest first.
pub fn list(
    tx: &mut Tx<'_>,
    filter: OrderFilter,
    paging: &Paging<OrderKey>,
) -> Result<Page<Order, OrderKey>, DbError> {
    let mut query = orders::table
        .order((orders::due_on, orders::id))
        .limit(paging.probe())
        .select(OrderRow::as_select())
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(orders::state.eq(state));
    }
    if let Some(deal) = filter.deal {
        query = query.filter(orders::deal_id.eq(deal));
    }
    if let Some(OrderKey(due_on, id)) = paging.after {
        query = query.filter(orders::due_on.gt(due_on).or(orders::due_on.eq(due_on).and(orders::id.gt(id))));
    }
    let rows: Vec<OrderRow> = query.load(tx.conn())?;
    let orders = rows.into_iter().map(Order::from).collect();
    Ok(Page::cut(orders, paging, |order: &Order| OrderKey(order.due_on, order.id)))
}

/// Where a page of ended orders ends: when the last one ended, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EndedKey(pub DateTime<Utc>, pub OrderId);

/// Orders that were closed or called off, the newest ended first.
pub fn ended(
    tx: &mut Tx<'_>,
    state: OrderState,
    paging: &Paging<EndedKey>,
) -> Result<Page<Order, EndedKey>, DbError> {
    let ended_at = || orders::ended_at.assume_not_null();
    let mut query = orders::table
        .filter(orders::state.eq(state))
        .filter(orders::ended_at.is_not_null())
        .order((ended_at().desc(), orders::id.desc()))
        .limit(paging.probe())
        .select(OrderRow::as_select())
        .into_boxed();
    if let Some(EndedKey(at, id)) = paging.after {
        query = query.filter(ended_at().lt(at).or(ended_at().eq(at).and(orders::id.lt(id))));
    }
    let rows: Vec<OrderRow> = query.load(tx.conn())?;
    let orders = rows.into_iter().map(Order::from).collect();
    Ok(Page::cut(orders, paging, |order: &Order| EndedKey(order.ended_at.unwrap_or_default(), order.id)))
}

/// How many orders are in `state`, and what they are worth before tax.
pub fn totals(tx: &mut Tx<'_>, state: OrderState) -> Result<(i64, Yen), DbError> {
    Ok(orders::table
        .filter(orders::state.eq(state))
        .select((count_star(), sql::<BigInt>("COALESCE(sum(amount), 0)::bigint")))
        .first(tx.conn())?)
}

/// The titles of these orders, for lists of their parts; an id this town does not know is left out.
pub fn titles(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, String>, DbError> {
    let rows: Vec<(OrderId, String)> =
        orders::table.filter(orders::id.eq_any(ids)).select((orders::id, orders::title)).load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Orders whose title contains `query`, the newest `most`; one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<Order>, DbError> {
    let rows: Vec<OrderRow> = orders::table
        .filter(db::search::found("orders.id", "search_order_ids", query, most))
        .order(orders::id.desc())
        .select(OrderRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Order::from).collect())
}

#[derive(QueryableByName)]
struct PassedRow {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many units of running orders passed review and did not go out yet, where any did.
fn passed(tx: &mut Tx<'_>) -> Result<HashMap<OrderId, i64>, DbError> {
    let rows: Vec<PassedRow> = db::prepared(
        "SELECT c.order_id, sum(c.units)::bigint AS count FROM unit_counts c JOIN orders o ON o.id = c.order_id \
         WHERE o.state = 'running' AND c.state = 'passed' GROUP BY c.order_id HAVING sum(c.units) > 0",
    )
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.count)).collect())
}

/// Running orders of which something passed review and can go out, each with how many units, by due date; 500 at most.
pub fn ready_to_deliver(tx: &mut Tx<'_>) -> Result<Vec<(Order, i64)>, DbError> {
    let passed = passed(tx)?;
    let rows: Vec<OrderRow> = orders::table
        .filter(orders::state.eq(OrderState::Running))
        .filter(orders::id.eq_any(passed.keys().copied().collect::<Vec<_>>()))
        .order((orders::due_on, orders::id))
        .limit(500)
        .select(OrderRow::as_select())
        .load(tx.conn())?;
    let counted = |row: OrderRow| {
        let order = Order::from(row);
        let count = passed.get(&order.id).copied().unwrap_or_default();
        (order, count)
    };
    Ok(rows.into_iter().map(counted).collect())
}

/// Whether an order of company `one` names somebody else than its `people`, or an order of `other` names one of them.
pub(crate) fn are_entangled(
    tx: &mut Tx<'_>,
    one: CompanyId,
    people: &[ContactId],
    other: CompanyId,
) -> Result<bool, DbError> {
    let strangers = orders::company_id.eq(one).and(orders::contact_id.ne_all(people.to_vec()));
    let theirs = orders::company_id.eq(other).and(orders::contact_id.eq_any(people.to_vec()));
    let astray = orders::table.filter(orders::contact_id.is_not_null()).filter(strangers.or(theirs));
    Ok(diesel::select(diesel::dsl::exists(astray)).get_result(tx.conn())?)
}

/// How many orders a company has.
pub(crate) fn count_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<i64, DbError> {
    Ok(orders::table.filter(orders::company_id.eq(company)).count().get_result(tx.conn())?)
}

/// How many orders name a contact.
pub(crate) fn count_of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<i64, DbError> {
    Ok(orders::table.filter(orders::contact_id.eq(contact)).count().get_result(tx.conn())?)
}
