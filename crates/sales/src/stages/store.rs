//! Rows and writes of `stages` and `stage_steps`.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use kernel::BoardStageId;

use super::model::{Requirement, Stage, StageFields, StageKind, USUAL};
use crate::pipelines::PipelineId;
use crate::schema::{stage_steps, stages};

#[derive(Queryable, Selectable)]
#[diesel(table_name = stages)]
pub(super) struct StageRow {
    pub(super) id: BoardStageId,
    pipeline_id: PipelineId,
    name: String,
    position: i16,
    kind: StageKind,
    probability: i16,
    idle_days: i16,
    requires: Vec<Requirement>,
    pub(super) steps_named: bool,
    version: i32,
    removed_at: Option<DateTime<Utc>>,
}

impl StageRow {
    /// With the stages that are named to follow it.
    pub(super) fn read(self, steps: &mut HashMap<BoardStageId, Vec<BoardStageId>>) -> Stage {
        Stage {
            next: self.steps_named.then(|| steps.remove(&self.id).unwrap_or_default()),
            id: self.id,
            pipeline_id: self.pipeline_id,
            name: self.name,
            position: self.position,
            kind: self.kind,
            probability: self.probability,
            idle_days: self.idle_days,
            requires: self.requires,
            version: self.version,
            removed_at: self.removed_at,
        }
    }
}

pub(super) fn insert_usual(tx: &mut Tx<'_>, pipeline: PipelineId) -> Result<(), DbError> {
    let now = tx.now();
    let rows: Vec<_> = (1i16..)
        .zip(&USUAL)
        .map(|(position, usual)| {
            (
                stages::pipeline_id.eq(pipeline),
                stages::name.eq(usual.name),
                stages::position.eq(position),
                stages::kind.eq(usual.kind),
                stages::probability.eq(usual.probability),
                stages::requires.eq(usual.requires),
                stages::created_at.eq(now),
            )
        })
        .collect();
    diesel::insert_into(stages::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// A stage like another in another pipeline; its steps are the caller's.
pub(super) fn insert_like(
    tx: &mut Tx<'_>,
    pipeline: PipelineId,
    like: &Stage,
) -> Result<BoardStageId, DbError> {
    let now = tx.now();
    Ok(diesel::insert_into(stages::table)
        .values((
            stages::pipeline_id.eq(pipeline),
            stages::name.eq(&like.name),
            stages::position.eq(like.position),
            stages::kind.eq(like.kind),
            stages::probability.eq(like.probability),
            stages::idle_days.eq(like.idle_days),
            stages::requires.eq(&like.requires),
            stages::steps_named.eq(like.next.is_some()),
            stages::created_at.eq(now),
        ))
        .returning(stages::id)
        .get_result(tx.conn())?)
}

/// An open stage right of the other open ones.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    pipeline: PipelineId,
    fields: &StageFields,
) -> Result<BoardStageId, DbError> {
    let now = tx.now();
    let last: Option<i16> = stages::table
        .filter(stages::pipeline_id.eq(pipeline))
        .filter(stages::removed_at.is_null())
        .select(max(stages::position))
        .first(tx.conn())?;
    Ok(diesel::insert_into(stages::table)
        .values((
            stages::pipeline_id.eq(pipeline),
            stages::name.eq(&fields.name),
            stages::position.eq(last.unwrap_or_default().saturating_add(1)),
            stages::kind.eq(StageKind::Open),
            stages::probability.eq(fields.probability),
            stages::idle_days.eq(fields.idle_days),
            stages::requires.eq(&fields.requires),
            stages::steps_named.eq(fields.next.is_some()),
            stages::created_at.eq(now),
        ))
        .returning(stages::id)
        .get_result(tx.conn())?)
}

/// Says whether the row was still at `version`.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: BoardStageId,
    version: i32,
    fields: &StageFields,
) -> Result<bool, DbError> {
    let guarded = stages::table.filter(stages::id.eq(id)).filter(stages::version.eq(version));
    let updated = diesel::update(guarded)
        .set((
            stages::name.eq(&fields.name),
            stages::probability.eq(fields.probability),
            stages::idle_days.eq(fields.idle_days),
            stages::requires.eq(&fields.requires),
            stages::steps_named.eq(fields.next.is_some()),
            stages::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    Ok(updated == 1)
}

/// Names the stages that may follow one, instead of those that were named before.
pub(super) fn name_steps(
    tx: &mut Tx<'_>,
    id: BoardStageId,
    next: &BTreeSet<BoardStageId>,
) -> Result<(), DbError> {
    diesel::delete(stage_steps::table.filter(stage_steps::stage_id.eq(id))).execute(tx.conn())?;
    let rows: Vec<_> =
        next.iter().map(|next| (stage_steps::stage_id.eq(id), stage_steps::next_id.eq(*next))).collect();
    diesel::insert_into(stage_steps::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// Changes the places of two stages; says whether the first was still at `version`, and both where they were read.
pub(super) fn swap(tx: &mut Tx<'_>, one: &Stage, other: &Stage, version: i32) -> Result<bool, DbError> {
    // In the order of their ids, so that two who shift neighbours at once never wait for each other.
    let places: Vec<(BoardStageId, i16)> = stages::table
        .filter(stages::id.eq_any([one.id, other.id]))
        .order(stages::id)
        .select((stages::id, stages::position))
        .for_no_key_update()
        .load(tx.conn())?;
    if [one, other].iter().any(|stage| !places.contains(&(stage.id, stage.position))) {
        return Ok(false);
    }
    // Out of the way first: no two stages ever share a place.
    let aside = stages::table.filter(stages::id.eq(one.id)).filter(stages::version.eq(version));
    let moved = diesel::update(aside)
        .set((stages::position.eq(-1_i16), stages::version.eq(version + 1)))
        .execute(tx.conn())?;
    if moved != 1 {
        return Ok(false);
    }
    for (stage, position) in [(other.id, one.position), (one.id, other.position)] {
        diesel::update(stages::table.filter(stages::id.eq(stage)))
            .set(stages::position.eq(position))
            .execute(tx.conn())?;
    }
    Ok(true)
}

/// Whether the stage stands and is at `version`. Nobody changes it, and no deal comes to it, until this transaction ends.
pub(super) fn hold(tx: &mut Tx<'_>, id: BoardStageId, version: i32) -> Result<bool, DbError> {
    let held: Option<BoardStageId> = stages::table
        .filter(stages::id.eq(id))
        .filter(stages::version.eq(version))
        .filter(stages::removed_at.is_null())
        .select(stages::id)
        .for_update()
        .first(tx.conn())
        .optional()?;
    Ok(held.is_some())
}

/// Whether the stage stands. It is not taken away until this transaction ends.
pub(super) fn keep(tx: &mut Tx<'_>, id: BoardStageId) -> Result<bool, DbError> {
    let kept: Option<BoardStageId> = stages::table
        .filter(stages::id.eq(id))
        .filter(stages::removed_at.is_null())
        .select(stages::id)
        .for_key_share()
        .first(tx.conn())
        .optional()?;
    Ok(kept.is_some())
}

/// Takes a held stage away; where a stage named it to follow, those of `instead` follow, but for the stage itself.
pub(super) fn remove(
    tx: &mut Tx<'_>,
    id: BoardStageId,
    instead: &BTreeSet<BoardStageId>,
) -> Result<(), DbError> {
    let before: Vec<BoardStageId> = stage_steps::table
        .filter(stage_steps::next_id.eq(id))
        .select(stage_steps::stage_id)
        .load(tx.conn())?;
    let of_it = stage_steps::stage_id.eq(id).or(stage_steps::next_id.eq(id));
    diesel::delete(stage_steps::table.filter(of_it)).execute(tx.conn())?;
    let rows: Vec<_> = before
        .iter()
        .filter(|stage| **stage != id)
        .flat_map(|stage| instead.iter().filter(move |next| *next != stage).map(move |next| (*stage, *next)))
        .map(|(stage, next)| (stage_steps::stage_id.eq(stage), stage_steps::next_id.eq(next)))
        .collect();
    if !rows.is_empty() {
        diesel::insert_into(stage_steps::table).values(rows).on_conflict_do_nothing().execute(tx.conn())?;
    }
    let now = tx.now();
    diesel::update(stages::table.filter(stages::id.eq(id)))
        .set((stages::removed_at.eq(now), stages::version.eq(stages::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}
