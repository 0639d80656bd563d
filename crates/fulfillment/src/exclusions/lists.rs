//! Reading exclusions: those of a worker, and from whom a job is kept today.

use std::collections::HashSet;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use kernel::{CompanyId, JobId, WorkerId};

use super::model::{Exclusion, ExclusionId, Kept, Subject};
use super::store::ExclusionRow;
use crate::jobs::{Job, JobState};
use crate::orders::OrderState;
use crate::schema::{exclusions, jobs, orders};

/// How many of one worker are read at most; hardly anybody has one.
const MOST: i64 = 100;

/// How many jobs there are to choose from at most.
const MOST_JOBS: i64 = 300;

/// One of them; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: ExclusionId) -> Result<Exclusion, DbError> {
    let row: ExclusionRow =
        exclusions::table.filter(exclusions::id.eq(id)).select(ExclusionRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// What a worker is not, or was not, asked to do, the newest first.
pub fn of_worker(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Vec<Exclusion>, DbError> {
    let rows: Vec<ExclusionRow> = exclusions::table
        .filter(exclusions::worker_id.eq(worker))
        .order(exclusions::id.desc())
        .limit(MOST)
        .select(ExclusionRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Exclusion::from).collect())
}

/// The jobs that are not closed of the orders under way, the newest first.
pub fn under_way(tx: &mut Tx<'_>) -> Result<Vec<Kept>, DbError> {
    let rows: Vec<(JobId, String, CompanyId)> = jobs::table
        .inner_join(orders::table.on(orders::id.eq(jobs::order_id)))
        .filter(orders::state.eq_any([OrderState::Draft, OrderState::Running]))
        .filter(jobs::state.eq_any([JobState::Draft, JobState::Offered]))
        .order(jobs::id.desc())
        .limit(MOST_JOBS)
        .select((jobs::id, jobs::title, orders::company_id))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(job, title, company)| Kept { job, title, company }).collect())
}

/// What counts on a day.
fn counting(today: NaiveDate) -> exclusions::BoxedQuery<'static, Pg> {
    exclusions::table
        .filter(exclusions::lifted_at.is_null())
        .filter(exclusions::until.is_null().or(exclusions::until.ge(today)))
        .into_boxed()
}

/// Of that, what keeps a job from somebody.
fn of_job(job: &Job, today: NaiveDate) -> exclusions::BoxedQuery<'static, Pg> {
    let client = orders::table.filter(orders::id.eq(job.order_id)).select(orders::company_id.nullable());
    counting(today).filter(exclusions::job_id.eq(job.id).or(exclusions::company_id.eq_any(client)))
}

/// From whom a job is kept today.
pub fn kept_from(tx: &mut Tx<'_>, job: &Job) -> Result<HashSet<WorkerId>, DbError> {
    let today = crate::today(tx);
    let workers: Vec<WorkerId> = of_job(job, today).select(exclusions::worker_id).load(tx.conn())?;
    Ok(workers.into_iter().collect())
}

/// Whether a job is kept from a worker today.
pub(crate) fn is_kept_from(tx: &mut Tx<'_>, job: &Job, worker: WorkerId) -> Result<bool, DbError> {
    let today = crate::today(tx);
    let theirs = of_job(job, today).filter(exclusions::worker_id.eq(worker));
    Ok(diesel::select(exists(theirs)).get_result(tx.conn())?)
}

/// Whether the very same is kept from a worker today.
pub(super) fn has(tx: &mut Tx<'_>, worker: WorkerId, subject: Subject) -> Result<bool, DbError> {
    let today = crate::today(tx);
    let theirs = counting(today).filter(exclusions::worker_id.eq(worker));
    let same = match subject {
        Subject::Job(job) => theirs.filter(exclusions::job_id.eq(job)),
        Subject::Client(company) => theirs.filter(exclusions::company_id.eq(company)),
    };
    Ok(diesel::select(exists(same)).get_result(tx.conn())?)
}

/// The jobs it covers that are offered.
pub(super) fn offered_of(tx: &mut Tx<'_>, subject: Subject) -> Result<Vec<JobId>, DbError> {
    let mut offered = jobs::table
        .inner_join(orders::table.on(orders::id.eq(jobs::order_id)))
        .filter(jobs::state.eq(JobState::Offered))
        .select(jobs::id)
        .into_boxed();
    offered = match subject {
        Subject::Job(job) => offered.filter(jobs::id.eq(job)),
        Subject::Client(company) => offered.filter(orders::company_id.eq(company)),
    };
    Ok(offered.load(tx.conn())?)
}
