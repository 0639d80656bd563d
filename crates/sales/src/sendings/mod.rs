//! A quote on its way to its client (送付), and what the client answers: they look at it, ask, decline, or order, without
//! an account, by a link that was mailed to them.
//!
//! Invariants: looking changes nothing but the record that it was looked at, so a mail scanner orders nothing; a quote
//! is ordered on once, by one transaction that accepts it, wins its deal and says so to whoever delivers
//! (`of_two_who_order_at_once_one_order_comes`); only digests of secrets are stored; nothing of the town's own, minutes
//! and costs least of all, is in what a client sees.

mod answering;
mod lists;
mod model;
mod questions;
mod store;
#[cfg(test)]
mod tests;

use accounts::LinkKey;
use chrono::NaiveDate;
use clients::contacts;
use db::{DbError, Tx};
use kernel::{Code, Coded, DealId, FieldProblem, Invalid, PersonId, QuoteId, date_in_japan};

pub use answering::{AnswerError, accept, ask, check, decline, language, open};
pub use lists::{acceptance, find, is_open, of_deal, of_quote};
pub use model::{
    AcceptInput, Acceptance, ClientQuote, QuoteEvent, QuoteEventKind, SendInput, Sending, SendingId, Stand,
    WordsInput, link_secret,
};
pub(crate) use questions::keep_question;
pub use questions::kept_question;
pub(crate) use store::withdraw_of_deal;

use crate::deals::{self, Deal, DealError, NextAction};
use crate::events::{QuoteRunsOut, QuoteSent};
use crate::quotes::{self, Quote, QuoteStatus};
use store::Happened;

/// Why a quote was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A newer version stands, or the client has ordered on it.
    #[error("the quote does not stand any more")]
    NotStanding,
    /// Its last day has passed: issue a version that holds longer.
    #[error("the quote held until {0}")]
    Expired(NaiveDate),
    /// The day it promises has passed: issue a version with a later one.
    #[error("the quote promises {0}, which has passed")]
    Late(NaiveDate),
    /// The deal is not open.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for SendError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NotStanding => Code::QuoteClosed,
            Self::Expired(_) | Self::Late(_) => Code::QuoteRanOut,
            Self::Deal(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Deal(error) => error.fields(),
            _ => &[],
        }
    }
}

/// Sends the standing version of an open deal's quote to a contact of its company: they get a mail with a link of
/// their own. The links sent before stay open.
pub fn send(tx: &mut Tx<'_>, key: &LinkKey, quote: QuoteId, input: &SendInput) -> Result<Sending, SendError> {
    let (contact, message) = input.checked()?;
    let (quote, deal) = held(tx, quote)?;
    deal.must_be_open()?;
    must_stand(&quote, date_in_japan(tx.now()))?;
    let contact = match contacts::find(tx, contact) {
        Ok(contact) if contact.company_id == deal.company_id => contact,
        Ok(_) | Err(DbError::NotFound) => {
            return Err(Invalid::field("contact_id", Code::UnknownChoice).into());
        }
        Err(error) => return Err(error.into()),
    };
    if contact.email.is_none() {
        return Err(Invalid::field("contact_id", Code::NoMailAddress).into());
    }
    let (id, sent_at, person) = (store::draw_id(tx)?, tx.now(), deals::doer(tx, &deal));
    let sending = Sending {
        id,
        quote_id: quote.id,
        contact_id: contact.id,
        person_id: person,
        message,
        sent_at,
        expires_at: model::link_expiry(quote.valid_until),
        withdrawn_at: None,
    };
    let secret = link_secret(key, tx.organization(), id, sent_at);
    let sending = store::insert(tx, &sending, &secret.hash())?;
    let name = contact.display_name();
    let sent = Happened {
        person: Some(person),
        name: &name,
        note: &sending.message,
        ..happened(&quote, Some(id), QuoteEventKind::Sent)
    };
    store::note(tx, sent)?;
    answered(tx, &deal)?;
    queue::record(
        tx,
        &QuoteSent {
            quote: quote.id,
            deal: deal.id,
            number: quote.number,
            title: deal.title,
            sending: id,
            sent_at,
            contact: contact.id,
            total: quote.total,
            valid_until: quote.valid_until,
            deliver_on: quote.deliver_on,
            message: sending.message.clone(),
        },
    )?;
    Ok(sending)
}

/// A client who is sent a quote waits for nothing: what was planned before they asked or declined is next again, as soon as
/// it was.
fn answered(tx: &mut Tx<'_>, deal: &Deal) -> Result<(), DealError> {
    let Some(planned) = deal.state.next_action() else { return Ok(()) };
    if let Some(next_action) = model::planned_before(&planned.next_action) {
        let next = NextAction { next_action, next_action_on: planned.next_action_on };
        deals::plan(tx, deal.id, deal.version, next)?;
    }
    Ok(())
}

/// Takes a version back: its links show nothing of it any more. `false` where none was open.
pub fn withdraw(tx: &mut Tx<'_>, quote: QuoteId) -> Result<bool, SendError> {
    let (quote, deal) = held(tx, quote)?;
    if quote.state.status() != QuoteStatus::Issued {
        return Err(SendError::NotStanding);
    }
    let was_open = store::withdraw(tx, quote.id)? > 0;
    if was_open {
        let person = deals::doer(tx, &deal);
        let withdrawn =
            Happened { person: Some(person), ..happened(&quote, None, QuoteEventKind::Withdrawn) };
        store::note(tx, withdrawn)?;
    }
    Ok(was_open)
}

/// Ends the links to a version that its client ordered on, because the deal is opened again.
pub(crate) fn take_back(tx: &mut Tx<'_>, quote: &Quote, person: PersonId) -> Result<(), DbError> {
    store::withdraw(tx, quote.id)?;
    store::note(tx, Happened { person: Some(person), ..happened(quote, None, QuoteEventKind::Withdrawn) })
}

/// Tells the salespeople of quotes that were sent and run out within three days, each once; says how many.
pub fn warn_of_running_out(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let today = date_in_japan(tx.now());
    let quotes = lists::running_out(tx, today)?;
    for id in &quotes {
        let quote = quotes::find(tx, *id)?;
        let deal = deals::find(tx, quote.deal_id)?;
        store::note(tx, happened(&quote, None, QuoteEventKind::Reminded))?;
        queue::record(
            tx,
            &QuoteRunsOut {
                quote: quote.id,
                deal: deal.id,
                number: quote.number,
                title: deal.title,
                company: deal.company_id,
                total: quote.total,
                valid_until: quote.valid_until,
            },
        )?;
    }
    Ok(quotes.len())
}

/// A quote as it is while nobody else changes its deal: whoever issues, wins, loses or orders waits for this.
fn held(tx: &mut Tx<'_>, quote: QuoteId) -> Result<(Quote, Deal), DbError> {
    let deal: DealId = quotes::find(tx, quote)?.deal_id;
    let deal = deals::locked(tx, deal)?;
    Ok((quotes::find(tx, quote)?, deal))
}

fn must_stand(quote: &Quote, today: NaiveDate) -> Result<(), SendError> {
    if quote.state.status() != QuoteStatus::Issued {
        return Err(SendError::NotStanding);
    }
    if quote.valid_until < today {
        return Err(SendError::Expired(quote.valid_until));
    }
    if quote.deliver_on < today {
        return Err(SendError::Late(quote.deliver_on));
    }
    Ok(())
}

fn happened(quote: &Quote, sending: Option<SendingId>, kind: QuoteEventKind) -> Happened<'static> {
    Happened {
        deal: quote.deal_id,
        quote: quote.id,
        sending,
        kind,
        person: None,
        name: "",
        note: "",
        order_number: "",
    }
}
