//! Who is who: towns, the people in them, what they may do, and how they prove who they are.
//!
//! Invariant: no password, session, link or token stands in the database in a form that lets anybody in; only
//! digests do (tests `only_a_digest_is_stored` in `sessions`, `invitations` and `api_tokens`). Invariant: an unknown,
//! a disabled and a passwordless account answer like a wrong password (test
//! `nobody_learns_which_accounts_exist` in `sign_in`).

pub mod api_tokens;
pub mod awaited;
pub mod events;
pub mod invitations;
pub mod organizations;
pub mod passwords;
pub mod persons;
mod schema;
pub mod secrets;
pub mod sessions;
pub mod sign_in;
#[cfg(test)]
mod testing;
pub mod throttle;

use db::{DbError, Tx};

pub use persons::{Person, PersonName, Role};
pub use secrets::{LinkKey, OrgSecret, Secret};

/// Deletes what nobody needs any more: sessions and one-time tokens long ended, forgotten failures. For a daily
/// task of each town; says how many rows went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    Ok(sessions::sweep(tx)? + invitations::sweep(tx)? + throttle::sweep(tx)?)
}
