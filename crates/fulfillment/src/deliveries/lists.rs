//! Reading deliveries: one, those of an order, a page over all orders, and the units in one.

use db::{DbError, Tx};
use diesel::dsl::{max, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{DeliveryId, OrderId, Page, Paging, SubmissionId, UnitId};

use super::model::{
    ClientWish, DeliveredUnit, Delivery, DeliveryKey, DeliveryState, DeliverySummary, SentUnits, Share,
    WishKey,
};
use super::store::DeliveryRow;
use crate::acceptance::ClientAnswer;
use crate::orders::{self, OrderState};
use crate::schema::{deliveries, delivery_units, jobs, orders as order_rows, units};
use crate::units::UnitState;
use crate::units::store::Which;

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

/// How many units a delivery holds, how many the client accepted and how many they want mended.
fn counts() -> (SqlLiteral<BigInt>, SqlLiteral<BigInt>, SqlLiteral<BigInt>) {
    (
        sql("(SELECT count(*) FROM delivery_units u WHERE u.delivery_id = deliveries.id)"),
        sql(
            "(SELECT count(*) FROM delivery_units u WHERE u.delivery_id = deliveries.id AND u.answer = 'accepted')",
        ),
        sql(
            "(SELECT count(*) FROM delivery_units u WHERE u.delivery_id = deliveries.id AND u.answer = 'fix')",
        ),
    )
}

fn sent_units((all, accepted, fixes): (i64, i64, i64)) -> SentUnits {
    SentUnits { all, accepted, fixes }
}

/// [`of_order`], each with what it holds.
pub fn counted_of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<(Delivery, SentUnits)>, DbError> {
    let rows: Vec<(DeliveryRow, (i64, i64, i64))> = deliveries::table
        .filter(deliveries::order_id.eq(order))
        .order(deliveries::number)
        .select((DeliveryRow::as_select(), counts()))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(row, counted)| (Delivery::from(row), sent_units(counted))).collect())
}

/// What the client of an order wants mended, the newest delivery first.
pub fn wishes(
    tx: &mut Tx<'_>,
    order: OrderId,
    paging: &Paging<WishKey>,
) -> Result<Page<ClientWish, WishKey>, DbError> {
    let mut query = delivery_units::table
        .inner_join(deliveries::table.on(deliveries::id.eq(delivery_units::delivery_id)))
        .inner_join(units::table.on(units::id.eq(delivery_units::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(deliveries::order_id.eq(order))
        .filter(delivery_units::answer.eq(ClientAnswer::Fix))
        .order((delivery_units::delivery_id.desc(), delivery_units::unit_id))
        .limit(paging.probe())
        .select((
            deliveries::id,
            deliveries::number,
            units::id,
            units::label,
            jobs::title,
            delivery_units::fix_note,
            units::state,
        ))
        .into_boxed();
    if let Some(WishKey(delivery, unit)) = paging.after {
        let later_unit = delivery_units::delivery_id.eq(delivery).and(delivery_units::unit_id.gt(unit));
        query = query.filter(delivery_units::delivery_id.lt(delivery).or(later_unit));
    }
    let rows: Vec<(DeliveryId, i32, UnitId, String, String, String, UnitState)> = query.load(tx.conn())?;
    let wish = |(delivery, number, unit, label, job_title, note, state)| ClientWish {
        delivery,
        number,
        unit,
        label,
        job_title,
        note,
        state,
    };
    let wishes = rows.into_iter().map(wish).collect();
    Ok(Page::cut(wishes, paging, |wish: &ClientWish| WishKey(wish.delivery, wish.unit)))
}

/// Deliveries of the orders in `state`, the newest first, in one query however many orders there are.
pub fn list(
    tx: &mut Tx<'_>,
    state: OrderState,
    paging: &Paging<DeliveryKey>,
) -> Result<Page<DeliverySummary, DeliveryKey>, DbError> {
    let mut query = deliveries::table
        .inner_join(order_rows::table.on(order_rows::id.eq(deliveries::order_id)))
        .filter(order_rows::state.eq(state))
        .order((deliveries::sent_at.desc(), deliveries::id.desc()))
        .limit(paging.probe())
        .select((DeliveryRow::as_select(), order_rows::title, counts()))
        .into_boxed();
    if let Some(DeliveryKey(sent_at, id)) = paging.after {
        let same_moment = deliveries::sent_at.eq(sent_at).and(deliveries::id.lt(id));
        query = query.filter(deliveries::sent_at.lt(sent_at).or(same_moment));
    }
    let rows: Vec<(DeliveryRow, String, (i64, i64, i64))> = query.load(tx.conn())?;
    let summary = |(row, order_title, counted): (DeliveryRow, String, (i64, i64, i64))| DeliverySummary {
        delivery: row.into(),
        order_title,
        units: sent_units(counted),
    };
    let summaries = rows.into_iter().map(summary).collect();
    Ok(Page::cut(summaries, paging, |row: &DeliverySummary| {
        DeliveryKey(row.delivery.sent_at, row.delivery.id)
    }))
}

/// How much of an order is still to come.
pub fn share(tx: &mut Tx<'_>, order: OrderId) -> Result<Share, DbError> {
    let due_on = orders::find(tx, order)?.due_on;
    let progress = orders::progress(tx, order)?;
    let of = progress.live();
    Ok(Share { of, rest: of - progress.delivered - progress.accepted, due_on })
}

/// How many deliveries of running orders lie before their clients unanswered.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(deliveries::table
        .inner_join(order_rows::table.on(order_rows::id.eq(deliveries::order_id)))
        .filter(order_rows::state.eq(OrderState::Running))
        .filter(deliveries::state.eq(DeliveryState::Sent))
        .count()
        .get_result(tx.conn())?)
}

type UnitRow = (UnitId, String, String, UnitState, SubmissionId, Option<ClientAnswer>, String);

/// The units of a delivery with the client's answers; a thousand at most.
pub fn units(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Vec<DeliveredUnit>, DbError> {
    let rows: Vec<UnitRow> = delivery_units::table
        .inner_join(units::table.on(units::id.eq(delivery_units::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(delivery_units::delivery_id.eq(id))
        .order(units::id)
        .select((
            units::id,
            units::label,
            jobs::title,
            units::state,
            delivery_units::submission_id,
            delivery_units::answer,
            delivery_units::fix_note,
        ))
        .load(tx.conn())?;
    let unit = |(unit, label, job_title, state, submission, answer, fix_note)| DeliveredUnit {
        unit,
        label,
        job_title,
        state,
        submission,
        answer,
        fix_note,
    };
    Ok(rows.into_iter().map(unit).collect())
}

#[derive(QueryableByName)]
struct Empty {
    #[diesel(sql_type = BigInt)]
    id: UnitId,
}

/// The passed units of `which` whose newest version has neither a file nor a text.
pub(super) fn without_result(tx: &mut Tx<'_>, which: Which<'_>) -> Result<Vec<UnitId>, DbError> {
    let rows: Vec<Empty> = diesel::sql_query(format!(
        "SELECT units.id FROM units \
         JOIN LATERAL (SELECT v.id, v.result_text FROM submissions v WHERE v.unit_id = units.id \
                       ORDER BY v.number DESC LIMIT 1) s ON true \
         WHERE {} AND units.state = 'passed' AND s.result_text = '' \
             AND NOT EXISTS (SELECT FROM submission_files f WHERE f.submission_id = s.id) \
         ORDER BY units.id",
        which.condition()
    ))
    .bind::<Array<BigInt>, _>(which.ids())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
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
