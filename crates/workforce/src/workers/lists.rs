//! Reading workers: one, a page, the steps of one, and the programme's figures as of a day.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use kernel::{Page, Paging, PersonId, WorkerId};
use serde::{Deserialize, Serialize};

use super::model::{Counts, WithdrawalReason, Worker, WorkerEvent, WorkerState, WorkerStep};
use super::store::WorkerRow;
use crate::schema::{worker_events, workers};

/// One worker; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: WorkerId) -> Result<Worker, DbError> {
    let row: WorkerRow =
        workers::table.filter(workers::id.eq(id)).select(WorkerRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// The worker a person is, if they are one.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Worker>, DbError> {
    let row: Option<WorkerRow> = workers::table
        .filter(workers::person_id.eq(person))
        .select(WorkerRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Worker::from))
}

/// The person each of some workers is.
pub fn people_of(tx: &mut Tx<'_>, ids: &[WorkerId]) -> Result<HashMap<WorkerId, PersonId>, DbError> {
    let rows: Vec<(WorkerId, PersonId)> = workers::table
        .filter(workers::id.eq_any(ids))
        .select((workers::id, workers::person_id))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Those of these people who are workers, by person: for lists that begin with names.
pub fn of_people(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<BTreeMap<PersonId, Worker>, DbError> {
    let rows: Vec<WorkerRow> = workers::table
        .filter(workers::person_id.eq_any(people))
        .select(WorkerRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Worker::from).map(|worker| (worker.person_id, worker)).collect())
}

/// Which workers a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkerFilter {
    /// Only those in this state.
    pub state: Option<WorkerState>,
}

/// Workers in the order they came.
pub fn list(
    tx: &mut Tx<'_>,
    filter: WorkerFilter,
    paging: &Paging<WorkerId>,
) -> Result<Page<Worker, WorkerId>, DbError> {
    let mut query =
        workers::table.order(workers::id).limit(paging.probe()).select(WorkerRow::as_select()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(workers::state.eq(state));
    }
    if let Some(after) = paging.after {
        query = query.filter(workers::id.gt(after));
    }
    let rows: Vec<WorkerRow> = query.load(tx.conn())?;
    let workers: Vec<Worker> = rows.into_iter().map(Worker::from).collect();
    Ok(Page::cut(workers, paging, |worker| worker.id))
}

/// The steps of one worker, oldest first.
pub fn events(tx: &mut Tx<'_>, id: WorkerId) -> Result<Vec<WorkerEvent>, DbError> {
    let rows: Vec<(WorkerStep, Option<WithdrawalReason>, NaiveDate)> = worker_events::table
        .filter(worker_events::worker_id.eq(id))
        .order(worker_events::id)
        .select((worker_events::kind, worker_events::reason, worker_events::happened_on))
        .load(tx.conn())?;
    let event = |(step, reason, happened_on)| WorkerEvent { step, reason, happened_on };
    Ok(rows.into_iter().map(event).collect())
}

/// Where a page of steps ends: the day of the last one, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepKey(pub NaiveDate, pub i64);

/// Which steps of all workers [`steps`] lists: those that one of the programme's figures counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepFilter {
    /// The kind of step.
    pub step: WorkerStep,
    /// Only withdrawals for this reason.
    pub reason: Option<WithdrawalReason>,
    /// Only those up to this day, as in [`counts`].
    pub until: NaiveDate,
}

/// The steps that pass `filter`, the newest first, each with its worker.
pub fn steps(
    tx: &mut Tx<'_>,
    filter: StepFilter,
    paging: &Paging<StepKey>,
) -> Result<Page<(WorkerId, WorkerEvent), StepKey>, DbError> {
    let mut query = worker_events::table
        .filter(worker_events::kind.eq(filter.step))
        .filter(worker_events::happened_on.le(filter.until))
        .order((worker_events::happened_on.desc(), worker_events::id.desc()))
        .limit(paging.probe())
        .select((
            worker_events::id,
            worker_events::worker_id,
            worker_events::reason,
            worker_events::happened_on,
        ))
        .into_boxed();
    if let Some(reason) = filter.reason {
        query = query.filter(worker_events::reason.eq(reason));
    }
    if let Some(StepKey(day, id)) = paging.after {
        let same_day = worker_events::happened_on.eq(day).and(worker_events::id.lt(id));
        query = query.filter(worker_events::happened_on.lt(day).or(same_day));
    }
    let rows: Vec<(i64, WorkerId, Option<WithdrawalReason>, NaiveDate)> = query.load(tx.conn())?;
    let page = Page::cut(rows, paging, |row| StepKey(row.3, row.0));
    Ok(page.map(|(_, worker, reason, happened_on)| {
        (worker, WorkerEvent { step: filter.step, reason, happened_on })
    }))
}

/// Who is in the programme today, in the order they came: neither applicants nor those who have left.
pub fn enrolled(tx: &mut Tx<'_>, paging: &Paging<WorkerId>) -> Result<Page<Worker, WorkerId>, DbError> {
    let outside = [WorkerState::Applicant, WorkerState::Withdrawn];
    let rows: Vec<WorkerRow> = workers::table
        .filter(workers::state.ne_all(outside))
        .filter(workers::id.gt(paging.after.unwrap_or(WorkerId(0))))
        .order(workers::id)
        .limit(paging.probe())
        .select(WorkerRow::as_select())
        .load(tx.conn())?;
    let workers: Vec<Worker> = rows.into_iter().map(Worker::from).collect();
    Ok(Page::cut(workers, paging, |worker| worker.id))
}

pub(super) fn last_step_on(tx: &mut Tx<'_>, id: WorkerId) -> Result<Option<NaiveDate>, DbError> {
    Ok(worker_events::table
        .filter(worker_events::worker_id.eq(id))
        .select(max(worker_events::happened_on))
        .first(tx.conn())?)
}

/// The programme's figures as of the end of `day`, made from the events alone.
pub fn counts(tx: &mut Tx<'_>, day: NaiveDate) -> Result<Counts, DbError> {
    let rows: Vec<(WorkerStep, Option<WithdrawalReason>, i64)> = worker_events::table
        .filter(worker_events::happened_on.le(day))
        .filter(worker_events::kind.eq_any([
            WorkerStep::Registered,
            WorkerStep::Returned,
            WorkerStep::Withdrawn,
        ]))
        .group_by((worker_events::kind, worker_events::reason))
        .select((worker_events::kind, worker_events::reason, count_star()))
        .load(tx.conn())?;
    let of = |step| rows.iter().filter(|row| row.0 == step).map(|row| row.2).sum::<i64>();
    let mut withdrawn: BTreeMap<_, _> = WithdrawalReason::ALL.iter().map(|reason| (*reason, 0)).collect();
    for (_, reason, count) in &rows {
        if let Some(reason) = reason {
            withdrawn.insert(*reason, *count);
        }
    }
    let (registered, returned) = (of(WorkerStep::Registered), of(WorkerStep::Returned));
    Ok(Counts {
        registrations_cumulative: registered + returned,
        registered_cumulative: registered,
        returned_cumulative: returned,
        active: registered + returned - withdrawn.values().sum::<i64>(),
        withdrawn,
    })
}
