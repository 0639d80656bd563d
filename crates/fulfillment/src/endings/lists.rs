//! Reading notices of the end, and for how long somebody's work has gone on.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use kernel::WorkerId;

use super::continuity::{self, Span};
use super::model::{Ending, EndingId};
use super::store::EndingRow;
use crate::schema::{ending_notices, ending_questions};

/// What was told somebody about the end of their work, the newest first; a working life has a handful.
pub fn of_worker(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Vec<Ending>, DbError> {
    load(tx, worker, None)
}

/// One of a worker's notices; [`DbError::NotFound`] for anybody else's.
pub fn find(tx: &mut Tx<'_>, worker: WorkerId, id: EndingId) -> Result<Ending, DbError> {
    load(tx, worker, Some(id))?.pop().ok_or(DbError::NotFound)
}

fn load(tx: &mut Tx<'_>, worker: WorkerId, only: Option<EndingId>) -> Result<Vec<Ending>, DbError> {
    let mut query = ending_notices::table
        .left_join(ending_questions::table.on(ending_questions::notice_id.eq(ending_notices::id)))
        .filter(ending_notices::worker_id.eq(worker))
        .order(ending_notices::id.desc())
        .select((EndingRow::as_select(), ending_questions::asked_at.nullable()))
        .into_boxed();
    if let Some(id) = only {
        query = query.filter(ending_notices::id.eq(id));
    }
    let rows: Vec<(EndingRow, Option<DateTime<Utc>>)> = query.load(tx.conn())?;
    Ok(rows.into_iter().map(|(row, asked_at)| row.asked(asked_at)).collect())
}

#[derive(QueryableByName)]
struct SpanRow {
    #[diesel(sql_type = Date)]
    from_day: NaiveDate,
    #[diesel(sql_type = Date)]
    to_day: NaiveDate,
}

/// The span of a worker's work that is under way today: from the first order that later ones went on with without a
/// month's break. What they still hold lasts until its day, and what they handed in late until then.
pub fn under_way(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Option<Span>, DbError> {
    let today = crate::today(tx);
    let rows: Vec<SpanRow> = diesel::sql_query(
        "SELECT DISTINCT (claimed_at AT TIME ZONE 'Asia/Tokyo')::date AS from_day, \
             GREATEST((claimed_at AT TIME ZONE 'Asia/Tokyo')::date, \
                 COALESCE((ended_at AT TIME ZONE 'Asia/Tokyo')::date, due_on)) AS to_day \
         FROM assignments WHERE worker_id = $1",
    )
    .bind::<BigInt, _>(worker)
    .load(tx.conn())?;
    Ok(continuity::under_way(rows.iter().map(|row| Span { from: row.from_day, to: row.to_day }), today))
}
