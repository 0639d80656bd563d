//! Rows and writes of `submissions`, which the application may only insert.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{AssignmentId, FileId, PersonId, SubmissionId, UnitId};

use super::model::{Submission, SubmitFields};
use crate::schema::submissions;

#[derive(Queryable, Selectable)]
#[diesel(table_name = submissions)]
pub(super) struct SubmissionRow {
    id: SubmissionId,
    unit_id: UnitId,
    maker_id: PersonId,
    number: i32,
    note: String,
    file_id: Option<FileId>,
    submitted_at: DateTime<Utc>,
}

impl From<SubmissionRow> for Submission {
    fn from(row: SubmissionRow) -> Self {
        Self {
            id: row.id,
            unit_id: row.unit_id,
            maker_id: row.maker_id,
            number: row.number,
            note: row.note,
            file_id: row.file_id,
            submitted_at: row.submitted_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    unit: UnitId,
    assignment: AssignmentId,
    maker: PersonId,
    number: i32,
    fields: &SubmitFields,
) -> Result<Submission, DbError> {
    let now = tx.now();
    let row: SubmissionRow = diesel::insert_into(submissions::table)
        .values((
            submissions::unit_id.eq(unit),
            submissions::assignment_id.eq(assignment),
            submissions::maker_id.eq(maker),
            submissions::number.eq(number),
            submissions::note.eq(&fields.note),
            submissions::file_id.eq(fields.file_id),
            submissions::submitted_at.eq(now),
        ))
        .returning(SubmissionRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
