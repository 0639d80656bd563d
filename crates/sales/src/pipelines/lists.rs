//! Reading pipelines: all of a town, those in use, the one whose board a person looks at.

use db::{DbError, Tx};
use diesel::dsl::count_star;
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{Pipeline, PipelineId};
use super::store::PipelineRow;
use crate::deals::DealStatus;
use crate::schema::{board_choices, deals, pipelines, stages};

/// One pipeline; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: PipelineId) -> Result<Pipeline, DbError> {
    let row: PipelineRow =
        pipelines::table.filter(pipelines::id.eq(id)).select(PipelineRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Every pipeline of the town in their order, archived ones too. A town has a handful, so they come in one piece.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Pipeline>, DbError> {
    let rows: Vec<PipelineRow> = pipelines::table
        .order((pipelines::position, pipelines::id))
        .select(PipelineRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Pipeline::from).collect())
}

/// Those in use, in their order.
pub fn in_use(tx: &mut Tx<'_>) -> Result<Vec<Pipeline>, DbError> {
    Ok(list(tx)?.into_iter().filter(|pipeline| pipeline.archived_at.is_none()).collect())
}

/// The pipeline whose board a person looked at last, or the first; `None` in a town that has none in use.
pub fn chosen(tx: &mut Tx<'_>, person: Option<PersonId>) -> Result<Option<Pipeline>, DbError> {
    let mut used = in_use(tx)?;
    let remembered: Option<PipelineId> = match person {
        Some(person) => board_choices::table
            .filter(board_choices::person_id.eq(person))
            .select(board_choices::pipeline_id)
            .first(tx.conn())
            .optional()?,
        None => None,
    };
    let at = used.iter().position(|pipeline| Some(pipeline.id) == remembered).unwrap_or_default();
    Ok(if used.is_empty() { None } else { Some(used.swap_remove(at)) })
}

/// How many deals of a pipeline are open or dormant: those that somebody may still work on in it.
pub(super) fn deals_in(tx: &mut Tx<'_>, id: PipelineId) -> Result<i64, DbError> {
    let of_pipeline = stages::table.filter(stages::pipeline_id.eq(id)).select(stages::id);
    Ok(deals::table
        .filter(deals::stage_id.eq_any(of_pipeline))
        .filter(deals::state.eq_any([DealStatus::Open, DealStatus::Dormant]))
        .select(count_star())
        .first(tx.conn())?)
}
