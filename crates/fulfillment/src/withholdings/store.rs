//! Rows and writes of `job_withholdings`, which the application may only insert.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use kernel::{JobId, PersonId};

use super::model::{Decision, Withholding};
use crate::schema::job_withholdings;
use crate::tax::WorkKind;

#[derive(Queryable, Selectable)]
#[diesel(table_name = job_withholdings)]
pub(super) struct WithholdingRow {
    job_id: JobId,
    number: i32,
    kind: WorkKind,
    withheld: bool,
    reason: String,
    decided_by: PersonId,
    decided_at: DateTime<Utc>,
}

impl From<WithholdingRow> for Withholding {
    fn from(row: WithholdingRow) -> Self {
        Self {
            job_id: row.job_id,
            number: row.number,
            kind: row.kind,
            withheld: row.withheld,
            reason: row.reason,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    job: JobId,
    decision: &Decision,
    by: PersonId,
) -> Result<Withholding, DbError> {
    let now = tx.now();
    let last: Option<i32> = job_withholdings::table
        .filter(job_withholdings::job_id.eq(job))
        .select(max(job_withholdings::number))
        .first(tx.conn())?;
    let row: WithholdingRow = diesel::insert_into(job_withholdings::table)
        .values((
            job_withholdings::job_id.eq(job),
            job_withholdings::number.eq(last.unwrap_or(0) + 1),
            job_withholdings::kind.eq(decision.kind),
            job_withholdings::withheld.eq(decision.withheld),
            job_withholdings::reason.eq(&decision.reason),
            job_withholdings::decided_by.eq(by),
            job_withholdings::decided_at.eq(now),
        ))
        .returning(WithholdingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
