//! Signed-in browsers: opening, recognising, listing and ending a session.
//!
//! The browser's cookie holds an [`OrgSecret`]; the row holds its digest. An ended session's row stays for three
//! months, because "has this kind of browser been here before?" is asked of it. Invariant: every sign-in makes a new
//! secret, whatever the browser brought along (test `each_sign_in_has_its_own_secret` in `sign_in`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;
use db::{DbError, Tx};
use kernel::{PersonId, SessionId};

use crate::events::NewDeviceSignedIn;
use crate::{OrgSecret, awaited, persons};

pub use lists::{SessionEntry, list};
pub use model::{NewSession, SessionLimits, SignedIn};

/// How long ended sessions are remembered.
const MEMORY: TimeDelta = TimeDelta::days(90);

/// Opens a session for somebody who has just shown who they are ([`crate::sign_in::finish`]). A kind of browser this
/// person has not used before, after having used another one, is recorded as [`NewDeviceSignedIn`].
pub fn open(
    tx: &mut Tx<'_>,
    person: PersonId,
    user_agent: &str,
    limits: &SessionLimits,
) -> Result<NewSession, DbError> {
    let person = persons::find(tx, person)?;
    let user_agent = model::clean_user_agent(user_agent);
    let known = store::user_agents(tx, person.id)?;
    let new_device = !known.is_empty() && !model::is_known_browser(&user_agent, &known);
    let secret = OrgSecret::generate(tx.organization());
    let expires_at = tx.now() + limits.absolute;
    let session = store::insert(tx, person.id, &secret, &user_agent, expires_at)?;
    if new_device {
        let (organization, language) = (tx.organization(), person.preferences.language);
        let fact = NewDeviceSignedIn { organization, person: person.id, language, session, user_agent };
        awaited::record(tx, fact)?;
    }
    Ok(NewSession { secret, session, person: person.id, expires_at, new_device })
}

/// Who holds this secret, if its session is alive and its person may sign in. Reads their roles afresh, so that a
/// change of roles counts at once.
pub fn authenticate(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
    limits: &SessionLimits,
) -> Result<Option<SignedIn>, DbError> {
    if secret.organization() != tx.organization() {
        return Ok(None);
    }
    let now = tx.now();
    let Some(found) = store::find_alive(tx, secret, now - limits.idle)? else {
        return Ok(None);
    };
    if now - found.seen_at >= limits.touch {
        store::touch(tx, found.id)?;
    }
    let person = found.person;
    let roles = persons::store::roles_of(tx, person.id)?;
    let person = person.with_roles(roles);
    let signed_in = SignedIn { session: found.id, signed_in_at: found.created_at, person };
    Ok(signed_in.person.is_active().then_some(signed_in))
}

/// Ends one of `person`'s sessions; [`DbError::NotFound`] where they have none of that id that is still open.
pub fn revoke(tx: &mut Tx<'_>, person: PersonId, id: SessionId) -> Result<(), DbError> {
    if store::end_one(tx, person, id)? { Ok(()) } else { Err(DbError::NotFound) }
}

/// Ends every session of `person` but `keep`; says how many.
pub fn revoke_others(tx: &mut Tx<'_>, person: PersonId, keep: SessionId) -> Result<usize, DbError> {
    end_all(tx, person, Some(keep))
}

/// Ends the session of this secret; nothing happens where there is none.
pub fn sign_out(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<(), DbError> {
    store::end_by_secret(tx, secret)
}

pub(crate) fn end_all(tx: &mut Tx<'_>, person: PersonId, keep: Option<SessionId>) -> Result<usize, DbError> {
    store::end_all(tx, person, keep)
}

/// Deletes sessions that ended three months ago; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let long_ago = tx.now() - MEMORY;
    store::delete_ended(tx, long_ago)
}
