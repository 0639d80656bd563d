//! Rows and writes of `stages`.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::BoardStageId;

use super::model::{Requirement, Stage, StageFields, StageKind, USUAL};
use crate::schema::stages;

#[derive(Queryable, Selectable)]
#[diesel(table_name = stages)]
pub(super) struct StageRow {
    id: BoardStageId,
    name: String,
    position: i16,
    kind: StageKind,
    probability: i16,
    idle_days: i16,
    requires: Vec<Requirement>,
    version: i32,
}

impl From<StageRow> for Stage {
    fn from(row: StageRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            position: row.position,
            kind: row.kind,
            probability: row.probability,
            idle_days: row.idle_days,
            requires: row.requires,
            version: row.version,
        }
    }
}

pub(super) fn insert_usual(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let rows: Vec<_> = (1i16..)
        .zip(&USUAL)
        .map(|(position, usual)| {
            (
                stages::name.eq(usual.name),
                stages::position.eq(position),
                stages::kind.eq(usual.kind),
                stages::probability.eq(usual.probability),
                stages::requires.eq(usual.requires),
            )
        })
        .collect();
    diesel::insert_into(stages::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// `None` when the row is no longer at `version`.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: BoardStageId,
    version: i32,
    fields: &StageFields,
) -> Result<Option<Stage>, DbError> {
    let guarded = stages::table.filter(stages::id.eq(id)).filter(stages::version.eq(version));
    let row = diesel::update(guarded)
        .set((
            stages::name.eq(&fields.name),
            stages::probability.eq(fields.probability),
            stages::idle_days.eq(fields.idle_days),
            stages::requires.eq(&fields.requires),
            stages::version.eq(version + 1),
        ))
        .returning(StageRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Stage::from))
}
