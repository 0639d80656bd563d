//! Reading stages: all of them from the left, those of a pipeline, one, the first of a kind.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::BoardStageId;

use super::model::{Stage, StageKind};
use super::store::StageRow;
use crate::pipelines::PipelineId;
use crate::schema::{pipelines, stage_steps, stages};

/// One stage; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: BoardStageId) -> Result<Stage, DbError> {
    list(tx)?.into_iter().find(|stage| stage.id == id).ok_or(DbError::NotFound)
}

/// Every stage of the town, pipeline after pipeline, each from the left: the open ones, then won and lost. A town has
/// a handful, so they come in one piece.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Stage>, DbError> {
    Ok(ever(tx)?.into_iter().filter(|stage| stage.removed_at.is_none()).collect())
}

/// The same with those that were taken away: what histories name.
pub fn ever(tx: &mut Tx<'_>) -> Result<Vec<Stage>, DbError> {
    let rows: Vec<(i16, StageRow)> = stages::table
        .inner_join(pipelines::table.on(pipelines::id.eq(stages::pipeline_id)))
        .select((pipelines::position, StageRow::as_select()))
        .load(tx.conn())?;
    let named: Vec<BoardStageId> =
        rows.iter().filter(|(_, row)| row.steps_named).map(|(_, row)| row.id).collect();
    let mut steps = steps_of(tx, &named)?;
    let mut found: Vec<(i16, Stage)> =
        rows.into_iter().map(|(position, row)| (position, row.read(&mut steps))).collect();
    found.sort_by_key(|(pipeline, stage)| (*pipeline, stage.pipeline_id, stage.kind, stage.position));
    Ok(found.into_iter().map(|(_, stage)| stage).collect())
}

/// The columns of a pipeline's board from the left.
pub fn of_pipeline(tx: &mut Tx<'_>, pipeline: PipelineId) -> Result<Vec<Stage>, DbError> {
    Ok(list(tx)?.into_iter().filter(|stage| stage.pipeline_id == pipeline).collect())
}

/// The leftmost stage of `kind` in a pipeline: where deals begin, where won deals go, where lost ones go.
pub(crate) fn first(
    tx: &mut Tx<'_>,
    pipeline: PipelineId,
    kind: StageKind,
) -> Result<Option<Stage>, DbError> {
    Ok(of_pipeline(tx, pipeline)?.into_iter().find(|stage| stage.kind == kind))
}

/// Which stages are named to follow each of these; nothing is asked where no stage names any.
fn steps_of(
    tx: &mut Tx<'_>,
    named: &[BoardStageId],
) -> Result<HashMap<BoardStageId, Vec<BoardStageId>>, DbError> {
    let mut steps: HashMap<BoardStageId, Vec<BoardStageId>> = HashMap::new();
    if named.is_empty() {
        return Ok(steps);
    }
    let rows: Vec<(BoardStageId, BoardStageId)> = stage_steps::table
        .filter(stage_steps::stage_id.eq_any(named))
        .order((stage_steps::stage_id, stage_steps::next_id))
        .select((stage_steps::stage_id, stage_steps::next_id))
        .load(tx.conn())?;
    for (stage, next) in rows {
        steps.entry(stage).or_default().push(next);
    }
    Ok(steps)
}
