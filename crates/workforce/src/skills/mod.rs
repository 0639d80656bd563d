//! Skills (スキル): what the town asks for, who has them and how long they count.
//!
//! Invariant: a skill counts up to and including its last day.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, WorkerId};

pub use lists::{eligible, eligible_worker, find, fitness, list, of_worker};
pub use model::{Fitness, GrantInput, Skill, SkillId, SkillInput, WorkerBrief, WorkerFitness, WorkerSkill};

/// Why a skill was not entered, granted or revoked.
#[derive(Debug, thiserror::Error)]
pub enum SkillError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The town has a skill of this name.
    #[error("a skill of this name exists already")]
    NameTaken,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for SkillError {
    fn from(error: DbError) -> Self {
        if error.violates("skills_name") { Self::NameTaken } else { Self::Db(error) }
    }
}

impl Coded for SkillError {
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

/// Enters a skill.
pub fn add(tx: &mut Tx<'_>, input: SkillInput) -> Result<Skill, SkillError> {
    let name = input.checked()?;
    Ok(store::insert(tx, &name)?)
}

/// Renames a skill; who has it keeps it.
pub fn rename(tx: &mut Tx<'_>, id: SkillId, input: SkillInput) -> Result<Skill, SkillError> {
    let name = input.checked()?;
    Ok(store::rename(tx, id, &name)?)
}

/// Grants a worker a skill, or gives the one they have another level or last day.
pub fn grant(tx: &mut Tx<'_>, worker: WorkerId, skill: SkillId, input: GrantInput) -> Result<(), SkillError> {
    let (level, expires_on) = input.checked()?;
    let (worker, skill) = (crate::workers::find(tx, worker)?, find(tx, skill)?);
    Ok(store::grant(tx, worker.id, skill.id, level, expires_on)?)
}

/// Takes a skill away again; [`DbError::NotFound`] where the worker has not got it.
pub fn revoke(tx: &mut Tx<'_>, worker: WorkerId, skill: SkillId) -> Result<(), SkillError> {
    Ok(store::revoke(tx, worker, skill)?)
}
