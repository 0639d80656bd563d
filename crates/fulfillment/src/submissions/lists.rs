//! Reading submissions: one, and all versions of a unit.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable};
use kernel::{AssignmentId, FileId, JobId, PersonId, SubmissionId, UnitId};

use super::model::{SaidMinutes, Submission, Version};
use super::store::{SubmissionRow, with_files};
use crate::reviews::{self, Review};
use crate::schema::{
    delivery_units, fix_decisions, submission_files, submission_retractions, submissions, units,
};
use crate::units::UnitState;

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
    let (last, first): (Vec<_>, Vec<_>) =
        reviews::of_unit(tx, unit)?.into_iter().partition(|one| one.is_last);
    let by_version = |reviews: Vec<Review>| -> HashMap<SubmissionId, Review> {
        reviews.into_iter().map(|review| (review.submission_id, review)).collect()
    };
    let (mut last, mut first) = (by_version(last), by_version(first));
    let mut retracted: HashMap<SubmissionId, DateTime<Utc>> = submission_retractions::table
        .filter(submission_retractions::unit_id.eq(unit))
        .select((submission_retractions::submission_id, submission_retractions::retracted_at))
        .load(tx.conn())?
        .into_iter()
        .collect();
    let version = |submission: Submission| Version {
        review: last.remove(&submission.id),
        first_review: first.remove(&submission.id),
        retracted_at: retracted.remove(&submission.id),
        submission,
    };
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

/// The newest version of a unit that its maker did not take back.
pub(super) fn latest_standing(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<Submission>, DbError> {
    let taken_back: Vec<SubmissionId> = submission_retractions::table
        .filter(submission_retractions::unit_id.eq(unit))
        .select(submission_retractions::submission_id)
        .load(tx.conn())?;
    let rows: Vec<SubmissionRow> = submissions::table
        .filter(submissions::unit_id.eq(unit))
        .filter(submissions::id.ne_all(taken_back))
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

/// The version of a unit that the client has and wants mended: what whoever mends it begins with. `None` where no fix
/// was decided for the last delivery.
pub fn to_mend(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<Submission>, DbError> {
    let rows: Vec<SubmissionRow> = submissions::table
        .inner_join(delivery_units::table.on(delivery_units::submission_id.eq(submissions::id)))
        .inner_join(fix_decisions::table.on(decided()))
        .filter(delivery_units::unit_id.eq(unit))
        .order(delivery_units::delivery_id.desc())
        .limit(1)
        .select(SubmissionRow::as_select())
        .load(tx.conn())?;
    Ok(with_files(tx, rows)?.pop())
}

/// Whether a file is part of what a person has to mend now: they may read it, whoever made it.
pub fn is_to_mend(tx: &mut Tx<'_>, file: FileId, person: PersonId) -> Result<bool, DbError> {
    let held = submission_files::table
        .inner_join(
            delivery_units::table.on(delivery_units::submission_id.eq(submission_files::submission_id)),
        )
        .inner_join(fix_decisions::table.on(decided()))
        .inner_join(units::table.on(units::id.eq(delivery_units::unit_id)))
        .filter(submission_files::file_id.eq(file))
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(UnitState::TO_DO));
    Ok(diesel::select(exists(held)).get_result(tx.conn())?)
}

#[diesel::dsl::auto_type]
fn decided() -> _ {
    fix_decisions::delivery_id
        .eq(delivery_units::delivery_id.nullable())
        .and(fix_decisions::unit_id.eq(delivery_units::unit_id))
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Nullable<Integer>)]
    median: Option<i32>,
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// What makers of a job's units say they took, each unit by its newest word; none where nobody said anything.
pub fn said_minutes(tx: &mut Tx<'_>, job: JobId) -> Result<Option<SaidMinutes>, DbError> {
    let row: Said = diesel::sql_query(
        "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY minutes)::integer AS median, count(*) AS units FROM ( \
             SELECT DISTINCT ON (s.unit_id) s.minutes FROM submissions s JOIN units u ON u.id = s.unit_id \
             WHERE u.job_id = $1 AND s.minutes IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM submission_retractions t WHERE t.submission_id = s.id) \
             ORDER BY s.unit_id, s.id DESC) said",
    )
    .bind::<BigInt, _>(job)
    .get_result(tx.conn())?;
    Ok(row.median.map(|median| SaidMinutes { median, units: row.units }))
}

/// The hold under which a version was made.
pub(crate) fn assignment_of(tx: &mut Tx<'_>, id: SubmissionId) -> Result<AssignmentId, DbError> {
    Ok(submissions::table
        .filter(submissions::id.eq(id))
        .select(submissions::assignment_id)
        .first(tx.conn())?)
}

/// Whether a person made any version of a unit.
pub(crate) fn made_any_version(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<bool, DbError> {
    let made =
        submissions::table.filter(submissions::unit_id.eq(unit)).filter(submissions::maker_id.eq(person));
    Ok(diesel::select(exists(made)).get_result(tx.conn())?)
}
