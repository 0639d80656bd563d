//! Messages: the intent to tell somebody something, as a row with frozen bytes, and what became of it.
//!
//! Invariants: a message exists exactly if the transaction that asked for it committed; one event mails one address
//! once per template and thing (`t22_fifty_reactions_to_one_event_make_one_mail`); bytes never change once queued.

mod admission;
mod confidential;
pub(crate) mod events;
pub mod gauges;
mod lists;
mod model;
mod policy;
mod store;
mod stuck;
#[cfg(test)]
mod tests;
mod unsent;

use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use kernel::{
    Checks, Code, Coded, ContactId, EmailAddress, FieldProblem, Invalid, MessageId, PersonId, Typed,
};

pub use admission::is_left_alone;
pub use events::{EventView, Happening};
pub(crate) use lists::first_written;
pub use lists::{
    Depth, MOST_FOUND, MessageFilter, arrival, content, depths, due_count, find, newest_about,
    oldest_due_age, recent,
};
pub use model::{
    Arrival, AttemptView, Message, MessageState, MessageSummary, NewMessage, NotPossible, Older, Pace, Party,
    Queued, Recipient, Step,
};
pub use policy::{Category, Choice, DOUBT_PAUSE, DOUBTS, Hours, InDoubt, Policy, Throttle};
pub use stuck::{
    Cause, Redriven, RelayTrouble, STUCK, Stuck, Trouble, all_seen, redrive, relay_trouble, seen, stuck,
    stuck_count, trouble_of, troubled_count,
};

use crate::calls::{self, CallReason};
use crate::compose::{self, ComposeError, Frozen, Letter, smtp_address};
use crate::mails::{Addressee, Mail, Rendered, Sheet, TemplateError, Town};
use crate::settings::Outbox;
use crate::smtp::AddressError;
use crate::unsubscribe::Unsubscribe;
use crate::{MAILS, consents, preferences, texts};

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
    /// Its reader has not agreed to such mails, or no longer does (特定電子メール法 art. 3).
    #[error("its reader does not want such mails")]
    Unwanted,
    /// Secrets for one use are not repeated: ask for a new one.
    #[error("a mail with a secret for one use is not sent again; ask for a new one")]
    NotRepeatable,
    /// The town's settings lack what advertising must name: its postal address, and where complaints go
    /// (特定電子メール法 art. 4).
    #[error("advertising must name the sender: enter the town's postal address and contact first")]
    SenderUnnamed,
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
            Self::NotPossible(_)
            | Self::TooLate
            | Self::Unwanted
            | Self::NotRepeatable
            | Self::SenderUnnamed => Code::Conflict,
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

/// Renders a mail, freezes its bytes and queues it, all in the caller's transaction, by the rules of its category and
/// the wishes of its reader.
pub fn queue<M: Mail>(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    message: NewMessage<M>,
) -> Result<Queued, MessageError> {
    let admitted = match admission::admit(tx, outbox, M::CATEGORY, &message)? {
        Ok(admitted) => admitted,
        Err(refused) => {
            let is_over = message.expires_at.is_some_and(|end| end <= tx.now());
            match refused {
                Queued::AddressDead => unsent::keep(tx, outbox, &message, Happening::Suppressed)?,
                Queued::TooLate if !is_over => unsent::keep(tx, outbox, &message, Happening::TooLate)?,
                _ => {}
            }
            return Ok(refused);
        }
    };
    let recipient = &message.recipient;
    let thread = thread_of(tx, M::CATEGORY, message.concerns.as_deref(), &recipient.address)?;
    let sheet = Sheet::of(&message.mail);
    let written = write(tx, outbox, &sheet, (M::CATEGORY, thread.as_deref()), recipient)?;
    let from = outbox.settings().from().to_string();
    let (subject, message_id) = (&written.rendered.subject, written.frozen.message_id);
    let row = store::NewRow {
        event_id: message.event,
        not_before: admitted.not_before,
        expires_at: admitted.expires_at,
        opens: admitted.window.map(|window| window.opens),
        closes: admitted.window.map(|window| window.closes),
        zone: admitted.window.map(|window| window.zone),
        concerns: message.concerns.as_deref(),
        text_version: written.text_version,
        ..store::NewRow::at_once(tx, M::CATEGORY, M::NAME, recipient, from, subject, message_id)
    };
    let Some(id) = store::insert(tx, &row)? else { return Ok(Queued::Repeated) };
    store::insert_bytes(tx, id, &row.searched(), &written.frozen.bytes)?;
    if let (Older::IsReplaced, Some(concerns)) = (message.older, &message.concerns) {
        for older in store::waiting_about(tx, id, M::NAME, &recipient.address, concerns)? {
            withdraw(tx, older, Happening::Replaced, id.to_string())?;
        }
    }
    tx.raise(MAILS);
    Ok(Queued::Message(id))
}

/// Queues a mail that is rendered already, to be sent at once: what somebody tries out and sends to themselves.
pub(crate) fn queue_frozen(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    template: &str,
    recipient: &Recipient,
    subject: &str,
    frozen: &Frozen,
) -> Result<MessageId, MessageError> {
    let (from, message_id) = (outbox.settings().from().to_string(), frozen.message_id.clone());
    let row = store::NewRow::at_once(tx, Category::Account, template, recipient, from, subject, message_id);
    let id = store::insert(tx, &row)?.ok_or(DbError::NotFound)?;
    store::insert_bytes(tx, id, &row.searched(), &frozen.bytes)?;
    tx.raise(MAILS);
    Ok(id)
}

/// A mail in words and in bytes.
struct Written {
    rendered: Rendered,
    frozen: Frozen,
    text_version: Option<i32>,
}

/// The first mail about the same thing to the same address: what the reader's program shows this one under. Mails with a
/// secret stand alone.
fn thread_of(
    tx: &mut Tx<'_>,
    category: Category,
    concerns: Option<&str>,
    address: &EmailAddress,
) -> Result<Option<String>, DbError> {
    match concerns.filter(|_| category != Category::Account) {
        Some(thing) => lists::first_about(tx, thing, address),
        None => Ok(None),
    }
}

fn write(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    sheet: &Sheet,
    (category, thread): (Category, Option<&str>),
    recipient: &Recipient,
) -> Result<Written, MessageError> {
    let town = accounts::organizations::find(tx)?;
    let to = smtp_address(&recipient.address)?;
    let unreachable = town.contact_email.is_empty() && town.contact_phone.is_empty();
    if category == Category::Commercial && (unreachable || town.postal_address.is_empty()) {
        return Err(MessageError::SenderUnnamed);
    }
    let unsubscribe = Unsubscribe::new(tx.organization(), recipient.party, category)
        .map(|wish| outbox.link(&format!("/unsubscribe/{}", wish.text(outbox.key()))));
    let addressee = Addressee {
        name: &recipient.name,
        language: recipient.language,
        unsubscribe: unsubscribe.as_ref().map_or("", |link| link.as_str()),
    };
    let (rendered, text_version) = in_words(tx, outbox, sheet, &Town::of(&town), &addressee)?;
    let letter = Letter {
        token: &compose::token(),
        organization: tx.organization(),
        from: (&town.name, outbox.settings().from()),
        reply_to: &town.contact_email,
        to: (&recipient.name, &to),
        date: tx.now(),
        language: recipient.language,
        rendered: &rendered,
        unsubscribe: unsubscribe.as_ref(),
        thread,
    };
    let frozen = compose::freeze(&letter)?;
    Ok(Written { rendered, frozen, text_version })
}

/// In the town's own words where it has any, and in which version of them. No mail is lost by its wording: what fails
/// with this mail's fields in spite of all checks gives way to the shipped one.
fn in_words(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    sheet: &Sheet,
    town: &Town,
    to: &Addressee<'_>,
) -> Result<(Rendered, Option<i32>), MessageError> {
    let own = texts::current(tx, sheet.name, to.language)?;
    if let Some((version, words)) = own {
        match outbox.templates().render(sheet, Some(&words), town, to) {
            Ok(rendered) => return Ok((rendered, Some(version))),
            Err(error) => {
                log::error!(mail = sheet.name, version; "a town's own wording failed, the shipped one is used: {error}");
            }
        }
    }
    Ok((outbox.templates().render(sheet, None, town, to)?, None))
}

/// The subject a mail would have, for somebody whom none can reach.
pub(crate) fn subject_of<M: Mail>(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    mail: &M,
    to: &Addressee<'_>,
) -> Result<String, MessageError> {
    let town = Town::of(&accounts::organizations::find(tx)?);
    Ok(in_words(tx, outbox, &Sheet::of(mail), &town, to)?.0.subject)
}

/// Takes a message back that has not been sent, for a reason that stays in its timeline.
fn withdraw(
    tx: &mut Tx<'_>,
    id: MessageId,
    why: Happening,
    detail: impl Into<String>,
) -> Result<(), MessageError> {
    let current = store::lock(tx, id)?;
    store::change(tx, id, current.state, current.state.next(Step::Cancel)?)?;
    Ok(events::note(tx, id, why, detail)?)
}

/// Takes back every message of a category to somebody that has not been sent: they no longer want it. What a sender
/// has already begun with is not stopped.
pub(crate) fn take_back(tx: &mut Tx<'_>, party: Party, category: Category) -> Result<(), DbError> {
    for id in store::cancel_waiting(tx, party, category)? {
        events::note(tx, id, Happening::Unwanted, "")?;
    }
    Ok(())
}

/// Puts every message of a category to somebody aside that waits to be sent; gives back which. What a sender has already
/// begun with is not stopped.
pub(crate) fn hold_waiting(
    tx: &mut Tx<'_>,
    party: Party,
    category: Category,
) -> Result<Vec<MessageId>, DbError> {
    let held = store::hold_waiting(tx, party, category)?;
    for id in &held {
        events::note(tx, *id, Happening::Held, "")?;
    }
    Ok(held)
}

/// Puts those of `ids` back into the queue that are messages of a category to somebody and still aside. One whose time
/// is over meanwhile expires there.
pub(crate) fn release_held(
    tx: &mut Tx<'_>,
    party: Party,
    category: Category,
    ids: &[i64],
) -> Result<(), DbError> {
    for id in store::release_held(tx, party, category, ids)? {
        events::note(tx, id, Happening::Released, "")?;
    }
    tx.raise(MAILS);
    Ok(())
}

/// Two contacts turned out to be one, or are parted again: the messages to `from`, or those of them named in `only`, are
/// messages to `into` now. Gives back which.
pub fn move_contact(
    tx: &mut Tx<'_>,
    from: ContactId,
    into: ContactId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    store::move_contact(tx, from, into, only)
}

/// How many messages went to a contact or wait for them.
pub fn count_of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<i64, DbError> {
    store::count_of_contact(tx, contact)
}

/// Notes that a person of the town, signed in, has come by a mail's link or looked at what it is about. Mails to others
/// and mails not found are left alone.
pub fn opened(tx: &mut Tx<'_>, reader: PersonId, concerns: &str) -> Result<(), DbError> {
    for id in store::taken_about(tx, Party::Person(reader), concerns)? {
        note_once(tx, id, Happening::Opened)?;
    }
    Ok(())
}

/// Notes that somebody came by the link of a mail to `contact` about a thing. Nothing else follows from it: scanners
/// follow links.
pub fn link_used(tx: &mut Tx<'_>, contact: ContactId, concerns: &str) -> Result<(), DbError> {
    for id in store::taken_about(tx, Party::Contact(contact), concerns)? {
        note_once(tx, id, Happening::LinkUsed)?;
    }
    Ok(())
}

fn note_once(tx: &mut Tx<'_>, id: MessageId, kind: Happening) -> Result<(), DbError> {
    if events::has(tx, id, kind)? { Ok(()) } else { events::note(tx, id, kind, "") }
}

/// Records that a message came back after its relay had taken it. `notice` is what the receiving side wrote. A legal
/// notice becomes a call at once.
pub fn bounce(tx: &mut Tx<'_>, id: MessageId, notice: &str) -> Result<(), MessageError> {
    confidential::must_be_shown(tx, id)?;
    let current = store::lock(tx, id)?;
    store::change(tx, id, current.state, current.state.next(Step::Bounce)?)?;
    let told: String = notice.chars().take(400).collect();
    events::note(tx, id, Happening::Bounced, told)?;
    if current.category == Category::Legal {
        calls::open(tx, id, CallReason::Bounced)?;
    }
    Ok(())
}

/// Records that its reader reported a message as spam. `notice` is what the receiving side wrote.
pub(crate) fn complain(tx: &mut Tx<'_>, id: MessageId, notice: &str) -> Result<(), MessageError> {
    let current = store::lock(tx, id)?;
    store::change(tx, id, current.state, current.state.next(Step::Complain)?)?;
    Ok(events::note(tx, id, Happening::Complained, notice)?)
}

/// Notes, once, that a message is still on its way after its relay had taken it.
pub(crate) fn delayed(tx: &mut Tx<'_>, id: MessageId) -> Result<(), DbError> {
    note_once(tx, id, Happening::Delayed)
}

/// Takes back what waits for an address that is left alone from now on; of one category where one is named. What is owed
/// stays.
pub(crate) fn leave_alone(
    tx: &mut Tx<'_>,
    address: &EmailAddress,
    category: Option<Category>,
) -> Result<(), DbError> {
    let stopped =
        |one: &Category| one.policy().choice != Choice::Locked && category.is_none_or(|only| only == *one);
    let categories: Vec<Category> = Category::ALL.iter().copied().filter(stopped).collect();
    for id in store::cancel_to(tx, address, &categories)? {
        events::note(tx, id, Happening::Suppressed, "")?;
    }
    Ok(())
}

/// Sends a waiting message to where its reader gets mail now, in its own place: same words, same hours, same end.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    id: MessageId,
    address: &EmailAddress,
) -> Result<MessageId, MessageError> {
    let old = store::lock(tx, id)?;
    let (source, now) = (lists::source(tx, id)?, tx.now());
    let frozen =
        compose::renew(&source, &compose::token(), now, Some((&old.to_name, &smtp_address(address)?)))?;
    let new = store::copy_to(tx, id, &old, address, &frozen)?;
    withdraw(tx, id, Happening::Replaced, new.to_string())?;
    tx.raise(MAILS);
    Ok(new)
}

fn end_of(category: Category, from: DateTime<Utc>) -> DateTime<Utc> {
    from + TimeDelta::from_std(category.policy().time_to_live).unwrap_or(TimeDelta::MAX)
}

/// Takes back a message that has not been sent, because a person found it needless.
pub fn cancel(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    confidential::must_be_shown(tx, id)?;
    withdraw(tx, id, Happening::Cancelled, "")
}

/// Puts a message aside until a person releases or cancels it.
pub fn hold(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    confidential::must_be_shown(tx, id)?;
    let current = store::lock(tx, id)?;
    if current.state == MessageState::Sending {
        // Only its sender knows how far it got.
        return Err(NotPossible { state: current.state, step: Step::Hold }.into());
    }
    store::change(tx, id, current.state, current.state.next(Step::Hold)?)?;
    Ok(events::note(tx, id, Happening::Held, "")?)
}

/// Sends a held message, or one that nobody knows to have arrived, with the same bytes.
pub fn release(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    confidential::must_be_shown(tx, id)?;
    let_go(tx, id)
}

fn let_go(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    let current = store::lock(tx, id)?;
    let next = current.state.next(Step::Release)?;
    if current.expires_at <= tx.now() {
        return Err(MessageError::TooLate);
    }
    is_still_wanted(tx, &current)?;
    store::change(tx, id, current.state, next)?;
    events::note(tx, id, Happening::Released, "")?;
    tx.raise(MAILS);
    Ok(())
}

/// What only a consent allows is not sent by anybody's decision either.
fn is_still_wanted(tx: &mut Tx<'_>, message: &store::Current) -> Result<(), MessageError> {
    match message.contact_id {
        Some(contact) if message.category.policy().choice == Choice::AskFirst => {
            if consents::is_allowed(tx, contact)? { Ok(()) } else { Err(MessageError::Unwanted) }
        }
        _ => Ok(()),
    }
}

/// Sends an ended message once more, as a new message of a new date with a reason that stays on record.
pub fn resend(tx: &mut Tx<'_>, id: MessageId, reason: &Typed) -> Result<MessageId, MessageError> {
    confidential::must_be_shown(tx, id)?;
    send_once_more(tx, id, reason, Hours::AnyTime)
}

/// The same within some hours: a person who asks for one mail gets it now, those of many wait until their readers' morning.
fn send_once_more(
    tx: &mut Tx<'_>,
    id: MessageId,
    reason: &Typed,
    hours: Hours,
) -> Result<MessageId, MessageError> {
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
    is_still_wanted(tx, &old)?;
    let (now, asked_by) = (tx.now(), tx.actor().to_string());
    let frozen = compose::renew(&lists::source(tx, id)?, &compose::token(), now, None)?;
    let window = old.window().filter(|_own| hours == Hours::ReadersOwn);
    let not_before = window.map_or(Ok(now), |window| preferences::within(tx, now, window))?;
    let again =
        store::Again { id, reason: &reason, message_id: frozen.message_id, asked_by, not_before, window };
    let row = store::again(&old, again, now);
    let new = store::insert(tx, &row)?.ok_or(DbError::NotFound)?;
    store::insert_bytes(tx, new, &row.searched(), &frozen.bytes)?;
    events::note(tx, id, Happening::Resent, new.to_string())?;
    tx.raise(MAILS);
    Ok(new)
}
