//! Rows and writes of `quote_sendings` and `quote_events`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{ContactId, DealId, PersonId, QuoteId};

use super::model::{QuoteEvent, QuoteEventKind, Sending, SendingId};
use crate::schema::{quote_events, quote_sendings, quotes};

#[derive(Queryable, Selectable)]
#[diesel(table_name = quote_sendings)]
pub(super) struct SendingRow {
    id: SendingId,
    quote_id: QuoteId,
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
            quote_id: row.quote_id,
            contact_id: row.contact_id,
            person_id: row.person_id,
            message: row.message,
            sent_at: row.sent_at,
            expires_at: row.expires_at,
            withdrawn_at: row.withdrawn_at,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = quote_events)]
pub(super) struct EventRow {
    quote_id: QuoteId,
    kind: QuoteEventKind,
    person_id: Option<PersonId>,
    name: String,
    note: String,
    order_number: String,
    happened_at: DateTime<Utc>,
}

impl From<EventRow> for QuoteEvent {
    fn from(row: EventRow) -> Self {
        Self {
            quote_id: row.quote_id,
            kind: row.kind,
            person_id: row.person_id,
            name: row.name,
            note: row.note,
            order_number: row.order_number,
            happened_at: row.happened_at,
        }
    }
}

#[derive(QueryableByName)]
struct Drawn {
    #[diesel(sql_type = BigInt)]
    id: SendingId,
}

/// The id of a sending to be: its link's secret is derived from it before the row is written.
pub(super) fn draw_id(tx: &mut Tx<'_>) -> Result<SendingId, DbError> {
    let drawn: Drawn =
        diesel::sql_query("SELECT nextval('quote_sendings_id_seq') AS id").get_result(tx.conn())?;
    Ok(drawn.id)
}

pub(super) fn insert(tx: &mut Tx<'_>, sending: &Sending, secret_hash: &[u8]) -> Result<Sending, DbError> {
    let row: SendingRow = diesel::insert_into(quote_sendings::table)
        .values((
            quote_sendings::id.eq(sending.id),
            quote_sendings::quote_id.eq(sending.quote_id),
            quote_sendings::contact_id.eq(sending.contact_id),
            quote_sendings::person_id.eq(sending.person_id),
            quote_sendings::message.eq(&sending.message),
            quote_sendings::secret_hash.eq(secret_hash),
            quote_sendings::sent_at.eq(sending.sent_at),
            quote_sendings::expires_at.eq(sending.expires_at),
        ))
        .returning(SendingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// An event to be noted; whose and of which link, as far as it has them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happened<'a> {
    pub(super) deal: DealId,
    pub(super) quote: QuoteId,
    pub(super) sending: Option<SendingId>,
    pub(super) kind: QuoteEventKind,
    pub(super) person: Option<PersonId>,
    pub(super) name: &'a str,
    pub(super) note: &'a str,
    pub(super) order_number: &'a str,
}

pub(super) fn note(tx: &mut Tx<'_>, happened: Happened<'_>) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(quote_events::table)
        .values((
            quote_events::deal_id.eq(happened.deal),
            quote_events::quote_id.eq(happened.quote),
            quote_events::sending_id.eq(happened.sending),
            quote_events::kind.eq(happened.kind),
            quote_events::person_id.eq(happened.person),
            quote_events::name.eq(happened.name),
            quote_events::note.eq(happened.note),
            quote_events::order_number.eq(happened.order_number),
            quote_events::happened_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends every link to a quote that still stands open; says how many did.
pub(super) fn withdraw(tx: &mut Tx<'_>, quote: QuoteId) -> Result<usize, DbError> {
    let now = tx.now();
    let open = quote_sendings::table
        .filter(quote_sendings::quote_id.eq(quote))
        .filter(quote_sendings::withdrawn_at.is_null())
        .filter(quote_sendings::expires_at.gt(now));
    Ok(diesel::update(open).set(quote_sendings::withdrawn_at.eq(now)).execute(tx.conn())?)
}

/// The same for every version of a deal's quote.
pub(crate) fn withdraw_of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<(), DbError> {
    let now = tx.now();
    let of_deal = quotes::table.filter(quotes::deal_id.eq(deal)).select(quotes::id);
    let open = quote_sendings::table
        .filter(quote_sendings::quote_id.eq_any(of_deal))
        .filter(quote_sendings::withdrawn_at.is_null());
    diesel::update(open).set(quote_sendings::withdrawn_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Keeps every link to a quote until then, for whoever looks at the record of their order.
pub(super) fn keep_until(tx: &mut Tx<'_>, quote: QuoteId, until: DateTime<Utc>) -> Result<(), DbError> {
    let of_quote = quote_sendings::table
        .filter(quote_sendings::quote_id.eq(quote))
        .filter(quote_sendings::expires_at.lt(until));
    diesel::update(of_quote).set(quote_sendings::expires_at.eq(until)).execute(tx.conn())?;
    Ok(())
}
