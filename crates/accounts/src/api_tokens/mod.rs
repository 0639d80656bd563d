//! API tokens: how a program acts for a person. Shown once, kept as a digest, limited in access and in time.
//!
//! A token never may more than its person: their roles are read with every request.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

use crate::{OrgSecret, persons};

pub use lists::list;
pub use model::{Access, ApiToken, ApiTokenId, SignedInToken, TokenInput};

/// Why a token was not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum ApiTokenError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The person is disabled.
    #[error("a disabled person gets no token")]
    Disabled,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ApiTokenError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Disabled => Code::Conflict,
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

/// Makes a token for `person`. The secret is shown once and cannot be had again.
pub fn create(
    tx: &mut Tx<'_>,
    person: PersonId,
    input: &TokenInput,
) -> Result<(ApiToken, OrgSecret), ApiTokenError> {
    let fields = input.checked()?;
    let person = persons::find(tx, person)?;
    if !person.is_active() {
        return Err(ApiTokenError::Disabled);
    }
    let secret = OrgSecret::generate(tx.organization());
    let token = store::insert(tx, person.id, &secret, &fields)?;
    Ok((token, secret))
}

/// Who a program with this secret acts for, if the token works and its person may sign in.
pub fn authenticate(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Option<SignedInToken>, DbError> {
    if secret.organization() != tx.organization() {
        return Ok(None);
    }
    let Some(found) = store::find_alive(tx, secret)? else {
        return Ok(None);
    };
    let now = tx.now();
    if found.used_at.is_none_or(|used_at| now - used_at >= model::TOUCH) {
        store::touch(tx, found.id)?;
    }
    let person = found.person;
    let roles = persons::store::roles_of(tx, person.id)?;
    let person = person.with_roles(roles);
    let signed_in = SignedInToken { token: found.id, access: found.access, person };
    Ok(signed_in.person.is_active().then_some(signed_in))
}

/// Ends one of `person`'s tokens; [`DbError::NotFound`] where they have none of that id that still works.
pub fn revoke(tx: &mut Tx<'_>, person: PersonId, id: ApiTokenId) -> Result<(), DbError> {
    if store::revoke(tx, person, Some(id))? == 1 { Ok(()) } else { Err(DbError::NotFound) }
}

/// Ends all of them; says how many still worked.
pub(crate) fn revoke_all(tx: &mut Tx<'_>, person: PersonId) -> Result<usize, DbError> {
    store::revoke(tx, person, None)
}
