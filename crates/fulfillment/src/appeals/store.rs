//! Rows and writes of `review_appeals`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, ReviewId, SubmissionId, UnitId};

use super::model::{Appeal, AppealId, AppealOutcome, Decided};
use crate::reviews::Review;
use crate::schema::review_appeals;

#[derive(Queryable, Selectable)]
#[diesel(table_name = review_appeals)]
pub(super) struct AppealRow {
    id: AppealId,
    review_id: ReviewId,
    unit_id: UnitId,
    submission_id: SubmissionId,
    appellant_id: PersonId,
    text: String,
    appealed_at: DateTime<Utc>,
    decide_by: NaiveDate,
    outcome: Option<AppealOutcome>,
    decided_by: Option<PersonId>,
    comment: String,
    decided_at: Option<DateTime<Utc>>,
    due_on: Option<NaiveDate>,
}

impl From<AppealRow> for Appeal {
    fn from(row: AppealRow) -> Self {
        Self {
            id: row.id,
            review_id: row.review_id,
            unit_id: row.unit_id,
            submission_id: row.submission_id,
            appellant_id: row.appellant_id,
            text: row.text,
            appealed_at: row.appealed_at,
            decide_by: row.decide_by,
            outcome: row.outcome,
            decided_by: row.decided_by,
            comment: row.comment,
            decided_at: row.decided_at,
            due_on: row.due_on,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    review: &Review,
    appellant: PersonId,
    text: &str,
    decide_by: NaiveDate,
) -> Result<Appeal, DbError> {
    let now = tx.now();
    let row: AppealRow = diesel::insert_into(review_appeals::table)
        .values((
            review_appeals::review_id.eq(review.id),
            review_appeals::unit_id.eq(review.unit_id),
            review_appeals::submission_id.eq(review.submission_id),
            review_appeals::appellant_id.eq(appellant),
            review_appeals::text.eq(text),
            review_appeals::appealed_at.eq(now),
            review_appeals::decide_by.eq(decide_by),
        ))
        .returning(AppealRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Reads one and keeps everybody else from deciding it until this transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: AppealId) -> Result<Appeal, DbError> {
    let row: AppealRow = review_appeals::table
        .filter(review_appeals::id.eq(id))
        .select(AppealRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

pub(super) fn decide(
    tx: &mut Tx<'_>,
    id: AppealId,
    decided: &Decided,
    by: PersonId,
) -> Result<Appeal, DbError> {
    let now = tx.now();
    let open =
        review_appeals::table.filter(review_appeals::id.eq(id)).filter(review_appeals::decided_at.is_null());
    let row: AppealRow = diesel::update(open)
        .set((
            review_appeals::outcome.eq(decided.outcome),
            review_appeals::decided_by.eq(by),
            review_appeals::comment.eq(&decided.comment),
            review_appeals::due_on.eq(decided.due_on),
            review_appeals::decided_at.eq(now),
        ))
        .returning(AppealRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
