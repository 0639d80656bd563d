//! Reading interviews: one, those of a worker, and the last one of each of some workers.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::WorkerId;

use super::model::{Interview, InterviewId, InterviewState};
use super::store::InterviewRow;
use crate::schema::interviews;

/// One interview; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: InterviewId) -> Result<Interview, DbError> {
    let row: InterviewRow =
        interviews::table.filter(interviews::id.eq(id)).select(InterviewRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// How many interviews of one worker are read at most: somebody has two or three.
const MOST: i64 = 50;

/// A worker's interviews, the newest first.
pub fn of_worker(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Vec<Interview>, DbError> {
    let rows: Vec<InterviewRow> = interviews::table
        .filter(interviews::worker_id.eq(worker))
        .order(interviews::id.desc())
        .limit(MOST)
        .select(InterviewRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Interview::from).collect())
}

/// The one that a worker has before them, if there is one.
pub fn planned(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Option<Interview>, DbError> {
    let row: Option<InterviewRow> = interviews::table
        .filter(interviews::worker_id.eq(worker))
        .filter(interviews::state.eq(InterviewState::Planned))
        .select(InterviewRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Interview::from))
}

/// The last interview of each of some workers that was not called off.
pub(crate) fn last_of(
    tx: &mut Tx<'_>,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, Interview>, DbError> {
    let rows: Vec<InterviewRow> = interviews::table
        .filter(interviews::worker_id.eq_any(workers))
        .filter(interviews::state.ne(InterviewState::CalledOff))
        .distinct_on(interviews::worker_id)
        .order((interviews::worker_id, interviews::id.desc()))
        .select(InterviewRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Interview::from).map(|one| (one.worker_id, one)).collect())
}
