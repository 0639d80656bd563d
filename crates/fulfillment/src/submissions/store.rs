//! Rows and writes of `submissions`, `submission_files` and `submission_retractions`, which the application may only insert.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{AssignmentId, FileId, PersonId, SubmissionId, UnitId};

use super::model::{Submission, SubmitFields};
use crate::schema::{submission_files, submission_retractions, submissions};

#[derive(Queryable, Selectable)]
#[diesel(table_name = submissions)]
pub(super) struct SubmissionRow {
    id: SubmissionId,
    unit_id: UnitId,
    maker_id: PersonId,
    number: i32,
    memo: String,
    submitted_at: DateTime<Utc>,
    result_text: String,
    minutes: Option<i32>,
    rules_number: Option<i32>,
}

impl SubmissionRow {
    fn with(self, file_ids: Vec<FileId>) -> Submission {
        Submission {
            id: self.id,
            unit_id: self.unit_id,
            maker_id: self.maker_id,
            number: self.number,
            result_text: self.result_text,
            file_ids,
            memo: self.memo,
            submitted_at: self.submitted_at,
            minutes: self.minutes,
            rules_number: self.rules_number,
        }
    }
}

/// Adds its files to each row, in one query however many rows there are.
pub(super) fn with_files(tx: &mut Tx<'_>, rows: Vec<SubmissionRow>) -> Result<Vec<Submission>, DbError> {
    let ids: Vec<SubmissionId> = rows.iter().map(|row| row.id).collect();
    let found: Vec<(SubmissionId, FileId)> = submission_files::table
        .filter(submission_files::submission_id.eq_any(ids))
        .order((submission_files::submission_id, submission_files::position))
        .select((submission_files::submission_id, submission_files::file_id))
        .load(tx.conn())?;
    let mut files: HashMap<SubmissionId, Vec<FileId>> = HashMap::new();
    for (submission, file) in found {
        files.entry(submission).or_default().push(file);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = files.remove(&row.id).unwrap_or_default();
            row.with(own)
        })
        .collect())
}

/// Who hands in which version of what, under which hold, by which wording of the rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    pub(super) unit: UnitId,
    pub(super) assignment: AssignmentId,
    pub(super) maker: PersonId,
    pub(super) number: i32,
    pub(super) rules_number: Option<i32>,
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    made: &Made,
    fields: SubmitFields,
    files: Vec<FileId>,
) -> Result<Submission, DbError> {
    let now = tx.now();
    let row: SubmissionRow = diesel::insert_into(submissions::table)
        .values((
            submissions::unit_id.eq(made.unit),
            submissions::assignment_id.eq(made.assignment),
            submissions::maker_id.eq(made.maker),
            submissions::number.eq(made.number),
            submissions::memo.eq(fields.memo),
            submissions::submitted_at.eq(now),
            submissions::result_text.eq(fields.result_text),
            submissions::minutes.eq(fields.minutes),
            submissions::rules_number.eq(made.rules_number),
        ))
        .returning(SubmissionRow::as_returning())
        .get_result(tx.conn())?;
    db::prepared(
        "INSERT INTO submission_files (submission_id, position, file_id) \
         SELECT $1, f.place, f.id FROM unnest($2) WITH ORDINALITY AS f (id, place)",
    )
    .bind::<BigInt, _>(row.id)
    .bind::<Array<BigInt>, _>(files.clone())
    .execute(tx.conn())?;
    Ok(row.with(files))
}

pub(super) fn retract(tx: &mut Tx<'_>, version: &Submission) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(submission_retractions::table)
        .values((
            submission_retractions::submission_id.eq(version.id),
            submission_retractions::unit_id.eq(version.unit_id),
            submission_retractions::retracted_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
