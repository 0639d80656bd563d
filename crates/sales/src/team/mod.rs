//! The sales team itself: its policy (営業方針), who covers what (体制), and the hours it has (リソース).
//!
//! Invariant: each version of the policy stays as it was written (`a_policy_has_a_next_version_and_keeps_the_others`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

pub use lists::{people, policies, standing};
pub use model::{PlaceInput, Policy, PolicyInput, Team, TeamPlace};

use crate::colleagues;

/// Why the team's page was not changed.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody changed it since it was read.
    #[error("it was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TeamError {
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
            Self::Stale | Self::Db(_) => &[],
        }
    }
}

/// Whether whoever is to see to something is one of [`people`]; anybody else is a wrong choice in `owner_id`.
pub(crate) fn check_owner<E>(tx: &mut Tx<'_>, owner: Option<PersonId>) -> Result<(), E>
where
    E: From<DbError> + From<Invalid>,
{
    let Some(owner) = owner else { return Ok(()) };
    if people(tx)?.iter().any(|person| person.id == owner) {
        Ok(())
    } else {
        Err(Invalid::field("owner_id", Code::UnknownChoice).into())
    }
}

/// Writes the policy's next version; `version` is the one it was written over, 0 where there was none.
pub fn declare(tx: &mut Tx<'_>, version: i32, input: &PolicyInput) -> Result<Policy, TeamError> {
    let body = input.checked()?;
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let standing = lists::policy(tx)?.map_or(0, |policy| policy.version);
    if standing != version {
        return Err(TeamError::Stale);
    }
    store::declare(tx, person, version + 1, &body)?.ok_or(TeamError::Stale)
}

/// Says what somebody of the team covers and how many hours a week they have; `version` is the one that was read, 0 where
/// nothing was said before.
pub fn place(
    tx: &mut Tx<'_>,
    person: PersonId,
    version: i32,
    input: &PlaceInput,
) -> Result<TeamPlace, TeamError> {
    let fields = input.checked()?;
    // Whoever sells has a place; nobody else is found here.
    colleagues::check::<TeamError>(tx, "person_id", person).map_err(|error| match error {
        TeamError::Invalid(_) => DbError::NotFound.into(),
        other => other,
    })?;
    store::place(tx, person, version, &fields)?.ok_or(TeamError::Stale)
}
