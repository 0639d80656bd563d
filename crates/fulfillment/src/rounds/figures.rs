//! How evenly work was spread, month by month: what everybody was given of what they wish for.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike as _, Days, Months, NaiveDate};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use kernel::WorkerId;
use schemars::JsonSchema;
use serde::Serialize;
use workforce::workers::{self, ActiveSpans};

use super::fairness::Spread;

/// How evenly the work of one month was spread, as of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FairnessOfMonth")]
pub struct MonthFairness {
    /// The month, by its first day in Japan.
    pub month: NaiveDate,
    /// The last day that is counted: the month's last, or today.
    pub as_of: NaiveDate,
    /// How many people could be offered work on seven of its days at least and wish for hours.
    pub people: i64,
    /// Minutes of work they were given and did not give back.
    pub granted_minutes: i64,
    /// Minutes they wished for on the days on which they took part, by what they wish for a week today.
    pub wished_minutes: i64,
    /// How even the shares of their wishes are, in thousandths.
    pub evenness: Option<Evenness>,
}

/// Measures of how even shares are, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FairnessEvenness")]
pub struct Evenness {
    /// Jain's index: 1000 where everybody had the same part of their wish.
    pub jain_per_mille: i64,
    /// Gini's coefficient: 0 where everybody had the same part of their wish.
    pub gini_per_mille: i64,
    /// What the quarter of people with the smallest parts has of all: 250 where everybody had the same.
    pub lowest_quarter_per_mille: i64,
}

impl Evenness {
    /// Of what people were granted and what they wished for, in minutes; nothing where nobody was granted anything.
    #[expect(
        clippy::cast_precision_loss,
        reason = "nobody works so many minutes that a mantissa has no room for them"
    )]
    pub fn of_parts(parts: &[(i64, i64)]) -> Option<Self> {
        let shares: Vec<f64> =
            parts.iter().map(|(granted, wished)| *granted as f64 / (*wished).max(1) as f64).collect();
        Spread::of(&shares).map(Self::of)
    }

    fn of(spread: Spread) -> Self {
        Self {
            jain_per_mille: per_mille(spread.jain),
            gini_per_mille: per_mille(spread.gini),
            lowest_quarter_per_mille: per_mille(spread.lowest_quarter),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "shares lie between nought and one")]
fn per_mille(share: f64) -> i64 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as i64
}

/// Whoever took part on fewer days of a month has hardly been before the turn: neither they nor a month that has just begun say
/// anything about how work is spread. Rounds count a week at least as well.
const FEWEST_DAYS: i64 = 7;

#[derive(QueryableByName)]
struct Granted {
    #[diesel(sql_type = Date)]
    month: NaiveDate,
    #[diesel(sql_type = BigInt)]
    worker_id: WorkerId,
    #[diesel(sql_type = BigInt)]
    minutes: i64,
}

/// The newest `count` months up to this one, the newest first.
pub fn months(tx: &mut Tx<'_>, count: u32) -> Result<Vec<MonthFairness>, DbError> {
    let today = crate::today(tx);
    let this = today.with_day(1).unwrap_or(today);
    let all: Vec<NaiveDate> =
        (0..count).filter_map(|back| this.checked_sub_months(Months::new(back))).collect();
    let first = all.last().copied().unwrap_or(this);
    let granted = granted_since(tx, first)?;
    let spans = workers::active_spans(tx)?;
    Ok(all.into_iter().map(|month| of_month(month, today, &spans, &granted)).collect())
}

/// Minutes of work that workers were given from one day to another, both counted, and did not give back.
pub fn granted_between(
    tx: &mut Tx<'_>,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<HashMap<WorkerId, i64>, DbError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        worker_id: WorkerId,
        #[diesel(sql_type = BigInt)]
        minutes: i64,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT a.worker_id, sum(j.unit_minutes)::bigint AS minutes \
         FROM assignments a JOIN units u ON u.id = a.unit_id JOIN jobs j ON j.id = u.job_id \
         WHERE a.claimed_at >= $1::timestamp AT TIME ZONE 'Asia/Tokyo' \
             AND a.claimed_at < ($2 + 1)::timestamp AT TIME ZONE 'Asia/Tokyo' \
             AND (a.end_kind IS NULL OR a.end_kind NOT IN ('handed_back', 'taken_back', 'expired')) \
         GROUP BY a.worker_id",
    )
    .bind::<Date, _>(first)
    .bind::<Date, _>(last)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.worker_id, row.minutes)).collect())
}

/// Minutes by month and worker.
fn granted_since(tx: &mut Tx<'_>, first: NaiveDate) -> Result<HashMap<(NaiveDate, WorkerId), i64>, DbError> {
    let rows: Vec<Granted> = diesel::sql_query(
        "SELECT date_trunc('month', a.claimed_at AT TIME ZONE 'Asia/Tokyo')::date AS month, a.worker_id, \
             sum(j.unit_minutes)::bigint AS minutes \
         FROM assignments a JOIN units u ON u.id = a.unit_id JOIN jobs j ON j.id = u.job_id \
         WHERE a.claimed_at >= $1::timestamp AT TIME ZONE 'Asia/Tokyo' \
             AND (a.end_kind IS NULL OR a.end_kind NOT IN ('handed_back', 'taken_back', 'expired')) \
         GROUP BY 1, 2",
    )
    .bind::<Date, _>(first)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| ((row.month, row.worker_id), row.minutes)).collect())
}

fn of_month(
    month: NaiveDate,
    today: NaiveDate,
    spans: &BTreeMap<WorkerId, ActiveSpans>,
    granted: &HashMap<(NaiveDate, WorkerId), i64>,
) -> MonthFairness {
    let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
    let as_of = next.checked_sub_days(Days::new(1)).unwrap_or(month).min(today);
    let there = spans
        .iter()
        .filter(|(_, one)| one.weekly_minutes > 0)
        .map(|(worker, one)| (worker, one.weekly_minutes, one.days_within(month, as_of)))
        .filter(|(_, _, days)| *days >= FEWEST_DAYS);
    // Granted and wished, of each.
    let people: Vec<(i64, i64)> = there
        .map(|(worker, weekly_minutes, days)| {
            let wished = i64::from(weekly_minutes) * days / 7;
            (granted.get(&(month, *worker)).copied().unwrap_or_default(), wished.max(1))
        })
        .collect();
    MonthFairness {
        month,
        as_of,
        people: i64::try_from(people.len()).unwrap_or(i64::MAX),
        granted_minutes: people.iter().map(|(had, _)| had).sum(),
        wished_minutes: people.iter().map(|(_, wished)| wished).sum(),
        evenness: Evenness::of_parts(&people),
    }
}
