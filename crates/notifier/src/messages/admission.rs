//! Whether and when a mail may go at all, by its category's rules and its reader's wishes.
//!
//! Invariant: mails that are owed pass here untouched (`what_is_owed_can_neither_be_switched_off_nor_delayed`).

use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use kernel::EmailAddress;

use super::model::{NewMessage, Pace, Party, Queued, Recipient};
use super::policy::{Category, Choice, Hours};
use super::{MessageError, lists};
use crate::preferences::{self, Preferences, Window};
use crate::settings::{KeepsHours, Outbox};
use crate::{consents, suppressions};

/// A mail that may go, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Admitted {
    pub(super) not_before: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    /// Checked again at each claim: a retry must not wake anybody either.
    pub(super) window: Option<Window>,
}

pub(super) fn admit<M>(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    category: Category,
    message: &NewMessage<M>,
) -> Result<Result<Admitted, Queued>, MessageError> {
    let recipient = &message.recipient;
    let wishes = wishes_of(tx, recipient.party)?;
    if !is_wanted(tx, category, recipient.party, wishes.as_ref())? {
        return Ok(Err(Queued::Unwanted));
    }
    if is_stopped(tx, &recipient.address, category)? {
        return Ok(Err(Queued::AddressDead));
    }
    let mut not_before = message.not_before.unwrap_or(tx.now());
    let mut window = None;
    if message.pace == Pace::ByCategory {
        not_before = throttled(tx, category, message, not_before)?;
        window = own_hours(outbox, category, wishes.as_ref());
    }
    if let Some(window) = window {
        not_before = preferences::within(tx, not_before, window)?;
    }
    if category.policy().choice != Choice::Locked && message.expires_at.is_some_and(|end| end <= not_before) {
        return Ok(Err(Queued::TooLate));
    }
    let expires_at = message.expires_at.unwrap_or_else(|| super::end_of(category, not_before));
    Ok(Ok(Admitted { not_before, expires_at, window }))
}

/// Whether somebody who wants mails of a category gets none, because their address is left alone.
pub fn is_left_alone(tx: &mut Tx<'_>, to: &Recipient, category: Category) -> Result<bool, DbError> {
    let wishes = wishes_of(tx, to.party)?;
    Ok(is_wanted(tx, category, to.party, wishes.as_ref())? && is_stopped(tx, &to.address, category)?)
}

fn wishes_of(tx: &mut Tx<'_>, party: Party) -> Result<Option<Preferences>, DbError> {
    match party {
        Party::Person(person) => preferences::of(tx, person).map(Some),
        Party::Contact(_) | Party::Nobody => Ok(None),
    }
}

/// What is owed goes to any address.
fn is_stopped(tx: &mut Tx<'_>, address: &EmailAddress, category: Category) -> Result<bool, DbError> {
    Ok(category.policy().choice != Choice::Locked && suppressions::stops(tx, address, category)?)
}

fn is_wanted(
    tx: &mut Tx<'_>,
    category: Category,
    party: Party,
    wishes: Option<&Preferences>,
) -> Result<bool, DbError> {
    if let Some(wishes) = wishes {
        return Ok(wishes.wants(category));
    }
    match (category.policy().choice, party) {
        (Choice::AskFirst, Party::Contact(contact)) => consents::is_allowed(tx, contact),
        (choice, _) => Ok(choice != Choice::AskFirst),
    }
}

fn own_hours(outbox: &Outbox, category: Category, wishes: Option<&Preferences>) -> Option<Window> {
    let kept = outbox.keeps_hours() == KeepsHours::Always && category.policy().hours == Hours::ReadersOwn;
    kept.then(|| wishes.map_or(Window::USUAL, |wishes| wishes.window))
}

/// `at`, or when the address' share of the category is free again.
fn throttled<M>(
    tx: &mut Tx<'_>,
    category: Category,
    message: &NewMessage<M>,
    at: DateTime<Utc>,
) -> Result<DateTime<Utc>, DbError> {
    let Some(throttle) = category.policy().throttle else { return Ok(at) };
    let per = TimeDelta::from_std(throttle.per).unwrap_or(TimeDelta::MAX);
    let latest = lists::latest_to(tx, &message.recipient.address, category, throttle.most)?;
    // Only where the share is used up does its oldest mail say when the next one may go.
    let full = latest.len() >= usize::from(throttle.most);
    Ok(latest.last().filter(|_| full).map_or(at, |oldest| at.max(*oldest + per)))
}
