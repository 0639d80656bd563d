//! Reading what people offer: of one, and of everybody whom work is put before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{PersonId, WorkerId, date_in_japan};

use super::model::{Condition, Day, Plan, Window};
use crate::WorkerState;
use crate::schema::{day_windows, offered_days, week_windows, work_conditions, workers};

/// Of whom.
#[derive(Debug, Clone, Copy)]
enum Whose {
    One(WorkerId),
    Everybody,
}

/// What a worker offers from today on, and how they work.
pub fn plan(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Plan, DbError> {
    Ok(plans(tx, Whose::One(worker))?.remove(&worker).unwrap_or_default())
}

/// The same of everybody who has said anything; whoever is not there offers any time and works in any way.
pub fn all_plans(tx: &mut Tx<'_>) -> Result<HashMap<WorkerId, Plan>, DbError> {
    plans(tx, Whose::Everybody)
}

fn plans(tx: &mut Tx<'_>, whose: Whose) -> Result<HashMap<WorkerId, Plan>, DbError> {
    let mut plans: HashMap<WorkerId, Plan> = HashMap::new();
    for (worker, weekday, window) in weeks(tx, whose)? {
        let at = usize::try_from(weekday - 1).unwrap_or_default();
        if let Some(day) = plans.entry(worker).or_default().week.0.get_mut(at) {
            day.push(window);
        }
    }
    for (worker, day, own) in days(tx, whose)? {
        plans.entry(worker).or_default().days.insert(day, own);
    }
    for (worker, condition) in conditions(tx, whose)? {
        plans.entry(worker).or_default().conditions.insert(condition);
    }
    Ok(plans)
}

/// Days that somebody took off from `since` on, up to today, in their order, each with whether they said so on the day itself.
pub fn days_off_since(
    tx: &mut Tx<'_>,
    since: NaiveDate,
) -> Result<BTreeMap<WorkerId, Vec<(NaiveDate, bool)>>, DbError> {
    let today = date_in_japan(tx.now());
    let rows: Vec<(WorkerId, NaiveDate, bool)> = offered_days::table
        .filter(offered_days::is_off)
        .filter(offered_days::day.between(since, today))
        .order((offered_days::worker_id, offered_days::day))
        .select((offered_days::worker_id, offered_days::day, offered_days::told_today))
        .load(tx.conn())?;
    let mut days: BTreeMap<WorkerId, Vec<(NaiveDate, bool)>> = BTreeMap::new();
    for (worker, day, told_today) in rows {
        days.entry(worker).or_default().push((day, told_today));
    }
    Ok(days)
}

fn weeks(tx: &mut Tx<'_>, whose: Whose) -> Result<Vec<(WorkerId, i16, Window)>, DbError> {
    let mut query = week_windows::table
        .order((week_windows::worker_id, week_windows::weekday, week_windows::starts_minute))
        .select((
            week_windows::worker_id,
            week_windows::weekday,
            week_windows::starts_minute,
            week_windows::ends_minute,
        ))
        .into_boxed();
    if let Whose::One(worker) = whose {
        query = query.filter(week_windows::worker_id.eq(worker));
    }
    let rows: Vec<(WorkerId, i16, i16, i16)> = query.load(tx.conn())?;
    let window = |(worker, weekday, starts_minute, ends_minute)| {
        (worker, weekday, Window { starts_minute, ends_minute })
    };
    Ok(rows.into_iter().map(window).collect())
}

fn days(tx: &mut Tx<'_>, whose: Whose) -> Result<Vec<(WorkerId, NaiveDate, Day)>, DbError> {
    let today = date_in_japan(tx.now());
    let mut heads = offered_days::table
        .filter(offered_days::day.ge(today))
        .select((offered_days::worker_id, offered_days::day, offered_days::is_off, offered_days::told_today))
        .into_boxed();
    let mut hours = day_windows::table
        .filter(day_windows::day.ge(today))
        .order((day_windows::worker_id, day_windows::day, day_windows::starts_minute))
        .select((
            day_windows::worker_id,
            day_windows::day,
            day_windows::starts_minute,
            day_windows::ends_minute,
        ))
        .into_boxed();
    if let Whose::One(worker) = whose {
        heads = heads.filter(offered_days::worker_id.eq(worker));
        hours = hours.filter(day_windows::worker_id.eq(worker));
    }
    let heads: Vec<(WorkerId, NaiveDate, bool, bool)> = heads.load(tx.conn())?;
    let hours: Vec<(WorkerId, NaiveDate, i16, i16)> = hours.load(tx.conn())?;
    let mut windows: BTreeMap<(WorkerId, NaiveDate), Vec<Window>> = BTreeMap::new();
    for (worker, day, starts_minute, ends_minute) in hours {
        windows.entry((worker, day)).or_default().push(Window { starts_minute, ends_minute });
    }
    let mut with_hours = |(worker, day, is_off, told_today)| {
        let windows = windows.remove(&(worker, day)).unwrap_or_default();
        (worker, day, Day { is_off, told_today, windows })
    };
    Ok(heads.into_iter().map(&mut with_hours).collect())
}

fn conditions(tx: &mut Tx<'_>, whose: Whose) -> Result<Vec<(WorkerId, Condition)>, DbError> {
    let mut query =
        work_conditions::table.select((work_conditions::worker_id, work_conditions::condition)).into_boxed();
    if let Whose::One(worker) = whose {
        query = query.filter(work_conditions::worker_id.eq(worker));
    }
    Ok(query.load(tx.conn())?)
}

/// How one worker works.
pub(crate) fn conditions_of(tx: &mut Tx<'_>, worker: WorkerId) -> Result<BTreeSet<Condition>, DbError> {
    Ok(conditions(tx, Whose::One(worker))?.into_iter().map(|(_worker, condition)| condition).collect())
}

/// How everybody works who has said so.
pub(crate) fn all_conditions(tx: &mut Tx<'_>) -> Result<HashMap<WorkerId, BTreeSet<Condition>>, DbError> {
    let mut all: HashMap<WorkerId, BTreeSet<Condition>> = HashMap::new();
    for (worker, condition) in conditions(tx, Whose::Everybody)? {
        all.entry(worker).or_default().insert(condition);
    }
    Ok(all)
}

/// Who has a day off.
pub(crate) fn off_on(tx: &mut Tx<'_>, day: NaiveDate) -> Result<HashSet<WorkerId>, DbError> {
    let workers: Vec<WorkerId> = offered_days::table
        .filter(offered_days::is_off)
        .filter(offered_days::day.eq(day))
        .select(offered_days::worker_id)
        .load(tx.conn())?;
    Ok(workers.into_iter().collect())
}

/// Whether a worker has today off.
pub fn is_off_today(tx: &mut Tx<'_>, worker: WorkerId) -> Result<bool, DbError> {
    let today = date_in_japan(tx.now());
    let off = offered_days::table
        .filter(offered_days::worker_id.eq(worker))
        .filter(offered_days::day.eq(today))
        .filter(offered_days::is_off);
    Ok(diesel::select(exists(off)).get_result(tx.conn())?)
}

/// Those who said today that they have today off, in the order they came to the town; at most `most`.
pub fn told_off_today(tx: &mut Tx<'_>, most: i64) -> Result<Vec<(WorkerId, PersonId)>, DbError> {
    let today = date_in_japan(tx.now());
    Ok(offered_days::table
        .inner_join(workers::table.on(workers::id.eq(offered_days::worker_id)))
        .filter(offered_days::is_off)
        .filter(offered_days::told_today)
        .filter(offered_days::day.eq(today))
        .filter(workers::state.eq(WorkerState::Active))
        .order(offered_days::worker_id)
        .limit(most)
        .select((workers::id, workers::person_id))
        .load(tx.conn())?)
}
