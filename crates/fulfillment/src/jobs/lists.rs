//! Reading jobs: one, and those of an order with where their units stand.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::count_star;
use diesel::prelude::*;
use kernel::{JobId, OrderId, PersonId};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Job, JobWithProgress};
use super::store::JobRow;
use crate::orders::Progress;
use crate::schema::{job_extensions, jobs, units};
use crate::units::UnitState;

/// One job; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: JobId) -> Result<Job, DbError> {
    let row: JobRow = jobs::table.filter(jobs::id.eq(id)).select(JobRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Jobs whose title contains `query`, the newest `most`; one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<Job>, DbError> {
    let rows: Vec<JobRow> = jobs::table
        .filter(db::search::found("jobs.id", "search_job_ids", query, most))
        .order(jobs::id.desc())
        .select(JobRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Job::from).collect())
}

/// The jobs of an order in the order they were split off; an order has some dozens at most.
pub fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<JobWithProgress>, DbError> {
    let rows: Vec<JobRow> = jobs::table
        .filter(jobs::order_id.eq(order))
        .order(jobs::id)
        .select(JobRow::as_select())
        .load(tx.conn())?;
    let counts: Vec<(JobId, UnitState, i64)> = units::table
        .filter(units::order_id.eq(order))
        .group_by((units::job_id, units::state))
        .select((units::job_id, units::state, count_star()))
        .load(tx.conn())?;
    let mut by_job: HashMap<JobId, Vec<(UnitState, i64)>> = HashMap::new();
    for (job, state, count) in counts {
        by_job.entry(job).or_default().push((state, count));
    }
    Ok(rows
        .into_iter()
        .map(Job::from)
        .map(|job| {
            let progress = Progress::of(by_job.remove(&job.id).unwrap_or_default());
            JobWithProgress { job, progress }
        })
        .collect())
}

/// Where the units of one job stand.
pub fn progress(tx: &mut Tx<'_>, job: JobId) -> Result<Progress, DbError> {
    let counts: Vec<(UnitState, i64)> = units::table
        .filter(units::job_id.eq(job))
        .group_by(units::state)
        .select((units::state, count_star()))
        .load(tx.conn())?;
    Ok(Progress::of(counts))
}

/// A deadline that was moved.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = job_extensions)]
#[schemars(rename = "JobExtension")]
pub struct Extension {
    /// The day before.
    pub from_day: NaiveDate,
    /// The day after.
    pub to_day: NaiveDate,
    /// Why; may be empty.
    pub note: String,
    /// Who moved it.
    pub extended_by: PersonId,
    /// When.
    pub extended_at: DateTime<Utc>,
}

/// How a job's deadline was moved, the newest first, twenty at most.
pub fn extensions(tx: &mut Tx<'_>, job: JobId) -> Result<Vec<Extension>, DbError> {
    Ok(job_extensions::table
        .filter(job_extensions::job_id.eq(job))
        .order(job_extensions::id.desc())
        .limit(20)
        .select(Extension::as_select())
        .load(tx.conn())?)
}

/// How many units of a job wait for somebody.
pub(super) fn units_left(tx: &mut Tx<'_>, job: JobId) -> Result<i64, DbError> {
    Ok(units::table
        .filter(units::job_id.eq(job))
        .filter(units::state.eq(UnitState::Offered))
        .count()
        .get_result(tx.conn())?)
}
