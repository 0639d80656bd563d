//! Guessing costs time: failures are counted per account and per network address, and each one past a few free
//! tries makes the next wait longer, up to 15 minutes. Nothing is ever locked for good.
//!
//! A try is [`charge`]d before it is looked at, and taken back when it was right. So a thousand tries at the same
//! moment count as a thousand, and a failure needs no transaction of its own. A refused try is not counted, so the
//! owner of a name under attack gets a turn whenever the attacker does. Keys are digests: neither addresses nor
//! mail addresses are kept. Invariant: parallel tries cannot outrun the count (test
//! `tries_at_the_same_moment_all_count`).

mod model;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use db::{DbError, Tx};
use kernel::{Code, Coded};

pub use model::{Key, Pace};

/// Why a try was not looked at.
#[derive(Debug, thiserror::Error)]
pub enum Throttled {
    /// Too many failures before; nothing was counted.
    #[error("too many tries: the next one may come in {} s", retry_after.as_secs())]
    TooManyTries {
        /// How long until the next try is looked at.
        retry_after: Duration,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for Throttled {
    fn code(&self) -> Code {
        match self {
            Self::TooManyTries { .. } => Code::TooManyTries,
            Self::Db(error) => error.code(),
        }
    }
}

/// Counts one try under `key` before it is looked at; says how long the next one will have to wait if this one
/// fails. A try that comes too early is an error and is not counted.
///
/// Whoever charges several keys does so in the same order everywhere, the account's first.
pub fn charge(tx: &mut Tx<'_>, key: &Key, pace: Pace) -> Result<Duration, Throttled> {
    let now = tx.now();
    let bucket = store::lock(tx, key, now)?;
    let charged = bucket.charged(pace, now).map_err(|retry_after| Throttled::TooManyTries { retry_after })?;
    store::write(tx, key, &charged)?;
    Ok(charged.wait(now))
}

/// Forgets every failure under `key`: its owner has shown who they are.
pub fn clear(tx: &mut Tx<'_>, key: &Key) -> Result<(), DbError> {
    store::delete(tx, key)
}

/// Takes one try back that turned out to be right, and leaves the failures of others who share the key.
pub fn take_back(tx: &mut Tx<'_>, key: &Key) -> Result<(), DbError> {
    let now = tx.now();
    let bucket = store::lock(tx, key, now)?;
    match bucket.taken_back(now) {
        Some(bucket) => store::write(tx, key, &bucket),
        None => store::delete(tx, key),
    }
}

/// Deletes what has been forgotten anyway; says how many rows went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let now = tx.now();
    store::delete_older(tx, now - model::MEMORY)
}
