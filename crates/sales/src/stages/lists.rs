//! Reading stages: all of them from the left, one, the first of a kind.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::BoardStageId;

use super::model::{Stage, StageKind};
use super::store::StageRow;
use crate::schema::stages;

/// One stage; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: BoardStageId) -> Result<Stage, DbError> {
    let row: StageRow =
        stages::table.filter(stages::id.eq(id)).select(StageRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// The board's columns from the left. A town has a handful, so they come in one piece.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Stage>, DbError> {
    let rows: Vec<StageRow> =
        stages::table.order(stages::position).select(StageRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Stage::from).collect())
}

/// The leftmost stage of `kind`: where deals begin, where won deals go, where lost ones go.
pub(crate) fn first(tx: &mut Tx<'_>, kind: StageKind) -> Result<Option<Stage>, DbError> {
    let row: Option<StageRow> = stages::table
        .filter(stages::kind.eq(kind))
        .order(stages::position)
        .select(StageRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Stage::from))
}

pub(super) fn id_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<BoardStageId>, DbError> {
    let id = stages::table.filter(stages::name.eq(name)).select(stages::id).first(tx.conn()).optional()?;
    Ok(id)
}
