//! Rows and writes of `milestones` and what hangs on them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{FiscalYear, PersonId};

use super::model::{Milestone, MilestoneFields, MilestoneId, MilestoneState, Move};
use crate::schema::{milestone_alerts, milestone_moves, milestone_needs, milestones};
use crate::targets::Metric;

#[derive(Queryable, Selectable)]
#[diesel(table_name = milestones)]
pub(super) struct MilestoneRow {
    pub(super) id: MilestoneId,
    fiscal_year: i32,
    title: String,
    note: String,
    owner_id: PersonId,
    planned_on: NaiveDate,
    due_on: NaiveDate,
    metric: Option<Metric>,
    amount: Option<i64>,
    state: MilestoneState,
    done_on: Option<NaiveDate>,
    created_at: DateTime<Utc>,
    version: i32,
}

impl MilestoneRow {
    pub(super) fn read(self, needs: Vec<MilestoneId>) -> Milestone {
        Milestone {
            id: self.id,
            fiscal_year: FiscalYear(self.fiscal_year),
            title: self.title,
            note: self.note,
            owner_id: self.owner_id,
            planned_on: self.planned_on,
            due_on: self.due_on,
            metric: self.metric,
            value: self.amount,
            state: self.state,
            done_on: self.done_on,
            needs,
            created_at: self.created_at,
            version: self.version,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = milestone_moves)]
pub(super) struct MoveRow {
    milestone_id: MilestoneId,
    from_on: NaiveDate,
    to_on: NaiveDate,
    reason: String,
    person_id: PersonId,
    moved_at: DateTime<Utc>,
}

impl From<MoveRow> for Move {
    fn from(row: MoveRow) -> Self {
        Self {
            milestone_id: row.milestone_id,
            from_on: row.from_on,
            to_on: row.to_on,
            reason: row.reason,
            person_id: row.person_id,
            moved_at: row.moved_at,
        }
    }
}

/// Holds every milestone until the transaction ends, in one order, so that two people together make no circle; gives what
/// each waits for.
pub(super) fn hold(tx: &mut Tx<'_>) -> Result<BTreeMap<MilestoneId, BTreeSet<MilestoneId>>, DbError> {
    let ids: Vec<MilestoneId> =
        milestones::table.order(milestones::id).select(milestones::id).for_update().load(tx.conn())?;
    let mut known: BTreeMap<MilestoneId, BTreeSet<MilestoneId>> =
        ids.into_iter().map(|id| (id, BTreeSet::new())).collect();
    let needs: Vec<(MilestoneId, MilestoneId)> = milestone_needs::table
        .select((milestone_needs::milestone_id, milestone_needs::needs_id))
        .load(tx.conn())?;
    for (milestone, other) in needs {
        known.entry(milestone).or_default().insert(other);
    }
    Ok(known)
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    year: FiscalYear,
    fields: &MilestoneFields,
) -> Result<MilestoneId, DbError> {
    let now = tx.now();
    Ok(diesel::insert_into(milestones::table)
        .values((
            milestones::fiscal_year.eq(year.0),
            milestones::title.eq(&fields.title),
            milestones::note.eq(&fields.note),
            milestones::owner_id.eq(fields.owner_id.unwrap_or(person)),
            milestones::planned_on.eq(fields.due_on),
            milestones::due_on.eq(fields.due_on),
            milestones::metric.eq(fields.bound.map(|(metric, _)| metric)),
            milestones::amount.eq(fields.bound.map(|(_, value)| value)),
            milestones::created_by.eq(person),
            milestones::created_at.eq(now),
        ))
        .returning(milestones::id)
        .get_result(tx.conn())?)
}

/// `false` when it is no longer at its version.
pub(super) fn update(
    tx: &mut Tx<'_>,
    (id, version): (MilestoneId, i32),
    fields: &MilestoneFields,
) -> Result<bool, DbError> {
    let guarded = milestones::table.filter(milestones::id.eq(id)).filter(milestones::version.eq(version));
    let changed = diesel::update(guarded)
        .set((
            milestones::title.eq(&fields.title),
            milestones::note.eq(&fields.note),
            fields.owner_id.map(|owner| milestones::owner_id.eq(owner)),
            milestones::due_on.eq(fields.due_on),
            milestones::metric.eq(fields.bound.map(|(metric, _)| metric)),
            milestones::amount.eq(fields.bound.map(|(_, value)| value)),
            milestones::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// `false` when it is no longer at its version.
pub(super) fn stand(
    tx: &mut Tx<'_>,
    (id, version): (MilestoneId, i32),
    state: MilestoneState,
    done_on: Option<NaiveDate>,
) -> Result<bool, DbError> {
    let guarded = milestones::table.filter(milestones::id.eq(id)).filter(milestones::version.eq(version));
    let changed = diesel::update(guarded)
        .set((
            milestones::state.eq(state),
            milestones::done_on.eq(done_on),
            milestones::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// A milestone waits for these and for no others.
pub(super) fn set_needs(
    tx: &mut Tx<'_>,
    id: MilestoneId,
    needs: &BTreeSet<MilestoneId>,
) -> Result<(), DbError> {
    diesel::delete(milestone_needs::table.filter(milestone_needs::milestone_id.eq(id))).execute(tx.conn())?;
    let rows: Vec<_> = needs
        .iter()
        .map(|needs| (milestone_needs::milestone_id.eq(id), milestone_needs::needs_id.eq(*needs)))
        .collect();
    diesel::insert_into(milestone_needs::table).values(rows).execute(tx.conn())?;
    Ok(())
}

pub(super) fn note_move(
    tx: &mut Tx<'_>,
    person: PersonId,
    id: MilestoneId,
    (from_on, to_on): (NaiveDate, NaiveDate),
    reason: &str,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(milestone_moves::table)
        .values((
            milestone_moves::milestone_id.eq(id),
            milestone_moves::from_on.eq(from_on),
            milestone_moves::to_on.eq(to_on),
            milestone_moves::reason.eq(reason),
            milestone_moves::person_id.eq(person),
            milestone_moves::moved_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that the day of a milestone is told; `false` where it was told before.
pub(super) fn note_alert(tx: &mut Tx<'_>, id: MilestoneId, due_on: NaiveDate) -> Result<bool, DbError> {
    let now = tx.now();
    let noted = diesel::insert_into(milestone_alerts::table)
        .values((
            milestone_alerts::milestone_id.eq(id),
            milestone_alerts::due_on.eq(due_on),
            milestone_alerts::told_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(noted == 1)
}
