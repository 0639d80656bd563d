//! Reading deliveries: one, those of an order, and the units in one.

use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use kernel::{DeliveryId, OrderId, SubmissionId, UnitId};

use super::model::{DeliveredUnit, Delivery};
use super::store::DeliveryRow;
use crate::acceptance::ClientAnswer;
use crate::schema::{deliveries, delivery_units, jobs, units};
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
