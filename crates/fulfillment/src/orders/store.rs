//! Rows and writes of `orders`, `order_lines` and `accepted_amounts`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, ContactId, DealId, OrderId, Yen};

use super::model::{Counted, OpenOrder, Order, OrderLine, OrderState};
use super::re_entrusted::ReEntrusted;
use super::worth::ByRate;
use crate::schema::{accepted_amount_rates, accepted_amounts, order_lines, orders};

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders)]
pub(super) struct OrderRow {
    id: OrderId,
    deal_id: DealId,
    company_id: CompanyId,
    contact_id: Option<ContactId>,
    title: String,
    state: OrderState,
    amount: Yen,
    due_on: NaiveDate,
    client_terms: String,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    version: i32,
    short_reason: Option<String>,
    withdrawn_because: Option<String>,
    #[diesel(column_name = repeats_id)]
    repeats: Option<OrderId>,
    re_entrusted: bool,
    original_client: String,
    original_pay_on: Option<NaiveDate>,
}

impl From<OrderRow> for Order {
    fn from(row: OrderRow) -> Self {
        let known =
            ReEntrusted { original_client: row.original_client, original_pay_on: row.original_pay_on };
        Self {
            id: row.id,
            deal_id: row.deal_id,
            company_id: row.company_id,
            contact_id: row.contact_id,
            title: row.title,
            state: row.state,
            amount: row.amount,
            due_on: row.due_on,
            client_terms: row.client_terms,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            version: row.version,
            short_reason: row.short_reason,
            withdrawn_because: row.withdrawn_because,
            repeats: row.repeats,
            re_entrusted: row.re_entrusted.then_some(known),
        }
    }
}

/// `None` when the deal has its order already; one that was taken back does not count.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    open: &OpenOrder,
    before: Option<&Order>,
) -> Result<Option<Order>, DbError> {
    let now = tx.now();
    let row: Option<OrderRow> = diesel::insert_into(orders::table)
        .values((
            orders::deal_id.eq(open.deal_id),
            orders::company_id.eq(open.company_id),
            orders::contact_id.eq(open.contact_id),
            orders::title.eq(&open.title),
            orders::amount.eq(open.amount),
            orders::due_on.eq(open.due_on),
            orders::client_terms.eq(&open.client_terms),
            orders::created_at.eq(now),
            orders::repeats_id.eq(before.map(|before| before.id)),
        ))
        .on_conflict((orders::organization_id, orders::deal_id))
        .filter_target(orders::withdrawn_because.is_null())
        .do_nothing()
        .returning(OrderRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Order::from))
}

pub(super) fn insert_lines(tx: &mut Tx<'_>, order: OrderId, lines: &[OrderLine]) -> Result<(), DbError> {
    let rows: Vec<_> = (1i16..)
        .zip(lines)
        .map(|(position, line)| {
            (
                order_lines::order_id.eq(order),
                order_lines::position.eq(position),
                order_lines::description.eq(&line.description),
                order_lines::quantity.eq(line.quantity),
                order_lines::unit_price.eq(line.unit_price),
                order_lines::unit_minutes.eq(line.unit_minutes),
                order_lines::tax_rate.eq(i16::from(line.tax_rate.0)),
            )
        })
        .collect();
    diesel::insert_into(order_lines::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// Reads one order and keeps everybody else from changing it until this transaction ends. Verbs that may end an
/// order hold it before they touch its units, always in this sequence, so that they wait and never deadlock.
pub(crate) fn hold(tx: &mut Tx<'_>, id: OrderId) -> Result<Order, DbError> {
    let row: OrderRow = orders::table
        .filter(orders::id.eq(id))
        .select(OrderRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// [`DbError::NotFound`] when the order is no longer in the state it was read in.
pub(super) fn set_state(tx: &mut Tx<'_>, order: &Order, state: OrderState) -> Result<Order, DbError> {
    set_state_because(tx, order, state, None)
}

/// [`set_state`], with the reason why fewer pieces than ordered are enough.
pub(super) fn set_state_because(
    tx: &mut Tx<'_>,
    order: &Order,
    state: OrderState,
    short_reason: Option<&str>,
) -> Result<Order, DbError> {
    let now = tx.now();
    let starts = state == OrderState::Running;
    let ends = matches!(state, OrderState::Closed | OrderState::Cancelled);
    let guarded = orders::table.filter(orders::id.eq(order.id)).filter(orders::state.eq(order.state));
    let row: OrderRow = diesel::update(guarded)
        .set((
            orders::state.eq(state),
            orders::started_at.eq(if starts { Some(now) } else { order.started_at }),
            orders::ended_at.eq(ends.then_some(now)),
            orders::short_reason.eq(short_reason),
            orders::version.eq(order.version + 1),
        ))
        .returning(OrderRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Calls an order off because its deal is opened again; [`DbError::NotFound`] when it is no draft any more.
pub(super) fn withdraw(tx: &mut Tx<'_>, order: &Order, because: &str) -> Result<Order, DbError> {
    let now = tx.now();
    let guarded = orders::table.filter(orders::id.eq(order.id)).filter(orders::state.eq(OrderState::Draft));
    let row: OrderRow = diesel::update(guarded)
        .set((
            orders::state.eq(OrderState::Cancelled),
            orders::ended_at.eq(now),
            orders::withdrawn_because.eq(because),
            orders::version.eq(order.version + 1),
        ))
        .returning(OrderRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Adds a row to the ledger, on today's day in Japan.
pub(super) fn insert_accepted(
    tx: &mut Tx<'_>,
    order: OrderId,
    amount: Yen,
    counted: Counted,
    rates: &ByRate,
) -> Result<(), DbError> {
    let today = crate::today(tx);
    let id: i64 = diesel::insert_into(accepted_amounts::table)
        .values((
            accepted_amounts::order_id.eq(order),
            accepted_amounts::delivery_id.eq(counted.delivery()),
            accepted_amounts::counted_on.eq(today),
            accepted_amounts::amount.eq(amount),
            accepted_amounts::reason.eq(counted.reason()),
        ))
        .returning(accepted_amounts::id)
        .get_result(tx.conn())?;
    let rates: Vec<_> = rates
        .iter()
        .map(|(rate, amount)| {
            (
                accepted_amount_rates::accepted_amount_id.eq(id),
                accepted_amount_rates::tax_rate.eq(i16::from(rate.0)),
                accepted_amount_rates::amount.eq(*amount),
            )
        })
        .collect();
    diesel::insert_into(accepted_amount_rates::table).values(rates).execute(tx.conn())?;
    Ok(())
}

/// Moves the orders of company `from`, or those of them named in `only`, to `into`; gives back which it moved.
pub(crate) fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut moving = diesel::update(orders::table)
        .filter(orders::company_id.eq(from))
        .set(orders::company_id.eq(into))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(orders::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(orders::id).get_results(tx.conn())?)
}

/// Moves the orders with contact `from`, or those of them named in `only`, to `into`; gives back which it moved.
pub(crate) fn move_contact(
    tx: &mut Tx<'_>,
    from: ContactId,
    into: ContactId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut moving = diesel::update(orders::table)
        .filter(orders::contact_id.eq(from))
        .set(orders::contact_id.eq(into))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(orders::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(orders::id).get_results(tx.conn())?)
}
