//! Messages: the intent to tell somebody something, as a row with frozen bytes, and what became of it.
//!
//! Invariants: a message exists exactly if the transaction that asked for it committed; one event mails one address
//! once per template (`fifty_reactions_to_one_event_make_one_mail`); bytes never change once queued.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use kernel::{Checks, Code, Coded, FieldProblem, Invalid, MessageId, Typed};

pub use lists::{Depth, MessageFilter, content, depths, find, oldest_due_age, recent};
pub use model::{
    AttemptView, Category, DOUBT_PAUSE, DOUBTS, InDoubt, Message, MessageState, MessageSummary, NewMessage,
    NotPossible, Party, Policy, Recipient, Step,
};

use crate::MAILS;
use crate::compose::{self, ComposeError, Frozen, Letter, smtp_address};
use crate::mails::{Mail, Rendered, TemplateError, Town};
use crate::settings::Outbox;
use crate::smtp::AddressError;

/// Why a message was not queued or changed.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// No mail can go to this address.
    #[error("cannot be mailed to: {0}")]
    Address(#[from] AddressError),
    /// The template and its fields do not fit: a defect of ours.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The rendered mail breaks a rule of mail: a defect of ours.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// It is in a state that does not allow this.
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
    /// Its time is over: what it says may no longer hold.
    #[error("the message's time is over; cancel it and have it sent once more, or write a new one")]
    TooLate,
    /// Secrets for one use are not repeated: ask for a new one.
    #[error("a mail with a secret for one use is not sent again; ask for a new one")]
    NotRepeatable,
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed, or this town has no such message.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for MessageError {
    fn code(&self) -> Code {
        match self {
            Self::Address(_) => Code::NotAnEmail,
            Self::Template(_) | Self::Compose(_) => Code::Internal,
            Self::NotPossible(_) | Self::TooLate | Self::NotRepeatable => Code::Conflict,
            Self::Invalid(invalid) => invalid.code(),
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

/// Renders a mail, freezes its bytes and queues it, all in the caller's transaction. `None`: this event has already
/// mailed this address with this template, and nothing was written.
pub fn queue<M: Mail>(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    message: NewMessage<M>,
) -> Result<Option<MessageId>, MessageError> {
    let recipient = &message.recipient;
    let (rendered, frozen) = freeze(tx, outbox, &message.mail, recipient)?;
    let now = tx.now();
    let not_before = message.not_before.unwrap_or(now);
    let row = store::NewRow {
        event_id: message.event,
        category: M::CATEGORY,
        template: M::NAME,
        language: recipient.language,
        person_id: recipient.party.person(),
        contact_id: recipient.party.contact(),
        to_name: &recipient.name,
        to_address: &recipient.address,
        from_address: outbox.settings().from().to_string(),
        subject: &rendered.subject,
        not_before,
        expires_at: message.expires_at.unwrap_or_else(|| end_of(M::CATEGORY, not_before)),
        message_id: frozen.message_id,
        asked_by: tx.actor().to_string(),
        resend_of: None,
        resend_reason: None,
        created_at: now,
    };
    let Some(id) = store::insert(tx, &row)? else { return Ok(None) };
    store::insert_bytes(tx, id, &frozen.bytes)?;
    tx.raise(MAILS);
    Ok(Some(id))
}

fn freeze<M: Mail>(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    mail: &M,
    recipient: &Recipient,
) -> Result<(Rendered, Frozen), MessageError> {
    let town = accounts::organizations::find(tx)?;
    let to = smtp_address(&recipient.address)?;
    let rendered = outbox.templates().render(mail, &Town::of(&town), recipient)?;
    let letter = Letter {
        token: &compose::token(),
        organization: tx.organization(),
        from: (&town.name, outbox.settings().from()),
        reply_to: &town.contact_email,
        to: (&recipient.name, &to),
        date: tx.now(),
        language: recipient.language,
        rendered: &rendered,
    };
    let frozen = compose::freeze(&letter)?;
    Ok((rendered, frozen))
}

fn end_of(category: Category, from: DateTime<Utc>) -> DateTime<Utc> {
    from + TimeDelta::from_std(category.policy().time_to_live).unwrap_or(TimeDelta::MAX)
}

/// Takes back a message that has not been sent, because a person or a later fact made it needless.
pub fn cancel(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    let current = store::lock(tx, id)?;
    Ok(store::change(tx, id, current.state, current.state.next(Step::Cancel)?)?)
}

/// Puts a message aside until a person releases or cancels it.
pub fn hold(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    let current = store::lock(tx, id)?;
    Ok(store::change(tx, id, current.state, current.state.next(Step::Hold)?)?)
}

/// Sends a held message, or one that nobody knows to have arrived, with the same bytes.
pub fn release(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    let current = store::lock(tx, id)?;
    let next = current.state.next(Step::Release)?;
    if current.expires_at <= tx.now() {
        return Err(MessageError::TooLate);
    }
    store::change(tx, id, current.state, next)?;
    tx.raise(MAILS);
    Ok(())
}

/// Sends an ended message once more, as a new message of a new date with a reason that stays on record.
pub fn resend(tx: &mut Tx<'_>, id: MessageId, reason: &Typed) -> Result<MessageId, MessageError> {
    let mut checks = Checks::new();
    let reason = checks.required_line("reason", reason, 400);
    let reason = checks.done(reason)?;
    let old = store::lock(tx, id)?;
    if !old.state.is_ended() {
        return Err(NotPossible { state: old.state, step: Step::Claim }.into());
    }
    if old.category == Category::Account {
        return Err(MessageError::NotRepeatable);
    }
    let (now, asked_by) = (tx.now(), tx.actor().to_string());
    let frozen = compose::renew(&lists::source(tx, id)?, &compose::token(), now)?;
    let row = store::again(&old, id, &reason, frozen.message_id, asked_by, now, end_of(old.category, now));
    let new = store::insert(tx, &row)?.ok_or(DbError::NotFound)?;
    store::insert_bytes(tx, new, &frozen.bytes)?;
    tx.raise(MAILS);
    Ok(new)
}
