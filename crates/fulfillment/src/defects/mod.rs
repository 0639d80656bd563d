//! Kinds of defect (不具合の種類): what a town calls what reviewers find, and how grave each is.
//!
//! Invariant: what was found under a kind keeps the severity it had then
//! (`a_kind_that_is_made_graver_leaves_what_was_found_as_it_was`); a kind is retired and never deleted; reading makes none
//! (`a_town_begins_with_the_usual_kinds_and_makes_them_its_own`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid};

pub use lists::{kinds, list};
pub use model::{DefectKind, DefectKindId, DefectKindInput, Severity};
pub(crate) use store::insert_usual;

/// Why a kind was not entered or changed.
#[derive(Debug, thiserror::Error)]
pub enum DefectError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The town has a kind of this name, in use or retired.
    #[error("a kind of this name exists already")]
    NameTaken,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for DefectError {
    fn from(error: DbError) -> Self {
        if error.violates("defect_kinds_named_once") { Self::NameTaken } else { Self::Db(error) }
    }
}

impl Coded for DefectError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NameTaken => Code::Taken,
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

/// Enters a kind.
pub fn add(tx: &mut Tx<'_>, input: &DefectKindInput) -> Result<DefectKind, DefectError> {
    let (name, severity) = input.checked()?;
    insert_usual(tx)?;
    Ok(store::insert(tx, &name, severity)?)
}

/// Gives a kind another name or severity; what was found before stays as grave as it was.
pub fn change(tx: &mut Tx<'_>, id: DefectKindId, input: &DefectKindInput) -> Result<DefectKind, DefectError> {
    let (name, severity) = input.checked()?;
    Ok(store::update(tx, id, &name, severity)?)
}

/// Takes a kind out of use; what was found under it stays.
pub fn retire(tx: &mut Tx<'_>, id: DefectKindId) -> Result<DefectKind, DefectError> {
    let now = tx.now();
    Ok(store::set_retired(tx, id, Some(now))?)
}

/// Takes a retired kind into use again.
pub fn restore(tx: &mut Tx<'_>, id: DefectKindId) -> Result<DefectKind, DefectError> {
    Ok(store::set_retired(tx, id, None)?)
}
