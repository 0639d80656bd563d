//! Rows and writes of `interviews`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{PersonId, WorkerId};

use super::model::{Fields, Interview, InterviewId, InterviewState, Outcome, Way};
use crate::schema::interviews;

#[derive(Queryable, Selectable)]
#[diesel(table_name = interviews)]
pub(crate) struct InterviewRow {
    id: InterviewId,
    worker_id: WorkerId,
    starts_at: DateTime<Utc>,
    way: Way,
    interviewer_id: PersonId,
    state: InterviewState,
    outcome: Option<Outcome>,
    created_at: DateTime<Utc>,
    version: i32,
    join_at: String,
}

impl From<InterviewRow> for Interview {
    fn from(row: InterviewRow) -> Self {
        Self {
            id: row.id,
            worker_id: row.worker_id,
            starts_at: row.starts_at,
            way: row.way,
            interviewer_id: row.interviewer_id,
            state: row.state,
            outcome: row.outcome,
            created_at: row.created_at,
            version: row.version,
            join_at: row.join_at,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, worker: WorkerId, fields: Fields) -> Result<Interview, DbError> {
    let now = tx.now();
    let row: InterviewRow = diesel::insert_into(interviews::table)
        .values((
            interviews::worker_id.eq(worker),
            interviews::starts_at.eq(fields.starts_at),
            interviews::way.eq(fields.way),
            interviews::interviewer_id.eq(fields.interviewer),
            interviews::created_at.eq(now),
            interviews::join_at.eq(fields.join_at),
        ))
        .returning(InterviewRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` when it is no longer planned or no longer at `version`.
pub(super) fn set_fields(
    tx: &mut Tx<'_>,
    id: InterviewId,
    version: i32,
    fields: Fields,
) -> Result<Option<Interview>, DbError> {
    let row: Option<InterviewRow> = diesel::update(interviews::table)
        .filter(interviews::id.eq(id))
        .filter(interviews::version.eq(version))
        .filter(interviews::state.eq(InterviewState::Planned))
        .set((
            interviews::starts_at.eq(fields.starts_at),
            interviews::way.eq(fields.way),
            interviews::interviewer_id.eq(fields.interviewer),
            interviews::join_at.eq(fields.join_at),
            interviews::version.eq(version + 1),
        ))
        .returning(InterviewRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Interview::from))
}

/// `None` when it is no longer planned or no longer at `version`.
pub(super) fn end(
    tx: &mut Tx<'_>,
    id: InterviewId,
    version: i32,
    state: InterviewState,
    outcome: Option<Outcome>,
) -> Result<Option<Interview>, DbError> {
    let row: Option<InterviewRow> = diesel::update(interviews::table)
        .filter(interviews::id.eq(id))
        .filter(interviews::version.eq(version))
        .filter(interviews::state.eq(InterviewState::Planned))
        .set((
            interviews::state.eq(state),
            interviews::outcome.eq(outcome),
            interviews::version.eq(version + 1),
        ))
        .returning(InterviewRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Interview::from))
}

/// Removes what is kept of some workers' interviews; gives how many there were.
pub(crate) fn forget(tx: &mut Tx<'_>, workers: &[WorkerId]) -> Result<usize, DbError> {
    let theirs = interviews::table.filter(interviews::worker_id.eq_any(workers));
    Ok(diesel::delete(theirs).execute(tx.conn())?)
}

/// The same but for the last one of each, called-off ones apart; gives how many there were.
pub(crate) fn forget_but_last(tx: &mut Tx<'_>, workers: &[WorkerId]) -> Result<usize, DbError> {
    let ids: Vec<i64> = workers.iter().map(|worker| worker.0).collect();
    Ok(diesel::sql_query(
        "DELETE FROM interviews i WHERE i.worker_id = ANY ($1) AND (i.state = 'called_off' OR EXISTS ( \
             SELECT FROM interviews l WHERE l.organization_id = i.organization_id AND l.worker_id = i.worker_id \
             AND l.id > i.id AND l.state <> 'called_off'))",
    )
    .bind::<Array<BigInt>, _>(ids)
    .execute(tx.conn())?)
}
