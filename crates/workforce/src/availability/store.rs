//! Rows and writes of `week_windows`, `offered_days`, `day_windows` and `work_conditions`. The caller holds the worker.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::WorkerId;

use super::model::{Condition, Week, Window};
use crate::schema::{day_windows, offered_days, week_windows, work_conditions};

pub(super) fn set_week(tx: &mut Tx<'_>, worker: WorkerId, week: &Week) -> Result<(), DbError> {
    diesel::delete(week_windows::table.filter(week_windows::worker_id.eq(worker))).execute(tx.conn())?;
    let rows: Vec<_> = (1i16..)
        .zip(&week.0)
        .flat_map(|(weekday, windows)| windows.iter().map(move |window| (weekday, *window)))
        .map(|(weekday, window)| {
            (
                week_windows::worker_id.eq(worker),
                week_windows::weekday.eq(weekday),
                week_windows::starts_minute.eq(window.starts_minute),
                week_windows::ends_minute.eq(window.ends_minute),
            )
        })
        .collect();
    diesel::insert_into(week_windows::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// Gives a day hours of its own; none means off.
pub(super) fn set_day(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    day: NaiveDate,
    windows: &[Window],
) -> Result<(), DbError> {
    clear_day(tx, worker, day)?;
    insert_day(tx, worker, day, windows.is_empty())?;
    let rows: Vec<_> = windows
        .iter()
        .map(|window| {
            (
                day_windows::worker_id.eq(worker),
                day_windows::day.eq(day),
                day_windows::starts_minute.eq(window.starts_minute),
                day_windows::ends_minute.eq(window.ends_minute),
            )
        })
        .collect();
    diesel::insert_into(day_windows::table).values(rows).execute(tx.conn())?;
    Ok(())
}

fn insert_day(tx: &mut Tx<'_>, worker: WorkerId, day: NaiveDate, is_off: bool) -> Result<(), DbError> {
    diesel::insert_into(offered_days::table)
        .values((
            offered_days::worker_id.eq(worker),
            offered_days::day.eq(day),
            offered_days::is_off.eq(is_off),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The day is as the standing week has it again.
pub(super) fn clear_day(tx: &mut Tx<'_>, worker: WorkerId, day: NaiveDate) -> Result<(), DbError> {
    let own =
        offered_days::table.filter(offered_days::worker_id.eq(worker)).filter(offered_days::day.eq(day));
    diesel::delete(own).execute(tx.conn())?;
    Ok(())
}

/// Takes a day off on the day itself, and keeps the hours it had of its own; `false` where it is off already.
pub(super) fn tell_off(tx: &mut Tx<'_>, worker: WorkerId, day: NaiveDate) -> Result<bool, DbError> {
    let own =
        offered_days::table.filter(offered_days::worker_id.eq(worker)).filter(offered_days::day.eq(day));
    let is_off: Option<bool> = own.select(offered_days::is_off).first(tx.conn()).optional()?;
    match is_off {
        Some(true) => return Ok(false),
        Some(false) => {}
        None => insert_day(tx, worker, day, true)?,
    }
    diesel::update(own)
        .set((offered_days::is_off.eq(true), offered_days::told_today.eq(true)))
        .execute(tx.conn())?;
    Ok(true)
}

/// Undoes [`tell_off`]; `false` where that day was not taken off on the day itself.
pub(super) fn tell_back(tx: &mut Tx<'_>, worker: WorkerId, day: NaiveDate) -> Result<bool, DbError> {
    let told = offered_days::table
        .filter(offered_days::worker_id.eq(worker))
        .filter(offered_days::day.eq(day))
        .filter(offered_days::told_today);
    let undone = diesel::update(told)
        .set((offered_days::is_off.eq(false), offered_days::told_today.eq(false)))
        .execute(tx.conn())?;
    if undone == 0 {
        return Ok(false);
    }
    let hours = day_windows::table.filter(day_windows::worker_id.eq(worker)).filter(day_windows::day.eq(day));
    if hours.count().get_result::<i64>(tx.conn())? == 0 {
        clear_day(tx, worker, day)?;
    }
    Ok(true)
}

pub(super) fn set_conditions(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    conditions: &BTreeSet<Condition>,
) -> Result<(), DbError> {
    diesel::delete(work_conditions::table.filter(work_conditions::worker_id.eq(worker)))
        .execute(tx.conn())?;
    let rows: Vec<_> = conditions
        .iter()
        .map(|condition| (work_conditions::worker_id.eq(worker), work_conditions::condition.eq(*condition)))
        .collect();
    diesel::insert_into(work_conditions::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// Removes what some workers offered and how they worked; gives how many rows there were.
pub(crate) fn forget(tx: &mut Tx<'_>, workers: &[WorkerId]) -> Result<usize, DbError> {
    let windows = week_windows::table.filter(week_windows::worker_id.eq_any(workers));
    let days = offered_days::table.filter(offered_days::worker_id.eq_any(workers));
    let conditions = work_conditions::table.filter(work_conditions::worker_id.eq_any(workers));
    Ok(diesel::delete(windows).execute(tx.conn())?
        + diesel::delete(days).execute(tx.conn())?
        + diesel::delete(conditions).execute(tx.conn())?)
}
