//! Rows and writes of `shares`, and of what was paid for them. The document's columns are written once: the application may not
//! change them, nor a payment.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{DealId, OrderId, PersonId, Yen};

use super::model::{OrderShare, ShareDocument, ShareId, SharePaymentFields, ShareSide, ShareState};
use crate::partners::PartnerId;
use crate::schema::{partners, share_payments, shares};

#[derive(Queryable, Selectable)]
#[diesel(table_name = shares)]
pub(super) struct ShareRow {
    id: ShareId,
    partner_id: PartnerId,
    side: ShareSide,
    document_id: Option<ShareId>,
    order_id: Option<OrderId>,
    deal_id: Option<DealId>,
    #[diesel(embed)]
    document: DocumentRow,
    state: ShareState,
    withdraw_asked_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    reason: String,
    delivered: i32,
    accepted: i32,
    heard_at: DateTime<Utc>,
    version: i32,
    heard_version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = shares)]
pub(super) struct DocumentRow {
    title: String,
    work: String,
    quantity: i32,
    unit_price: Yen,
    unit_minutes: i32,
    due_on: NaiveDate,
    orderer: String,
    orderer_email: String,
    pay_on: NaiveDate,
    end_client: String,
    message: String,
    offered_at: DateTime<Utc>,
}

impl From<DocumentRow> for ShareDocument {
    fn from(row: DocumentRow) -> Self {
        Self {
            title: row.title,
            work: row.work,
            quantity: row.quantity,
            unit_price: row.unit_price,
            unit_minutes: row.unit_minutes,
            due_on: row.due_on,
            orderer: row.orderer,
            orderer_email: row.orderer_email,
            pay_on: row.pay_on,
            end_client: row.end_client,
            message: row.message,
            offered_at: row.offered_at,
        }
    }
}

/// How much was paid, and by how many payments.
pub(super) type Paid = (Yen, i64);

/// What was paid for each. What is taken back is a payment less.
pub(super) fn paid() -> (SqlLiteral<BigInt>, SqlLiteral<BigInt>) {
    let of = |what: &str| {
        sql(&format!("(SELECT ({what})::bigint FROM share_payments y WHERE y.share_id = shares.id)"))
    };
    (of("COALESCE(sum(y.amount), 0)"), of("COALESCE(sum(sign(y.amount::numeric)), 0)"))
}

pub(super) fn of(row: ShareRow, partner: String, (paid, paid_times): Paid) -> OrderShare {
    OrderShare {
        id: row.id,
        partner_id: row.partner_id,
        partner,
        side: row.side,
        order_id: row.order_id,
        deal_id: row.deal_id,
        document: row.document.into(),
        state: row.state,
        withdraw_asked_at: row.withdraw_asked_at,
        answered_at: row.answered_at,
        reason: row.reason,
        delivered: row.delivered,
        accepted: row.accepted,
        heard_at: row.heard_at,
        version: row.version,
        paid,
        paid_times,
        document_id: row.document_id,
        heard_version: row.heard_version,
    }
}

/// What a new row is about, beside its document.
pub(super) struct NewShare {
    pub(super) partner: PartnerId,
    pub(super) side: ShareSide,
    pub(super) document_id: Option<ShareId>,
    pub(super) order: Option<OrderId>,
    pub(super) state: ShareState,
    pub(super) heard_version: i32,
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    new: &NewShare,
    document: &ShareDocument,
) -> Result<OrderShare, DbError> {
    let now = tx.now();
    let answered_at = (new.state != ShareState::Offered).then_some(now);
    let id: ShareId = diesel::insert_into(shares::table)
        .values((
            (
                shares::partner_id.eq(new.partner),
                shares::side.eq(new.side),
                shares::document_id.eq(new.document_id),
                shares::order_id.eq(new.order),
                shares::state.eq(new.state),
                shares::answered_at.eq(answered_at),
                shares::heard_at.eq(now),
                shares::heard_version.eq(new.heard_version),
            ),
            shares::title.eq(&document.title),
            shares::work.eq(&document.work),
            shares::quantity.eq(document.quantity),
            shares::unit_price.eq(document.unit_price),
            shares::unit_minutes.eq(document.unit_minutes),
            shares::due_on.eq(document.due_on),
            shares::orderer.eq(&document.orderer),
            shares::orderer_email.eq(&document.orderer_email),
            shares::pay_on.eq(document.pay_on),
            shares::end_client.eq(&document.end_client),
            shares::message.eq(&document.message),
            shares::offered_at.eq(document.offered_at),
        ))
        .returning(shares::id)
        .get_result(tx.conn())?;
    super::find(tx, id)
}

/// Reads one and keeps everybody else from changing it until this transaction ends.
pub(super) fn hold(tx: &mut Tx<'_>, id: ShareId) -> Result<OrderShare, DbError> {
    let row: ShareRow = shares::table
        .filter(shares::id.eq(id))
        .select(ShareRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    named(tx, row)
}

/// The row of a document that another town offered, kept as [`hold`] keeps it.
pub(super) fn hold_document(
    tx: &mut Tx<'_>,
    partner: PartnerId,
    document: ShareId,
) -> Result<Option<OrderShare>, DbError> {
    let id: Option<ShareId> = shares::table
        .filter(shares::partner_id.eq(partner))
        .filter(shares::document_id.eq(document))
        .select(shares::id)
        .first(tx.conn())
        .optional()?;
    id.map(|id| hold(tx, id)).transpose()
}

fn named(tx: &mut Tx<'_>, row: ShareRow) -> Result<OrderShare, DbError> {
    let partner =
        partners::table.filter(partners::id.eq(row.partner_id)).select(partners::name).first(tx.conn())?;
    let paid: Paid = shares::table.filter(shares::id.eq(row.id)).select(paid()).first(tx.conn())?;
    Ok(of(row, partner, paid))
}

/// Writes how a share stands, as the caller has changed it; its document stays.
pub(super) fn write(tx: &mut Tx<'_>, share: OrderShare) -> Result<OrderShare, DbError> {
    let now = tx.now();
    let row: ShareRow = diesel::update(shares::table.filter(shares::id.eq(share.id)))
        .set((
            shares::order_id.eq(share.order_id),
            shares::deal_id.eq(share.deal_id),
            shares::state.eq(share.state),
            shares::withdraw_asked_at.eq(share.withdraw_asked_at),
            shares::answered_at.eq(share.answered_at),
            shares::reason.eq(&share.reason),
            shares::delivered.eq(share.delivered),
            shares::accepted.eq(share.accepted),
            shares::heard_at.eq(now),
            shares::version.eq(share.version),
            shares::heard_version.eq(share.heard_version),
        ))
        .returning(ShareRow::as_returning())
        .get_result(tx.conn())?;
    Ok(of(row, share.partner, (share.paid, share.paid_times)))
}

pub(super) fn insert_payment(
    tx: &mut Tx<'_>,
    id: ShareId,
    payment: &SharePaymentFields,
    by: PersonId,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(share_payments::table)
        .values((
            share_payments::share_id.eq(id),
            share_payments::paid_on.eq(payment.paid_on),
            share_payments::amount.eq(payment.amount),
            share_payments::note.eq(&payment.note),
            share_payments::recorded_by.eq(by),
            share_payments::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Pieces of an order that are with partner towns, or before them. Whoever offers more holds the order.
pub(super) fn pieces_shared(tx: &mut Tx<'_>, order: OrderId) -> Result<i64, DbError> {
    Ok(shares::table
        .filter(shares::order_id.eq(order))
        .filter(shares::side.eq(ShareSide::Out))
        .filter(shares::state.ne_all([ShareState::Declined, ShareState::Withdrawn]))
        .select(sql::<BigInt>(
            "COALESCE(sum(CASE state WHEN 'cancelled' THEN LEAST(accepted, quantity) ELSE quantity END), 0)::bigint",
        ))
        .first(tx.conn())?)
}

/// What nobody has answered between this town and a partner.
pub(super) fn open_of(tx: &mut Tx<'_>, partner: PartnerId) -> Result<Vec<ShareId>, DbError> {
    Ok(shares::table
        .filter(shares::partner_id.eq(partner))
        .filter(shares::state.eq(ShareState::Offered))
        .order(shares::id)
        .select(shares::id)
        .load(tx.conn())?)
}
