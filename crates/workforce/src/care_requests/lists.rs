//! Reading requests: one, those that wait for an answer, one worker's.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging, WorkerId};
use serde::{Deserialize, Serialize};

use super::model::{CareRequest, CareRequestId, CareState};
use super::store::CareRow;
use crate::schema::care_requests;

/// One request; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: CareRequestId) -> Result<CareRequest, DbError> {
    let row: CareRow = care_requests::table
        .filter(care_requests::id.eq(id))
        .select(CareRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// Where a page of requests that wait ends: the day of the last one, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingKey(pub NaiveDate, pub CareRequestId);

/// Those that nobody has answered, the most urgent first.
pub fn waiting(
    tx: &mut Tx<'_>,
    paging: &Paging<WaitingKey>,
) -> Result<Page<CareRequest, WaitingKey>, DbError> {
    let mut query = care_requests::table
        .filter(care_requests::state.eq(CareState::Asked))
        .order((care_requests::answer_by, care_requests::id))
        .limit(paging.probe())
        .select(CareRow::as_select())
        .into_boxed();
    if let Some(WaitingKey(day, id)) = paging.after {
        let same = care_requests::answer_by.eq(day).and(care_requests::id.gt(id));
        query = query.filter(care_requests::answer_by.gt(day).or(same));
    }
    let rows: Vec<CareRow> = query.load(tx.conn())?;
    let all: Vec<CareRequest> = rows.into_iter().map(CareRequest::from).collect();
    Ok(Page::cut(all, paging, |one| WaitingKey(one.answer_by, one.id)))
}

/// All of them, or one worker's, the latest first.
pub fn list(
    tx: &mut Tx<'_>,
    worker: Option<WorkerId>,
    paging: &Paging<CareRequestId>,
) -> Result<Page<CareRequest, CareRequestId>, DbError> {
    let mut query = care_requests::table
        .order(care_requests::id.desc())
        .limit(paging.probe())
        .select(CareRow::as_select())
        .into_boxed();
    if let Some(worker) = worker {
        query = query.filter(care_requests::worker_id.eq(worker));
    }
    if let Some(after) = paging.after {
        query = query.filter(care_requests::id.lt(after));
    }
    let rows: Vec<CareRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(CareRequest::from).collect(), paging, |one: &CareRequest| one.id))
}

/// How many wait for an answer.
pub fn waiting_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(care_requests::table
        .filter(care_requests::state.eq(CareState::Asked))
        .count()
        .get_result(tx.conn())?)
}
