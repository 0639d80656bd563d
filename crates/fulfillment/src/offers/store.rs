//! Rows and writes of `offers`.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{JobId, OfferId, WorkerId};
use workforce::WorkerBrief;

use super::model::OfferState;
use crate::schema::offers;

/// Puts a job before workers; gives back those who had not been offered it before.
pub(crate) fn insert(tx: &mut Tx<'_>, job: JobId, workers: &[WorkerBrief]) -> Result<Vec<WorkerId>, DbError> {
    let now = tx.now();
    let rows: Vec<_> = workers
        .iter()
        .map(|worker| {
            (offers::job_id.eq(job), offers::worker_id.eq(worker.worker), offers::offered_at.eq(now))
        })
        .collect();
    Ok(diesel::insert_into(offers::table)
        .values(rows)
        .on_conflict((offers::organization_id, offers::job_id, offers::worker_id))
        .do_nothing()
        .returning(offers::worker_id)
        .get_results(tx.conn())?)
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
