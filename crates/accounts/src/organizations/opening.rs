//! A real town begins together with its first administrator, in one transaction: a town that nobody can enter could
//! not be mended from any page.

use std::collections::BTreeSet;

use db::{DbError, Lobby};
use kernel::{Code, Coded, FieldProblem, Invalid, OrganizationId, PersonId, RequestId, Scope};

use super::{NewTown, OrganizationError, TownKind, directory, open, store};
use crate::invitations::{self, InvitationError};
use crate::passwords::PasswordHash;
use crate::persons::{self, PersonError, PersonInput};
use crate::{LinkKey, OrgSecret, Role};

/// How the first administrator gets in.
#[derive(Debug, Clone, Copy)]
pub enum FirstKey<'a> {
    /// With the password they have just chosen.
    Password(&'a PasswordHash),
    /// With a link that lets them choose one, made with this key.
    Invitation(&'a LinkKey),
}

/// A town that has just been opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The town.
    pub organization: OrganizationId,
    /// Its first administrator.
    pub admin: PersonId,
    /// The invitation's secret, where that is their key: so that whoever opens the town can hand it over.
    pub invitation: Option<OrgSecret>,
}

/// Why a town was not opened; nothing of it is there.
#[derive(Debug, thiserror::Error)]
pub enum OpeningError {
    /// The town itself: its fields, or a slug that another town has.
    #[error(transparent)]
    Organization(#[from] OrganizationError),
    /// Its administrator.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// There is a real town already, and this was to be the first.
    #[error("a town was opened already")]
    NotFirst,
    /// Their invitation.
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for OpeningError {
    fn code(&self) -> Code {
        match self {
            Self::Organization(error) => error.code(),
            Self::Person(error) => error.code(),
            Self::NotFirst => Code::NotEmpty,
            Self::Invitation(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Organization(error) => error.fields(),
            Self::Person(error) => error.fields(),
            Self::NotFirst => &[],
            Self::Invitation(error) => error.fields(),
            Self::Db(error) => error.fields(),
        }
    }
}

/// Reports every problem of a town and its first administrator at once: for whoever has something slow to do (a hash)
/// before [`open_with_admin`], which asks again.
pub fn check_opening(town: &NewTown, admin: &PersonInput) -> Result<(), Invalid> {
    let mut problems = town.checked().err().unwrap_or_default().0;
    let of_the_admin = admin.checked().err().unwrap_or_default().0;
    // Both have a language; one form has one field for it.
    problems.extend(of_the_admin.into_iter().filter(|problem| problem.field != "language"));
    if admin.email.as_str().trim().is_empty() {
        problems.push(FieldProblem::new("email", Code::Required));
    }
    if problems.is_empty() { Ok(()) } else { Err(Invalid(problems)) }
}

/// [`open_with_admin`] for the page of the very first start: of two that come at once, one opens the town and the other
/// is told so, because whoever opens holds a lock until the end of the transaction.
pub fn open_first(
    lobby: &mut Lobby<'_>,
    request: RequestId,
    town: &NewTown,
    admin: &PersonInput,
    key: FirstKey<'_>,
) -> Result<Opened, OpeningError> {
    store::hold_opening(lobby)?;
    if directory(lobby)?.iter().any(|town| town.kind == TownKind::Real) {
        return Err(OpeningError::NotFirst);
    }
    open_with_admin(lobby, request, town, admin, key)
}

/// Opens a real town and gives it an administrator who can get in. What else belongs to its beginning follows in the
/// same transaction, through [`Lobby::enter`].
pub fn open_with_admin(
    lobby: &mut Lobby<'_>,
    request: RequestId,
    town: &NewTown,
    admin: &PersonInput,
    key: FirstKey<'_>,
) -> Result<Opened, OpeningError> {
    check_opening(town, admin).map_err(OrganizationError::from)?;
    let organization = open(lobby, TownKind::Real, town)?;
    let scope = Scope { request, ..Scope::system(organization) };
    lobby.enter(scope, |tx| {
        let person = persons::add(tx, admin)?;
        let person = persons::set_roles(tx, person.id, &BTreeSet::from([Role::Admin]))?;
        let invitation = match key {
            FirstKey::Password(hash) => {
                persons::set_password(tx, person.id, hash)?;
                None
            }
            FirstKey::Invitation(key) => Some(invitations::invite(tx, key, person.id)?),
        };
        Ok(Opened { organization, admin: person.id, invitation })
    })
}
