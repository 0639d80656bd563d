//! The hours of a worker's week that are still free.
//!
//! Invariant: what somebody still has to do and what they have done of the week come to no more than their limit whenever they
//! take on more (test `a_weeks_limit_holds_however_often_work_is_handed_in`). The week runs from Monday to Sunday in Japan, as
//! the standing week of [`workforce::availability`] does; the hours offered are those of the seven days ahead.

use std::collections::HashMap;

use chrono::{Datelike as _, Days, NaiveDate};
use db::{DbError, Tx};
use diesel::dsl::sum;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use kernel::{PersonId, Span};
use workforce::Worker;
use workforce::availability::Plan;

use crate::schema::{jobs, units};
use crate::units::UnitState;

/// What is left of a worker's week: their own limit less what they have done of it, or the hours they offer within the next
/// seven days where those are fewer, less the minutes of the units they still have to do. A unit that comes back counts as
/// one to do again, even beyond the limit.
pub fn free_minutes(tx: &mut Tx<'_>, worker: &Worker) -> Result<i64, DbError> {
    let offered = weekly_minutes(tx, worker)?.this;
    Ok(offered.saturating_sub(promised_by(tx, worker)?).max(0))
}

/// Minutes of the units that a worker still has to do, however few hours they offer by now.
pub fn promised_by(tx: &mut Tx<'_>, worker: &Worker) -> Result<i64, DbError> {
    let promised: Option<i64> = units::table
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(units::holder_id.eq(worker.person_id))
        .filter(units::state.eq_any(UnitState::TO_DO))
        .select(sum(jobs::unit_minutes))
        .first(tx.conn())?;
    Ok(promised.unwrap_or_default())
}

#[derive(QueryableByName)]
struct PromisedRow {
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = BigInt)]
    minutes: i64,
}

/// Minutes of the units that people still have to do, by person; see [`free_minutes`].
pub(crate) fn promised_minutes(tx: &mut Tx<'_>) -> Result<HashMap<PersonId, i64>, DbError> {
    let rows: Vec<PromisedRow> = db::prepared(
        "SELECT c.holder_id AS person_id, sum(c.units * j.unit_minutes)::bigint AS minutes \
         FROM unit_counts c JOIN jobs j ON j.id = c.job_id \
         WHERE c.holder_id IS NOT NULL AND c.state = ANY ($1) GROUP BY c.holder_id HAVING sum(c.units) <> 0",
    )
    .bind::<Array<Text>, _>(UnitState::TO_DO.to_vec())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.minutes)).collect())
}

/// What somebody has done of a week: the minutes of the units they handed in for the first time. What came back and is with them
/// again counts among what they still have to do instead, and never twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worked {
    /// Since Monday.
    pub week: i64,
    /// Of those, today.
    pub today: i64,
}

#[derive(QueryableByName)]
struct WorkedRow {
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = BigInt)]
    week: i64,
    #[diesel(sql_type = BigInt)]
    today: i64,
}

/// What everybody has done of this week, by person.
pub(crate) fn worked_minutes(tx: &mut Tx<'_>) -> Result<HashMap<PersonId, Worked>, DbError> {
    worked(tx, None)
}

/// What a worker has done of this week.
pub fn worked_by(tx: &mut Tx<'_>, worker: &Worker) -> Result<Worked, DbError> {
    Ok(worked(tx, Some(worker.person_id))?.remove(&worker.person_id).unwrap_or_default())
}

/// By the indexes `submissions_submitted` and `submissions_maker_submitted`.
fn worked(tx: &mut Tx<'_>, only: Option<PersonId>) -> Result<HashMap<PersonId, Worked>, DbError> {
    let today = crate::today(tx);
    let since = |first| Span { first, last: today }.instants().0;
    let maker = if only.is_some() { "s.maker_id = $4" } else { "$4 IS NULL" };
    let rows: Vec<WorkedRow> = db::prepared(format!(
        "SELECT first.maker_id AS person_id, sum(j.unit_minutes)::bigint AS week, \
             COALESCE(sum(j.unit_minutes) FILTER (WHERE first.at >= $2), 0)::bigint AS today \
         FROM (SELECT s.maker_id, s.unit_id, min(s.submitted_at) AS at FROM submissions s \
               WHERE s.submitted_at >= $1 AND {maker} AND NOT EXISTS (SELECT FROM submissions e \
                   WHERE e.maker_id = s.maker_id AND e.unit_id = s.unit_id AND e.submitted_at < $1) \
               GROUP BY s.maker_id, s.unit_id) AS first \
             JOIN units u ON u.id = first.unit_id JOIN jobs j ON j.id = u.job_id \
         WHERE NOT (u.holder_id IS NOT DISTINCT FROM first.maker_id AND u.state = ANY ($3)) GROUP BY first.maker_id",
    ))
    .bind::<Timestamptz, _>(since(monday_of(today)))
    .bind::<Timestamptz, _>(since(today))
    .bind::<Array<Text>, _>(UnitState::TO_DO.to_vec())
    .bind::<Nullable<BigInt>, _>(only)
    .load(tx.conn())?;
    let of = |row: WorkedRow| (row.person_id, Worked { week: row.week, today: row.today });
    Ok(rows.into_iter().map(of).collect())
}

fn monday_of(day: NaiveDate) -> NaiveDate {
    let passed = Days::new(day.weekday().num_days_from_monday().into());
    day.checked_sub_days(passed).unwrap_or(day)
}

/// The minutes somebody has for work: no more than they wish for and have not done, and no more than they offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WeeklyMinutes {
    /// Within the seven days that begin with today, days that differ counted.
    pub(crate) this: i64,
    /// In each week after.
    pub(crate) later: i64,
}

impl WeeklyMinutes {
    /// Of somebody who wishes for so many minutes a week, has done `worked` of it, and has said `plan`, or nothing.
    pub(crate) fn of(weekly_minutes: i32, plan: Option<&Plan>, worked: Worked, today: NaiveDate) -> Self {
        let wished = i64::from(weekly_minutes);
        let left = (wished - worked.week).max(0);
        let Some(plan) = plan else { return Self { this: left, later: wished } };
        // What was done today took of today's hours; those of the days before are not ahead any more.
        let ahead = plan.minutes_in_week(today, i64::MAX) - worked.today;
        Self { this: ahead.clamp(0, left), later: plan.week.minutes(wished) }
    }

    /// What there is of them until `due_on`: this week and each that begins until then.
    pub(crate) fn until(self, today: NaiveDate, due_on: NaiveDate) -> i64 {
        let more_weeks = (due_on - today).num_days().max(0) / 7;
        self.this.saturating_add(self.later.saturating_mul(more_weeks))
    }
}

/// The minutes a worker has for work.
pub(crate) fn weekly_minutes(tx: &mut Tx<'_>, worker: &Worker) -> Result<WeeklyMinutes, DbError> {
    let plan = workforce::availability::plan(tx, worker.id)?;
    let done = worked_by(tx, worker)?;
    Ok(WeeklyMinutes::of(worker.weekly_minutes, Some(&plan), done, crate::today(tx)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_begins_on_monday() {
        // Sunday, Monday and Thursday.
        for (today, monday) in
            [("2026-11-22", "2026-11-16"), ("2026-11-23", "2026-11-23"), ("2026-11-26", "2026-11-23")]
        {
            assert_eq!(monday_of(day(today)), day(monday), "{today}");
        }
    }

    #[test]
    fn what_was_done_takes_of_this_week_and_of_no_other() {
        let today = day("2026-11-26");
        let of = |plan, week, done| WeeklyMinutes::of(600, plan, Worked { week, today: done }, today);
        assert_eq!(of(None, 240, 60), WeeklyMinutes { this: 360, later: 600 });
        assert_eq!(of(None, 900, 0), WeeklyMinutes { this: 0, later: 600 }, "more than they wished for");
        let any_time = Plan::default();
        assert_eq!(of(Some(&any_time), 240, 60), WeeklyMinutes { this: 360, later: 600 });
        // Two hours on Thursdays: what was done today took them, what was done before did not.
        let mut week = workforce::availability::Week::default();
        week.0[3] = vec![workforce::availability::Window { starts_minute: 540, ends_minute: 660 }];
        let thursdays = Plan { week, ..Plan::default() };
        assert_eq!(of(Some(&thursdays), 120, 120), WeeklyMinutes { this: 0, later: 120 });
        assert_eq!(of(Some(&thursdays), 120, 0), WeeklyMinutes { this: 120, later: 120 });
        assert_eq!(of(Some(&thursdays), 540, 0), WeeklyMinutes { this: 60, later: 120 });
    }
}
