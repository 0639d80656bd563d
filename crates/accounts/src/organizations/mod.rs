//! Towns (団体): opening one, its settings, and the directory that is read before any town is known.
//!
//! Invariant: a real town is opened with an administrator who can get in, or not at all (test
//! `a_town_is_there_with_its_administrator_or_not_at_all`).

mod lists;
mod model;
mod opening;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Lobby, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, OrganizationId};

pub use lists::{DEMO_NEIGHBOUR, TownEntry, by_slug, days_of_year, directory, find, fiscal_year};
pub use model::{NewTown, Organization, SettingsInput, TownKind};
pub use opening::{FirstKey, Opened, OpeningError, check_opening, open_first, open_with_admin};

/// Why a town was not opened or its settings not changed.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationError {
    /// Fields that cannot be accepted, among them a slug that another town has; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody changed the settings since they were read.
    #[error("the settings were changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for OrganizationError {
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

/// Opens a town without anybody in it: for the demo, whose people arrive one by one, and for
/// [`open_with_admin`], through which every real town comes to be.
pub fn open(
    lobby: &mut Lobby<'_>,
    kind: TownKind,
    input: &NewTown,
) -> Result<OrganizationId, OrganizationError> {
    let fields = input.checked()?;
    store::open(lobby, kind, &fields).map_err(|error| {
        if error.violates("organizations_slug_key") {
            Invalid::field("slug", Code::Taken).into()
        } else {
            error.into()
        }
    })
}

/// Changes the settings of the scope's own town, read at `version`.
pub fn change_settings(
    tx: &mut Tx<'_>,
    version: i32,
    input: &SettingsInput,
) -> Result<Organization, OrganizationError> {
    let fields = input.checked()?;
    store::update(tx, version, &fields)?.ok_or(OrganizationError::Stale)
}
