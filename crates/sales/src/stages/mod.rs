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
pub use lists::{ever, find, list, of_pipeline};
pub use model::{RemoveInput, Requirement, ShiftInput, Stage, StageInput, StageKind, Steps, Way};

use crate::deals;
use crate::pipelines::{self, PipelineId};

/// Why a stage was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Won and lost stages keep their places, and a pipeline keeps one open stage at least.
    #[error("the stage stays where it is")]
    Stays,
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
            Self::Stays => Code::StageStays,
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

/// Moves an open stage that was read at `version` by one place among the open ones of its pipeline; at the end it stays.
pub fn shift(
    tx: &mut Tx<'_>,
    id: BoardStageId,
    version: i32,
    input: &ShiftInput,
) -> Result<Stage, StageError> {
    let way = input.checked()?;
    let stage = find(tx, id)?;
    let open = open_of(tx, stage.pipeline_id)?;
    let at = open.iter().position(|one| one.id == id).ok_or(StageError::Stays)?;
    let beside = match way {
        Way::Left => at.checked_sub(1).and_then(|at| open.get(at)),
        Way::Right => open.get(at + 1),
    };
    let Some(beside) = beside else { return Ok(stage) };
    if !store::swap(tx, &stage, beside, version).map_err(overtaken)? {
        return Err(StageError::Stale);
    }
    tx.raise(deals::BOARD);
    Ok(find(tx, id)?)
}

/// Takes an open stage that was read at `version` away, in one piece with moving its deals to another open stage of its
/// pipeline. What the other stage asks for does not count: the deals have to be somewhere. What it led to, and where its
/// deals went, follows the stages that named it from here on: none of them becomes a dead end. Answers how many moved.
pub fn remove(
    tx: &mut Tx<'_>,
    id: BoardStageId,
    version: i32,
    input: &RemoveInput,
) -> Result<usize, StageError> {
    let into = input.checked()?;
    let stage = find(tx, id)?;
    let mut others = open_of(tx, stage.pipeline_id)?;
    others.retain(|one| one.id != id);
    if stage.kind != StageKind::Open || others.is_empty() {
        return Err(StageError::Stays);
    }
    if into.is_some_and(|into| !others.iter().any(|one| one.id == into)) {
        return Err(Invalid::field("into", Code::UnknownChoice).into());
    }
    // No deal comes to it from here on, and the other is not taken away at the same time.
    if !store::hold(tx, id, version)? {
        return Err(StageError::Stale);
    }
    let moved = match into {
        Some(into) if store::keep(tx, into)? => deals::move_stage(tx, id, into)?,
        Some(_) => return Err(Invalid::field("into", Code::UnknownChoice).into()),
        None if deals::count_in(tx, id)? > 0 => return Err(Invalid::field("into", Code::Required).into()),
        None => 0,
    };
    let led_to = find(tx, id)?.next.unwrap_or_else(|| others.iter().map(|one| one.id).collect());
    store::remove(tx, id, &led_to.into_iter().chain(into).collect())?;
    Ok(moved)
}

/// How many deals are open or dormant in a stage.
pub fn deals_in(tx: &mut Tx<'_>, id: BoardStageId) -> Result<i64, DbError> {
    deals::count_in(tx, id)
}

/// Whether a stage stands; it is not taken away until this transaction ends.
pub(crate) fn keep(tx: &mut Tx<'_>, id: BoardStageId) -> Result<bool, DbError> {
    store::keep(tx, id)
}

fn open_of(tx: &mut Tx<'_>, pipeline: PipelineId) -> Result<Vec<Stage>, DbError> {
    Ok(of_pipeline(tx, pipeline)?.into_iter().filter(|stage| stage.kind == StageKind::Open).collect())
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
