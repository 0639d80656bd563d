//! Reading what a worker holds: the list, one unit in full, and the hours that are still free.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::sum;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable};
use kernel::{AssignmentId, JobId, Page, Paging, PersonId, UnitId, WorkerId, Yen};
use workforce::Worker;

use super::model::{Feedback, FixWanted, Mine, MineKey, MyUnit};
use crate::reviews::{Fault, ReviewReason, Verdict};
use crate::schema::{assignments, delivery_units, fix_decisions, jobs, reviews, units};
use crate::terms::TermsNoticeId;
use crate::units::UnitState;

/// What is left of a worker's week: their own limit less the minutes of the units they still have to do. Work that
/// was handed in no longer counts; a unit that comes back counts again, even beyond the limit.
pub fn free_minutes(tx: &mut Tx<'_>, worker: &Worker) -> Result<i64, DbError> {
    let promised: Option<i64> = units::table
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(units::holder_id.eq(worker.person_id))
        .filter(units::state.eq_any(UnitState::TO_DO))
        .select(sum(jobs::unit_minutes))
        .first(tx.conn())?;
    Ok(i64::from(worker.weekly_minutes).saturating_sub(promised.unwrap_or_default()).max(0))
}

/// Who holds a unit, as the worker they are.
pub(crate) fn live_worker(tx: &mut Tx<'_>, unit: UnitId) -> Result<WorkerId, DbError> {
    Ok(assignments::table
        .filter(assignments::unit_id.eq(unit))
        .filter(assignments::ended_at.is_null())
        .select(assignments::worker_id)
        .first(tx.conn())?)
}

/// The live assignment of a unit.
pub(crate) fn live_assignment(tx: &mut Tx<'_>, unit: UnitId) -> Result<AssignmentId, DbError> {
    Ok(assignments::table
        .filter(assignments::unit_id.eq(unit))
        .filter(assignments::ended_at.is_null())
        .select(assignments::id)
        .first(tx.conn())?)
}

diesel::define_sql_function! {
    /// The unit's own day, or its job's.
    fn coalesce(own: Nullable<Date>, other: Date) -> Date;
}

#[derive(Queryable)]
struct MyRow {
    unit: UnitId,
    label: String,
    content: String,
    state: UnitState,
    job: JobId,
    job_title: String,
    rules: String,
    unit_minutes: i32,
    unit_pay: Yen,
    work_due_on: NaiveDate,
    pay_on: NaiveDate,
}

/// The acting person's units of one part of their list, in the order they were split off.
pub fn mine(tx: &mut Tx<'_>, part: Mine, paging: &Paging<MineKey>) -> Result<Page<MyUnit, MineKey>, DbError> {
    let person = crate::acting_person(tx)?;
    let rows = load(tx, person, part.states(), paging.after, None, paging.probe())?;
    let page = Page::cut(rows, paging, |row| MineKey(row.unit));
    let ids: Vec<UnitId> = page.items.iter().map(|row| row.unit).collect();
    let mut notes = notes(tx, &ids)?;
    Ok(page.map(|row| my_unit(row, &mut notes)))
}

/// One unit of the acting person's; [`DbError::NotFound`] for anybody else's.
pub fn find_mine(tx: &mut Tx<'_>, unit: UnitId) -> Result<MyUnit, DbError> {
    let person = crate::acting_person(tx)?;
    let row = load(tx, person, UnitState::ALL, None, Some(unit), 1)?.pop().ok_or(DbError::NotFound)?;
    let mut notes = notes(tx, &[unit])?;
    Ok(my_unit(row, &mut notes))
}

fn load(
    tx: &mut Tx<'_>,
    person: PersonId,
    states: &[UnitState],
    after: Option<MineKey>,
    only: Option<UnitId>,
    limit: i64,
) -> Result<Vec<MyRow>, DbError> {
    let mut query = units::table
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(states))
        .order(units::id)
        .limit(limit)
        .select((
            units::id,
            units::label,
            units::content,
            units::state,
            jobs::id,
            jobs::title,
            jobs::rules,
            jobs::unit_minutes,
            jobs::unit_pay,
            coalesce(units::due_on, jobs::work_due_on),
            jobs::pay_on,
        ))
        .into_boxed();
    if let Some(MineKey(id)) = after {
        query = query.filter(units::id.gt(id));
    }
    if let Some(id) = only {
        query = query.filter(units::id.eq(id));
    }
    Ok(query.load(tx.conn())?)
}

/// What else is known about some units: terms, last refusal, last wish of the client.
#[derive(Default)]
struct Notes {
    terms: HashMap<UnitId, TermsNoticeId>,
    feedback: HashMap<UnitId, Feedback>,
    fixes: HashMap<UnitId, FixWanted>,
}

type ReviewRow = (UnitId, Verdict, Option<ReviewReason>, Option<Fault>, String, DateTime<Utc>);

fn notes(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<Notes, DbError> {
    let terms: Vec<(UnitId, TermsNoticeId)> = assignments::table
        .filter(assignments::unit_id.eq_any(ids))
        .filter(assignments::ended_at.is_null())
        .select((assignments::unit_id, assignments::terms_notice_id))
        .load(tx.conn())?;
    let verdicts: Vec<ReviewRow> = reviews::table
        .filter(reviews::unit_id.eq_any(ids))
        .order(reviews::id)
        .select((
            reviews::unit_id,
            reviews::verdict,
            reviews::reason,
            reviews::fault,
            reviews::comment,
            reviews::reviewed_at,
        ))
        .load(tx.conn())?;
    let mut notes = Notes { terms: terms.into_iter().collect(), ..Notes::default() };
    // Later rows replace earlier ones: a pass takes the feedback away, an acceptance the wish.
    for (unit, _verdict, reason, fault, comment, reviewed_at) in verdicts {
        match (reason, fault) {
            (Some(reason), Some(fault)) => {
                notes.feedback.insert(unit, Feedback { reason, fault, comment, reviewed_at });
            }
            _ => drop(notes.feedback.remove(&unit)),
        }
    }
    notes.fixes = fixes(tx, ids)?;
    Ok(notes)
}

type FixRow = (UnitId, String, Option<(String, Fault, Yen)>);

/// The last wish of the client for each unit that has been decided about; an acceptance takes it away.
fn fixes(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<HashMap<UnitId, FixWanted>, DbError> {
    let decided = fix_decisions::delivery_id
        .eq(delivery_units::delivery_id)
        .and(fix_decisions::unit_id.eq(delivery_units::unit_id));
    let rows: Vec<FixRow> = delivery_units::table
        .left_join(fix_decisions::table.on(decided))
        .filter(delivery_units::unit_id.eq_any(ids))
        .filter(delivery_units::answered_at.is_not_null())
        .order(delivery_units::delivery_id)
        .select((
            delivery_units::unit_id,
            delivery_units::fix_note,
            (fix_decisions::comment, fix_decisions::fault, fix_decisions::extra_pay).nullable(),
        ))
        .load(tx.conn())?;
    let mut fixes = HashMap::new();
    for (unit, wish, decision) in rows {
        match decision {
            Some((comment, fault, extra_pay)) => {
                fixes.insert(unit, FixWanted { wish, comment, fault, extra_pay });
            }
            None => drop(fixes.remove(&unit)),
        }
    }
    Ok(fixes)
}

fn my_unit(row: MyRow, notes: &mut Notes) -> MyUnit {
    MyUnit {
        terms_notice: notes.terms.remove(&row.unit),
        feedback: notes.feedback.remove(&row.unit),
        fix: notes.fixes.remove(&row.unit),
        unit: row.unit,
        label: row.label,
        content: row.content,
        state: row.state,
        job: row.job,
        job_title: row.job_title,
        rules: row.rules,
        unit_minutes: row.unit_minutes,
        unit_pay: row.unit_pay,
        work_due_on: row.work_due_on,
        pay_on: row.pay_on,
    }
}
