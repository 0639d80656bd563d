//! One-time links that let somebody choose a password: the invitation to join, and the reset for who forgot it.
//!
//! A link's secret is derived from the server's [`LinkKey`] and the token's row ([`OrgSecret::derived`]); the row
//! keeps its digest, the event its id. Only a person's newest link works, and any change of password uses up all.
//! Opening a link changes nothing ([`peek`]): mail scanners open every link. Invariant: a link works once (test
//! `a_link_works_once`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;
use db::{DbError, Tx};
use kernel::{Code, Coded, EmailAddress, FieldProblem, Invalid, PersonId};

use crate::events::{PasswordResetRequested, PersonInvited};
use crate::passwords::PasswordHash;
use crate::throttle::{self, Key, Pace, Throttled};
use crate::{LinkKey, OrgSecret, Person, api_tokens, awaited, persons, sessions, sign_in};

pub use lists::is_live;
pub use model::{OneTimeTokenId, Pending, Purpose, ResetAsked};

/// How long used and expired tokens are remembered.
const MEMORY: TimeDelta = TimeDelta::days(30);

/// A second reset within this span is ignored: the first mail is still on its way.
const RESET_PAUSE: TimeDelta = TimeDelta::minutes(2);

/// Why a link was not made or not honoured.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// The person has no mail address to send a link to.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The person has a password already, or is disabled: let them reset it, or enable them first.
    #[error("only an active person without a password can be invited")]
    NotInvitable,
    /// No such link, or it has expired, was used, or was replaced by a newer one.
    #[error("the link is not valid any more")]
    LinkGone,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for InvitationError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NotInvitable => Code::Conflict,
            Self::LinkGone => Code::LinkGone,
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

/// Invites a person to choose their password within seven days. Inviting again replaces the earlier link. The secret
/// is given back so that whoever invites may hand the link over in person.
pub fn invite(tx: &mut Tx<'_>, key: &LinkKey, person: PersonId) -> Result<OrgSecret, InvitationError> {
    let person = persons::find(tx, person)?;
    if person.email.is_none() {
        return Err(Invalid::field("email", Code::Required).into());
    }
    if person.has_password || !person.is_active() {
        return Err(InvitationError::NotInvitable);
    }
    let issued = issue(tx, key, &person, Purpose::Invitation)?;
    let fact = PersonInvited {
        organization: tx.organization(),
        person: person.id,
        language: person.preferences.language,
        token: issued.token.id,
        issued_at: issued.token.created_at,
        expires_at: issued.token.expires_at,
    };
    awaited::record(tx, fact)?;
    Ok(issued.secret)
}

/// Takes the wish for a new password from a page that strangers see. Does the same work and gives the same answer
/// whether or not the account exists: the look-up happens later, in the task [`ResetAsked`], whose handler calls
/// [`request_reset`]. `address` is the network address, as in [`sign_in::begin`].
pub fn ask_reset(tx: &mut Tx<'_>, email: &EmailAddress, address: &str) -> Result<(), Throttled> {
    throttle::charge(tx, &Key::new("reset-from", address), Pace::ADDRESS)?;
    queue::enqueue(tx, &ResetAsked { email: email.clone() })?;
    Ok(())
}

/// Makes a link valid for an hour, if `email` belongs to an active person and none was made in the last two minutes.
/// How long this takes tells whether the account exists, so pages go through [`ask_reset`].
pub fn request_reset(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    email: &EmailAddress,
) -> Result<Option<(PersonId, OrgSecret)>, DbError> {
    let Some(person) = persons::find_by_email(tx, email)?.filter(Person::is_active) else {
        return Ok(None);
    };
    let just_now = tx.now() - RESET_PAUSE;
    if store::issued_since(tx, person.id, Purpose::PasswordReset, just_now)? {
        return Ok(None);
    }
    let issued = issue(tx, key, &person, Purpose::PasswordReset)?;
    let fact = PasswordResetRequested {
        organization: tx.organization(),
        person: person.id,
        language: person.preferences.language,
        token: issued.token.id,
        issued_at: issued.token.created_at,
        expires_at: issued.token.expires_at,
    };
    awaited::record(tx, fact)?;
    Ok(Some((person.id, issued.secret)))
}

struct Issued {
    token: store::Token,
    secret: OrgSecret,
}

fn issue(tx: &mut Tx<'_>, key: &LinkKey, person: &Person, purpose: Purpose) -> Result<Issued, DbError> {
    store::use_up(tx, person.id, Some(purpose))?;
    let expires_at = tx.now() + purpose.lifetime();
    let token = store::insert(tx, person.id, purpose, expires_at)?;
    let secret = purpose.secret(key, tx.organization(), token.id, token.created_at);
    store::set_secret(tx, token.id, &secret)?;
    Ok(Issued { token, secret })
}

/// What a link is for, without using it: for the page that asks for the new password.
pub fn peek(tx: &mut Tx<'_>, secret: &OrgSecret, purpose: Purpose) -> Result<Pending, InvitationError> {
    let own = secret.organization() == tx.organization();
    let token = if own { store::find_live(tx, secret, purpose)? } else { None };
    let (person, expires_at) = token.ok_or(InvitationError::LinkGone)?;
    let person = persons::find(tx, person)?;
    if !person.is_active() {
        return Err(InvitationError::LinkGone);
    }
    Ok(Pending { purpose, person, expires_at })
}

/// Uses the link: sets the password, uses up the person's other links, ends all their sessions and API tokens (who
/// resets a password may have lost more than that), and forgets failed sign-ins. Hash the password before, outside any transaction.
pub fn redeem(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
    purpose: Purpose,
    hash: &PasswordHash,
) -> Result<PersonId, InvitationError> {
    let person = peek(tx, secret, purpose)?.person;
    if !store::use_once(tx, secret, purpose)? {
        return Err(InvitationError::LinkGone);
    }
    persons::store::set_password(tx, person.id, hash)?;
    use_up_all(tx, person.id)?;
    sessions::end_all(tx, person.id, None)?;
    api_tokens::revoke_all(tx, person.id)?;
    if let Some(email) = &person.email {
        throttle::clear(tx, &sign_in::account_key(&email.key()))?;
    }
    if person.has_password {
        sign_in::record_change(tx, person.id)?;
    }
    Ok(person.id)
}

pub(crate) fn use_up_all(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    store::use_up(tx, person, None)
}

/// Deletes tokens that expired a month ago; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let long_ago = tx.now() - MEMORY;
    store::delete_expired(tx, long_ago)
}
