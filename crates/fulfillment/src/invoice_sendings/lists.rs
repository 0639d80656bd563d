//! Reading to whom invoices were sent, and when those looked at them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::{exists, max, min};
use diesel::prelude::*;

use super::model::{InvoiceSendingId, Sending, SentInvoice};
use super::store::SendingRow;
use crate::invoices::InvoiceId;
use crate::schema::{invoice_openings, invoice_sendings};

/// The most sendings of one invoice that are shown.
const SHOWN: i64 = 200;

/// One sending; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: InvoiceSendingId) -> Result<Sending, DbError> {
    let row: SendingRow = invoice_sendings::table
        .filter(invoice_sendings::id.eq(id))
        .select(SendingRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// Whether a sending's link opens its invoice, for a mail that waits to go out.
pub fn is_open(tx: &mut Tx<'_>, id: InvoiceSendingId) -> Result<bool, DbError> {
    let sending = find(tx, id)?;
    Ok(sending.is_open(tx.now()))
}

pub(super) fn find_by_hash(tx: &mut Tx<'_>, secret_hash: &[u8]) -> Result<Option<Sending>, DbError> {
    let row: Option<SendingRow> = invoice_sendings::table
        .filter(invoice_sendings::secret_hash.eq(secret_hash))
        .select(SendingRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Sending::from))
}

/// To whom an invoice and its returns were sent, the newest first; a handful, so they come in one piece.
pub fn of_invoice(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<Vec<SentInvoice>, DbError> {
    let rows: Vec<SendingRow> = invoice_sendings::table
        .filter(invoice_sendings::invoice_id.eq(invoice))
        .order(invoice_sendings::id.desc())
        .limit(SHOWN)
        .select(SendingRow::as_select())
        .load(tx.conn())?;
    let sendings: Vec<Sending> = rows.into_iter().map(Sending::from).collect();
    let ids: Vec<InvoiceSendingId> = sendings.iter().map(|sending| sending.id).collect();
    let opened: Vec<Looked> = invoice_openings::table
        .filter(invoice_openings::sending_id.eq_any(ids))
        .group_by(invoice_openings::sending_id)
        .select((
            invoice_openings::sending_id,
            min(invoice_openings::opened_at),
            max(invoice_openings::opened_at),
        ))
        .load(tx.conn())?;
    let opened: HashMap<InvoiceSendingId, _> =
        opened.into_iter().map(|(sending, first, last)| (sending, (first, last))).collect();
    let sent = |sending: Sending| {
        let (first_opened_at, last_opened_at) = opened.get(&sending.id).copied().unwrap_or_default();
        SentInvoice { sending, first_opened_at, last_opened_at }
    };
    Ok(sendings.into_iter().map(sent).collect())
}

/// A link with when it was opened first and last.
type Looked = (InvoiceSendingId, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Whether a link was opened since then.
pub(super) fn opened_since(
    tx: &mut Tx<'_>,
    sending: InvoiceSendingId,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let such = invoice_openings::table
        .filter(invoice_openings::sending_id.eq(sending))
        .filter(invoice_openings::opened_at.gt(since));
    Ok(diesel::select(exists(such)).get_result(tx.conn())?)
}
