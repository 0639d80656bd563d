//! Rows and writes of `invoice_sendings` and `invoice_openings`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{ContactId, PersonId};

use super::model::{InvoiceSendingId, Sending};
use crate::credits::CreditId;
use crate::invoices::InvoiceId;
use crate::schema::{invoice_openings, invoice_sendings};

#[derive(Queryable, Selectable)]
#[diesel(table_name = invoice_sendings)]
pub(super) struct SendingRow {
    id: InvoiceSendingId,
    invoice_id: InvoiceId,
    credit_id: Option<CreditId>,
    contact_id: ContactId,
    person_id: PersonId,
    message: String,
    sent_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
}

impl From<SendingRow> for Sending {
    fn from(row: SendingRow) -> Self {
        Self {
            id: row.id,
            invoice_id: row.invoice_id,
            credit_id: row.credit_id,
            contact_id: row.contact_id,
            person_id: row.person_id,
            message: row.message,
            sent_at: row.sent_at,
            expires_at: row.expires_at,
            withdrawn_at: row.withdrawn_at,
        }
    }
}

#[derive(QueryableByName)]
struct Drawn {
    #[diesel(sql_type = BigInt)]
    id: InvoiceSendingId,
}

/// The id of a sending to be: its link's secret is derived from it before the row is written.
pub(super) fn draw_id(tx: &mut Tx<'_>) -> Result<InvoiceSendingId, DbError> {
    let drawn: Drawn =
        diesel::sql_query("SELECT nextval('invoice_sendings_id_seq') AS id").get_result(tx.conn())?;
    Ok(drawn.id)
}

pub(super) fn insert(tx: &mut Tx<'_>, sending: &Sending, secret_hash: &[u8]) -> Result<Sending, DbError> {
    let row: SendingRow = diesel::insert_into(invoice_sendings::table)
        .values((
            invoice_sendings::id.eq(sending.id),
            invoice_sendings::invoice_id.eq(sending.invoice_id),
            invoice_sendings::credit_id.eq(sending.credit_id),
            invoice_sendings::contact_id.eq(sending.contact_id),
            invoice_sendings::person_id.eq(sending.person_id),
            invoice_sendings::message.eq(&sending.message),
            invoice_sendings::secret_hash.eq(secret_hash),
            invoice_sendings::sent_at.eq(sending.sent_at),
            invoice_sendings::expires_at.eq(sending.expires_at),
        ))
        .returning(SendingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Ends every link to an invoice that still stands open; says how many did.
pub(super) fn withdraw(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<usize, DbError> {
    let now = tx.now();
    let open = invoice_sendings::table
        .filter(invoice_sendings::invoice_id.eq(invoice))
        .filter(invoice_sendings::withdrawn_at.is_null())
        .filter(invoice_sendings::expires_at.gt(now));
    Ok(diesel::update(open).set(invoice_sendings::withdrawn_at.eq(now)).execute(tx.conn())?)
}

/// Notes that the page behind a link was looked at.
pub(super) fn note_opening(tx: &mut Tx<'_>, sending: InvoiceSendingId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(invoice_openings::table)
        .values((invoice_openings::sending_id.eq(sending), invoice_openings::opened_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}
