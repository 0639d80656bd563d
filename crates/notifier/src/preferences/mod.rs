//! Preferences: which mails a person wants, and when they may come.
//!
//! Invariant: what is owed to somebody (accounts, legal notices) cannot be switched off
//! (`what_is_owed_is_always_wanted`). Invariant: whatever is switched off while mails of that sort still wait takes
//! those back in the same transaction (`what_is_switched_off_is_not_sent_any_more`).

mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

pub use model::{Answer, Offers, Preferences, PreferencesInput, Window, Zone};
pub(crate) use store::locked;
pub use store::of;

use crate::messages::{self, Category, Party};

/// Why preferences were not changed.
#[derive(Debug, thiserror::Error)]
pub enum PreferencesError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// They were changed since they were read.
    #[error("the preferences were changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for PreferencesError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Stale => Code::Stale,
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

/// Sets how the acting person wants their mails; `version` is the one they saw.
pub fn change(
    tx: &mut Tx<'_>,
    version: i32,
    input: &PreferencesInput,
) -> Result<Preferences, PreferencesError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let wanted = input.checked()?;
    let saved = store::save(tx, person, version, &wanted)?.ok_or(PreferencesError::Stale)?;
    take_back_unwanted(tx, person, &saved)?;
    Ok(saved)
}

/// Switches one category off for somebody, as its one-click link does.
pub(crate) fn switch_off(tx: &mut Tx<'_>, person: PersonId, category: Category) -> Result<(), DbError> {
    let now = locked(tx, person)?;
    if !now.wants(category) {
        return Ok(());
    }
    let mut wanted = now.clone();
    match category {
        Category::Work => wanted.work = false,
        Category::Digest => wanted.offers = Offers::Off,
        Category::Commercial => wanted.news = false,
        Category::Account | Category::Legal => return Ok(()),
    }
    match store::save(tx, person, now.version, &wanted)? {
        Some(saved) => take_back_unwanted(tx, person, &saved),
        // They chose for the first time just now: there is a row to lock, so this happens once.
        None => switch_off(tx, person, category),
    }
}

fn take_back_unwanted(tx: &mut Tx<'_>, person: PersonId, saved: &Preferences) -> Result<(), DbError> {
    for category in Category::ALL.iter().filter(|category| !saved.wants(**category)) {
        messages::take_back(tx, Party::Person(person), *category)?;
    }
    if saved.offers == Offers::Daily {
        // The hour may have moved.
        crate::digests::plan(tx, person, saved)
    } else {
        crate::digests::clear(tx, person)
    }
}

/// The next time at which a person's gathered offers are due.
pub(crate) fn next_digest(tx: &mut Tx<'_>, wanted: &Preferences) -> Result<DateTime<Utc>, DbError> {
    let now = tx.now();
    store::next_at_hour(tx, now, wanted.digest_hour, wanted.window.zone)
}

/// The first moment from now on at which mails that can wait may come to a person: their morning, before it.
pub fn next_opening(tx: &mut Tx<'_>, person: PersonId) -> Result<DateTime<Utc>, DbError> {
    let (now, window) = (tx.now(), of(tx, person)?.window);
    within(tx, now, window)
}

/// `at`, or the next opening of `window` where it lies outside.
pub(crate) fn within(tx: &mut Tx<'_>, at: DateTime<Utc>, window: Window) -> Result<DateTime<Utc>, DbError> {
    store::within_hours(tx, at, window)
}
