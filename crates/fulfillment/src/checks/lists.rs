//! Reading what is looked at in a job's units.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{JobId, Page, Paging};

use super::model::{ChecksKey, JobChecks};
use super::store::ChecksRow;
use crate::quality;
use crate::schema::{job_check_items, job_checks};

/// One version; [`DbError::NotFound`] where the job has none of that number.
pub fn find(tx: &mut Tx<'_>, job: JobId, number: i32) -> Result<JobChecks, DbError> {
    let row: ChecksRow = job_checks::table
        .filter(job_checks::job_id.eq(job))
        .filter(job_checks::number.eq(number))
        .select(ChecksRow::as_select())
        .first(tx.conn())?;
    filled(tx, job, vec![row])?.pop().ok_or(DbError::NotFound)
}

/// What counts now; none where nobody wrote anything.
pub fn newest(tx: &mut Tx<'_>, job: JobId) -> Result<Option<JobChecks>, DbError> {
    let row: Option<ChecksRow> = job_checks::table
        .filter(job_checks::job_id.eq(job))
        .order(job_checks::number.desc())
        .select(ChecksRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(filled(tx, job, row.into_iter().collect())?.pop())
}

/// The versions of a job's checks, the newest first.
pub fn of_job(
    tx: &mut Tx<'_>,
    job: JobId,
    paging: &Paging<ChecksKey>,
) -> Result<Page<JobChecks, ChecksKey>, DbError> {
    let mut query = job_checks::table
        .filter(job_checks::job_id.eq(job))
        .order(job_checks::number.desc())
        .limit(paging.probe())
        .select(ChecksRow::as_select())
        .into_boxed();
    if let Some(ChecksKey(number)) = paging.after {
        query = query.filter(job_checks::number.lt(number));
    }
    let rows: Vec<ChecksRow> = query.load(tx.conn())?;
    let versions = filled(tx, job, rows)?;
    Ok(Page::cut(versions, paging, |version: &JobChecks| ChecksKey(version.number)))
}

/// Adds the items, in one query however many versions there are.
fn filled(tx: &mut Tx<'_>, job: JobId, rows: Vec<ChecksRow>) -> Result<Vec<JobChecks>, DbError> {
    let numbers: Vec<i32> = rows.iter().map(ChecksRow::number).collect();
    let found: Vec<(i32, String)> = job_check_items::table
        .filter(job_check_items::job_id.eq(job))
        .filter(job_check_items::number.eq_any(&numbers))
        .order((job_check_items::number, job_check_items::position))
        .select((job_check_items::number, job_check_items::text))
        .load(tx.conn())?;
    let mut items: HashMap<i32, Vec<String>> = HashMap::new();
    for (number, text) in found {
        items.entry(number).or_default().push(text);
    }
    let one = |row: ChecksRow| {
        let own = items.remove(&row.number()).unwrap_or_default();
        row.with(own)
    };
    Ok(rows.into_iter().map(one).collect())
}

/// How often a unit of a job goes back through its maker's own fault before they are coached: the value of the job's newest
/// checks, which the caller has read, else the town's.
pub fn rework_cap(tx: &mut Tx<'_>, newest: Option<&JobChecks>) -> Result<i16, DbError> {
    let own = newest.and_then(|checks| checks.rework_cap);
    own.map_or_else(|| Ok(quality::find(tx)?.rework_cap), Ok)
}
