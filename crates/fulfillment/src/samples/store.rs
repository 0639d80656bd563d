//! Rows and writes of `job_samples`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use kernel::{FileId, JobId, PersonId};

use super::model::{Sample, SampleId, SampleKind};
use crate::schema::job_samples;

#[derive(Queryable, Selectable)]
#[diesel(table_name = job_samples)]
pub(super) struct SampleRow {
    id: SampleId,
    job_id: JobId,
    kind: SampleKind,
    file_id: FileId,
    note: String,
    added_at: DateTime<Utc>,
}

impl From<SampleRow> for Sample {
    fn from(row: SampleRow) -> Self {
        Self {
            id: row.id,
            job_id: row.job_id,
            kind: row.kind,
            file_id: row.file_id,
            note: row.note,
            added_at: row.added_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    job: JobId,
    by: PersonId,
    (kind, file, note): (SampleKind, FileId, String),
) -> Result<Sample, DbError> {
    let now = tx.now();
    let row: SampleRow = diesel::insert_into(job_samples::table)
        .values((
            job_samples::job_id.eq(job),
            job_samples::kind.eq(kind),
            job_samples::file_id.eq(file),
            job_samples::note.eq(note),
            job_samples::added_by.eq(by),
            job_samples::added_at.eq(now),
        ))
        .returning(SampleRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Lays the samples of one job with another.
pub(crate) fn copy(tx: &mut Tx<'_>, from: JobId, to: JobId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::sql_query(
        "INSERT INTO job_samples (job_id, kind, file_id, note, added_by, added_at) \
         SELECT $2, kind, file_id, note, added_by, $3 FROM job_samples \
         WHERE job_id = $1 AND removed_at IS NULL ORDER BY id",
    )
    .bind::<BigInt, _>(from)
    .bind::<BigInt, _>(to)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}

/// Takes one away; [`DbError::NotFound`] where there is none, or it is gone already.
pub(super) fn remove(tx: &mut Tx<'_>, id: SampleId) -> Result<Sample, DbError> {
    let now = tx.now();
    let standing =
        job_samples::table.filter(job_samples::id.eq(id)).filter(job_samples::removed_at.is_null());
    let row: SampleRow = diesel::update(standing)
        .set(job_samples::removed_at.eq(now))
        .returning(SampleRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
