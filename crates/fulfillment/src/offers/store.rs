//! Rows and writes of `offers`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{JobId, OfferId, WorkerId};
use workforce::WorkerBrief;

use super::model::OfferState;
use crate::schema::offers;

/// Puts a job before workers; gives back those who had not been offered it before, from whom it was
/// taken back, or whose time to answer had gone by.
pub(crate) fn insert(tx: &mut Tx<'_>, job: JobId, workers: &[WorkerBrief]) -> Result<Vec<WorkerId>, DbError> {
    let now = tx.now();
    let ids: Vec<WorkerId> = workers.iter().map(|worker| worker.worker).collect();
    let gone = offers::table
        .filter(offers::job_id.eq(job))
        .filter(offers::worker_id.eq_any(ids))
        .filter(offers::state.eq_any([OfferState::Withdrawn, OfferState::Passed]));
    let mut reached: Vec<WorkerId> = diesel::update(gone)
        .set((
            offers::state.eq(OfferState::Open),
            offers::offered_at.eq(now),
            offers::answered_at.eq(None::<DateTime<Utc>>),
        ))
        .returning(offers::worker_id)
        .get_results(tx.conn())?;
    let rows: Vec<_> = workers
        .iter()
        .map(|worker| {
            (offers::job_id.eq(job), offers::worker_id.eq(worker.worker), offers::offered_at.eq(now))
        })
        .collect();
    let new: Vec<WorkerId> = diesel::insert_into(offers::table)
        .values(rows)
        .on_conflict((offers::organization_id, offers::job_id, offers::worker_id))
        .do_nothing()
        .returning(offers::worker_id)
        .get_results(tx.conn())?;
    reached.extend(new);
    Ok(reached)
}

/// Notes that workers did not answer in time.
pub(crate) fn pass(tx: &mut Tx<'_>, job: JobId, workers: &[WorkerId]) -> Result<(), DbError> {
    let unanswered = offers::table
        .filter(offers::job_id.eq(job))
        .filter(offers::worker_id.eq_any(workers))
        .filter(offers::state.eq(OfferState::Open));
    diesel::update(unanswered).set(offers::state.eq(OfferState::Passed)).execute(tx.conn())?;
    Ok(())
}

/// Takes every open offer of a worker back.
pub(super) fn withdraw_from(tx: &mut Tx<'_>, worker: WorkerId) -> Result<(), DbError> {
    let open = offers::table.filter(offers::worker_id.eq(worker)).filter(offers::state.eq(OfferState::Open));
    diesel::update(open).set(offers::state.eq(OfferState::Withdrawn)).execute(tx.conn())?;
    Ok(())
}

/// Takes a worker's offers of some jobs back, answered ones too.
pub(super) fn withdraw_some(tx: &mut Tx<'_>, worker: WorkerId, jobs: &[JobId]) -> Result<(), DbError> {
    let standing = offers::table
        .filter(offers::worker_id.eq(worker))
        .filter(offers::job_id.eq_any(jobs))
        .filter(offers::state.ne(OfferState::Withdrawn));
    diesel::update(standing).set(offers::state.eq(OfferState::Withdrawn)).execute(tx.conn())?;
    Ok(())
}

/// Takes the offers of a job back, declined ones too: it may be put before everybody anew.
pub(crate) fn withdraw_of_job(tx: &mut Tx<'_>, job: JobId) -> Result<(), DbError> {
    let standing =
        offers::table.filter(offers::job_id.eq(job)).filter(offers::state.ne(OfferState::Withdrawn));
    diesel::update(standing).set(offers::state.eq(OfferState::Withdrawn)).execute(tx.conn())?;
    Ok(())
}

pub(super) fn set_state(tx: &mut Tx<'_>, id: OfferId, state: OfferState) -> Result<(), DbError> {
    let answered = (state == OfferState::Declined).then_some(tx.now());
    let guarded = offers::table.filter(offers::id.eq(id)).filter(offers::state.ne(OfferState::Withdrawn));
    match diesel::update(guarded)
        .set((offers::state.eq(state), offers::answered_at.eq(answered)))
        .execute(tx.conn())?
    {
        0 => Err(DbError::NotFound),
        _ => Ok(()),
    }
}
