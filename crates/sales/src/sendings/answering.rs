//! The client's side. Callers open the transaction as [`kernel::Actor::Outside`] in the town that the secret names.

use accounts::{OrgSecret, persons};
use clients::{companies, contacts};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, Language, date_in_japan};

use super::lists::stand;
use super::model::{
    self, AcceptFields, AcceptInput, Acceptance, ClientQuote, Sending, Stand, Wants, WordsInput,
};
use super::store::{self, Happened};
use super::{QuoteEventKind, happened, held, lists};
use crate::deals::{self, Deal, DealError, DealState, NextAction, Ordered};
use crate::events::{QuoteAccepted, QuoteAsked, QuoteDeclined};
use crate::quotes::{self, Quote};

/// Why a link did not open or an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The link does not exist or its days of grace are over.
    #[error("this link does not open anything any more")]
    LinkGone,
    /// The quote takes no such answer, as it stands now; nothing was written.
    #[error("the quote takes no such answer: {0:?}")]
    Stands(Stand),
    /// So many questions came by this link within a day that no more are taken for now.
    #[error("too many questions within a day")]
    TooMany,
    /// The deal could not be won.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AnswerError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::LinkGone => Code::LinkGone,
            Self::Stands(Stand::Accepted | Stand::Ordered) => Code::AlreadyAnswered,
            Self::Stands(_) => Code::QuoteClosed,
            Self::TooMany => Code::TooManyTries,
            Self::Deal(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// The language of the contact a link was sent to.
pub fn language(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Language, AnswerError> {
    let sending = usable(tx, secret)?;
    Ok(contacts::find(tx, sending.contact_id)?.language)
}

/// Shows the quote behind a link, and notes the first time it is looked at.
pub fn open(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<ClientQuote, AnswerError> {
    let sending = usable(tx, secret)?;
    let quote = quotes::find(tx, sending.quote_id)?;
    if !lists::has(tx, sending.id, QuoteEventKind::Opened)? {
        store::note(tx, happened(&quote, Some(sending.id), QuoteEventKind::Opened))?;
    }
    let deal = deals::find(tx, quote.deal_id)?;
    view(tx, &sending, quote, deal)
}

/// Whether an order could be taken as it was typed, for the page that shows it once more; nothing is written.
pub fn check(tx: &mut Tx<'_>, secret: &OrgSecret, input: &AcceptInput) -> Result<(), AnswerError> {
    let sending = usable(tx, secret)?;
    let quote = quotes::find(tx, sending.quote_id)?;
    let deal = deals::find(tx, quote.deal_id)?;
    must_be_open(stand(tx, &sending, &quote, &deal)?)?;
    input.checked()?;
    Ok(())
}

/// Takes the client's order: the quote is accepted, the deal is won on it, and whoever delivers hears of it, all in
/// this transaction. The same order again gives the same record; another one is refused.
///
/// What the town's won stage asks of its salespeople is not asked of a client: amount, contact and quote are there by
/// now, and the day by which they might decide no longer matters.
pub fn accept(tx: &mut Tx<'_>, secret: &OrgSecret, input: &AcceptInput) -> Result<Acceptance, AnswerError> {
    let fields = input.checked()?;
    let sending = usable(tx, secret)?;
    let (quote, deal) = held(tx, sending.quote_id)?;
    // Read again: while the deal was waited for, the link may have been withdrawn.
    let sending = usable(tx, secret)?;
    let stands = stand(tx, &sending, &quote, &deal)?;
    if stands == Stand::Accepted {
        let done = lists::acceptance(tx, quote.id)?;
        return done.filter(|done| is_the_same(done, &fields)).ok_or(AnswerError::Stands(stands));
    }
    must_be_open(stands)?;
    let accepted = Happened {
        name: &fields.name,
        note: &fields.note,
        order_number: &fields.order_number,
        ..happened(&quote, Some(sending.id), QuoteEventKind::Accepted)
    };
    store::note(tx, accepted)?;
    store::keep_until(tx, quote.id, tx.now() + model::RECORD_IS_KEPT)?;
    tell_of_order(tx, &sending, &quote, &deal, &fields)?;
    let ordered = Ordered {
        contact: Some(sending.contact_id),
        order_number: fields.order_number.clone(),
        note: fields.note.clone(),
    };
    deals::win_ordered(tx, deal, quote, ordered)?;
    let AcceptFields { name, order_number, note } = fields;
    Ok(Acceptance { name, order_number, note, accepted_at: tx.now() })
}

/// Takes a question: it stands on the deal's timeline, the salesperson is mailed, and finds it among today's actions.
pub fn ask(tx: &mut Tx<'_>, secret: &OrgSecret, input: &WordsInput) -> Result<(), AnswerError> {
    let (name, text) = input.question()?;
    let (sending, quote, deal) = said(tx, secret, QuoteEventKind::Asked, &name, &text)?;
    queue::record(
        tx,
        &QuoteAsked {
            quote: quote.id,
            deal: deal.id,
            number: quote.number,
            title: deal.title.clone(),
            company: deal.company_id,
            contact: sending.contact_id,
            name,
            text,
        },
    )?;
    wants(tx, deal, Wants::Answer)
}

/// Takes a refusal with its reason, which may be empty. The deal stays open: its salesperson decides what comes of it.
pub fn decline(tx: &mut Tx<'_>, secret: &OrgSecret, input: &WordsInput) -> Result<(), AnswerError> {
    let (name, reason) = input.reason()?;
    let before = usable(tx, secret)?;
    let last = lists::said(tx, before.id)?.into_iter().next();
    if last
        .is_some_and(|last| last.kind == QuoteEventKind::Declined && last.name == name && last.note == reason)
    {
        return Ok(());
    }
    let (sending, quote, deal) = said(tx, secret, QuoteEventKind::Declined, &name, &reason)?;
    queue::record(
        tx,
        &QuoteDeclined {
            quote: quote.id,
            deal: deal.id,
            number: quote.number,
            title: deal.title.clone(),
            company: deal.company_id,
            contact: sending.contact_id,
            name,
            reason,
        },
    )?;
    wants(tx, deal, Wants::Decision)
}

/// The link's sending, if it still opens anything.
fn usable(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Sending, AnswerError> {
    let now = tx.now();
    let found = lists::find_by_hash(tx, &secret.hash())?;
    found.filter(|sending| sending.expires_at > now).ok_or(AnswerError::LinkGone)
}

fn must_be_open(stand: Stand) -> Result<(), AnswerError> {
    if stand == Stand::Open { Ok(()) } else { Err(AnswerError::Stands(stand)) }
}

fn view(tx: &mut Tx<'_>, sending: &Sending, quote: Quote, deal: Deal) -> Result<ClientQuote, AnswerError> {
    let contact = contacts::find(tx, sending.contact_id)?;
    let stand = stand(tx, sending, &quote, &deal)?;
    Ok(ClientQuote {
        sending: sending.id,
        stand,
        acceptance: lists::acceptance(tx, quote.id)?,
        said: lists::said(tx, sending.id)?,
        newer_sent_at: lists::newer_sent_at(tx, deal.id, sending, stand)?,
        deal: deal.id,
        title: deal.title,
        company: companies::find(tx, deal.company_id)?.name,
        contact: contact.id,
        person: contact,
        sent_at: sending.sent_at,
        message: sending.message.clone(),
        quote,
    })
}

fn is_the_same(done: &Acceptance, fields: &AcceptFields) -> bool {
    done.name == fields.name && done.order_number == fields.order_number && done.note == fields.note
}

fn tell_of_order(
    tx: &mut Tx<'_>,
    sending: &Sending,
    quote: &Quote,
    deal: &Deal,
    fields: &AcceptFields,
) -> Result<(), DbError> {
    let accepted_at = tx.now();
    queue::record(
        tx,
        &QuoteAccepted {
            quote: quote.id,
            deal: deal.id,
            number: quote.number,
            title: deal.title.clone(),
            company: deal.company_id,
            contact: sending.contact_id,
            sending: sending.id,
            sent_at: sending.sent_at,
            total: quote.total,
            deliver_on: quote.deliver_on,
            name: fields.name.clone(),
            order_number: fields.order_number.clone(),
            note: fields.note.clone(),
            accepted_at,
        },
    )?;
    Ok(())
}

/// Writes down what a client said by a link that takes words, so many times a day.
fn said(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
    kind: QuoteEventKind,
    name: &str,
    text: &str,
) -> Result<(Sending, Quote, Deal), AnswerError> {
    let sending = usable(tx, secret)?;
    let (quote, deal) = held(tx, sending.quote_id)?;
    let sending = usable(tx, secret)?;
    let stands = stand(tx, &sending, &quote, &deal)?;
    if !stands.takes_words() {
        return Err(AnswerError::Stands(stands));
    }
    if lists::said_within_a_day(tx, sending.id)? >= model::ANSWERS_A_DAY {
        return Err(AnswerError::TooMany);
    }
    let spoken = Happened { name, note: text, ..happened(&quote, Some(sending.id), kind) };
    store::note(tx, spoken)?;
    Ok((sending, quote, deal))
}

/// Whoever works on the deal sees today that its client waits; what was planned comes after. What is late stays late, and
/// what is said already is not said twice.
fn wants(tx: &mut Tx<'_>, deal: Deal, wants: Wants) -> Result<(), AnswerError> {
    let today = date_in_japan(tx.now());
    let DealState::Open(planned) = &deal.state else { return Ok(()) };
    let language = persons::find(tx, deal.owner_id)?.preferences.language;
    let next = NextAction {
        next_action: model::next_action(wants, language, &planned.next_action),
        next_action_on: planned.next_action_on.min(today),
    };
    if next != *planned {
        deals::plan(tx, deal.id, deal.version, next)?;
    }
    Ok(())
}
