//! Reading second looks: those that wait for the acting person, and how verdicts fall together.

use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz};
use kernel::{FileId, JobId, Page, Paging, SubmissionId, date_in_japan};

use super::model::{Agreement, Known, SecondLookId, SecondLookKey, ToLook};

/// For how long a second look waits: what is older says little about today.
const OPEN_DAYS: TimeDelta = TimeDelta::days(30);
/// Over how long verdicts are compared.
const COMPARED_DAYS: TimeDelta = TimeDelta::days(365);

/// What waits for person `$1` since `$2`: neither what they judged, at whichever level, nor what they made.
const WAITING: &str = "FROM second_looks l JOIN reviews r ON r.id = l.review_id \
     JOIN submissions s ON s.id = l.submission_id JOIN units u ON u.id = l.unit_id JOIN jobs j ON j.id = u.job_id \
     WHERE l.looked_at IS NULL AND l.drawn_at >= $2 \
         AND NOT EXISTS (SELECT FROM reviews o WHERE o.submission_id = l.submission_id AND o.checker_id = $1) \
         AND NOT EXISTS (SELECT FROM submissions m WHERE m.unit_id = l.unit_id AND m.maker_id = $1) \
         AND NOT EXISTS (SELECT FROM hand_overs h WHERE h.unit_id = l.unit_id AND h.person_id = $1)";

const COLUMNS: &str = "SELECT l.id, l.submission_id, s.number, u.label, j.id AS job, j.title AS job_title, s.result_text, \
     ARRAY (SELECT f.file_id FROM submission_files f WHERE f.submission_id = s.id ORDER BY f.position) AS file_ids, \
     s.memo, l.drawn_at";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: SecondLookId,
    #[diesel(sql_type = BigInt)]
    submission_id: SubmissionId,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = BigInt)]
    job: JobId,
    #[diesel(sql_type = Text)]
    job_title: String,
    #[diesel(sql_type = Text)]
    result_text: String,
    #[diesel(sql_type = Array<BigInt>)]
    file_ids: Vec<FileId>,
    #[diesel(sql_type = Text)]
    memo: String,
    #[diesel(sql_type = Timestamptz)]
    drawn_at: DateTime<Utc>,
}

impl From<Row> for ToLook {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            submission_id: row.submission_id,
            number: row.number,
            label: row.label,
            job_id: row.job,
            job_title: row.job_title,
            result_text: row.result_text,
            files: row.file_ids,
            memo: row.memo,
            drawn_at: row.drawn_at,
        }
    }
}

/// What the acting person may judge a second time, the longest waiting first. Nothing of the first verdict is among it.
pub fn waiting(
    tx: &mut Tx<'_>,
    paging: &Paging<SecondLookKey>,
) -> Result<Page<ToLook, SecondLookKey>, DbError> {
    let (person, since) = (crate::acting_person(tx)?, tx.now() - OPEN_DAYS);
    let (at, after) = paging.after.map(|SecondLookKey(at, id)| (at, id)).unzip();
    let rows: Vec<Row> = diesel::sql_query(format!(
        "{COLUMNS} {WAITING} AND ($3 IS NULL OR (l.drawn_at, l.id) > ($3, $4)) ORDER BY l.drawn_at, l.id LIMIT $5"
    ))
    .bind::<BigInt, _>(person)
    .bind::<Timestamptz, _>(since)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<BigInt>, _>(after)
    .bind::<BigInt, _>(paging.probe())
    .load(tx.conn())?;
    let rows = rows.into_iter().map(ToLook::from).collect();
    Ok(Page::cut(rows, paging, |one: &ToLook| SecondLookKey(one.drawn_at, one.id)))
}

/// One that waits for the acting person; [`DbError::NotFound`] where none of that id does.
pub fn find(tx: &mut Tx<'_>, id: SecondLookId) -> Result<ToLook, DbError> {
    let (person, since) = (crate::acting_person(tx)?, tx.now() - OPEN_DAYS);
    let row: Row = diesel::sql_query(format!("{COLUMNS} {WAITING} AND l.id = $3"))
        .bind::<BigInt, _>(person)
        .bind::<Timestamptz, _>(since)
        .bind::<BigInt, _>(id)
        .get_result(tx.conn())?;
    Ok(row.into())
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many wait for the acting person.
pub fn count_open(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    let (person, since) = (crate::acting_person(tx)?, tx.now() - OPEN_DAYS);
    let row: CountRow = diesel::sql_query(format!("SELECT count(*) AS count {WAITING}"))
        .bind::<BigInt, _>(person)
        .bind::<Timestamptz, _>(since)
        .get_result(tx.conn())?;
    Ok(row.count)
}

#[derive(QueryableByName)]
struct AgreementRow {
    #[diesel(sql_type = BigInt)]
    both_good: i64,
    #[diesel(sql_type = BigInt)]
    both_bad: i64,
    #[diesel(sql_type = BigInt)]
    only_first: i64,
    #[diesel(sql_type = BigInt)]
    only_second: i64,
}

/// How the verdicts of the last year fall together.
pub fn agreement(tx: &mut Tx<'_>) -> Result<Known, DbError> {
    let since = tx.now() - COMPARED_DAYS;
    let row: AgreementRow = diesel::sql_query(
        "SELECT count(*) FILTER (WHERE r.verdict = 'pass' AND l.is_good) AS both_good, \
             count(*) FILTER (WHERE r.verdict <> 'pass' AND NOT l.is_good) AS both_bad, \
             count(*) FILTER (WHERE r.verdict = 'pass' AND NOT l.is_good) AS only_first, \
             count(*) FILTER (WHERE r.verdict <> 'pass' AND l.is_good) AS only_second \
         FROM second_looks l JOIN reviews r ON r.id = l.review_id WHERE l.looked_at >= $1",
    )
    .bind::<Timestamptz, _>(since)
    .get_result(tx.conn())?;
    let counts = Agreement {
        both_good: row.both_good,
        both_bad: row.both_bad,
        only_first: row.only_first,
        only_second: row.only_second,
    };
    Ok(Known { counts, kappa: counts.kappa(), since: date_in_japan(since) })
}
