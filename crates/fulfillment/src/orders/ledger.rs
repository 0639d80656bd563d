//! What clients accepted, in yen before tax, as a ledger: each answer and each close adds a row with what it made count,
//! and no row is ever changed.
//!
//! Invariants: a year's figure is the sum of its rows, so it is the same however its orders go on; an order's rows never
//! come to more than its amount, come to exactly that once it closes in full, and to the accepted pieces' share once it
//! closes short (`interleavings_keep_every_promise`). Whoever writes holds the order.

use std::collections::HashMap;

use accounts::organizations;
use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::{exists, max, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{DeliveryId, FiscalYear, OrderId, Page, Paging, Span, Yen};

use super::model::{Counted, Order, OrderKey};
use super::store::{self, OrderRow};
use super::worth::{self, ByRate, Reached};
use crate::schema::{accepted_amount_rates, accepted_amounts, orders};

/// Writes down what the client's answer to a delivery makes count of `order`.
///
/// An open order counts with amount × accepted pieces ÷ ordered pieces, rounded down, line by line where its jobs say of which line
/// their units are ([`worth`]). Where more pieces are split than ordered, the split ones are
/// the divisor, so that a half-done order never counts as a whole one. Pieces that are split off later make no earlier
/// answer worth less: then an answer may add nothing until its share has caught up.
pub(crate) fn count_answer(tx: &mut Tx<'_>, order: &Order, delivery: DeliveryId) -> Result<(), DbError> {
    let reached = worth::while_open(tx, order)?;
    count_up_to(tx, order.id, &reached, Counted::Answered(delivery))
}

/// Writes down what `order` has left to count when it closes with everything that was ordered.
pub(super) fn count_closed(tx: &mut Tx<'_>, order: &Order) -> Result<(), DbError> {
    let reached = worth::closed(tx, order)?;
    count_up_to(tx, order.id, &reached, Counted::Closed)
}

/// Writes down what `order` has left to count when it closes short, with what is `reached` as its whole worth.
pub(super) fn count_closed_short(tx: &mut Tx<'_>, order: &Order, reached: &Reached) -> Result<(), DbError> {
    count_up_to(tx, order.id, reached, Counted::ClosedShort)
}

fn count_up_to(tx: &mut Tx<'_>, order: OrderId, reached: &Reached, counted: Counted) -> Result<(), DbError> {
    let before: i64 = accepted_amounts::table
        .filter(accepted_amounts::order_id.eq(order))
        .select(sql::<BigInt>("COALESCE(sum(amount), 0)::bigint"))
        .first(tx.conn())?;
    let more = Yen(reached.whole.0 - before);
    if more <= Yen::ZERO {
        return Ok(());
    }
    let rates = rates_of(tx, order, reached, Yen(before), more)?;
    store::insert_accepted(tx, order, more, counted, &rates)
}

/// What of `more` falls on each rate; empty where pieces do not say so, now or for what was counted `before`: a whole order is split in
/// one way.
fn rates_of(
    tx: &mut Tx<'_>,
    order: OrderId,
    reached: &Reached,
    before: Yen,
    more: Yen,
) -> Result<ByRate, DbError> {
    let Some(reached) = &reached.by_rate else { return Ok(ByRate::new()) };
    let counted: Vec<(i16, Yen)> = accepted_amount_rates::table
        .inner_join(
            accepted_amounts::table.on(accepted_amounts::id.eq(accepted_amount_rates::accepted_amount_id)),
        )
        .filter(accepted_amounts::order_id.eq(order))
        .group_by(accepted_amount_rates::tax_rate)
        .select((accepted_amount_rates::tax_rate, sql::<BigInt>("sum(accepted_amount_rates.amount)::bigint")))
        .load(tx.conn())?;
    let counted: ByRate =
        counted.into_iter().map(|(rate, amount)| (crate::invoices::rate(rate), amount)).collect();
    if counted.values().copied().sum::<Yen>() != before {
        return Ok(ByRate::new());
    }
    let shares = worth::spread(reached, &counted, more);
    Ok(if shares.values().copied().sum::<Yen>() == more { shares } else { ByRate::new() })
}

/// What clients accepted in `year`, in yen before tax.
pub fn accepted_total(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Yen, DbError> {
    Ok(accepted_totals(tx, year)?.1)
}

/// How many orders [`accepted_in`] lists, and what their shares come to.
pub fn accepted_totals(tx: &mut Tx<'_>, year: FiscalYear) -> Result<(i64, Yen), DbError> {
    let days = organizations::days_of_year(tx, year)?;
    Ok(accepted_amounts::table
        .filter(accepted_amounts::counted_on.between(days.first, days.last))
        .select((
            sql::<BigInt>("count(DISTINCT order_id)"),
            sql::<BigInt>("COALESCE(sum(amount), 0)::bigint"),
        ))
        .first(tx.conn())?)
}

/// What clients accepted on the days of `span`, in yen before tax: the town's own orders, and those that another body was
/// commissioned with and re-entrusted to it.
pub fn accepted_by_origin(tx: &mut Tx<'_>, span: Span) -> Result<(Yen, Yen), DbError> {
    let sums: Vec<(bool, Yen)> = accepted_amounts::table
        .inner_join(orders::table.on(orders::id.eq(accepted_amounts::order_id)))
        .filter(accepted_amounts::counted_on.between(span.first, span.last))
        .group_by(orders::re_entrusted)
        .select((orders::re_entrusted, sql::<BigInt>("sum(accepted_amounts.amount)::bigint")))
        .load(tx.conn())?;
    let of = |re_entrusted: bool| {
        sums.iter().filter(|(theirs, _)| *theirs == re_entrusted).map(|(_, sum)| *sum).sum()
    };
    Ok((of(false), of(true)))
}

/// The last day on which each of these orders made something count in `year`.
pub fn last_accepted_on(
    tx: &mut Tx<'_>,
    orders: &[OrderId],
    year: FiscalYear,
) -> Result<HashMap<OrderId, NaiveDate>, DbError> {
    let year = organizations::days_of_year(tx, year)?;
    let days: Vec<(OrderId, Option<NaiveDate>)> = accepted_amounts::table
        .filter(accepted_amounts::order_id.eq_any(orders))
        .filter(accepted_amounts::counted_on.between(year.first, year.last))
        .group_by(accepted_amounts::order_id)
        .select((accepted_amounts::order_id, max(accepted_amounts::counted_on)))
        .load(tx.conn())?;
    Ok(days.into_iter().filter_map(|(order, day)| Some((order, day?))).collect())
}

/// The orders behind [`accepted_total`], the latest due first, each with its share of the year.
pub fn accepted_in(
    tx: &mut Tx<'_>,
    year: FiscalYear,
    paging: &Paging<OrderKey>,
) -> Result<Page<(Order, Yen), OrderKey>, DbError> {
    let days = organizations::days_of_year(tx, year)?;
    let of_year = || {
        let of_order = accepted_amounts::table.filter(accepted_amounts::order_id.eq(orders::id));
        of_order.filter(accepted_amounts::counted_on.between(days.first, days.last))
    };
    let share = of_year().select(sql::<BigInt>("sum(accepted_amounts.amount)::bigint")).single_value();
    let mut query = orders::table
        .filter(exists(of_year()))
        .order((orders::due_on.desc(), orders::id.desc()))
        .limit(paging.probe())
        .select((OrderRow::as_select(), share))
        .into_boxed();
    if let Some(OrderKey(due_on, id)) = paging.after {
        query = query.filter(orders::due_on.lt(due_on).or(orders::due_on.eq(due_on).and(orders::id.lt(id))));
    }
    let rows: Vec<(OrderRow, Option<Yen>)> = query.load(tx.conn())?;
    let shares =
        rows.into_iter().map(|(row, share)| (Order::from(row), share.unwrap_or(Yen::ZERO))).collect();
    Ok(Page::cut(shares, paging, |(order, _): &(Order, Yen)| OrderKey(order.due_on, order.id)))
}
