//! Reading samples, and whether a file is one that somebody may see.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{FileId, JobId};

use super::model::Sample;
use super::store::SampleRow;
use crate::jobs;
use crate::schema::job_samples;

/// A job's samples in the order they were added; some dozen at most.
pub fn of_job(tx: &mut Tx<'_>, job: JobId) -> Result<Vec<Sample>, DbError> {
    let rows: Vec<SampleRow> = job_samples::table
        .filter(job_samples::job_id.eq(job))
        .filter(job_samples::removed_at.is_null())
        .order(job_samples::id)
        .select(SampleRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Sample::from).collect())
}

/// [`of_job`] before the acting worker: other jobs do not exist.
pub fn mine(tx: &mut Tx<'_>, job: JobId) -> Result<Vec<Sample>, DbError> {
    let job = jobs::reach(tx, job)?;
    of_job(tx, job.id)
}

/// Whether a file is a sample of a job before the acting worker: they may read it, whoever uploaded it.
pub fn is_shown(tx: &mut Tx<'_>, file: FileId) -> Result<bool, DbError> {
    let of: Vec<JobId> = job_samples::table
        .filter(job_samples::file_id.eq(file))
        .filter(job_samples::removed_at.is_null())
        .select(job_samples::job_id)
        .load(tx.conn())?;
    for job in of {
        match jobs::reach(tx, job) {
            Err(DbError::NotFound) => {}
            reached => return reached.map(|_job| true),
        }
    }
    Ok(false)
}

/// How many samples a job has.
pub(super) fn count(tx: &mut Tx<'_>, job: JobId) -> Result<i64, DbError> {
    Ok(job_samples::table
        .filter(job_samples::job_id.eq(job))
        .filter(job_samples::removed_at.is_null())
        .count()
        .get_result(tx.conn())?)
}
