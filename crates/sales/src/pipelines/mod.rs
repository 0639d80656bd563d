//! Pipelines (商談の流れ): the ways a town sells, each with stages of its own.
//!
//! Invariants: a town that sells has at least one pipeline in use, and no pipeline is archived while a deal is open in
//! it (`a_pipeline_with_open_deals_and_the_last_one_stay_in_use`), be it opened at that very moment
//! (`no_deal_comes_into_a_pipeline_that_is_archived_at_that_moment`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

pub use lists::{chosen, find, in_use, list};
pub use model::{Pipeline, PipelineId, PipelineInput};
pub(crate) use store::keep_in_use;

use crate::stages;

/// Why a pipeline was not added, changed or archived.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Deals are open or dormant in it; move them to another pipeline first.
    #[error("{0} deals are still in the pipeline")]
    InUse(i64),
    /// A town keeps one pipeline at least.
    #[error("the town's last pipeline")]
    Last,
    /// Somebody changed it since it was read.
    #[error("the pipeline was changed meanwhile")]
    Stale,
    /// The database failed, or this town has no such pipeline.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for PipelineError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::InUse(_) => Code::PipelineInUse,
            Self::Last => Code::LastPipeline,
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

/// Gives a town that has no pipeline its first, with the usual seven stages; a town that has one keeps it as it is.
pub fn install_usual(tx: &mut Tx<'_>) -> Result<(), DbError> {
    if list(tx)?.is_empty() {
        let pipeline = store::insert(tx, model::USUAL)?;
        stages::install_usual(tx, pipeline.id)?;
    }
    Ok(())
}

/// Adds a pipeline after the others, with the stages of the one it is modelled on, or the usual seven.
pub fn add(tx: &mut Tx<'_>, input: &PipelineInput) -> Result<Pipeline, PipelineError> {
    let fields = input.checked()?;
    let like = match fields.like {
        Some(like) => Some(known(tx, like)?),
        None => None,
    };
    is_free(tx, &fields.name, None)?;
    let pipeline = store::insert(tx, &fields.name).map_err(taken)?;
    match like {
        Some(like) => stages::copy(tx, like.id, pipeline.id)?,
        None => stages::install_usual(tx, pipeline.id)?,
    }
    Ok(pipeline)
}

/// Renames a pipeline that was read at `version`.
pub fn rename(
    tx: &mut Tx<'_>,
    id: PipelineId,
    version: i32,
    input: &PipelineInput,
) -> Result<Pipeline, PipelineError> {
    let fields = input.checked()?;
    find(tx, id)?;
    is_free(tx, &fields.name, Some(id))?;
    store::rename(tx, id, version, &fields.name).map_err(taken)?.ok_or(PipelineError::Stale)
}

/// Takes a pipeline out of use: no board shows it and no deal goes there; what was won and lost in it stays counted.
pub fn archive(tx: &mut Tx<'_>, id: PipelineId, version: i32) -> Result<Pipeline, PipelineError> {
    let pipeline = find(tx, id)?;
    if pipeline.archived_at.is_some() {
        return Ok(pipeline);
    }
    // Held, so that two who archive the last two pipelines at once do not leave none.
    let used = store::hold_all(tx)?;
    if !used.iter().any(|other| *other != id) {
        return Err(PipelineError::Last);
    }
    let deals = lists::deals_in(tx, id)?;
    if deals > 0 {
        return Err(PipelineError::InUse(deals));
    }
    let now = tx.now();
    store::archive(tx, id, version, Some(now))?.ok_or(PipelineError::Stale)
}

/// Takes an archived pipeline into use again.
pub fn restore(tx: &mut Tx<'_>, id: PipelineId, version: i32) -> Result<Pipeline, PipelineError> {
    find(tx, id)?;
    store::archive(tx, id, version, None)?.ok_or(PipelineError::Stale)
}

/// Remembers which pipeline's board a person looks at.
pub fn choose(tx: &mut Tx<'_>, person: PersonId, id: PipelineId) -> Result<Pipeline, PipelineError> {
    let pipeline = find(tx, id)?;
    if pipeline.archived_at.is_some() {
        return Err(DbError::NotFound.into());
    }
    store::choose(tx, person, id)?;
    Ok(pipeline)
}

fn known(tx: &mut Tx<'_>, id: PipelineId) -> Result<Pipeline, PipelineError> {
    match find(tx, id) {
        Err(DbError::NotFound) => Err(Invalid::field("like", Code::UnknownChoice).into()),
        found => Ok(found?),
    }
}

/// A name that somebody else gave at this very moment.
fn taken(error: DbError) -> PipelineError {
    if error.violates("pipelines_name") {
        return Invalid::field("name", Code::Taken).into();
    }
    error.into()
}

fn is_free(tx: &mut Tx<'_>, name: &str, own: Option<PipelineId>) -> Result<(), PipelineError> {
    let taken = list(tx)?.into_iter().any(|other| other.name == name && Some(other.id) != own);
    if taken { Err(Invalid::field("name", Code::Taken).into()) } else { Ok(()) }
}
