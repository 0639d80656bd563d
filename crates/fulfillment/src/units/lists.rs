//! Reading units: one, a page of a job's, and what happened to one.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{exists, min};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text};
use kernel::{JobId, Page, Paging, PersonId, UnitId, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::UnitError;
use super::due::Waiting;
use super::model::{Unit, UnitState};
use super::store::{UnitRow, Which, open_to};
use crate::events::CancelledUnit;
use crate::schema::{jobs, unit_events, units};

/// One unit; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: UnitId) -> Result<Unit, DbError> {
    let row: UnitRow = units::table.filter(units::id.eq(id)).select(UnitRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Which units of a job a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnitFilter {
    /// Only those in this state.
    pub state: Option<UnitState>,
}

/// Where a page of units ends: the position in the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitKey(pub i32);

/// The units of a job in their order.
pub fn of_job(
    tx: &mut Tx<'_>,
    job: JobId,
    filter: UnitFilter,
    paging: &Paging<UnitKey>,
) -> Result<Page<Unit, UnitKey>, DbError> {
    let mut query = units::table
        .filter(units::job_id.eq(job))
        .order(units::position)
        .limit(paging.probe())
        .select(UnitRow::as_select())
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(units::state.eq(state));
    }
    if let Some(UnitKey(position)) = paging.after {
        query = query.filter(units::position.gt(position));
    }
    let rows: Vec<UnitRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(Unit::from).collect(), paging, |unit: &Unit| UnitKey(unit.position)))
}

/// The days of the waiting units of each of some jobs that `person` may take; by the index `units_offered_days`.
pub(crate) fn waiting_days(
    tx: &mut Tx<'_>,
    person: PersonId,
    ids: &[JobId],
) -> Result<HashMap<JobId, Waiting>, DbError> {
    let today = crate::today(tx);
    let on_job_day = units::table
        .filter(units::job_id.eq(jobs::id))
        .filter(units::due_on.is_null())
        .filter(open_to(person));
    let with_job_day: Vec<JobId> = jobs::table
        .filter(jobs::id.eq_any(ids))
        .filter(exists(on_job_day))
        .select(jobs::id)
        .load(tx.conn())?;
    let decided: Vec<(JobId, Option<NaiveDate>)> = units::table
        .filter(units::job_id.eq_any(ids))
        .filter(units::due_on.ge(today))
        .filter(open_to(person))
        .group_by(units::job_id)
        .select((units::job_id, min(units::due_on)))
        .load(tx.conn())?;
    let mut waiting: HashMap<JobId, Waiting> = HashMap::new();
    for job in with_job_day {
        waiting.entry(job).or_default().on_job_day = true;
    }
    for (job, day) in decided {
        waiting.entry(job).or_default().decided = day;
    }
    Ok(waiting)
}

#[derive(QueryableByName)]
struct Decided {
    #[diesel(sql_type = Nullable<Date>)]
    day: Option<NaiveDate>,
}

/// The first day from today on that any waiting unit of a job has of its own; by the index `units_offered_days`. Its state
/// is written out: a plan for all values cannot use an index of one, and `EXISTS` would walk the job until it finds some.
pub(crate) fn first_decided(tx: &mut Tx<'_>, job: JobId) -> Result<Option<NaiveDate>, DbError> {
    let today = crate::today(tx);
    let first: Decided = db::prepared(
        "SELECT min(due_on) AS day FROM units WHERE job_id = $1 AND state = 'offered' AND due_on >= $2",
    )
    .bind::<BigInt, _>(job)
    .bind::<Date, _>(today)
    .get_result(tx.conn())?;
    Ok(first.day)
}

#[derive(QueryableByName)]
struct Closed {
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// How many of the waiting units of a job are closed to somebody, by the rule of [`open_to()`]; nobody is named to whom
/// all are open.
pub(crate) fn closed_to(tx: &mut Tx<'_>, job: JobId) -> Result<HashMap<PersonId, i64>, DbError> {
    let rows: Vec<Closed> = diesel::sql_query(
        // Chosen by themselves: beside the joins, all units of a town were once read in the order of their ids.
        "WITH offered AS MATERIALIZED (SELECT u.id FROM units u WHERE u.job_id = $1 AND u.state = 'offered') \
         SELECT c.person_id, count(DISTINCT c.unit_id) AS units FROM ( \
             SELECT r.unit_id, r.checker_id AS person_id FROM offered u JOIN reviews r ON r.unit_id = u.id \
             UNION ALL \
             SELECT p.unit_id, p.decided_by AS person_id FROM offered u JOIN review_appeals p ON p.unit_id = u.id \
             WHERE p.decided_by IS NOT NULL \
             UNION ALL \
             SELECT a.unit_id, a.person_id FROM offered u JOIN assignments a ON a.unit_id = u.id \
             WHERE a.end_kind = 'rejected' \
             UNION ALL \
             SELECT e.unit_id, e.person_id FROM offered u JOIN earnings e ON e.unit_id = u.id \
             WHERE e.kind = 'unit' \
             UNION ALL \
             SELECT h.unit_id, h.person_id FROM offered u JOIN hand_overs h ON h.unit_id = u.id) c \
         GROUP BY c.person_id",
    )
    .bind::<BigInt, _>(job)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.units)).collect())
}

/// One move of a unit, as it is kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = unit_events)]
pub struct UnitEvent {
    /// Where it came from; nowhere when it was split off.
    pub from_state: Option<UnitState>,
    /// Where it went.
    pub to_state: UnitState,
    /// Who moved it, as the audit trail writes it.
    pub actor: String,
    /// A coded reason, where there is one.
    pub reason: Option<String>,
    /// What was said about it.
    pub note: String,
    /// When.
    pub happened_at: DateTime<Utc>,
}

/// What happened to a unit, oldest first.
pub fn history(tx: &mut Tx<'_>, id: UnitId) -> Result<Vec<UnitEvent>, DbError> {
    Ok(unit_events::table
        .filter(unit_events::unit_id.eq(id))
        .order(unit_events::id)
        .select(UnitEvent::as_select())
        .load(tx.conn())?)
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = BigInt)]
    id: UnitId,
}

/// Those of `which` in one of `states` whose holder has not ended with them.
pub(super) fn held(tx: &mut Tx<'_>, which: Which<'_>, states: &[UnitState]) -> Result<Vec<UnitId>, DbError> {
    let rows: Vec<Held> = diesel::sql_query(format!(
        "SELECT units.id FROM units JOIN assignments a ON a.unit_id = units.id AND a.ended_at IS NULL \
         WHERE {} AND units.state = ANY ($2) ORDER BY units.id",
        which.condition()
    ))
    .bind::<Array<BigInt>, _>(which.ids())
    .bind::<Array<Text>, _>(states.to_vec())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Unit, label, title of its job, holder, and what the holder is owed.
type CalledOff = (UnitId, String, String, Option<PersonId>, Option<Yen>);

/// What the holders of just cancelled units are told.
pub(super) fn cancelled(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<Vec<CancelledUnit>, UnitError> {
    let rows: Vec<CalledOff> = units::table
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(units::id.eq_any(ids))
        .filter(units::state.eq(UnitState::Cancelled))
        .order(units::id)
        .select((units::id, units::label, jobs::title, units::holder_id, units::compensation))
        .load(tx.conn())
        .map_err(DbError::from)?;
    let told = |(unit, label, job_title, person, owed): CalledOff| {
        Some(CancelledUnit { unit, label, job_title, person: person?, compensation: owed? })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}
