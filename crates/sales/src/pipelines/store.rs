//! Rows and writes of `pipelines` and `board_choices`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{Pipeline, PipelineId};
use crate::schema::{board_choices, pipelines};

#[derive(Queryable, Selectable)]
#[diesel(table_name = pipelines)]
pub(super) struct PipelineRow {
    id: PipelineId,
    name: String,
    position: i16,
    archived_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<PipelineRow> for Pipeline {
    fn from(row: PipelineRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            position: row.position,
            archived_at: row.archived_at,
            version: row.version,
        }
    }
}

/// A new one after all others.
pub(super) fn insert(tx: &mut Tx<'_>, name: &str) -> Result<Pipeline, DbError> {
    let now = tx.now();
    let last: Option<i16> = pipelines::table.select(max(pipelines::position)).first(tx.conn())?;
    let row: PipelineRow = diesel::insert_into(pipelines::table)
        .values((
            pipelines::name.eq(name),
            pipelines::position.eq(last.unwrap_or_default().saturating_add(1)),
            pipelines::created_at.eq(now),
        ))
        .returning(PipelineRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` when the row is no longer at `version`.
pub(super) fn rename(
    tx: &mut Tx<'_>,
    id: PipelineId,
    version: i32,
    name: &str,
) -> Result<Option<Pipeline>, DbError> {
    let guarded = pipelines::table.filter(pipelines::id.eq(id)).filter(pipelines::version.eq(version));
    let row: Option<PipelineRow> = diesel::update(guarded)
        .set((pipelines::name.eq(name), pipelines::version.eq(version + 1)))
        .returning(PipelineRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Pipeline::from))
}

/// `None` when the row is no longer at `version`.
pub(super) fn archive(
    tx: &mut Tx<'_>,
    id: PipelineId,
    version: i32,
    at: Option<DateTime<Utc>>,
) -> Result<Option<Pipeline>, DbError> {
    let guarded = pipelines::table.filter(pipelines::id.eq(id)).filter(pipelines::version.eq(version));
    let row: Option<PipelineRow> = diesel::update(guarded)
        .set((pipelines::archived_at.eq(at), pipelines::version.eq(version + 1)))
        .returning(PipelineRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Pipeline::from))
}

/// The pipelines in use, which nobody else changes until this transaction ends.
pub(super) fn hold_all(tx: &mut Tx<'_>) -> Result<Vec<PipelineId>, DbError> {
    Ok(pipelines::table
        .filter(pipelines::archived_at.is_null())
        .order(pipelines::id)
        .select(pipelines::id)
        .for_no_key_update()
        .load(tx.conn())?)
}

/// Whether a pipeline is in use; if so, nobody archives it until this transaction ends.
pub(crate) fn keep_in_use(tx: &mut Tx<'_>, id: PipelineId) -> Result<bool, DbError> {
    let used = pipelines::table.filter(pipelines::id.eq(id)).filter(pipelines::archived_at.is_null());
    let kept: Option<PipelineId> = used.select(pipelines::id).for_share().first(tx.conn()).optional()?;
    Ok(kept.is_some())
}

pub(super) fn choose(tx: &mut Tx<'_>, person: PersonId, id: PipelineId) -> Result<(), DbError> {
    diesel::insert_into(board_choices::table)
        .values((board_choices::person_id.eq(person), board_choices::pipeline_id.eq(id)))
        .on_conflict((board_choices::organization_id, board_choices::person_id))
        .do_update()
        .set(board_choices::pipeline_id.eq(id))
        .execute(tx.conn())?;
    Ok(())
}
