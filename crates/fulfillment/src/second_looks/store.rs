//! Rows and writes of `second_looks`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt, Timestamptz};
use kernel::{PersonId, ReviewId, SubmissionId, UnitId};

use super::model::{SecondLook, SecondLookId};
use crate::reviews::Review;
use crate::schema::second_looks;

#[derive(Queryable, Selectable)]
#[diesel(table_name = second_looks)]
pub(super) struct LookRow {
    id: SecondLookId,
    review_id: ReviewId,
    unit_id: UnitId,
    submission_id: SubmissionId,
    drawn_at: DateTime<Utc>,
    looker_id: Option<PersonId>,
    is_good: Option<bool>,
    comment: String,
    looked_at: Option<DateTime<Utc>>,
}

impl From<LookRow> for SecondLook {
    fn from(row: LookRow) -> Self {
        Self {
            id: row.id,
            review_id: row.review_id,
            unit_id: row.unit_id,
            submission_id: row.submission_id,
            drawn_at: row.drawn_at,
            looker_id: row.looker_id,
            is_good: row.is_good,
            comment: row.comment,
            looked_at: row.looked_at,
        }
    }
}

/// Draws with the database's random numbers whether a verdict is given once more.
pub(super) fn draw(tx: &mut Tx<'_>, review: &Review, percent: i16) -> Result<(), DbError> {
    let now = tx.now();
    diesel::sql_query(
        "INSERT INTO second_looks (review_id, unit_id, submission_id, drawn_at) \
         SELECT $1, $2, $3, $4 WHERE random() * 100 < $5",
    )
    .bind::<BigInt, _>(review.id)
    .bind::<BigInt, _>(review.unit_id)
    .bind::<BigInt, _>(review.submission_id)
    .bind::<Timestamptz, _>(now)
    .bind::<SmallInt, _>(percent)
    .execute(tx.conn())?;
    Ok(())
}

/// Reads one and keeps everybody else from giving it until this transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: SecondLookId) -> Result<SecondLook, DbError> {
    let row: LookRow = second_looks::table
        .filter(second_looks::id.eq(id))
        .select(LookRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

pub(super) fn say(
    tx: &mut Tx<'_>,
    id: SecondLookId,
    (person, is_good): (PersonId, bool),
    comment: &str,
) -> Result<SecondLook, DbError> {
    let now = tx.now();
    let row: LookRow = diesel::update(second_looks::table.filter(second_looks::id.eq(id)))
        .set((
            second_looks::looker_id.eq(person),
            second_looks::is_good.eq(is_good),
            second_looks::comment.eq(comment),
            second_looks::looked_at.eq(now),
        ))
        .returning(LookRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
