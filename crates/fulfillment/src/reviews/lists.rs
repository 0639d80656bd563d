//! Reading reviews: those of a unit, and what waits for one.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Timestamptz};
use kernel::{FileId, JobId, OrderId, Page, Paging, SubmissionId, UnitId};

use super::model::{Review, ReviewKey, ToReview};
use super::store::ReviewRow;
use crate::schema::reviews;
use crate::units::UnitState;

/// The verdicts on all versions of a unit, the oldest first.
pub(crate) fn of_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<Review>, DbError> {
    let rows: Vec<ReviewRow> = reviews::table
        .filter(reviews::unit_id.eq(unit))
        .order(reviews::id)
        .select(ReviewRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Review::from).collect())
}

#[derive(QueryableByName)]
struct QueueRow {
    #[diesel(sql_type = BigInt)]
    submission: SubmissionId,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = BigInt)]
    unit: UnitId,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Text)]
    state: UnitState,
    #[diesel(sql_type = BigInt)]
    job: JobId,
    #[diesel(sql_type = Text)]
    job_title: String,
    #[diesel(sql_type = BigInt)]
    order: OrderId,
    #[diesel(sql_type = Text)]
    order_title: String,
    #[diesel(sql_type = Date)]
    order_due_on: NaiveDate,
    #[diesel(sql_type = Text)]
    result_text: String,
    #[diesel(sql_type = Array<BigInt>)]
    file_ids: Vec<FileId>,
    #[diesel(sql_type = Text)]
    memo: String,
    #[diesel(sql_type = Timestamptz)]
    submitted_at: DateTime<Utc>,
}

impl From<QueueRow> for ToReview {
    fn from(row: QueueRow) -> Self {
        Self {
            submission: row.submission,
            number: row.number,
            unit: row.unit,
            label: row.label,
            state: row.state,
            job: row.job,
            job_title: row.job_title,
            order: row.order,
            order_title: row.order_title,
            order_due_on: row.order_due_on,
            result_text: row.result_text,
            files: row.file_ids,
            memo: row.memo,
            submitted_at: row.submitted_at,
        }
    }
}

/// What the acting person may check, what its client wants first and then the longest waiting: the newest version of every unit handed in, but of
/// no unit of which they made any version.
pub fn waiting(tx: &mut Tx<'_>, paging: &Paging<ReviewKey>) -> Result<Page<ToReview, ReviewKey>, DbError> {
    let checker = crate::acting_person(tx)?;
    let (day, after) = paging.after.map(|ReviewKey(day, id)| (day, id)).unzip();
    let rows: Vec<QueueRow> = diesel::sql_query(
        "SELECT s.id AS submission, s.number, u.id AS unit, u.label, u.state, j.id AS job, j.title AS job_title, \
             o.id AS order, o.title AS order_title, o.due_on AS order_due_on, s.result_text, \
             ARRAY (SELECT f.file_id FROM submission_files f WHERE f.submission_id = s.id ORDER BY f.position) \
                 AS file_ids, s.memo, s.submitted_at \
         FROM units u \
         JOIN LATERAL (SELECT * FROM submissions v WHERE v.unit_id = u.id ORDER BY v.number DESC LIMIT 1) s ON true \
         JOIN jobs j ON j.id = u.job_id JOIN orders o ON o.id = u.order_id \
         WHERE u.state IN ('submitted', 'checking') AND ($4 IS NULL OR (o.due_on, s.id) > ($4, $2)) \
             AND NOT EXISTS (SELECT FROM submissions m WHERE m.unit_id = u.id AND m.maker_id = $1) \
         ORDER BY o.due_on, s.id LIMIT $3",
    )
    .bind::<BigInt, _>(checker)
    .bind::<Nullable<BigInt>, _>(after)
    .bind::<BigInt, _>(paging.probe())
    .bind::<Nullable<Date>, _>(day)
    .load(tx.conn())?;
    let rows = rows.into_iter().map(ToReview::from).collect();
    Ok(Page::cut(rows, paging, |row: &ToReview| ReviewKey(row.order_due_on, row.submission)))
}

/// How many units the acting person may check, all counted.
pub fn waiting_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    let checker = crate::acting_person(tx)?;
    let row: CountRow = diesel::sql_query(
        "SELECT count(*) AS count FROM units u \
         WHERE u.state IN ('submitted', 'checking') \
             AND EXISTS (SELECT FROM submissions s WHERE s.unit_id = u.id) \
             AND NOT EXISTS (SELECT FROM submissions m WHERE m.unit_id = u.id AND m.maker_id = $1)",
    )
    .bind::<BigInt, _>(checker)
    .get_result(tx.conn())?;
    Ok(row.count)
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
