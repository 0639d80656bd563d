//! Signing in with mail address and password, in three steps, because comparing a password takes tens of
//! milliseconds that no transaction may wait for:
//!
//! 1. [`begin`], in a transaction: counts the try, looks the account up, gives a [`Challenge`].
//! 2. [`Challenge::answer`], outside any transaction, on a thread that may block: gives a [`Proof`] or refuses.
//! 3. [`finish`], in a second transaction: gives a session and takes the try back.
//!
//! The try is counted and committed before the password is looked at, so a failure is on record even when the
//! caller never comes back. Invariant: an unknown, a disabled and a passwordless account are answered like a wrong
//! password, after the same work (test `nobody_learns_which_accounts_exist`).

#[cfg(test)]
mod tests;

use std::time::Duration;

use db::{DbError, Tx};
use kernel::{Code, Coded, EmailAddress, Language, PersonId, SessionId};

use crate::events::PasswordChanged;
use crate::passwords::{self, PasswordHash};
use crate::persons;
use crate::sessions::{self, NewSession, SessionLimits};
use crate::throttle::{self, Key, Pace, Throttled};
use crate::{OrgSecret, api_tokens, awaited, invitations};

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Too many failures before, for this account or from this network address; nothing was compared.
    #[error("too many tries: the next one may come in {} s", retry_after.as_secs())]
    TooManyTries {
        /// How long until the next try is looked at.
        retry_after: Duration,
    },
    /// Mail address and password do not belong together, or nobody may sign in with them.
    #[error("mail address and password do not match")]
    BadCredentials {
        /// How long until the next try is looked at; zero for the first few.
        retry_after: Duration,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for SignInError {
    fn code(&self) -> Code {
        match self {
            Self::TooManyTries { .. } => Code::TooManyTries,
            Self::BadCredentials { .. } => Code::BadCredentials,
            Self::Db(error) => error.code(),
        }
    }
}

impl From<Throttled> for SignInError {
    fn from(error: Throttled) -> Self {
        match error {
            Throttled::TooManyTries { retry_after } => Self::TooManyTries { retry_after },
            Throttled::Db(error) => Self::Db(error),
        }
    }
}

/// A counted try that waits for its password.
#[derive(Debug)]
pub struct Challenge {
    account: Option<(PersonId, PasswordHash)>,
    account_key: Key,
    address_key: Key,
    wait_if_wrong: Duration,
}

/// That somebody knew a person's password. Made by [`Challenge::answer`] alone, good for one use.
#[derive(Debug)]
pub struct Proof {
    person: PersonId,
    hash: PasswordHash,
    account_key: Key,
    address_key: Key,
}

/// Counts a try and looks the account up. `email` is what was typed; `address` is the network address that the
/// server's own proxy settings vouch for (of IPv6 the first 64 bits).
pub fn begin(tx: &mut Tx<'_>, email: &str, address: &str) -> Result<Challenge, SignInError> {
    let key = EmailAddress::parse(email).map_or_else(|_| email.trim().to_lowercase(), |email| email.key());
    let mut challenge = charge(tx, &key, address)?;
    let found = persons::store::credentials_by_email(tx, &key)?;
    challenge.account = found.map(|account| (account.person, account.hash));
    Ok(challenge)
}

/// The same for somebody who is signed in and has to show once more who they are, before a password or another
/// lasting thing is changed.
pub fn begin_again(tx: &mut Tx<'_>, person: PersonId, address: &str) -> Result<Challenge, SignInError> {
    let Some(account) = persons::store::lock_credentials(tx, person)? else {
        return Err(SignInError::BadCredentials { retry_after: Duration::ZERO });
    };
    let mut challenge = charge(tx, &account.email_key, address)?;
    challenge.account = Some((account.person, account.hash));
    Ok(challenge)
}

fn charge(tx: &mut Tx<'_>, email_key: &str, address: &str) -> Result<Challenge, SignInError> {
    let account_key = account_key(email_key);
    let address_key = Key::new("sign-in-from", address);
    let by_account = throttle::charge(tx, &account_key, Pace::ACCOUNT)?;
    let by_address = throttle::charge(tx, &address_key, Pace::ADDRESS)?;
    Ok(Challenge { account: None, account_key, address_key, wait_if_wrong: by_account.max(by_address) })
}

pub(crate) fn account_key(email_key: &str) -> Key {
    Key::new("sign-in", email_key)
}

impl Challenge {
    /// Compares the password. Slow on purpose, and equally slow for an account that does not exist.
    pub fn answer(self, password: &str) -> Result<Proof, SignInError> {
        let wrong = SignInError::BadCredentials { retry_after: self.wait_if_wrong };
        let Some((person, hash)) = self.account else {
            passwords::verify_nobody(password);
            return Err(wrong);
        };
        if !passwords::verify(password, &hash) {
            return Err(wrong);
        }
        Ok(Proof { person, hash, account_key: self.account_key, address_key: self.address_key })
    }
}

impl Proof {
    /// Who it is.
    pub fn person(&self) -> PersonId {
        self.person
    }
}

/// The browser that signs in.
#[derive(Debug, Clone, Copy)]
pub struct Browser<'a> {
    /// What it calls itself.
    pub user_agent: &'a str,
    /// The session it still holds, if any: that one ends.
    pub previous: Option<&'a OrgSecret>,
}

/// Opens a session with a new secret. Refuses if the person was disabled or the password replaced since [`begin`].
pub fn finish(
    tx: &mut Tx<'_>,
    proof: Proof,
    browser: Browser<'_>,
    limits: &SessionLimits,
) -> Result<NewSession, SignInError> {
    still_right(tx, &proof)?;
    if let Some(previous) = browser.previous {
        sessions::sign_out(tx, previous)?;
    }
    Ok(sessions::open(tx, proof.person, browser.user_agent, limits)?)
}

/// Takes the try back for somebody who [began again](begin_again) and was right.
pub fn confirm(tx: &mut Tx<'_>, proof: Proof) -> Result<(), SignInError> {
    still_right(tx, &proof)
}

/// What becomes of a person's API tokens when they change their password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokensThen {
    /// They go on working: the password was changed out of habit.
    Keep,
    /// None works any more: somebody else may have made one.
    Revoke,
}

/// Replaces the password of somebody who knew the old one, and ends all their other sessions and links. Says how many
/// API tokens ended with them.
pub fn change_password(
    tx: &mut Tx<'_>,
    proof: Proof,
    new: &PasswordHash,
    keep: SessionId,
    tokens: TokensThen,
) -> Result<usize, SignInError> {
    still_right(tx, &proof)?;
    persons::store::set_password(tx, proof.person, new)?;
    sessions::end_all(tx, proof.person, Some(keep))?;
    let revoked = match tokens {
        TokensThen::Keep => 0,
        TokensThen::Revoke => api_tokens::revoke_all(tx, proof.person)?,
    };
    invitations::use_up_all(tx, proof.person)?;
    record_change(tx, proof.person)?;
    Ok(revoked)
}

pub(crate) fn record_change(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    let language: Language = persons::find(tx, person)?.preferences.language;
    let organization = tx.organization();
    awaited::record(tx, PasswordChanged { organization, person, language })?;
    Ok(())
}

/// Locks the person until the transaction ends, so that none of this happens beside a change of their password.
fn still_right(tx: &mut Tx<'_>, proof: &Proof) -> Result<(), SignInError> {
    let current = persons::store::lock_credentials(tx, proof.person)?;
    if current.is_none_or(|current| current.hash != proof.hash) {
        return Err(SignInError::BadCredentials { retry_after: Duration::ZERO });
    }
    throttle::clear(tx, &proof.account_key)?;
    throttle::take_back(tx, &proof.address_key)?;
    Ok(())
}
