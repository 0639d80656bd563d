//! Reading what was decided about jobs.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::JobId;

use super::model::Withholding;
use super::store::WithholdingRow;
use crate::schema::job_withholdings;

/// How many decisions about one job are shown; it is decided once as a rule.
const MOST_DECISIONS: i64 = 50;

/// What counts for a job; none while nobody has decided.
pub fn find(tx: &mut Tx<'_>, job: JobId) -> Result<Option<Withholding>, DbError> {
    Ok(of_job(tx, job)?.into_iter().next())
}

/// Everything that was decided about a job, the newest – the one that counts – first.
pub fn of_job(tx: &mut Tx<'_>, job: JobId) -> Result<Vec<Withholding>, DbError> {
    let rows: Vec<WithholdingRow> = job_withholdings::table
        .filter(job_withholdings::job_id.eq(job))
        .order(job_withholdings::number.desc())
        .limit(MOST_DECISIONS)
        .select(WithholdingRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Withholding::from).collect())
}
