//! Findings (課題): what the team or an adviser found wanting, with what shows it, who sees to it by when, what was decided,
//! until somebody says that it is settled.
//!
//! Invariant: what is settled comes back only by being opened again
//! (`what_is_settled_comes_back_only_by_being_opened_again`, and the table's CHECKs).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

pub(crate) use lists::find_many;
pub use lists::{FindingKey, count, find, list, of_session, open_count, unsettled};
pub use model::{
    Decision, DecisionInput, Finding, FindingId, FindingInput, FindingKind, FindingState, FindingStatus,
};

use crate::{advice, team};
use model::Step;

/// Why a finding was not written, decided or settled.
#[derive(Debug, thiserror::Error)]
pub enum FindingError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is settled already, or somebody changed it since it was read.
    #[error("the finding was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for FindingError {
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

fn acting(tx: &Tx<'_>) -> Result<PersonId, DbError> {
    tx.actor().person().ok_or(DbError::NotFound)
}

/// Writes down what is wanting.
pub fn raise(tx: &mut Tx<'_>, input: &FindingInput) -> Result<Finding, FindingError> {
    let fields = input.checked()?;
    let person = acting(tx)?;
    team::check_owner::<FindingError>(tx, fields.owner_id)?;
    if let Some(session) = fields.session_id {
        match advice::find(tx, session) {
            Ok(_found) => {}
            Err(DbError::NotFound) => return Err(Invalid::field("session_id", Code::UnknownChoice).into()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(store::insert(tx, person, &fields)?)
}

/// Corrects what is wanting, what shows it, who sees to it and by when; every field is written.
pub fn correct(
    tx: &mut Tx<'_>,
    id: FindingId,
    version: i32,
    input: &FindingInput,
) -> Result<Finding, FindingError> {
    let current = at_version(tx, id, version)?;
    if current.state.status() == FindingStatus::Settled {
        return Err(FindingError::Stale);
    }
    let fields = input.checked()?;
    team::check_owner::<FindingError>(tx, fields.owner_id.filter(|owner| Some(*owner) != current.owner_id))?;
    store::update(tx, (id, version), &fields)?.ok_or(FindingError::Stale)
}

/// It is decided what is done about it.
pub fn decide(
    tx: &mut Tx<'_>,
    id: FindingId,
    version: i32,
    input: &DecisionInput,
) -> Result<Finding, FindingError> {
    let decision = input.checked()?;
    let person = acting(tx)?;
    step(tx, id, version, Step::Decide, Some((decision, person)))
}

/// It is wanting no more.
pub fn settle(tx: &mut Tx<'_>, id: FindingId, version: i32) -> Result<Finding, FindingError> {
    step(tx, id, version, Step::Settle, None)
}

/// It is wanting after all, and what was decided did not help.
pub fn reopen(tx: &mut Tx<'_>, id: FindingId, version: i32) -> Result<Finding, FindingError> {
    step(tx, id, version, Step::Reopen, None)
}

fn step(
    tx: &mut Tx<'_>,
    id: FindingId,
    version: i32,
    step: Step,
    decision: Option<(String, PersonId)>,
) -> Result<Finding, FindingError> {
    let current = at_version(tx, id, version)?;
    let next = current.state.status().after(step).ok_or(FindingError::Stale)?;
    store::stand(tx, (id, version), next, decision)?.ok_or(FindingError::Stale)
}

fn at_version(tx: &mut Tx<'_>, id: FindingId, version: i32) -> Result<Finding, FindingError> {
    let found = find(tx, id)?;
    if found.version == version { Ok(found) } else { Err(FindingError::Stale) }
}
