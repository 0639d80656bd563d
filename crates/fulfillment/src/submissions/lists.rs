//! Reading submissions: one, and all versions of a unit.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{PersonId, SubmissionId, UnitId};

use super::model::{Submission, Version};
use super::store::SubmissionRow;
use crate::reviews;
use crate::schema::submissions;

/// One version; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: SubmissionId) -> Result<Submission, DbError> {
    let row: SubmissionRow = submissions::table
        .filter(submissions::id.eq(id))
        .select(SubmissionRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// All versions of a unit with their verdicts, the oldest first; a unit has a handful.
pub fn of_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<Version>, DbError> {
    let rows: Vec<SubmissionRow> = submissions::table
        .filter(submissions::unit_id.eq(unit))
        .order(submissions::number)
        .select(SubmissionRow::as_select())
        .load(tx.conn())?;
    let mut reviews: HashMap<SubmissionId, _> =
        reviews::of_unit(tx, unit)?.into_iter().map(|review| (review.submission_id, review)).collect();
    let version = |row: SubmissionRow| {
        let submission = Submission::from(row);
        Version { review: reviews.remove(&submission.id), submission }
    };
    Ok(rows.into_iter().map(version).collect())
}

/// The newest version of a unit.
pub(crate) fn latest(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<Submission>, DbError> {
    let row: Option<SubmissionRow> = submissions::table
        .filter(submissions::unit_id.eq(unit))
        .order(submissions::number.desc())
        .select(SubmissionRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Submission::from))
}

/// Whether a person made any version of a unit.
pub(crate) fn made_any_version(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<bool, DbError> {
    let made =
        submissions::table.filter(submissions::unit_id.eq(unit)).filter(submissions::maker_id.eq(person));
    Ok(diesel::select(exists(made)).get_result(tx.conn())?)
}
