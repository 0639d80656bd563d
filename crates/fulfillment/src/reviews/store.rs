//! Rows and writes of `reviews` with their remarks and answers, which the application may only insert, and of
//! `review_leases`, of which each unit has one at most.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Timestamptz};
use kernel::{PersonId, ReviewId, SubmissionId, UnitId};

use super::findings::{CheckAnswer, Findings, Known, RemarkFields};
use super::model::{Decision, Fault, Lease, Review, ReviewReason, Verdict};
use crate::schema::{review_answers, review_leases, review_remarks, reviews};
use crate::submissions::Submission;
use crate::units::store::Which;

#[derive(Queryable, Selectable)]
#[diesel(table_name = reviews)]
pub(super) struct ReviewRow {
    pub(super) id: ReviewId,
    unit_id: UnitId,
    submission_id: SubmissionId,
    checker_id: PersonId,
    verdict: Verdict,
    reason: Option<ReviewReason>,
    fault: Option<Fault>,
    comment: String,
    reviewed_at: DateTime<Utc>,
    coaching: bool,
    appeal_by: Option<NaiveDate>,
    level: i16,
    is_last: bool,
}

impl From<ReviewRow> for Review {
    /// Without what was found, which lies in tables of its own.
    fn from(row: ReviewRow) -> Self {
        Self {
            id: row.id,
            unit_id: row.unit_id,
            submission_id: row.submission_id,
            checker_id: row.checker_id,
            verdict: row.verdict,
            reason: row.reason,
            fault: row.fault,
            comment: row.comment,
            reviewed_at: row.reviewed_at,
            coaching: row.coaching,
            appeal_by: row.appeal_by,
            level: row.level,
            is_last: row.is_last,
            remarks: Vec::new(),
            answers: Vec::new(),
        }
    }
}

/// What follows from a verdict.
#[derive(Debug, Clone, Copy)]
pub(super) struct Follows {
    /// Which look it is.
    pub(super) level: i16,
    /// Whether no other look follows.
    pub(super) is_last: bool,
    /// Somebody sits down with its maker.
    pub(super) coaching: bool,
    /// The last day on which they may appeal.
    pub(super) appeal_by: Option<NaiveDate>,
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    submission: &Submission,
    checker: PersonId,
    decision: &Decision,
    follows: Follows,
) -> Result<Review, DbError> {
    let now = tx.now();
    let (verdict, reason, fault, comment) = match decision {
        Decision::Pass { comment } => (Verdict::Pass, None, None, comment),
        Decision::Against { verdict, reason, fault, comment, .. } => {
            (*verdict, Some(*reason), Some(*fault), comment)
        }
    };
    let row: ReviewRow = diesel::insert_into(reviews::table)
        .values((
            reviews::unit_id.eq(submission.unit_id),
            reviews::submission_id.eq(submission.id),
            reviews::checker_id.eq(checker),
            reviews::verdict.eq(verdict),
            reviews::reason.eq(reason),
            reviews::fault.eq(fault),
            reviews::comment.eq(comment),
            reviews::reviewed_at.eq(now),
            reviews::coaching.eq(follows.coaching),
            reviews::appeal_by.eq(follows.appeal_by),
            reviews::level.eq(follows.level),
            reviews::is_last.eq(follows.is_last),
        ))
        .returning(ReviewRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Keeps what was found with its review.
pub(super) fn insert_findings(
    tx: &mut Tx<'_>,
    review: ReviewId,
    findings: &Findings,
    known: &Known,
) -> Result<(), DbError> {
    let remark = |(position, remark): (i16, &RemarkFields)| {
        (
            review_remarks::review_id.eq(review),
            review_remarks::position.eq(position),
            review_remarks::defect_kind_id.eq(remark.kind.map(|(id, _)| id)),
            review_remarks::severity.eq(remark.kind.map(|(_, severity)| severity)),
            review_remarks::file_id.eq(remark.file),
            review_remarks::line.eq(remark.line),
            review_remarks::text.eq(remark.text.clone()),
        )
    };
    let remarks: Vec<_> = (1i16..).zip(&findings.remarks).map(remark).collect();
    diesel::insert_into(review_remarks::table).values(remarks).execute(tx.conn())?;
    let Some(checks) = &known.checks else { return Ok(()) };
    let answer = |(position, answer): (i16, &Option<CheckAnswer>)| {
        answer.map(|answer| {
            (
                review_answers::review_id.eq(review),
                review_answers::position.eq(position),
                review_answers::job_id.eq(checks.job_id),
                review_answers::number.eq(checks.number),
                review_answers::answer.eq(answer),
            )
        })
    };
    let answers: Vec<_> = (1i16..).zip(&findings.answers).filter_map(answer).collect();
    diesel::insert_into(review_answers::table).values(answers).execute(tx.conn())?;
    Ok(())
}

/// Takes a version for a checker until `until`, or keeps it theirs for longer. False while it is somebody else's. The caller has
/// locked the unit.
pub(super) fn take(
    tx: &mut Tx<'_>,
    submission: &Submission,
    checker: PersonId,
    until: DateTime<Utc>,
) -> Result<bool, DbError> {
    let now = tx.now();
    let taken = db::prepared(
        "INSERT INTO review_leases AS held (unit_id, submission_id, checker_id, taken_at, until) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, unit_id) DO UPDATE \
         SET submission_id = EXCLUDED.submission_id, checker_id = EXCLUDED.checker_id, \
             taken_at = EXCLUDED.taken_at, until = EXCLUDED.until \
         WHERE held.checker_id = EXCLUDED.checker_id OR held.until <= $4 OR held.submission_id <> EXCLUDED.submission_id",
    )
    .bind::<BigInt, _>(submission.unit_id)
    .bind::<BigInt, _>(submission.id)
    .bind::<BigInt, _>(checker)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(until)
    .execute(tx.conn())?;
    Ok(taken == 1)
}

/// Lets a unit go, whoever had it; with `of` only where it was theirs. Whether there was something to let go.
pub(super) fn let_go(tx: &mut Tx<'_>, unit: UnitId, of: Option<PersonId>) -> Result<bool, DbError> {
    let mut lease = diesel::delete(review_leases::table.filter(review_leases::unit_id.eq(unit))).into_boxed();
    if let Some(checker) = of {
        lease = lease.filter(review_leases::checker_id.eq(checker));
    }
    Ok(lease.execute(tx.conn())? == 1)
}

/// Units whose reviewer's time is over, the longest first.
pub(super) fn lapsed(tx: &mut Tx<'_>, most: i64) -> Result<Vec<UnitId>, DbError> {
    let now = tx.now();
    Ok(review_leases::table
        .filter(review_leases::until.le(now))
        .order((review_leases::until, review_leases::unit_id))
        .limit(most)
        .select(review_leases::unit_id)
        .load(tx.conn())?)
}

/// Lets those of some units go whose reviewer's time is over, and says which. The caller has locked them.
pub(super) fn let_go_lapsed(tx: &mut Tx<'_>, units: &[UnitId]) -> Result<Vec<UnitId>, DbError> {
    let now = tx.now();
    let lapsed = review_leases::table
        .filter(review_leases::unit_id.eq_any(units))
        .filter(review_leases::until.le(now));
    Ok(diesel::delete(lapsed).returning(review_leases::unit_id).get_results(tx.conn())?)
}

/// Lets the units of `which` go.
pub(super) fn forget(tx: &mut Tx<'_>, which: Which<'_>) -> Result<(), DbError> {
    db::prepared(format!(
        "DELETE FROM review_leases USING units WHERE {} AND review_leases.unit_id = units.id",
        which.condition()
    ))
    .bind::<Array<BigInt>, _>(which.ids())
    .execute(tx.conn())?;
    Ok(())
}

/// Who has a version now.
pub(super) fn lease(tx: &mut Tx<'_>, submission: SubmissionId) -> Result<Option<Lease>, DbError> {
    let now = tx.now();
    let row: Option<(UnitId, SubmissionId, PersonId, DateTime<Utc>)> = review_leases::table
        .filter(review_leases::submission_id.eq(submission))
        .filter(review_leases::until.gt(now))
        .select((
            review_leases::unit_id,
            review_leases::submission_id,
            review_leases::checker_id,
            review_leases::until,
        ))
        .first(tx.conn())
        .optional()?;
    let held =
        |(unit_id, submission_id, checker_id, until)| Lease { unit_id, submission_id, checker_id, until };
    Ok(row.map(held))
}
