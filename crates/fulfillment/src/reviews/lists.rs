//! Reading reviews: those of a unit, and what waits for one.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{self, exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Nullable, SmallInt, Text, Timestamptz};
use kernel::{FileId, JobId, OrderId, Page, Paging, PersonId, ReviewId, SubmissionId, UnitId};

use super::findings::{Answered, CheckAnswer, Remark};
use super::model::{Fault, Review, ReviewKey, ToReview, Verdict};
use super::store::ReviewRow;
use crate::appeals::AppealOutcome;
use crate::defects::{DefectKindId, Severity};
use crate::schema::{
    defect_kinds, job_check_items, orders, review_answers, review_appeals, review_remarks, reviews,
    submissions, units,
};
use crate::units::UnitState;

/// The verdicts on all versions of a unit, the oldest first.
pub(crate) fn of_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<Review>, DbError> {
    let rows: Vec<ReviewRow> = reviews::table
        .filter(reviews::unit_id.eq(unit))
        .order(reviews::id)
        .select(ReviewRow::as_select())
        .load(tx.conn())?;
    filled(tx, rows.into_iter().map(Review::from).collect())
}

/// One review; [`DbError::NotFound`] where this town has none of that id.
pub(crate) fn find(tx: &mut Tx<'_>, id: ReviewId) -> Result<Review, DbError> {
    let row: ReviewRow =
        reviews::table.filter(reviews::id.eq(id)).select(ReviewRow::as_select()).first(tx.conn())?;
    filled(tx, vec![row.into()])?.pop().ok_or(DbError::NotFound)
}

type RemarkRow =
    (ReviewId, Option<DefectKindId>, Option<String>, Option<Severity>, Option<FileId>, Option<i32>, String);

/// Adds what was found, in two queries however many reviews there are.
pub(super) fn filled(tx: &mut Tx<'_>, mut all: Vec<Review>) -> Result<Vec<Review>, DbError> {
    let ids: Vec<ReviewId> = all.iter().map(|review| review.id).collect();
    let remarks: Vec<RemarkRow> = review_remarks::table
        .left_join(defect_kinds::table.on(defect_kinds::id.nullable().eq(review_remarks::defect_kind_id)))
        .filter(review_remarks::review_id.eq_any(&ids))
        .order((review_remarks::review_id, review_remarks::position))
        .select((
            review_remarks::review_id,
            review_remarks::defect_kind_id,
            defect_kinds::name.nullable(),
            review_remarks::severity,
            review_remarks::file_id,
            review_remarks::line,
            review_remarks::text,
        ))
        .load(tx.conn())?;
    let item = job_check_items::job_id
        .eq(review_answers::job_id)
        .and(job_check_items::number.eq(review_answers::number))
        .and(job_check_items::position.eq(review_answers::position));
    let answers: Vec<(ReviewId, i32, i16, String, CheckAnswer)> = review_answers::table
        .inner_join(job_check_items::table.on(item))
        .filter(review_answers::review_id.eq_any(&ids))
        .order((review_answers::review_id, review_answers::position))
        .select((
            review_answers::review_id,
            review_answers::number,
            review_answers::position,
            job_check_items::text,
            review_answers::answer,
        ))
        .load(tx.conn())?;
    for review in &mut all {
        let own = remarks.iter().filter(|(id, ..)| *id == review.id).cloned();
        review.remarks = own
            .map(|(_, kind_id, kind, severity, file_id, line, text)| Remark {
                kind_id,
                kind,
                severity,
                file_id,
                line,
                text,
            })
            .collect();
        let own = answers.iter().filter(|(id, ..)| *id == review.id).cloned();
        review.answers = own
            .map(|(_, number, position, text, answer)| Answered { number, position, text, answer })
            .collect();
    }
    Ok(all)
}

/// How often a unit went back to one maker through their own fault; a return that an appeal overturned is none.
pub fn returns_of(tx: &mut Tx<'_>, unit: UnitId, maker: PersonId) -> Result<i64, DbError> {
    let overturned = review_appeals::table
        .filter(review_appeals::review_id.eq(reviews::id))
        .filter(review_appeals::outcome.ne(AppealOutcome::Upheld));
    Ok(reviews::table
        .inner_join(submissions::table.on(submissions::id.eq(reviews::submission_id)))
        .filter(reviews::unit_id.eq(unit))
        .filter(submissions::maker_id.eq(maker))
        .filter(reviews::verdict.eq(Verdict::Return))
        .filter(reviews::fault.eq(Fault::Worker))
        .filter(not(exists(overturned)))
        .count()
        .get_result(tx.conn())?)
}

/// How many of a maker's units were looked at since `since`, and how many of these went back through their own fault; a return
/// that an appeal overturned is none.
pub fn sent_back_of(tx: &mut Tx<'_>, maker: PersonId, since: DateTime<Utc>) -> Result<(i64, i64), DbError> {
    let overturned = review_appeals::table
        .filter(review_appeals::review_id.eq(reviews::id))
        .filter(review_appeals::outcome.ne(AppealOutcome::Upheld));
    let theirs = reviews::table
        .inner_join(submissions::table.on(submissions::id.eq(reviews::submission_id)))
        .filter(submissions::maker_id.eq(maker))
        .filter(reviews::reviewed_at.ge(since));
    let back = theirs
        .filter(reviews::verdict.eq(Verdict::Return))
        .filter(reviews::fault.eq(Fault::Worker))
        .filter(not(exists(overturned)))
        .select(dsl::count(reviews::unit_id).aggregate_distinct())
        .first(tx.conn())?;
    Ok((theirs.select(dsl::count(reviews::unit_id).aggregate_distinct()).first(tx.conn())?, back))
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
    #[diesel(sql_type = SmallInt)]
    level: i16,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    leased_until: Option<DateTime<Utc>>,
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
            level: row.level,
            leased_until: row.leased_until,
        }
    }
}

/// That person `$1` may look at unit `u`: they made no version or part of it, and did not let the version that waits pass the
/// first of two looks. No retracted version waits: a first look is of the newest one.
const MAY_CHECK: &str = "NOT EXISTS (SELECT FROM submissions m WHERE m.unit_id = u.id AND m.maker_id = $1) \
     AND NOT EXISTS (SELECT FROM hand_overs h WHERE h.unit_id = u.id AND h.person_id = $1) \
     AND NOT EXISTS (SELECT FROM reviews p WHERE p.unit_id = u.id AND p.checker_id = $1 AND NOT p.is_last \
         AND p.submission_id = (SELECT max(v.id) FROM submissions v WHERE v.unit_id = u.id))";

/// What the acting person may check, what its client wants first and then the longest waiting: the newest version of every unit
/// handed in, but of no unit of which they made any version, and none that somebody else has taken.
pub fn waiting(tx: &mut Tx<'_>, paging: &Paging<ReviewKey>) -> Result<Page<ToReview, ReviewKey>, DbError> {
    let checker = crate::acting_person(tx)?;
    let now = tx.now();
    let (day, after) = paging.after.map(|ReviewKey(day, id)| (day, id)).unzip();
    let rows: Vec<QueueRow> = db::prepared(format!(
        "SELECT s.id AS submission, s.number, u.id AS unit, u.label, u.state, j.id AS job, j.title AS job_title, \
             o.id AS order, o.title AS order_title, o.due_on AS order_due_on, s.result_text, \
             ARRAY (SELECT f.file_id FROM submission_files f WHERE f.submission_id = s.id ORDER BY f.position) \
                 AS file_ids, s.memo, s.submitted_at, \
             CASE WHEN EXISTS (SELECT FROM reviews p WHERE p.submission_id = s.id AND NOT p.is_last) \
                 THEN 2::smallint ELSE 1::smallint END AS level, \
             CASE WHEN l.checker_id = $1 THEN l.until END AS leased_until \
         FROM units u \
         JOIN LATERAL (SELECT * FROM submissions v WHERE v.unit_id = u.id ORDER BY v.number DESC LIMIT 1) s ON true \
         JOIN jobs j ON j.id = u.job_id JOIN orders o ON o.id = u.order_id \
         LEFT JOIN review_leases l ON l.unit_id = u.id AND l.submission_id = s.id AND l.until > $5 \
         WHERE u.state IN ('submitted', 'checking') AND ($4 IS NULL OR (o.due_on, s.id) > ($4, $2)) \
             AND {MAY_CHECK} AND (l.checker_id IS NULL OR l.checker_id = $1) \
         ORDER BY o.due_on, s.id LIMIT $3",
    ))
    .bind::<BigInt, _>(checker)
    .bind::<Nullable<BigInt>, _>(after)
    .bind::<BigInt, _>(paging.probe())
    .bind::<Nullable<Date>, _>(day)
    .bind::<Timestamptz, _>(now)
    .load(tx.conn())?;
    let rows = rows.into_iter().map(ToReview::from).collect();
    Ok(Page::cut(rows, paging, |row: &ToReview| ReviewKey(row.order_due_on, row.submission)))
}

/// The place of a version in the queue, whether it waits or not.
pub(super) fn key(tx: &mut Tx<'_>, version: SubmissionId) -> Result<ReviewKey, DbError> {
    let due_on = submissions::table
        .inner_join(units::table.on(units::id.eq(submissions::unit_id)))
        .inner_join(orders::table.on(orders::id.eq(units::order_id)))
        .filter(submissions::id.eq(version))
        .select(orders::due_on)
        .first(tx.conn())?;
    Ok(ReviewKey(due_on, version))
}

/// How many units the acting person may check, all counted: those that somebody else has taken are not among them.
pub fn waiting_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    count(
        tx,
        "NOT EXISTS (SELECT FROM review_leases l WHERE l.unit_id = u.id AND l.until > $2 AND l.checker_id <> $1)",
    )
}

/// How many units others are checking that the acting person may check, too.
pub fn taken_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    count(
        tx,
        "EXISTS (SELECT FROM review_leases l WHERE l.unit_id = u.id AND l.until > $2 AND l.checker_id <> $1)",
    )
}

fn count(tx: &mut Tx<'_>, condition: &str) -> Result<i64, DbError> {
    let (checker, now) = (crate::acting_person(tx)?, tx.now());
    let row: CountRow = db::prepared(format!(
        "SELECT count(*) AS count FROM units u \
         WHERE u.state IN ('submitted', 'checking') \
             AND EXISTS (SELECT FROM submissions s WHERE s.unit_id = u.id) \
             AND {MAY_CHECK} AND {condition}"
    ))
    .bind::<BigInt, _>(checker)
    .bind::<Timestamptz, _>(now)
    .get_result(tx.conn())?;
    Ok(row.count)
}

/// Which of some units passed the first of two looks and wait for the second, with who looked first.
pub(crate) fn in_second(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<HashMap<UnitId, PersonId>, DbError> {
    let waits = units::table
        .inner_join(reviews::table.on(reviews::unit_id.eq(units::id)))
        .filter(units::id.eq_any(ids))
        .filter(units::state.eq(UnitState::Checking))
        .filter(not(reviews::is_last))
        .filter(sql::<Bool>(OF_NEWEST));
    Ok(waits.select((units::id, reviews::checker_id)).load(tx.conn())?.into_iter().collect())
}

/// How many units wait for the second of two looks, whoever may give it.
pub fn second_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(units::table
        .inner_join(reviews::table.on(reviews::unit_id.eq(units::id)))
        .filter(units::state.eq(UnitState::Checking))
        .filter(not(reviews::is_last))
        .filter(sql::<Bool>(OF_NEWEST))
        .count()
        .get_result(tx.conn())?)
}

/// That a review is of its unit's newest version.
const OF_NEWEST: &str =
    "reviews.submission_id = (SELECT max(v.id) FROM submissions v WHERE v.unit_id = reviews.unit_id)";

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
