//! Reading shares, and what came and went by them.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use kernel::{DealId, OrderId, Page, Paging, PersonId, Span, TaxRate, Yen};

use super::model::{
    OrderShare, PartnerAmounts, ShareId, ShareKey, SharePayment, ShareSide, ShareState, WholeShare,
};
use super::store::{self, Paid, ShareRow};
use crate::partners::PartnerId;
use crate::schema::{partners, share_payments, shares};

#[diesel::dsl::auto_type]
fn with_partner() -> _ {
    shares::table.inner_join(partners::table.on(partners::id.eq(shares::partner_id)))
}

fn one((row, partner, paid): (ShareRow, String, Paid)) -> OrderShare {
    store::of(row, partner, paid)
}

/// One of this town's; [`DbError::NotFound`] where it has none of that id.
pub fn find(tx: &mut Tx<'_>, id: ShareId) -> Result<OrderShare, DbError> {
    let row = with_partner()
        .filter(shares::id.eq(id))
        .select((ShareRow::as_select(), partners::name, store::paid()))
        .first(tx.conn())?;
    Ok(one(row))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = share_payments)]
struct PaymentRow {
    id: i64,
    paid_on: NaiveDate,
    amount: Yen,
    note: String,
    recorded_by: PersonId,
    recorded_at: DateTime<Utc>,
}

impl From<PaymentRow> for SharePayment {
    fn from(row: PaymentRow) -> Self {
        Self {
            id: row.id,
            paid_on: row.paid_on,
            amount: row.amount,
            note: row.note,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        }
    }
}

/// One of this town's with what was paid for it; [`DbError::NotFound`] where it has none of that id.
pub fn whole(tx: &mut Tx<'_>, id: ShareId) -> Result<WholeShare, DbError> {
    let share = find(tx, id)?;
    let payments: Vec<PaymentRow> = share_payments::table
        .filter(share_payments::share_id.eq(id))
        .order(share_payments::id)
        .select(PaymentRow::as_select())
        .load(tx.conn())?;
    let payments = payments.into_iter().map(SharePayment::from).collect();
    Ok(WholeShare { owed: share.owed(), open: share.open(), payments, share })
}

/// Those of one side, the newest first.
pub fn list(
    tx: &mut Tx<'_>,
    side: ShareSide,
    paging: &Paging<ShareKey>,
) -> Result<Page<OrderShare, ShareKey>, DbError> {
    let before = paging.after.map_or(ShareId(i64::MAX), |ShareKey(id)| id);
    let rows: Vec<(ShareRow, String, Paid)> = with_partner()
        .filter(shares::side.eq(side))
        .filter(shares::id.lt(before))
        .order(shares::id.desc())
        .limit(paging.probe())
        .select((ShareRow::as_select(), partners::name, store::paid()))
        .load(tx.conn())?;
    let rows = rows.into_iter().map(one).collect();
    Ok(Page::cut(rows, paging, |share: &OrderShare| ShareKey(share.id)))
}

/// How many were offered to this town and wait for its answer.
pub fn count_waiting(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(shares::table
        .filter(shares::side.eq(ShareSide::In))
        .filter(shares::state.eq(ShareState::Offered))
        .count()
        .get_result(tx.conn())?)
}

/// What is shared of an order, and what it was entrusted as: some few.
pub fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<OrderShare>, DbError> {
    let rows: Vec<(ShareRow, String, Paid)> = with_partner()
        .filter(shares::order_id.eq(order))
        .order(shares::id)
        .select((ShareRow::as_select(), partners::name, store::paid()))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(one).collect())
}

/// Whose order this is, where it was entrusted by a partner.
pub(super) fn entrusted(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<ShareId>, DbError> {
    Ok(shares::table
        .filter(shares::order_id.eq(order))
        .filter(shares::side.eq(ShareSide::In))
        .select(shares::id)
        .first(tx.conn())
        .optional()?)
}

/// The day on which the town that entrusted an order said it pays for it; none where no partner entrusted it.
pub(crate) fn agreed_pay_day(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<NaiveDate>, DbError> {
    let Some(id) = entrusted(tx, order)? else { return Ok(None) };
    Ok(Some(find(tx, id)?.document.pay_on))
}

/// The share that was accepted as a deal.
pub(super) fn of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<ShareId>, DbError> {
    Ok(shares::table.filter(shares::deal_id.eq(deal)).select(shares::id).first(tx.conn()).optional()?)
}

/// The deal that the newest share of a partner was accepted as: its client is that town.
pub fn latest_deal(tx: &mut Tx<'_>, partner: PartnerId) -> Result<Option<DealId>, DbError> {
    let deal: Option<Option<DealId>> = shares::table
        .filter(shares::partner_id.eq(partner))
        .filter(shares::deal_id.is_not_null())
        .order(shares::id.desc())
        .select(shares::deal_id)
        .first(tx.conn())
        .optional()?;
    Ok(deal.flatten())
}

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = BigInt)]
    open: Yen,
}

/// What is left to be paid to partners, with tax, whenever it is due: the sum of what is open of each share ([`OrderShare::open`]).
pub fn to_pay(tx: &mut Tx<'_>) -> Result<Yen, DbError> {
    let row: OpenRow = diesel::sql_query(
        "SELECT COALESCE(sum(o.rest) FILTER (WHERE o.rest >= GREATEST(o.times, 1)), 0)::bigint AS open FROM ( \
             SELECT w.worth + w.worth * $1 / 100 - COALESCE(p.amount, 0) AS rest, COALESCE(p.times, 0) AS times \
             FROM (SELECT organization_id, id, unit_price * \
                     CASE state WHEN 'accepted' THEN quantity ELSE LEAST(accepted, quantity) END AS worth \
                 FROM shares WHERE side = 'out' AND state IN ('accepted', 'finished', 'cancelled')) w \
             LEFT JOIN (SELECT organization_id, share_id, sum(amount) AS amount, sum(sign(amount::numeric)) AS times \
                 FROM share_payments GROUP BY organization_id, share_id) p \
                 ON p.organization_id = w.organization_id AND p.share_id = w.id \
         ) o",
    )
    .bind::<BigInt, _>(i64::from(TaxRate::STANDARD.0))
    .get_result(tx.conn())?;
    Ok(row.open)
}

#[derive(QueryableByName)]
struct AmountsRow {
    #[diesel(sql_type = BigInt)]
    partner_id: PartnerId,
    #[diesel(sql_type = Text)]
    partner: String,
    #[diesel(sql_type = BigInt)]
    agreed_in: Yen,
    #[diesel(sql_type = BigInt)]
    accepted_in: Yen,
    #[diesel(sql_type = BigInt)]
    agreed_out: Yen,
    #[diesel(sql_type = BigInt)]
    accepted_out: Yen,
    #[diesel(sql_type = BigInt)]
    paid_out: Yen,
}

/// What came and went with every partner, by name, of what was agreed on a day of `span` in Japan. What was called off counts
/// as agreed only as far as it was accepted; a partner with nothing in `span` stands there with nothing.
pub fn amounts(tx: &mut Tx<'_>, span: Span) -> Result<Vec<PartnerAmounts>, DbError> {
    let rows: Vec<AmountsRow> = diesel::sql_query(
        "SELECT p.id AS partner_id, p.name AS partner, \
             COALESCE(sum(s.agreed) FILTER (WHERE s.side = 'in'), 0)::bigint AS agreed_in, \
             COALESCE(sum(s.worth) FILTER (WHERE s.side = 'in'), 0)::bigint AS accepted_in, \
             COALESCE(sum(s.agreed) FILTER (WHERE s.side = 'out'), 0)::bigint AS agreed_out, \
             COALESCE(sum(s.worth) FILTER (WHERE s.side = 'out'), 0)::bigint AS accepted_out, \
             COALESCE(sum(s.paid), 0)::bigint AS paid_out \
         FROM partners p LEFT JOIN ( \
             SELECT partner_id, side, unit_price * LEAST(accepted, quantity) AS worth, \
                 unit_price * CASE state WHEN 'cancelled' THEN LEAST(accepted, quantity) ELSE quantity END AS agreed, \
                 (SELECT sum(y.amount) FROM share_payments y WHERE y.share_id = shares.id) AS paid \
             FROM shares WHERE state IN ('accepted', 'finished', 'cancelled') \
             AND (answered_at AT TIME ZONE 'Asia/Tokyo')::date BETWEEN $1 AND $2 \
         ) s ON s.partner_id = p.id \
         GROUP BY p.id, p.name ORDER BY p.name, p.id",
    )
    .bind::<Date, _>(span.first)
    .bind::<Date, _>(span.last)
    .load(tx.conn())?;
    let amounts = rows.into_iter().map(|row| PartnerAmounts {
        partner_id: row.partner_id,
        partner: row.partner,
        agreed_in: row.agreed_in,
        accepted_in: row.accepted_in,
        agreed_out: row.agreed_out,
        accepted_out: row.accepted_out,
        paid_out: row.paid_out,
    });
    Ok(amounts.collect())
}
