//! Reading sendings and what happened to quotes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use kernel::{DealId, QuoteId, date_in_japan};

use super::model::{Acceptance, QuoteEvent, QuoteEventKind, Sending, SendingId, Stand, WARNED_BEFORE};
use super::store::{EventRow, SendingRow};
use crate::deals::{Deal, DealStatus};
use crate::quotes::{Quote, QuoteStatus};
use crate::schema::{deals, quote_events, quote_sendings, quotes};

/// The most lines of one deal's or one link's events that are shown.
const SHOWN: i64 = 200;

/// One sending; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: SendingId) -> Result<Sending, DbError> {
    let row: SendingRow = quote_sendings::table
        .filter(quote_sendings::id.eq(id))
        .select(SendingRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// To whom a version was sent, the newest first; a handful, so they come in one piece.
pub fn of_quote(tx: &mut Tx<'_>, quote: QuoteId) -> Result<Vec<Sending>, DbError> {
    let rows: Vec<SendingRow> = quote_sendings::table
        .filter(quote_sendings::quote_id.eq(quote))
        .order(quote_sendings::id.desc())
        .limit(SHOWN)
        .select(SendingRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Sending::from).collect())
}

/// What happened to the versions of a deal's quote, the newest first.
pub fn of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<Vec<QuoteEvent>, DbError> {
    let rows: Vec<EventRow> = quote_events::table
        .filter(quote_events::deal_id.eq(deal))
        .order(quote_events::id.desc())
        .limit(SHOWN)
        .select(EventRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(QuoteEvent::from).collect())
}

/// A client's order on a quote by its link; none where there is none, or it was ordered on otherwise.
pub fn acceptance(tx: &mut Tx<'_>, quote: QuoteId) -> Result<Option<Acceptance>, DbError> {
    let row: Option<EventRow> = quote_events::table
        .filter(quote_events::quote_id.eq(quote))
        .filter(quote_events::kind.eq(QuoteEventKind::Accepted))
        .select(EventRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(QuoteEvent::from).map(|event| Acceptance {
        name: event.name,
        order_number: event.order_number,
        note: event.note,
        accepted_at: event.happened_at,
    }))
}

/// Whether a version can be ordered on by a link that was made for it, for a mail that waits to go out.
pub fn is_open(tx: &mut Tx<'_>, id: SendingId) -> Result<bool, DbError> {
    let sending = find(tx, id)?;
    let quote = crate::quotes::find(tx, sending.quote_id)?;
    let deal = crate::deals::find(tx, quote.deal_id)?;
    Ok(sending.expires_at > tx.now() && stand(tx, &sending, &quote, &deal)? == Stand::Open)
}

/// How a version stands now before whoever was sent it.
pub(super) fn stand(
    tx: &mut Tx<'_>,
    sending: &Sending,
    quote: &Quote,
    deal: &Deal,
) -> Result<Stand, DbError> {
    let is_accepted = acceptance(tx, quote.id)?.is_some();
    let today = date_in_japan(tx.now());
    let is_withdrawn = sending.withdrawn_at.is_some();
    Ok(Stand::of(quote, deal.state.status(), is_accepted, is_withdrawn, today))
}

pub(super) fn find_by_hash(tx: &mut Tx<'_>, secret_hash: &[u8]) -> Result<Option<Sending>, DbError> {
    let row: Option<SendingRow> = quote_sendings::table
        .filter(quote_sendings::secret_hash.eq(secret_hash))
        .select(SendingRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Sending::from))
}

/// Questions and refusals by a link, the newest first.
pub(super) fn said(tx: &mut Tx<'_>, sending: SendingId) -> Result<Vec<QuoteEvent>, DbError> {
    let rows: Vec<EventRow> = quote_events::table
        .filter(quote_events::sending_id.eq(sending))
        .filter(quote_events::kind.eq_any([QuoteEventKind::Asked, QuoteEventKind::Declined]))
        .order((quote_events::happened_at.desc(), quote_events::id.desc()))
        .limit(SHOWN)
        .select(EventRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(QuoteEvent::from).collect())
}

/// The newest question about a deal's quote, where nothing was sent after it.
pub(super) fn open_question(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<QuoteEvent>, DbError> {
    let row: Option<EventRow> = quote_events::table
        .filter(quote_events::deal_id.eq(deal))
        .filter(quote_events::kind.eq_any([QuoteEventKind::Asked, QuoteEventKind::Sent]))
        .order(quote_events::id.desc())
        .select(EventRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(QuoteEvent::from).filter(|newest| newest.kind == QuoteEventKind::Asked))
}

/// How many questions and refusals came by a link within the last day.
pub(super) fn said_within_a_day(tx: &mut Tx<'_>, sending: SendingId) -> Result<i64, DbError> {
    let since = tx.now() - TimeDelta::days(1);
    Ok(quote_events::table
        .filter(quote_events::sending_id.eq(sending))
        .filter(quote_events::happened_at.gt(since))
        .filter(quote_events::kind.eq_any([QuoteEventKind::Asked, QuoteEventKind::Declined]))
        .count()
        .get_result(tx.conn())?)
}

/// Whether anything of this kind was noted about a link.
pub(super) fn has(tx: &mut Tx<'_>, sending: SendingId, kind: QuoteEventKind) -> Result<bool, DbError> {
    let such =
        quote_events::table.filter(quote_events::sending_id.eq(sending)).filter(quote_events::kind.eq(kind));
    Ok(diesel::select(diesel::dsl::exists(such)).get_result(tx.conn())?)
}

/// When another version of the same deal was last sent to the person of this sending, after it; where only the sending was
/// withdrawn, the same version sent again counts too.
pub(super) fn newer_sent_at(
    tx: &mut Tx<'_>,
    deal: DealId,
    sending: &Sending,
    stand: Stand,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let counts = quotes::id.ne(sending.quote_id).or((stand == Stand::Withdrawn).into_sql::<Bool>());
    let of_deal = quotes::table.filter(quotes::deal_id.eq(deal)).filter(counts).select(quotes::id);
    Ok(quote_sendings::table
        .filter(quote_sendings::quote_id.eq_any(of_deal))
        .filter(quote_sendings::contact_id.eq(sending.contact_id))
        .filter(quote_sendings::sent_at.gt(sending.sent_at))
        .filter(quote_sendings::withdrawn_at.is_null())
        .select(diesel::dsl::max(quote_sendings::sent_at))
        .first(tx.conn())?)
}

/// Quotes that somebody at the client can still look at, stand, run out within days of `today`, and whose salesperson has not
/// been told of it.
pub(super) fn running_out(tx: &mut Tx<'_>, today: NaiveDate) -> Result<Vec<QuoteId>, DbError> {
    let told = diesel::dsl::exists(
        quote_events::table
            .filter(quote_events::organization_id.eq(quotes::organization_id))
            .filter(quote_events::quote_id.eq(quotes::id))
            .filter(quote_events::kind.eq(QuoteEventKind::Reminded)),
    );
    let out = diesel::dsl::exists(
        quote_sendings::table
            .filter(quote_sendings::organization_id.eq(quotes::organization_id))
            .filter(quote_sendings::quote_id.eq(quotes::id))
            .filter(quote_sendings::withdrawn_at.is_null()),
    );
    Ok(quotes::table
        .inner_join(
            deals::table
                .on(deals::organization_id.eq(quotes::organization_id).and(deals::id.eq(quotes::deal_id))),
        )
        .filter(quotes::state.eq(QuoteStatus::Issued))
        .filter(quotes::valid_until.between(today, today + WARNED_BEFORE))
        .filter(deals::state.eq(DealStatus::Open))
        .filter(out)
        .filter(diesel::dsl::not(told))
        .order(quotes::id)
        .select(quotes::id)
        .load(tx.conn())?)
}
