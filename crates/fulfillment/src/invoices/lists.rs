//! Reading invoices: pages, one with all it says, those that are late, and what nobody was asked for yet.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, SmallInt};
use kernel::{CompanyId, OrderId, Page, Paging, TaxRate, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{
    Invoice, InvoiceFilter, InvoiceId, InvoiceKey, InvoiceLine, InvoiceRate, Payment, Unbilled, WholeInvoice,
};
use super::store::{InvoiceRow, Moved, credited, received};
use crate::schema::{
    accepted_amount_rates, client_invoice_lines, client_invoice_rates, client_invoices, client_payments,
};

fn one((row, received, credited): (InvoiceRow, Yen, (Yen, Yen))) -> Invoice {
    row.with((received, credited))
}

/// A rate of consumption tax as its column has it.
pub(crate) fn rate(number: i16) -> TaxRate {
    TaxRate(u8::try_from(number).unwrap_or(TaxRate::STANDARD.0))
}

/// One invoice; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: InvoiceId) -> Result<Invoice, DbError> {
    let row: (InvoiceRow, Yen, (Yen, Yen)) = client_invoices::table
        .filter(client_invoices::id.eq(id))
        .select((InvoiceRow::as_select(), received(), credited()))
        .first(tx.conn())?;
    Ok(one(row))
}

/// One invoice with its lines, rates and payments.
pub fn whole(tx: &mut Tx<'_>, id: InvoiceId) -> Result<WholeInvoice, DbError> {
    let invoice = find(tx, id)?;
    let lines: Vec<(OrderId, String, i16, Yen, bool)> = client_invoice_lines::table
        .filter(client_invoice_lines::invoice_id.eq(id))
        .order(client_invoice_lines::position)
        .select((
            client_invoice_lines::order_id,
            client_invoice_lines::title,
            client_invoice_lines::tax_rate,
            client_invoice_lines::amount,
            sql::<Bool>(&by_proportion()),
        ))
        .load(tx.conn())?;
    let rates: Vec<(i16, Yen, Yen)> = client_invoice_rates::table
        .filter(client_invoice_rates::invoice_id.eq(id))
        .order(client_invoice_rates::tax_rate.desc())
        .select((client_invoice_rates::tax_rate, client_invoice_rates::amount, client_invoice_rates::tax))
        .load(tx.conn())?;
    let payments: Vec<PaymentRow> = client_payments::table
        .filter(client_payments::invoice_id.eq(id))
        .order(client_payments::id)
        .select(PaymentRow::as_select())
        .load(tx.conn())?;
    let line = |(order_id, title, number, amount, by_proportion)| InvoiceLine {
        order_id,
        title,
        tax_rate: rate(number),
        amount,
        by_proportion,
    };
    let sum = |(number, amount, tax)| InvoiceRate { tax_rate: rate(number), amount, tax };
    Ok(WholeInvoice {
        invoice,
        lines: lines.into_iter().map(line).collect(),
        rates: rates.into_iter().map(sum).collect(),
        payments: payments.into_iter().map(Payment::from).collect(),
    })
}

/// What an order comes to at each rate at which it comes to something: a free sample is of no rate. By this amounts are split, and by this an
/// invoice says so.
fn ordered_at_rates(order: &str) -> String {
    format!(
        "SELECT q.tax_rate, sum(q.unit_price * q.quantity)::bigint AS amount FROM order_lines q \
         WHERE q.order_id = {order} GROUP BY q.tax_rate HAVING sum(q.unit_price * q.quantity) > 0"
    )
}

/// Whether a line's order has several rates, and something that the invoice asks for of it did not say at which it was accepted.
fn by_proportion() -> String {
    format!(
        "(SELECT count(*) FROM ({}) ordered) > 1 \
         AND EXISTS (SELECT 1 FROM client_invoice_amounts b JOIN accepted_amounts a ON a.id = b.accepted_amount_id \
             WHERE b.invoice_id = client_invoice_lines.invoice_id AND a.order_id = client_invoice_lines.order_id \
                 AND NOT EXISTS (SELECT 1 FROM accepted_amount_rates r WHERE r.accepted_amount_id = a.id))",
        ordered_at_rates("client_invoice_lines.order_id")
    )
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = client_payments)]
struct PaymentRow {
    id: i64,
    received_on: NaiveDate,
    amount: Yen,
    note: String,
    recorded_by: kernel::PersonId,
    recorded_at: chrono::DateTime<chrono::Utc>,
}

impl From<PaymentRow> for Payment {
    fn from(row: PaymentRow) -> Self {
        Self {
            id: row.id,
            received_on: row.received_on,
            amount: row.amount,
            note: row.note,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        }
    }
}

/// What an invoice has still to bring ([`Invoice::rest`]); below zero where more came in than is asked.
const REST: &str = "(client_invoices.total \
     - (SELECT COALESCE(sum(p.amount), 0) FROM client_payments p WHERE p.invoice_id = client_invoices.id) \
     - (SELECT COALESCE(sum(c.total), 0) FROM client_credits c WHERE c.invoice_id = client_invoices.id))";

fn is_open() -> SqlLiteral<Bool> {
    sql(&format!("{REST} > 0"))
}

/// Invoices, the newest first, of one client where one is named.
pub fn list(
    tx: &mut Tx<'_>,
    filter: InvoiceFilter,
    company: Option<CompanyId>,
    paging: &Paging<InvoiceKey>,
) -> Result<Page<Invoice, InvoiceKey>, DbError> {
    let today = crate::today(tx);
    let mut query = client_invoices::table
        .order(client_invoices::id.desc())
        .limit(paging.probe())
        .select((InvoiceRow::as_select(), received(), credited()))
        .into_boxed();
    query = match filter {
        InvoiceFilter::All => query,
        InvoiceFilter::Open => query.filter(is_open()),
        InvoiceFilter::Overdue => query.filter(client_invoices::due_on.lt(today)).filter(is_open()),
        InvoiceFilter::Paid => query.filter(sql::<Bool>(&format!("{REST} <= 0"))),
    };
    if let Some(company) = company {
        query = query.filter(client_invoices::company_id.eq(company));
    }
    if let Some(InvoiceKey(id)) = paging.after {
        query = query.filter(client_invoices::id.lt(id));
    }
    let rows: Vec<(InvoiceRow, Yen, (Yen, Yen))> = query.load(tx.conn())?;
    let rows = rows.into_iter().map(one).collect();
    Ok(Page::cut(rows, paging, |one: &Invoice| InvoiceKey(one.id)))
}

/// How many invoices have still to bring something, and how much.
pub fn count_open(tx: &mut Tx<'_>) -> Result<(i64, Yen), DbError> {
    Ok(client_invoices::table.filter(is_open()).select(count_and_sum(REST)).first(tx.conn())?)
}

/// For how many invoices more came in than is asked, and how much is to be returned.
pub fn count_overpaid(tx: &mut Tx<'_>) -> Result<(i64, Yen), DbError> {
    let is_over = sql::<Bool>(&format!("{REST} < 0"));
    let much = count_and_sum(&format!("-{REST}"));
    Ok(client_invoices::table.filter(is_over).select(much).first(tx.conn())?)
}

fn count_and_sum(yen: &str) -> (SqlLiteral<BigInt>, SqlLiteral<BigInt>) {
    (sql("count(*)"), sql(&format!("COALESCE(sum({yen}), 0)::bigint")))
}

/// An invoice whose day has passed, and what workers were paid for its orders all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LateInvoice {
    /// The invoice.
    #[serde(flatten)]
    pub invoice: Invoice,
    /// What workers were paid by now for the share of its orders that it asks for, before tax, out of the town's own money: what
    /// several invoices ask for of one order is counted once among them.
    pub advanced: Yen,
}

/// Invoices whose day has passed and that are not paid, the longest due first; a handful, one hopes, and a hundred at most.
pub fn overdue(tx: &mut Tx<'_>) -> Result<Vec<LateInvoice>, DbError> {
    let today = crate::today(tx);
    let advanced = sql::<BigInt>(
        "(SELECT COALESCE(sum(asked.amount * (SELECT COALESCE(sum(e.amount), 0) FROM earnings e \
              JOIN units u ON u.id = e.unit_id JOIN statement_earnings s ON s.earning_id = e.id \
              JOIN statements st ON st.id = s.statement_id \
              WHERE st.paid_on IS NOT NULL AND u.order_id = o.id) / GREATEST(o.amount, 1)), 0)::bigint \
          FROM (SELECT l.order_id, sum(l.amount - COALESCE((SELECT sum(c.amount) FROM client_credit_lines c \
                  WHERE c.invoice_id = l.invoice_id AND c.position = l.position), 0))::bigint AS amount \
              FROM client_invoice_lines l WHERE l.invoice_id = client_invoices.id GROUP BY l.order_id) asked JOIN orders o ON o.id = asked.order_id)",
    );
    let rows: Vec<(InvoiceRow, Moved, Yen)> = client_invoices::table
        .filter(client_invoices::due_on.lt(today))
        .filter(is_open())
        .order((client_invoices::due_on, client_invoices::id))
        .limit(MOST_LATE)
        .select((InvoiceRow::as_select(), (received(), credited()), advanced))
        .load(tx.conn())?;
    let late =
        |(row, moved, advanced): (InvoiceRow, Moved, Yen)| LateInvoice { invoice: row.with(moved), advanced };
    Ok(rows.into_iter().map(late).collect())
}

const MOST_LATE: i64 = 100;

/// The invoices that ask for something of an order, the oldest first.
pub fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Invoice>, DbError> {
    let ids = client_invoice_lines::table
        .filter(client_invoice_lines::order_id.eq(order))
        .select(client_invoice_lines::invoice_id);
    let rows: Vec<(InvoiceRow, Yen, (Yen, Yen))> = client_invoices::table
        .filter(client_invoices::id.eq_any(ids))
        .order(client_invoices::id)
        .select((InvoiceRow::as_select(), received(), credited()))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(one).collect())
}

#[derive(QueryableByName)]
struct UnbilledRow {
    #[diesel(sql_type = BigInt)]
    company_id: CompanyId,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    #[diesel(sql_type = Date)]
    since: NaiveDate,
}

/// What each client accepted and was not asked for yet, the longest waiting first.
pub fn unbilled(tx: &mut Tx<'_>) -> Result<Vec<Unbilled>, DbError> {
    let rows: Vec<UnbilledRow> = diesel::sql_query(
        "SELECT o.company_id, sum(a.amount)::bigint AS amount, min(a.counted_on) AS since \
         FROM accepted_amounts a JOIN orders o ON o.id = a.order_id \
         WHERE NOT EXISTS (SELECT 1 FROM client_invoice_amounts b WHERE b.accepted_amount_id = a.id \
             AND b.credit_id IS NULL) \
         GROUP BY o.company_id ORDER BY since, o.company_id",
    )
    .load(tx.conn())?;
    let one =
        |row: UnbilledRow| Unbilled { company_id: row.company_id, amount: row.amount, since: row.since };
    Ok(rows.into_iter().map(one).collect())
}

/// An amount of the ledger that nobody was asked for yet.
#[derive(QueryableByName)]
pub(super) struct Accepted {
    #[diesel(sql_type = BigInt)]
    pub(super) id: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    pub(super) amount: Yen,
    /// The day the client accepted it.
    #[diesel(sql_type = Date)]
    pub(super) counted_on: NaiveDate,
}

/// What a client accepted by a day and was not asked for yet, the oldest first.
pub(super) fn accepted(
    tx: &mut Tx<'_>,
    company: CompanyId,
    closed_on: NaiveDate,
) -> Result<Vec<Accepted>, DbError> {
    Ok(diesel::sql_query(
        "SELECT a.id, a.order_id, a.amount, a.counted_on FROM accepted_amounts a JOIN orders o ON o.id = a.order_id \
         WHERE o.company_id = $1 AND a.counted_on <= $2 \
             AND NOT EXISTS (SELECT 1 FROM client_invoice_amounts b WHERE b.accepted_amount_id = a.id \
                 AND b.credit_id IS NULL) ORDER BY a.id",
    )
    .bind::<BigInt, _>(company)
    .bind::<Date, _>(closed_on)
    .load(tx.conn())?)
}

/// What amounts of the ledger come to at each rate, as far as their pieces said of which line they are.
pub(super) fn own_rates(tx: &mut Tx<'_>, amounts: &[i64]) -> Result<BTreeMap<TaxRate, Yen>, DbError> {
    let rows: Vec<(i16, Yen)> = accepted_amount_rates::table
        .filter(accepted_amount_rates::accepted_amount_id.eq_any(amounts))
        .group_by(accepted_amount_rates::tax_rate)
        .select((accepted_amount_rates::tax_rate, sql::<BigInt>("sum(amount)::bigint")))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(number, amount)| (rate(number), amount)).collect())
}

#[derive(QueryableByName)]
struct OrderedRow {
    #[diesel(sql_type = SmallInt)]
    tax_rate: i16,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
}

/// What an order comes to at each rate.
pub(super) fn ordered(tx: &mut Tx<'_>, order: OrderId) -> Result<BTreeMap<TaxRate, Yen>, DbError> {
    let rows: Vec<OrderedRow> =
        diesel::sql_query(ordered_at_rates("$1")).bind::<BigInt, _>(order).load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (rate(row.tax_rate), row.amount)).collect())
}

/// What was asked for of an order at each rate, but for invoices that were returned in whole.
pub(super) fn billed(tx: &mut Tx<'_>, order: OrderId) -> Result<BTreeMap<TaxRate, Yen>, DbError> {
    let rows: Vec<(i16, Yen)> = client_invoice_lines::table
        .filter(client_invoice_lines::order_id.eq(order))
        .filter(sql::<Bool>(
            "NOT EXISTS (SELECT 1 FROM client_invoice_amounts b \
                 WHERE b.invoice_id = client_invoice_lines.invoice_id AND b.credit_id IS NOT NULL)",
        ))
        .group_by(client_invoice_lines::tax_rate)
        .select((client_invoice_lines::tax_rate, sql::<BigInt>("sum(amount)::bigint")))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(number, amount)| (rate(number), amount)).collect())
}
