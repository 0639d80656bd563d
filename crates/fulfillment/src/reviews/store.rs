//! Rows and writes of `reviews`, which the application may only insert.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, ReviewId, SubmissionId, UnitId};

use super::model::{Decision, Fault, Review, ReviewReason, Verdict};
use crate::schema::reviews;
use crate::submissions::Submission;

#[derive(Queryable, Selectable)]
#[diesel(table_name = reviews)]
pub(super) struct ReviewRow {
    id: ReviewId,
    unit_id: UnitId,
    submission_id: SubmissionId,
    checker_id: PersonId,
    verdict: Verdict,
    reason: Option<ReviewReason>,
    fault: Option<Fault>,
    comment: String,
    reviewed_at: DateTime<Utc>,
}

impl From<ReviewRow> for Review {
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
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    submission: &Submission,
    checker: PersonId,
    decision: &Decision,
) -> Result<Review, DbError> {
    let now = tx.now();
    let (verdict, reason, fault, comment) = match decision {
        Decision::Pass { comment } => (Verdict::Pass, None, None, comment),
        Decision::Against { verdict, reason, fault, comment } => {
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
        ))
        .returning(ReviewRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
