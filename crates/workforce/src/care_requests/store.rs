//! Rows and writes of `care_requests`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, WorkerId};

use super::model::{CareFields, CareKind, CareRequest, CareRequestId, CareState};
use crate::schema::care_requests;

#[derive(Queryable, Selectable)]
#[diesel(table_name = care_requests)]
pub(super) struct CareRow {
    id: CareRequestId,
    worker_id: WorkerId,
    kind: CareKind,
    work: String,
    wish: String,
    state: CareState,
    answer_by: NaiveDate,
    asked_at: DateTime<Utc>,
    answer: String,
    answered_by: Option<PersonId>,
    answered_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<CareRow> for CareRequest {
    fn from(row: CareRow) -> Self {
        Self {
            id: row.id,
            worker_id: row.worker_id,
            kind: row.kind,
            work: row.work,
            wish: row.wish,
            state: row.state,
            answer_by: row.answer_by,
            asked_at: row.asked_at,
            answer: row.answer,
            answered_by: row.answered_by,
            answered_at: row.answered_at,
            withdrawn_at: row.withdrawn_at,
            version: row.version,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    fields: &CareFields,
    answer_by: NaiveDate,
) -> Result<CareRequest, DbError> {
    let now = tx.now();
    let row: CareRow = diesel::insert_into(care_requests::table)
        .values((
            care_requests::worker_id.eq(worker),
            care_requests::kind.eq(fields.kind),
            care_requests::work.eq(&fields.work),
            care_requests::wish.eq(&fields.wish),
            care_requests::answer_by.eq(answer_by),
            care_requests::asked_at.eq(now),
        ))
        .returning(CareRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` when the row is no longer at `version`.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    id: CareRequestId,
    version: i32,
    by: PersonId,
    (state, answer): &(CareState, String),
) -> Result<Option<CareRequest>, DbError> {
    let now = tx.now();
    let guarded = care_requests::table
        .filter(care_requests::id.eq(id))
        .filter(care_requests::version.eq(version))
        .filter(care_requests::state.eq(CareState::Asked));
    let row: Option<CareRow> = diesel::update(guarded)
        .set((
            care_requests::state.eq(state),
            care_requests::answer.eq(answer),
            care_requests::answered_by.eq(by),
            care_requests::answered_at.eq(now),
            care_requests::version.eq(version + 1),
        ))
        .returning(CareRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(CareRequest::from))
}

/// `None` when the row is no longer at `version`.
pub(super) fn withdraw(
    tx: &mut Tx<'_>,
    id: CareRequestId,
    version: i32,
) -> Result<Option<CareRequest>, DbError> {
    let now = tx.now();
    let guarded = care_requests::table
        .filter(care_requests::id.eq(id))
        .filter(care_requests::version.eq(version))
        .filter(care_requests::state.eq(CareState::Asked));
    let row: Option<CareRow> = diesel::update(guarded)
        .set((
            care_requests::state.eq(CareState::Withdrawn),
            care_requests::withdrawn_at.eq(now),
            care_requests::version.eq(version + 1),
        ))
        .returning(CareRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(CareRequest::from))
}

/// Removes what some workers asked for and what was answered; gives how many requests there were.
pub(crate) fn forget(tx: &mut Tx<'_>, workers: &[WorkerId]) -> Result<usize, DbError> {
    let theirs = care_requests::table.filter(care_requests::worker_id.eq_any(workers));
    Ok(diesel::delete(theirs).execute(tx.conn())?)
}
