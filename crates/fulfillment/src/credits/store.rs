//! Rows and writes of returns; the application may only insert.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use kernel::{CompanyId, PersonId, Yen};

use super::model::{Credit, CreditId, CreditLine, CreditRate};
use crate::invoices::InvoiceId;
use crate::schema::{client_credit_lines, client_credit_rates, client_credits, client_invoices};
use crate::terms::TermsDigest;

#[derive(Queryable, Selectable)]
#[diesel(table_name = client_credits)]
pub(super) struct CreditRow {
    id: CreditId,
    number: i32,
    invoice_id: InvoiceId,
    reason: String,
    issuer_name: String,
    issuer_address: String,
    registration_number: String,
    issued_on: NaiveDate,
    amount: Yen,
    tax: Yen,
    total: Yen,
    sha256: Vec<u8>,
    issued_by: PersonId,
    issued_at: DateTime<Utc>,
}

/// What a return says of its invoice.
#[derive(Queryable, Selectable)]
#[diesel(table_name = client_invoices)]
pub(super) struct OfInvoice {
    number: i32,
    issued_on: NaiveDate,
    company_id: CompanyId,
    company_name: String,
    supplied_from: NaiveDate,
    supplied_to: NaiveDate,
}

impl From<(CreditRow, OfInvoice)> for Credit {
    fn from((row, invoice): (CreditRow, OfInvoice)) -> Self {
        Self {
            id: row.id,
            number: row.number,
            invoice_id: row.invoice_id,
            invoice_number: invoice.number,
            invoice_issued_on: invoice.issued_on,
            company_id: invoice.company_id,
            company_name: invoice.company_name,
            supplied_from: invoice.supplied_from,
            supplied_to: invoice.supplied_to,
            reason: row.reason,
            issuer_name: row.issuer_name,
            issuer_address: row.issuer_address,
            registration_number: row.registration_number,
            issued_on: row.issued_on,
            amount: row.amount,
            tax: row.tax,
            total: row.total,
            sha256: TermsDigest::from_bytes(&row.sha256).map(|digest| digest.to_string()).unwrap_or_default(),
            issued_by: row.issued_by,
            issued_at: row.issued_at,
        }
    }
}

pub(super) fn next_number(tx: &mut Tx<'_>) -> Result<i32, DbError> {
    let last: Option<i32> = client_credits::table.select(max(client_credits::number)).first(tx.conn())?;
    Ok(last.unwrap_or(0) + 1)
}

/// Writes a return with its rates and lines.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    credit: &Credit,
    digest: TermsDigest,
    lines: &[CreditLine],
    rates: &[CreditRate],
) -> Result<CreditId, DbError> {
    let id: CreditId = diesel::insert_into(client_credits::table)
        .values((
            client_credits::number.eq(credit.number),
            client_credits::invoice_id.eq(credit.invoice_id),
            client_credits::reason.eq(&credit.reason),
            client_credits::issuer_name.eq(&credit.issuer_name),
            client_credits::issuer_address.eq(&credit.issuer_address),
            client_credits::registration_number.eq(&credit.registration_number),
            client_credits::issued_on.eq(credit.issued_on),
            client_credits::amount.eq(credit.amount),
            client_credits::tax.eq(credit.tax),
            client_credits::total.eq(credit.total),
            client_credits::sha256.eq(digest.bytes().to_vec()),
            client_credits::issued_by.eq(credit.issued_by),
            client_credits::issued_at.eq(credit.issued_at),
        ))
        .returning(client_credits::id)
        .get_result(tx.conn())?;
    let of_rates: Vec<_> = rates
        .iter()
        .map(|rate| {
            (
                client_credit_rates::credit_id.eq(id),
                client_credit_rates::invoice_id.eq(credit.invoice_id),
                client_credit_rates::tax_rate.eq(i16::from(rate.tax_rate.0)),
                client_credit_rates::amount.eq(rate.amount),
                client_credit_rates::tax.eq(rate.tax),
            )
        })
        .collect();
    diesel::insert_into(client_credit_rates::table).values(of_rates).execute(tx.conn())?;
    let of_lines: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                client_credit_lines::credit_id.eq(id),
                client_credit_lines::invoice_id.eq(credit.invoice_id),
                client_credit_lines::position.eq(line.position),
                client_credit_lines::tax_rate.eq(i16::from(line.tax_rate.0)),
                client_credit_lines::amount.eq(line.amount),
            )
        })
        .collect();
    diesel::insert_into(client_credit_lines::table).values(of_lines).execute(tx.conn())?;
    Ok(id)
}
