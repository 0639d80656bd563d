//! Reading returns: pages, one with all it says, those of an invoice, and what is left of one.

use std::collections::BTreeMap;

use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{Page, Paging, TaxRate, Yen};

use super::Returned;
use super::model::{Credit, CreditId, CreditKey, CreditLine, CreditRate, LineLeft, WholeCredit};
use super::store::{CreditRow, OfInvoice};
use crate::invoices::{InvoiceId, rate};
use crate::schema::{
    client_credit_lines, client_credit_rates, client_credits, client_invoice_lines, client_invoices,
};

/// One return; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: CreditId) -> Result<Credit, DbError> {
    let row: (CreditRow, OfInvoice) = client_credits::table
        .inner_join(client_invoices::table.on(client_invoices::id.eq(client_credits::invoice_id)))
        .filter(client_credits::id.eq(id))
        .select((CreditRow::as_select(), OfInvoice::as_select()))
        .first(tx.conn())?;
    Ok(row.into())
}

/// One return with its lines and rates.
pub fn whole(tx: &mut Tx<'_>, id: CreditId) -> Result<WholeCredit, DbError> {
    let credit = find(tx, id)?;
    let lines: Vec<(i32, String, i16, Yen)> = client_credit_lines::table
        .inner_join(
            client_invoice_lines::table.on(client_invoice_lines::invoice_id
                .eq(client_credit_lines::invoice_id)
                .and(client_invoice_lines::position.eq(client_credit_lines::position))),
        )
        .filter(client_credit_lines::credit_id.eq(id))
        .order(client_credit_lines::position)
        .select((
            client_credit_lines::position,
            client_invoice_lines::title,
            client_credit_lines::tax_rate,
            client_credit_lines::amount,
        ))
        .load(tx.conn())?;
    let rates: Vec<(i16, Yen, Yen)> = client_credit_rates::table
        .filter(client_credit_rates::credit_id.eq(id))
        .order(client_credit_rates::tax_rate.desc())
        .select((client_credit_rates::tax_rate, client_credit_rates::amount, client_credit_rates::tax))
        .load(tx.conn())?;
    let line =
        |(position, title, number, amount)| CreditLine { position, title, tax_rate: rate(number), amount };
    let of_rate = |(number, amount, tax)| CreditRate { tax_rate: rate(number), amount, tax };
    Ok(WholeCredit {
        credit,
        lines: lines.into_iter().map(line).collect(),
        rates: rates.into_iter().map(of_rate).collect(),
    })
}

/// Returns, the newest first, of one invoice where one is named.
pub fn list(
    tx: &mut Tx<'_>,
    invoice: Option<InvoiceId>,
    paging: &Paging<CreditKey>,
) -> Result<Page<Credit, CreditKey>, DbError> {
    let mut query = client_credits::table
        .inner_join(client_invoices::table.on(client_invoices::id.eq(client_credits::invoice_id)))
        .order(client_credits::id.desc())
        .limit(paging.probe())
        .select((CreditRow::as_select(), OfInvoice::as_select()))
        .into_boxed();
    if let Some(invoice) = invoice {
        query = query.filter(client_credits::invoice_id.eq(invoice));
    }
    if let Some(CreditKey(id)) = paging.after {
        query = query.filter(client_credits::id.lt(id));
    }
    let rows: Vec<(CreditRow, OfInvoice)> = query.load(tx.conn())?;
    let rows = rows.into_iter().map(Credit::from).collect();
    Ok(Page::cut(rows, paging, |one: &Credit| CreditKey(one.id)))
}

/// The most returns of one invoice that its page shows.
const SHOWN: u16 = 100;

/// The returns of an invoice with all they say, the oldest first; a handful, so they come whole.
pub fn of_invoice(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<Vec<WholeCredit>, DbError> {
    let mut listed = list(tx, Some(invoice), &Paging::first(SHOWN))?.items;
    listed.reverse();
    listed.into_iter().map(|one| whole(tx, one.id)).collect()
}

/// The lines of an invoice with what is left of each.
pub fn left(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<Vec<LineLeft>, DbError> {
    let returned: BTreeMap<i32, Yen> = client_credit_lines::table
        .filter(client_credit_lines::invoice_id.eq(invoice))
        .group_by(client_credit_lines::position)
        .select((client_credit_lines::position, sql::<BigInt>("sum(amount)::bigint")))
        .load::<(i32, Yen)>(tx.conn())?
        .into_iter()
        .collect();
    let lines: Vec<(i32, String, i16, Yen)> = client_invoice_lines::table
        .filter(client_invoice_lines::invoice_id.eq(invoice))
        .order(client_invoice_lines::position)
        .select((
            client_invoice_lines::position,
            client_invoice_lines::title,
            client_invoice_lines::tax_rate,
            client_invoice_lines::amount,
        ))
        .load(tx.conn())?;
    let line = |(position, title, number, amount): (i32, String, i16, Yen)| LineLeft {
        position,
        title,
        tax_rate: rate(number),
        amount,
        left: Yen(amount.0 - returned.get(&position).map_or(0, |returned| returned.0)),
    };
    Ok(lines.into_iter().map(line).collect())
}

/// What was returned of an invoice at each rate: before tax, and tax.
pub(super) fn returned(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<Returned, DbError> {
    let rows: Vec<(i16, Yen, Yen)> = client_credit_rates::table
        .filter(client_credit_rates::invoice_id.eq(invoice))
        .group_by(client_credit_rates::tax_rate)
        .select((
            client_credit_rates::tax_rate,
            sql::<BigInt>("sum(amount)::bigint"),
            sql::<BigInt>("sum(tax)::bigint"),
        ))
        .load(tx.conn())?;
    let of =
        |(number, amount, tax): (i16, Yen, Yen)| -> (TaxRate, (Yen, Yen)) { (rate(number), (amount, tax)) };
    Ok(rows.into_iter().map(of).collect())
}
