//! The columns of a pipeline's board (段階): a town's own data.
//!
//! Invariants: the kind decides what a stage does, never its name, and a stage's kind never changes; where a stage names
//! the stages that may follow it, no move goes elsewhere (`no_deal_goes_where_the_towns_rules_do_not_let_it`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use db::{DbError, Tx};
use kernel::{BoardStageId, Code, Coded, FieldProblem, Invalid};

use model::StageFields;

pub(crate) use lists::first;
pub use lists::{find, list, of_pipeline};
pub use model::{Requirement, Stage, StageInput, StageKind, Steps};

use crate::pipelines::{self, PipelineId};

/// Why a stage was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody changed it since it was read.
    #[error("the stage was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for StageError {
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

/// Gives a pipeline that has no stages yet the usual seven.
pub(crate) fn install_usual(tx: &mut Tx<'_>, pipeline: PipelineId) -> Result<(), DbError> {
    store::insert_usual(tx, pipeline)
}

/// Gives a pipeline that has no stages yet those of another, with their steps.
pub(crate) fn copy(tx: &mut Tx<'_>, from: PipelineId, into: PipelineId) -> Result<(), DbError> {
    let stages = of_pipeline(tx, from)?;
    let mut copies = HashMap::new();
    for stage in &stages {
        copies.insert(stage.id, store::insert_like(tx, into, stage)?);
    }
    for stage in &stages {
        if let (Some(next), Some(copy)) = (&stage.next, copies.get(&stage.id)) {
            let next = next.iter().filter_map(|next| copies.get(next).copied()).collect();
            store::name_steps(tx, *copy, &next)?;
        }
    }
    Ok(())
}

/// Adds an open stage to a pipeline, right of its other open ones.
pub fn add(tx: &mut Tx<'_>, pipeline: PipelineId, input: &StageInput) -> Result<Stage, StageError> {
    let pipeline = pipelines::find(tx, pipeline)?.id;
    let fields = input.checked(StageKind::Open)?;
    may_be(tx, pipeline, None, &fields)?;
    let id = store::insert(tx, pipeline, &fields).map_err(overtaken)?;
    if let Some(next) = &fields.next {
        store::name_steps(tx, id, next)?;
    }
    Ok(find(tx, id)?)
}

/// Changes the name, the probability, the idle days, the requirements or the steps of a stage that was read at
/// `version`.
pub fn change(
    tx: &mut Tx<'_>,
    id: BoardStageId,
    version: i32,
    input: &StageInput,
) -> Result<Stage, StageError> {
    let current = find(tx, id)?;
    let fields = input.checked(current.kind)?;
    may_be(tx, current.pipeline_id, Some(id), &fields)?;
    if !store::update(tx, id, version, &fields).map_err(overtaken)? {
        return Err(StageError::Stale);
    }
    store::name_steps(tx, id, &fields.next.unwrap_or_default())?;
    Ok(find(tx, id)?)
}

/// A name or a place that somebody else's stage took at this very moment.
fn overtaken(error: DbError) -> StageError {
    if error.violates("stages_name") {
        return Invalid::field("name", Code::Taken).into();
    }
    if error.violates("stages_position") { StageError::Stale } else { error.into() }
}

/// Two stages of a pipeline never share a name, and only its other open stages follow one.
fn may_be(
    tx: &mut Tx<'_>,
    pipeline: PipelineId,
    own: Option<BoardStageId>,
    fields: &StageFields,
) -> Result<(), StageError> {
    let mut others = of_pipeline(tx, pipeline)?;
    others.retain(|stage| Some(stage.id) != own);
    if others.iter().any(|other| other.name == fields.name) {
        return Err(Invalid::field("name", Code::Taken).into());
    }
    let is_open = |id: &BoardStageId| others.iter().any(|one| one.id == *id && one.kind == StageKind::Open);
    if fields.next.iter().flatten().all(is_open) {
        Ok(())
    } else {
        Err(Invalid::field("next", Code::UnknownChoice).into())
    }
}
