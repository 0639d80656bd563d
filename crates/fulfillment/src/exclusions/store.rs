//! Rows and writes of `exclusions`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, JobId, PersonId, WorkerId};

use super::model::{Exclusion, ExclusionId, Reason, Subject};
use crate::schema::exclusions;

#[derive(Queryable, Selectable)]
#[diesel(table_name = exclusions)]
pub(super) struct ExclusionRow {
    id: ExclusionId,
    worker_id: WorkerId,
    job_id: Option<JobId>,
    company_id: Option<CompanyId>,
    reason: Reason,
    until: Option<NaiveDate>,
    excluded_by: PersonId,
    excluded_at: DateTime<Utc>,
    lifted_by: Option<PersonId>,
    lifted_at: Option<DateTime<Utc>>,
}

impl From<ExclusionRow> for Exclusion {
    fn from(row: ExclusionRow) -> Self {
        Self {
            id: row.id,
            worker_id: row.worker_id,
            job_id: row.job_id,
            company_id: row.company_id,
            reason: row.reason,
            until: row.until,
            excluded_by: row.excluded_by,
            excluded_at: row.excluded_at,
            lifted_by: row.lifted_by,
            lifted_at: row.lifted_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    subject: Subject,
    (reason, until): (Reason, Option<NaiveDate>),
    by: PersonId,
) -> Result<Exclusion, DbError> {
    let now = tx.now();
    let (job, company) = match subject {
        Subject::Job(job) => (Some(job), None),
        Subject::Client(company) => (None, Some(company)),
    };
    let row: ExclusionRow = diesel::insert_into(exclusions::table)
        .values((
            exclusions::worker_id.eq(worker),
            exclusions::job_id.eq(job),
            exclusions::company_id.eq(company),
            exclusions::reason.eq(reason),
            exclusions::until.eq(until),
            exclusions::excluded_by.eq(by),
            exclusions::excluded_at.eq(now),
        ))
        .returning(ExclusionRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` where it was taken back before.
pub(super) fn lift(tx: &mut Tx<'_>, id: ExclusionId, by: PersonId) -> Result<Option<Exclusion>, DbError> {
    let now = tx.now();
    let row: Option<ExclusionRow> = diesel::update(exclusions::table)
        .filter(exclusions::id.eq(id))
        .filter(exclusions::lifted_at.is_null())
        .set((exclusions::lifted_by.eq(by), exclusions::lifted_at.eq(now)))
        .returning(ExclusionRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Exclusion::from))
}

/// Moves what counts for company `from`, or of it what is named in `only`, to `into`; gives back what it moved.
pub(crate) fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut moving = diesel::update(exclusions::table)
        .filter(exclusions::company_id.eq(from))
        .set(exclusions::company_id.eq(into))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(exclusions::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(exclusions::id).get_results(tx.conn())?)
}

/// Removes what is kept of some workers; gives how many rows that were.
pub(super) fn forget(tx: &mut Tx<'_>, workers: &[WorkerId]) -> Result<usize, DbError> {
    let theirs = exclusions::table.filter(exclusions::worker_id.eq_any(workers));
    Ok(diesel::delete(theirs).execute(tx.conn())?)
}
