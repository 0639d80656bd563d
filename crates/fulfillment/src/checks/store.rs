//! Rows and writes of `job_checks` and `job_check_items`, which the application may only insert.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{JobId, PersonId};

use super::model::{CheckFields, JobChecks};
use crate::schema::{job_check_items, job_checks};

#[derive(Queryable, Selectable)]
#[diesel(table_name = job_checks)]
pub(super) struct ChecksRow {
    job_id: JobId,
    number: i32,
    rework_cap: Option<i16>,
    changed_by: PersonId,
    changed_at: DateTime<Utc>,
}

impl ChecksRow {
    pub(super) fn number(&self) -> i32 {
        self.number
    }

    pub(super) fn with(self, items: Vec<String>) -> JobChecks {
        JobChecks {
            job_id: self.job_id,
            number: self.number,
            rework_cap: self.rework_cap,
            items,
            changed_by: self.changed_by,
            changed_at: self.changed_at,
        }
    }
}

/// Keeps a wording as a version of a job's checks.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    job: JobId,
    number: i32,
    fields: &CheckFields,
    by: PersonId,
) -> Result<JobChecks, DbError> {
    let now = tx.now();
    let row: ChecksRow = diesel::insert_into(job_checks::table)
        .values((
            job_checks::job_id.eq(job),
            job_checks::number.eq(number),
            job_checks::rework_cap.eq(fields.rework_cap),
            job_checks::changed_by.eq(by),
            job_checks::changed_at.eq(now),
        ))
        .returning(ChecksRow::as_returning())
        .get_result(tx.conn())?;
    let items: Vec<_> = (1i16..)
        .zip(&fields.items)
        .map(|(position, text)| {
            (
                job_check_items::job_id.eq(job),
                job_check_items::number.eq(number),
                job_check_items::position.eq(position),
                job_check_items::text.eq(text),
            )
        })
        .collect();
    diesel::insert_into(job_check_items::table).values(items).execute(tx.conn())?;
    Ok(row.with(fields.items.clone()))
}

/// Lays the checks of one job with another, as its first version.
pub(crate) fn copy(tx: &mut Tx<'_>, from: JobId, to: JobId) -> Result<(), DbError> {
    let Some(checks) = super::newest(tx, from)? else { return Ok(()) };
    let by = tx.actor().person().unwrap_or(checks.changed_by);
    let fields = CheckFields { items: checks.items, rework_cap: checks.rework_cap };
    keep(tx, to, 1, &fields, by)?;
    Ok(())
}
