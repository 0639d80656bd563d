//! Reading deliveries: one, those of an order, a page over all orders, and the units in one.

use db::{DbError, Tx};
use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{DeliveryId, OrderId, Page, Paging, SubmissionId, UnitId};

use super::model::{DeliveredUnit, Delivery, DeliveryKey, DeliveryState, DeliverySummary, SentUnits};
use super::store::DeliveryRow;
use crate::acceptance::ClientAnswer;
use crate::orders::OrderState;
use crate::schema::{deliveries, delivery_units, jobs, orders, units};
use crate::units::UnitState;

/// One delivery; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Delivery, DbError> {
    let row: DeliveryRow =
        deliveries::table.filter(deliveries::id.eq(id)).select(DeliveryRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// The deliveries of an order by number; an order has a handful.
pub fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Delivery>, DbError> {
    let rows: Vec<DeliveryRow> = deliveries::table
        .filter(deliveries::order_id.eq(order))
        .order(deliveries::number)
        .select(DeliveryRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

/// Deliveries of the orders in `state`, the newest first, in one query however many orders there are.
pub fn list(
    tx: &mut Tx<'_>,
    state: OrderState,
    paging: &Paging<DeliveryKey>,
) -> Result<Page<DeliverySummary, DeliveryKey>, DbError> {
    let counted = (
        sql::<BigInt>("(SELECT count(*) FROM delivery_units u WHERE u.delivery_id = deliveries.id)"),
        sql::<BigInt>(
            "(SELECT count(*) FROM delivery_units u WHERE u.delivery_id = deliveries.id AND u.answer = 'accepted')",
        ),
        sql::<BigInt>(
            "(SELECT count(*) FROM delivery_units u WHERE u.delivery_id = deliveries.id AND u.answer = 'fix')",
        ),
    );
    let mut query = deliveries::table
        .inner_join(orders::table.on(orders::id.eq(deliveries::order_id)))
        .filter(orders::state.eq(state))
        .order((deliveries::sent_at.desc(), deliveries::id.desc()))
        .limit(paging.probe())
        .select((DeliveryRow::as_select(), orders::title, counted))
        .into_boxed();
    if let Some(DeliveryKey(sent_at, id)) = paging.after {
        let same_moment = deliveries::sent_at.eq(sent_at).and(deliveries::id.lt(id));
        query = query.filter(deliveries::sent_at.lt(sent_at).or(same_moment));
    }
    let rows: Vec<(DeliveryRow, String, (i64, i64, i64))> = query.load(tx.conn())?;
    let summary = |(row, order_title, (all, accepted, fixes)): (DeliveryRow, String, (i64, i64, i64))| {
        DeliverySummary { delivery: row.into(), order_title, units: SentUnits { all, accepted, fixes } }
    };
    let summaries = rows.into_iter().map(summary).collect();
    Ok(Page::cut(summaries, paging, |row: &DeliverySummary| {
        DeliveryKey(row.delivery.sent_at, row.delivery.id)
    }))
}

/// How many deliveries of running orders lie before their clients unanswered.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(deliveries::table
        .inner_join(orders::table.on(orders::id.eq(deliveries::order_id)))
        .filter(orders::state.eq(OrderState::Running))
        .filter(deliveries::state.eq(DeliveryState::Sent))
        .count()
        .get_result(tx.conn())?)
}

type UnitRow = (UnitId, String, UnitState, SubmissionId, Option<ClientAnswer>, String);

/// The units of a delivery with the client's answers; a thousand at most.
pub fn units(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Vec<DeliveredUnit>, DbError> {
    let rows: Vec<UnitRow> = delivery_units::table
        .inner_join(units::table.on(units::id.eq(delivery_units::unit_id)))
        .filter(delivery_units::delivery_id.eq(id))
        .order(units::id)
        .select((
            units::id,
            units::label,
            units::state,
            delivery_units::submission_id,
            delivery_units::answer,
            delivery_units::fix_note,
        ))
        .load(tx.conn())?;
    let unit = |(unit, label, state, submission, answer, fix_note)| DeliveredUnit {
        unit,
        label,
        state,
        submission,
        answer,
        fix_note,
    };
    Ok(rows.into_iter().map(unit).collect())
}

/// The longest inspection of the jobs that units belong to, in days.
pub(super) fn longest_inspection(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<i16, DbError> {
    let longest: Option<i16> = units::table
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(units::id.eq_any(ids))
        .select(max(jobs::inspect_days))
        .first(tx.conn())?;
    Ok(longest.unwrap_or(1))
}
