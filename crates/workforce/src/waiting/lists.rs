//! Reading who waits.

use std::collections::BTreeMap;

use db::{DbError, Tx};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use kernel::{Page, Paging, WorkerId};

use super::model::{WAITING_STATES, Waiting, WaitingKey};
use crate::interviews;
use crate::schema::workers;
use crate::workers::{Worker, WorkerRow, WorkerState};

/// [`WAITING_STATES`](super::WAITING_STATES), written out as the index `workers_waiting` has them. Applicants whose last
/// interview said that they do not take part for now wait for nothing.
const WAITS: &str = "workers.state IN ('applicant', 'registered', 'training', 'paused') AND NOT (workers.state = 'applicant' AND EXISTS (SELECT FROM interviews i \
     WHERE i.organization_id = workers.organization_id AND i.worker_id = workers.id AND i.outcome = 'not_now' \
     AND NOT EXISTS (SELECT FROM interviews l WHERE l.organization_id = i.organization_id \
         AND l.worker_id = i.worker_id AND l.id > i.id AND l.state <> 'called_off')))";

/// Those who wait, in one state or any, whoever has stood there longest first.
pub fn list(
    tx: &mut Tx<'_>,
    state: Option<WorkerState>,
    paging: &Paging<WaitingKey>,
) -> Result<Page<Waiting, WaitingKey>, DbError> {
    let mut query = workers::table
        .filter(sql::<Bool>(WAITS))
        .order((workers::stands_since, workers::id))
        .limit(paging.probe())
        .select(WorkerRow::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(workers::state.eq(state));
    }
    if let Some(WaitingKey(since, id)) = paging.after {
        let same_day = workers::stands_since.eq(since).and(workers::id.gt(id));
        query = query.filter(workers::stands_since.gt(since).or(same_day));
    }
    let rows: Vec<WorkerRow> = query.load(tx.conn())?;
    let found: Vec<Worker> = rows.into_iter().map(Worker::from).collect();
    let page = Page::cut(found, paging, |worker| WaitingKey(worker.stands_since, worker.id));
    let ids: Vec<WorkerId> = page.items.iter().map(|worker| worker.id).collect();
    let mut last = interviews::last_of(tx, &ids)?;
    let now = tx.now();
    let of = |worker: Worker| {
        let interview = last.remove(&worker.id);
        Waiting::of(worker, interview, now)
    };
    Ok(Page { items: page.items.into_iter().filter_map(of).collect(), next: page.next })
}

/// What a worker waits for; `None` where they work, have left, or said that they do not take part for now.
pub fn find(tx: &mut Tx<'_>, worker: &Worker) -> Result<Option<Waiting>, DbError> {
    if !WAITING_STATES.contains(&worker.state) {
        return Ok(None);
    }
    let last = interviews::last_of(tx, &[worker.id])?.remove(&worker.id);
    Ok(Waiting::of(worker.clone(), last, tx.now()))
}

/// How many wait in each state; states in which nobody does are left out.
pub fn counts(tx: &mut Tx<'_>) -> Result<BTreeMap<WorkerState, i64>, DbError> {
    let rows: Vec<(WorkerState, i64)> = workers::table
        .filter(sql::<Bool>(WAITS))
        .group_by(workers::state)
        .select((workers::state, count_star()))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}
