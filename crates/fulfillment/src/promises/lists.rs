//! Reading outlooks and promises: of one order, of all at risk, and what was promised before.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{exists, max, not, select};
use diesel::prelude::*;
use kernel::{OrderId, Page, Paging};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Outlook, Promise};
use super::store::{OutlookRow, PromiseRow};
use crate::forecast::AT_RISK_PERMILLE;
use crate::orders::OrderState;
use crate::schema::{order_outlooks, order_promises, orders};

/// Whether an open order has not been reckoned yet: nothing can be said of those at risk then.
pub fn is_waiting(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    let reckoned = order_outlooks::table.filter(order_outlooks::order_id.eq(orders::id));
    let waiting = orders::table
        .filter(orders::state.eq_any([OrderState::Draft, OrderState::Running]))
        .filter(not(exists(reckoned)));
    Ok(select(exists(waiting)).get_result(tx.conn())?)
}

/// When promises were reckoned last; none where no open order has one.
pub fn reckoned_last(tx: &mut Tx<'_>) -> Result<Option<DateTime<Utc>>, DbError> {
    Ok(order_outlooks::table.select(max(order_outlooks::reckoned_at)).get_result(tx.conn())?)
}

/// How an order looked last night; none for one that is not open, or that was opened since.
pub fn outlook(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<Outlook>, DbError> {
    let row: Option<OutlookRow> = order_outlooks::table
        .filter(order_outlooks::order_id.eq(order))
        .select(OutlookRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Outlook::from))
}

/// In how many of a thousand runs each of some orders came after its day. Left out are those that were not reckoned, and those
/// whose day was moved since: what was reckoned for another day says nothing of this one. One look by their keys, for lists of
/// many orders.
pub(crate) fn late_permilles(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, i16>, DbError> {
    let rows: Vec<(OrderId, i16)> = order_outlooks::table
        .inner_join(orders::table.on(orders::id.eq(order_outlooks::order_id)))
        .filter(order_outlooks::order_id.eq_any(ids))
        .filter(order_outlooks::due_on.eq(orders::due_on))
        .select((order_outlooks::order_id, order_outlooks::late_permille))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Where a page of [`history`] goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseKey(pub i64);

/// Every day an order was promised for, the newest first.
pub fn history(
    tx: &mut Tx<'_>,
    order: OrderId,
    paging: &Paging<PromiseKey>,
) -> Result<Page<Promise, PromiseKey>, DbError> {
    let mut query = order_promises::table
        .filter(order_promises::order_id.eq(order))
        .order(order_promises::id.desc())
        .limit(paging.probe())
        .select(PromiseRow::as_select())
        .into_boxed();
    if let Some(PromiseKey(id)) = paging.after {
        query = query.filter(order_promises::id.lt(id));
    }
    let rows: Vec<PromiseRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows, paging, |row| PromiseKey(row.id)).map(Promise::from))
}

/// The newest promise of each of some orders.
pub(super) fn newest(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, Promise>, DbError> {
    let rows: Vec<(OrderId, PromiseRow)> = order_promises::table
        .filter(order_promises::order_id.eq_any(ids))
        .distinct_on(order_promises::order_id)
        .order((order_promises::order_id, order_promises::id.desc()))
        .select((order_promises::order_id, PromiseRow::as_select()))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(order, row)| (order, row.into())).collect())
}

/// An open order whose day is at risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AtRisk {
    /// What the order is called.
    pub title: String,
    /// The client's day as it is now. Where the outlook has another, the day was moved since, and it is reckoned anew.
    pub due_on: NaiveDate,
    /// How it looks.
    pub outlook: Outlook,
}

impl AtRisk {
    /// Whether the day was moved since: what was reckoned for another day says nothing of this one.
    pub fn is_moved(&self) -> bool {
        self.outlook.due_on != self.due_on
    }
}

/// Where a page of [`at_risk`] goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtRiskKey(pub i16, pub OrderId);

/// Open orders that end after their day in more than 15 of 100 runs, the surest to be late first.
pub fn at_risk(tx: &mut Tx<'_>, paging: &Paging<AtRiskKey>) -> Result<Page<AtRisk, AtRiskKey>, DbError> {
    let most = i16::try_from(AT_RISK_PERMILLE).unwrap_or(i16::MAX);
    let mut query = order_outlooks::table
        .inner_join(orders::table.on(orders::id.eq(order_outlooks::order_id)))
        .filter(order_outlooks::late_permille.gt(most))
        .filter(orders::state.eq_any([OrderState::Draft, OrderState::Running]))
        .order((order_outlooks::late_permille.desc(), order_outlooks::order_id))
        .limit(paging.probe())
        .select((OutlookRow::as_select(), orders::title, orders::due_on))
        .into_boxed();
    if let Some(AtRiskKey(late, id)) = paging.after {
        let as_late = order_outlooks::late_permille.eq(late).and(order_outlooks::order_id.gt(id));
        query = query.filter(order_outlooks::late_permille.lt(late).or(as_late));
    }
    let rows: Vec<(OutlookRow, String, NaiveDate)> = query.load(tx.conn())?;
    let one = |(row, title, due_on): (OutlookRow, _, _)| AtRisk { title, due_on, outlook: row.into() };
    let all = rows.into_iter().map(one).collect();
    Ok(Page::cut(all, paging, |one: &AtRisk| AtRiskKey(one.outlook.days.late_permille, one.outlook.order)))
}
