//! Quotes: the form that issues one, the printable page, JSON, and the rows and totals other pages show.

pub(crate) mod api;
pub(crate) mod form;
pub(crate) mod pages;
mod questions;
pub(crate) mod sending;

use chrono::NaiveDate;
use kernel::{TaxRate, date_in_japan};
use sales::quotes::{Draft, Quote, QuoteLine, QuoteStatus, RateTotal, Trial};
use sales::sendings::{QuoteEvent, QuoteEventKind};
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::paths;
use crate::phrases::{self, counted, said};

/// A version as a deal's page lists it.
#[derive(Debug, Serialize)]
struct QuoteRow {
    id: String,
    href: String,
    name: String,
    total: String,
    valid_until: String,
    issued: String,
    state: StateChip,
}

impl QuoteRow {
    /// The row of one version as it stands `today`, among what happened between the town and its client.
    fn of(call: &Call, quote: &Quote, events: &[QuoteEvent], today: NaiveDate) -> Self {
        let language = call.language;
        Self {
            id: format!("quote-{}", quote.id),
            href: paths::quote(quote.id),
            name: counted(call, "quote-version", "number", i64::from(quote.number)),
            total: said(call, "quote-total-with-tax", [("amount", &format::yen(language, quote.total))]),
            valid_until: said(
                call,
                "quote-valid",
                [("date", &format::short_date(language, quote.valid_until))],
            ),
            issued: format::short_date(language, date_in_japan(quote.issued_at)),
            state: StateChip::after(call, quote, events, today),
        }
    }
}

/// A quote's state as a chip.
#[derive(Debug, Serialize)]
pub(crate) struct StateChip {
    word: String,
    tone: &'static str,
    icon: &'static str,
}

impl StateChip {
    fn of(call: &Call, state: QuoteStatus) -> Self {
        let (tone, icon) = match state {
            QuoteStatus::Issued => ("info", "file"),
            QuoteStatus::Superseded => ("", "refresh"),
            QuoteStatus::Accepted => ("good", "check-circle"),
        };
        Self { word: phrases::word(call, "quote-state", state), tone, icon }
    }

    /// The chip of a quote of which the deal's correspondence is known: one that its client ordered on and whose order was
    /// taken back was replaced by nothing; one that was taken back or has run out is ordered on by nobody.
    fn after(call: &Call, quote: &Quote, events: &[QuoteEvent], today: NaiveDate) -> Self {
        let warned = |key: &str, icon| Self { word: call.text(key), tone: "warn", icon };
        let was_ordered =
            || events.iter().any(|one| one.quote_id == quote.id && one.kind == QuoteEventKind::Accepted);
        match quote.state.status() {
            QuoteStatus::Superseded if was_ordered() => warned("quote-state-taken-back", "return"),
            QuoteStatus::Issued if last_sent(quote, events) == Some(QuoteEventKind::Withdrawn) => {
                warned("quote-state-withdrawn", "return")
            }
            QuoteStatus::Issued if quote.valid_until < today => warned("quote-state-expired", "clock"),
            state => Self::of(call, state),
        }
    }
}

/// Whether a version was last sent or taken back; nothing of one that never left. The newest of `events` come first.
fn last_sent(quote: &Quote, events: &[QuoteEvent]) -> Option<QuoteEventKind> {
    let mut own = events.iter().filter(|one| one.quote_id == quote.id).map(|one| one.kind);
    own.find(|kind| matches!(kind, QuoteEventKind::Sent | QuoteEventKind::Withdrawn))
}

/// A deal's quotes and what is next with them.
#[derive(Debug, Serialize)]
pub(crate) struct Offer {
    quotes: Vec<QuoteRow>,
    /// Whether its client has a quote to order on, or could not be mailed one.
    is_out: bool,
    /// Where the quote that stands is sent; empty where none waits to be, or there is nobody to mail it to.
    send: String,
}

impl Offer {
    /// Of a deal's `quotes` as they stand `today`; the newest of its `events` come first.
    pub(crate) fn of(
        call: &Call,
        quotes: &[Quote],
        events: &[QuoteEvent],
        can_be_mailed: bool,
        today: NaiveDate,
    ) -> Self {
        let stands =
            |quote: &&Quote| quote.state.status() == QuoteStatus::Issued && quote.valid_until >= today;
        let standing = quotes.iter().find(stands);
        let waits = |quote: &&Quote| can_be_mailed && last_sent(quote, events) != Some(QuoteEventKind::Sent);
        let send = standing.filter(waits).map(|quote| sending::step(quote.id, "send"));
        Self {
            quotes: quotes.iter().map(|quote| QuoteRow::of(call, quote, events, today)).collect(),
            is_out: standing.is_some() && send.is_none(),
            send: send.unwrap_or_default(),
        }
    }
}

/// What a quote says: lines and totals as `quotes/table.html` prints them.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    href: String,
    name: String,
    state: StateChip,
    lines: Vec<Line>,
    rates: Vec<Rate>,
    subtotal: String,
    tax: String,
    total: String,
    valid_until: String,
    deliver_on: String,
    issued: String,
    hours: String,
    terms: String,
    excluded: String,
    trial: Option<TrialView>,
}

/// A trial batch in words.
#[derive(Debug, Serialize)]
struct TrialView {
    quantity: String,
    unit_price: String,
    amount: String,
    until: String,
}

impl TrialView {
    fn of(call: &Call, trial: &Trial) -> Self {
        Self {
            quantity: pieces(call, trial.quantity),
            unit_price: format::yen(call.language, trial.unit_price),
            amount: format::yen(call.language, trial.amount()),
            until: format::full_date(call.language, trial.until),
        }
    }
}

#[derive(Debug, Serialize)]
struct Line {
    description: String,
    quantity: String,
    unit_price: String,
    rate: String,
    amount: String,
}

#[derive(Debug, Serialize)]
struct Rate {
    rate: String,
    base: String,
    tax: String,
}

impl Document {
    /// The document of one version, in the reader's language.
    pub(crate) fn of(call: &Call, quote: &Quote) -> Self {
        let language = call.language;
        let yen = |amount| format::yen(language, amount);
        Self {
            href: paths::quote(quote.id),
            name: counted(call, "quote-version", "number", i64::from(quote.number)),
            state: StateChip::of(call, quote.state.status()),
            lines: lines(call, &quote.lines),
            rates: rates(call, quote.by_rate()),
            subtotal: yen(quote.subtotal),
            tax: yen(quote.tax),
            total: yen(quote.total),
            valid_until: format::full_date(language, quote.valid_until),
            deliver_on: format::full_date(language, quote.deliver_on),
            issued: format::paper_date(language, date_in_japan(quote.issued_at)),
            hours: hours(call, &quote.lines),
            terms: quote.terms.clone(),
            excluded: quote.excluded.clone(),
            trial: quote.trial.as_ref().map(|trial| TrialView::of(call, trial)),
        }
    }
}

/// What a quote would say, before it is issued: as much of [`Document`] as its table prints.
#[derive(Debug, Serialize)]
pub(crate) struct DraftDocument {
    lines: Vec<Line>,
    rates: Vec<Rate>,
    subtotal: String,
    total: String,
    valid_until: String,
    deliver_on: String,
    hours: String,
    terms: String,
    excluded: String,
    trial: Option<TrialView>,
}

impl DraftDocument {
    /// The document to be, in the reader's language.
    pub(crate) fn of(call: &Call, draft: &Draft) -> Self {
        let language = call.language;
        Self {
            lines: lines(call, &draft.lines),
            rates: rates(call, draft.by_rate()),
            subtotal: format::yen(language, draft.subtotal),
            total: format::yen(language, draft.total),
            valid_until: format::full_date(language, draft.valid_until),
            deliver_on: format::full_date(language, draft.deliver_on),
            hours: hours(call, &draft.lines),
            terms: draft.terms.clone(),
            excluded: draft.excluded.clone(),
            trial: draft.trial.as_ref().map(|trial| TrialView::of(call, trial)),
        }
    }
}

fn percent(rate: TaxRate) -> String {
    format!("{}%", rate.0)
}

fn pieces(call: &Call, quantity: i32) -> String {
    said(call, "quote-pieces", [("count", &format::count(i64::from(quantity)))])
}

fn lines(call: &Call, lines: &[QuoteLine]) -> Vec<Line> {
    let line = |line: &QuoteLine| Line {
        description: line.description.clone(),
        quantity: pieces(call, line.quantity),
        unit_price: format::yen(call.language, line.unit_price),
        rate: percent(line.tax_rate),
        amount: format::yen(call.language, line.amount),
    };
    lines.iter().map(line).collect()
}

fn rates(call: &Call, rates: Vec<RateTotal>) -> Vec<Rate> {
    let rate = |one: RateTotal| Rate {
        rate: percent(one.rate),
        base: format::yen(call.language, one.base),
        tax: format::yen(call.language, one.tax),
    };
    rates.into_iter().map(rate).collect()
}

fn hours(call: &Call, lines: &[QuoteLine]) -> String {
    let minutes = |line: &QuoteLine| i64::from(line.quantity) * i64::from(line.unit_minutes);
    format::duration(call.language, lines.iter().map(minutes).sum())
}
