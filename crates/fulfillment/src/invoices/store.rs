//! Rows and writes of invoices and of what came in for them; the application may only insert.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{CompanyId, ContactId, PersonId, Yen};

use super::model::{Invoice, InvoiceId, InvoiceLine, InvoiceRate, PaymentFields};
use crate::schema::{
    client_invoice_amounts, client_invoice_lines, client_invoice_rates, client_invoices, client_payments,
};
use crate::terms::TermsDigest;

#[derive(Queryable, Selectable)]
#[diesel(table_name = client_invoices)]
pub(super) struct InvoiceRow {
    id: InvoiceId,
    number: i32,
    company_id: CompanyId,
    contact_id: Option<ContactId>,
    company_name: String,
    issuer_name: String,
    issuer_address: String,
    registration_number: String,
    bank_account: String,
    closed_on: NaiveDate,
    supplied_from: NaiveDate,
    supplied_to: NaiveDate,
    issued_on: NaiveDate,
    due_on: NaiveDate,
    amount: Yen,
    tax: Yen,
    total: Yen,
    sha256: Vec<u8>,
    issued_by: PersonId,
    issued_at: DateTime<Utc>,
}

/// What came in for each.
pub(super) fn received() -> SqlLiteral<BigInt> {
    diesel::dsl::sql(
        "(SELECT COALESCE(sum(p.amount), 0)::bigint FROM client_payments p WHERE p.invoice_id = client_invoices.id)",
    )
}

/// What was returned of each, with tax and before it.
pub(super) fn credited() -> (SqlLiteral<BigInt>, SqlLiteral<BigInt>) {
    let of = |column: &str| {
        diesel::dsl::sql(&format!(
            "(SELECT COALESCE(sum(c.{column}), 0)::bigint FROM client_credits c WHERE c.invoice_id = client_invoices.id)",
        ))
    };
    (of("total"), of("amount"))
}

/// What came in for an invoice, and what was returned of it, with tax and before it.
pub(super) type Moved = (Yen, (Yen, Yen));

impl InvoiceRow {
    pub(super) fn with(self, (received, (credited, credited_before_tax)): Moved) -> Invoice {
        Invoice {
            id: self.id,
            number: self.number,
            company_id: self.company_id,
            contact_id: self.contact_id,
            company_name: self.company_name,
            issuer_name: self.issuer_name,
            issuer_address: self.issuer_address,
            registration_number: self.registration_number,
            bank_account: self.bank_account,
            closed_on: self.closed_on,
            supplied_from: self.supplied_from,
            supplied_to: self.supplied_to,
            issued_on: self.issued_on,
            due_on: self.due_on,
            amount: self.amount,
            tax: self.tax,
            total: self.total,
            received,
            credited,
            credited_before_tax,
            sha256: TermsDigest::from_bytes(&self.sha256)
                .map(|digest| digest.to_string())
                .unwrap_or_default(),
            issued_by: self.issued_by,
            issued_at: self.issued_at,
        }
    }
}

/// Of two who invoice at once, or return something, the second waits until the first is done, so numbers have no gap.
pub(crate) fn one_at_a_time(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let town = tx.organization().0;
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('invoices of a town', $1))")
        .bind::<BigInt, _>(town)
        .execute(tx.conn())?;
    Ok(())
}

/// What a wholly returned invoice asked for may be asked for anew; `credit` is the return that completed it.
pub(crate) fn release(tx: &mut Tx<'_>, id: InvoiceId, credit: i64) -> Result<(), DbError> {
    let of_invoice = client_invoice_amounts::table.filter(client_invoice_amounts::invoice_id.eq(id));
    diesel::update(of_invoice).set(client_invoice_amounts::credit_id.eq(credit)).execute(tx.conn())?;
    Ok(())
}

pub(super) fn next_number(tx: &mut Tx<'_>) -> Result<i32, DbError> {
    let last: Option<i32> = client_invoices::table.select(max(client_invoices::number)).first(tx.conn())?;
    Ok(last.unwrap_or(0) + 1)
}

/// Writes an invoice with its rates and lines, and that it asks for `amounts` of the ledger.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    digest: TermsDigest,
    lines: &[InvoiceLine],
    rates: &[InvoiceRate],
    amounts: &[i64],
) -> Result<InvoiceId, DbError> {
    let id: InvoiceId = diesel::insert_into(client_invoices::table)
        .values((
            (
                client_invoices::number.eq(invoice.number),
                client_invoices::company_id.eq(invoice.company_id),
                client_invoices::contact_id.eq(invoice.contact_id),
                client_invoices::company_name.eq(&invoice.company_name),
                client_invoices::issuer_name.eq(&invoice.issuer_name),
                client_invoices::issuer_address.eq(&invoice.issuer_address),
                client_invoices::registration_number.eq(&invoice.registration_number),
                client_invoices::bank_account.eq(&invoice.bank_account),
                client_invoices::closed_on.eq(invoice.closed_on),
                client_invoices::supplied_from.eq(invoice.supplied_from),
                client_invoices::supplied_to.eq(invoice.supplied_to),
            ),
            (
                client_invoices::issued_on.eq(invoice.issued_on),
                client_invoices::due_on.eq(invoice.due_on),
                client_invoices::amount.eq(invoice.amount),
                client_invoices::tax.eq(invoice.tax),
                client_invoices::total.eq(invoice.total),
                client_invoices::sha256.eq(digest.bytes().to_vec()),
                client_invoices::issued_by.eq(invoice.issued_by),
                client_invoices::issued_at.eq(invoice.issued_at),
            ),
        ))
        .returning(client_invoices::id)
        .get_result(tx.conn())?;
    insert_rates(tx, id, rates)?;
    insert_lines(tx, id, lines)?;
    let taken: Vec<_> = amounts
        .iter()
        .map(|amount| {
            (
                client_invoice_amounts::accepted_amount_id.eq(*amount),
                client_invoice_amounts::invoice_id.eq(id),
            )
        })
        .collect();
    diesel::insert_into(client_invoice_amounts::table).values(taken).execute(tx.conn())?;
    Ok(id)
}

fn insert_rates(tx: &mut Tx<'_>, id: InvoiceId, rates: &[InvoiceRate]) -> Result<(), DbError> {
    let rows: Vec<_> = rates
        .iter()
        .map(|rate| {
            (
                client_invoice_rates::invoice_id.eq(id),
                client_invoice_rates::tax_rate.eq(i16::from(rate.tax_rate.0)),
                client_invoice_rates::amount.eq(rate.amount),
                client_invoice_rates::tax.eq(rate.tax),
            )
        })
        .collect();
    diesel::insert_into(client_invoice_rates::table).values(rows).execute(tx.conn())?;
    Ok(())
}

fn insert_lines(tx: &mut Tx<'_>, id: InvoiceId, lines: &[InvoiceLine]) -> Result<(), DbError> {
    let rows: Vec<_> = (1i32..)
        .zip(lines)
        .map(|(position, line)| {
            (
                client_invoice_lines::invoice_id.eq(id),
                client_invoice_lines::position.eq(position),
                client_invoice_lines::order_id.eq(line.order_id),
                client_invoice_lines::title.eq(&line.title),
                client_invoice_lines::tax_rate.eq(i16::from(line.tax_rate.0)),
                client_invoice_lines::amount.eq(line.amount),
            )
        })
        .collect();
    diesel::insert_into(client_invoice_lines::table).values(rows).execute(tx.conn())?;
    Ok(())
}

pub(super) fn insert_payment(
    tx: &mut Tx<'_>,
    id: InvoiceId,
    payment: &PaymentFields,
    by: PersonId,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(client_payments::table)
        .values((
            client_payments::invoice_id.eq(id),
            client_payments::received_on.eq(payment.received_on),
            client_payments::amount.eq(payment.amount),
            client_payments::note.eq(&payment.note),
            client_payments::recorded_by.eq(by),
            client_payments::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
