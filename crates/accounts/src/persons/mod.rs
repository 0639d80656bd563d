//! The people of a town (職員, ワーカー): who they are, what they may do, how they like their pages.
//!
//! Invariant: a town never loses its last active administrator (test `the_last_administrator_stays`). Invariant:
//! whoever is disabled is signed out everywhere in the same transaction (test
//! `a_disabled_person_is_out_at_once`).

mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

use crate::passwords::PasswordHash;
use crate::{api_tokens, invitations, sessions};

pub use lists::{PersonFilter, PersonKey, count, find, find_by_email, find_many, list, search, with_role};
pub use model::{
    Face, Person, PersonInput, PersonName, PersonState, Preferences, PreferencesInput, Role, TextSize, Theme,
};

/// Why a person was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// Fields that cannot be accepted, among them a mail address somebody else of this town has; nothing was
    /// written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody changed the person since they were read.
    #[error("the person was changed meanwhile")]
    Stale,
    /// The town would be left without an active administrator: make somebody else one first.
    #[error("the last active administrator stays one")]
    LastAdmin,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for PersonError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Stale => Code::Stale,
            Self::LastAdmin => Code::LastAdmin,
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

/// Adds a person without roles and without a password: [`set_roles`] and an
/// [invitation](crate::invitations::invite) come next.
pub fn add(tx: &mut Tx<'_>, input: &PersonInput) -> Result<Person, PersonError> {
    let fields = input.checked()?;
    store::insert(tx, &fields).map_err(email_taken)
}

/// Adds a person who is to be invited, with what they may do; an [invitation](crate::invitations::invite) comes next. A
/// mail address and a role are required, because without them there is no way in and nothing to do there. Every problem
/// is reported at once.
pub fn add_member(
    tx: &mut Tx<'_>,
    input: &PersonInput,
    roles: &BTreeSet<Role>,
) -> Result<Person, PersonError> {
    let fields = input.checked_for_member(roles)?;
    let person = store::insert(tx, &fields).map_err(email_taken)?;
    set_roles(tx, person.id, roles)
}

/// Changes a person who was read at `version`. A new mail address makes links mailed to the old one useless.
pub fn correct(
    tx: &mut Tx<'_>,
    id: PersonId,
    version: i32,
    input: &PersonInput,
) -> Result<Person, PersonError> {
    let fields = input.checked()?;
    let before = find(tx, id)?;
    if before.has_password && fields.email.is_none() {
        return Err(Invalid::field("email", Code::Required).into());
    }
    let after = store::update(tx, id, version, &fields).map_err(email_taken)?.ok_or(PersonError::Stale)?;
    if after.email != before.email {
        invitations::use_up_all(tx, id)?;
    }
    Ok(after)
}

/// Gives a person exactly these roles; effective with their next request. For whoever has just added or read them in
/// this transaction; a form goes through [`change_roles`].
pub fn set_roles(tx: &mut Tx<'_>, id: PersonId, roles: &BTreeSet<Role>) -> Result<Person, PersonError> {
    let person = find(tx, id)?;
    replace_roles(tx, person, roles)
}

/// The same for a person who was read at `version`: what somebody else has changed since is not undone.
pub fn change_roles(
    tx: &mut Tx<'_>,
    id: PersonId,
    version: i32,
    roles: &BTreeSet<Role>,
) -> Result<Person, PersonError> {
    let person = find(tx, id)?;
    if person.version != version {
        return Err(PersonError::Stale);
    }
    replace_roles(tx, person, roles)
}

/// Locks the administrators first and the person after, like [`disable`], so that the two never wait for each other.
fn replace_roles(tx: &mut Tx<'_>, person: Person, roles: &BTreeSet<Role>) -> Result<Person, PersonError> {
    if person.roles.contains(&Role::Admin) && !roles.contains(&Role::Admin) {
        keep_an_admin_beside(tx, &person)?;
    }
    let version = store::count_change(tx, person.id, person.version)?.ok_or(PersonError::Stale)?;
    store::set_roles(tx, person.id, roles)?;
    Ok(Person { roles: roles.clone(), version, ..person })
}

/// Shuts a person out: no new sign-in, every session ended, every token and link void. Nothing of theirs is deleted.
pub fn disable(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, PersonError> {
    let person = find(tx, id)?;
    if person.roles.contains(&Role::Admin) {
        keep_an_admin_beside(tx, &person)?;
    }
    store::set_state(tx, id, PersonState::Disabled)?;
    sessions::end_all(tx, id, None)?;
    api_tokens::revoke_all(tx, id)?;
    invitations::use_up_all(tx, id)?;
    Ok(find(tx, id)?)
}

/// Lets a disabled person sign in again; tokens stay revoked.
pub fn enable(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, PersonError> {
    store::set_state(tx, id, PersonState::Active)?;
    Ok(find(tx, id)?)
}

/// Sets how the acting person likes their pages and mails.
pub fn prefer(tx: &mut Tx<'_>, input: &PreferencesInput) -> Result<Person, PersonError> {
    let preferences = input.checked()?;
    let own = tx.actor().person().ok_or(DbError::NotFound)?;
    store::set_preferences(tx, own, preferences)?;
    Ok(find(tx, own)?)
}

/// Gives a person a password without asking for the old one, and ends every session, API token and link they have. For the
/// command line, the first-run page and whoever has already been [proven](crate::sign_in::Proof) right.
pub fn set_password(tx: &mut Tx<'_>, id: PersonId, hash: &PasswordHash) -> Result<(), PersonError> {
    if find(tx, id)?.email.is_none() {
        return Err(Invalid::field("email", Code::Required).into());
    }
    store::set_password(tx, id, hash)?;
    sessions::end_all(tx, id, None)?;
    api_tokens::revoke_all(tx, id)?;
    invitations::use_up_all(tx, id)?;
    Ok(())
}

/// Fails unless another active administrator is there. Until the transaction ends no other one can decide the same.
fn keep_an_admin_beside(tx: &mut Tx<'_>, person: &Person) -> Result<(), PersonError> {
    let others = store::lock_active_admins(tx)?.into_iter().filter(|id| *id != person.id).count();
    if person.state == PersonState::Active && others == 0 { Err(PersonError::LastAdmin) } else { Ok(()) }
}

fn email_taken(error: DbError) -> PersonError {
    if error.violates("persons_email") { Invalid::field("email", Code::Taken).into() } else { error.into() }
}
