//! Reading submissions: one, and all versions of a unit.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{PersonId, SubmissionId, UnitId};

use super::model::{Submission, Version};
use super::store::{SubmissionRow, with_files};
use crate::reviews;
use crate::schema::submissions;

/// One version; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: SubmissionId) -> Result<Submission, DbError> {
    let row: SubmissionRow = submissions::table
        .filter(submissions::id.eq(id))
        .select(SubmissionRow::as_select())
        .first(tx.conn())?;
    with_files(tx, vec![row])?.pop().ok_or(DbError::NotFound)
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
    let version = |submission: Submission| Version { review: reviews.remove(&submission.id), submission };
    Ok(with_files(tx, rows)?.into_iter().map(version).collect())
}

/// The newest version of a unit.
pub(crate) fn latest(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<Submission>, DbError> {
    let rows: Vec<SubmissionRow> = submissions::table
        .filter(submissions::unit_id.eq(unit))
        .order(submissions::number.desc())
        .limit(1)
        .select(SubmissionRow::as_select())
        .load(tx.conn())?;
    Ok(with_files(tx, rows)?.pop())
}

/// The newest version of a unit that `maker` made; what an earlier holder made is not theirs to build on.
pub fn latest_of(tx: &mut Tx<'_>, unit: UnitId, maker: PersonId) -> Result<Option<Submission>, DbError> {
    let rows: Vec<SubmissionRow> = submissions::table
        .filter(submissions::unit_id.eq(unit))
        .filter(submissions::maker_id.eq(maker))
        .order(submissions::number.desc())
        .limit(1)
        .select(SubmissionRow::as_select())
        .load(tx.conn())?;
    Ok(with_files(tx, rows)?.pop())
}

/// Whether a person made any version of a unit.
pub(crate) fn made_any_version(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<bool, DbError> {
    let made =
        submissions::table.filter(submissions::unit_id.eq(unit)).filter(submissions::maker_id.eq(person));
    Ok(diesel::select(exists(made)).get_result(tx.conn())?)
}
