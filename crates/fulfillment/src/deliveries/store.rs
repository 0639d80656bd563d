//! Rows and writes of `deliveries` and the units in them.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{ContactId, DeliveryId, OrderId, PersonId, UnitId};

use super::model::{Delivery, DeliveryState};
use crate::schema::{deliveries, units};
use crate::units::UnitState;

#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries)]
pub(super) struct DeliveryRow {
    id: DeliveryId,
    order_id: OrderId,
    contact_id: ContactId,
    number: i32,
    state: DeliveryState,
    message: String,
    inspect_until: NaiveDate,
    silence_accepts: bool,
    sent_at: DateTime<Utc>,
    sent_by: PersonId,
    answered_at: Option<DateTime<Utc>>,
    answered_name: Option<String>,
    version: i32,
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id,
            order_id: row.order_id,
            contact_id: row.contact_id,
            number: row.number,
            state: row.state,
            message: row.message,
            inspect_until: row.inspect_until,
            silence_accepts: row.silence_accepts,
            sent_at: row.sent_at,
            sent_by: row.sent_by,
            answered_at: row.answered_at,
            answered_name: row.answered_name,
            version: row.version,
        }
    }
}

/// Reads one delivery and keeps everybody else from answering it until this transaction ends.
pub(crate) fn hold(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Delivery, DbError> {
    let row: DeliveryRow = deliveries::table
        .filter(deliveries::id.eq(id))
        .select(DeliveryRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// The order must be held: its deliveries are numbered without gaps.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    order: OrderId,
    contact: ContactId,
    message: &str,
    (inspect_until, silence_accepts): (NaiveDate, bool),
    sender: PersonId,
) -> Result<Delivery, DbError> {
    let now = tx.now();
    let last: Option<i32> = deliveries::table
        .filter(deliveries::order_id.eq(order))
        .select(max(deliveries::number))
        .first(tx.conn())?;
    let row: DeliveryRow = diesel::insert_into(deliveries::table)
        .values((
            deliveries::order_id.eq(order),
            deliveries::contact_id.eq(contact),
            deliveries::number.eq(last.unwrap_or_default() + 1),
            deliveries::message.eq(message),
            deliveries::inspect_until.eq(inspect_until),
            deliveries::silence_accepts.eq(silence_accepts),
            deliveries::sent_at.eq(now),
            deliveries::sent_by.eq(sender),
        ))
        .returning(DeliveryRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Each unit with its newest version; the trigger refuses any that did not pass with it.
pub(super) fn insert_units(tx: &mut Tx<'_>, delivery: DeliveryId, units: &[UnitId]) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO delivery_units (delivery_id, unit_id, submission_id) \
         SELECT $1, u.id, (SELECT s.id FROM submissions s WHERE s.unit_id = u.id ORDER BY s.number DESC LIMIT 1) \
         FROM units u WHERE u.id = ANY ($2) ORDER BY u.id",
    )
    .bind::<BigInt, _>(delivery)
    .bind::<Array<BigInt>, _>(units.to_vec())
    .execute(tx.conn())?;
    Ok(())
}

pub(super) fn lock_passed(tx: &mut Tx<'_>, order: OrderId, most: i64) -> Result<Vec<UnitId>, DbError> {
    Ok(units::table
        .filter(units::order_id.eq(order))
        .filter(units::state.eq(UnitState::Passed))
        .order(units::id)
        .limit(most)
        .select(units::id)
        .for_no_key_update()
        .load(tx.conn())?)
}

pub(super) fn lock_named(
    tx: &mut Tx<'_>,
    order: OrderId,
    ids: &[UnitId],
) -> Result<Vec<(UnitId, UnitState)>, DbError> {
    Ok(units::table
        .filter(units::order_id.eq(order))
        .filter(units::id.eq_any(ids))
        .order(units::id)
        .select((units::id, units::state))
        .for_no_key_update()
        .load(tx.conn())?)
}

/// By whoever typed a name, or by silence. [`DbError::NotFound`] when it has been answered meanwhile.
pub(crate) fn set_answered(tx: &mut Tx<'_>, id: DeliveryId, name: Option<&str>) -> Result<Delivery, DbError> {
    let now = tx.now();
    let guarded =
        deliveries::table.filter(deliveries::id.eq(id)).filter(deliveries::state.eq(DeliveryState::Sent));
    let row: DeliveryRow = diesel::update(guarded)
        .set((
            deliveries::state.eq(DeliveryState::Answered),
            deliveries::answered_at.eq(now),
            deliveries::answered_name.eq(name),
            deliveries::version.eq(deliveries::version + 1),
        ))
        .returning(DeliveryRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Moves the deliveries to contact `from`, or those of them named in `only`, to `into`; gives back which it moved.
pub(crate) fn move_contact(
    tx: &mut Tx<'_>,
    from: ContactId,
    into: ContactId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut moving = diesel::update(deliveries::table)
        .filter(deliveries::contact_id.eq(from))
        .set(deliveries::contact_id.eq(into))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(deliveries::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(deliveries::id).get_results(tx.conn())?)
}

/// How many deliveries went to a contact.
pub(crate) fn count_of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<i64, DbError> {
    Ok(deliveries::table.filter(deliveries::contact_id.eq(contact)).count().get_result(tx.conn())?)
}
