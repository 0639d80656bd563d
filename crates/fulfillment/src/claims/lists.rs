//! Reading what a worker holds: the list and one unit in full.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date};
use kernel::{AssignmentId, JobId, Page, Paging, PersonId, UnitId, WorkerId, Yen};

use super::model::{EndKind, ExtraPay, Feedback, FixWanted, HandBackWith, HeldUnit, Mine, MineKey, MyUnit};
use super::span::Kept;
use super::spans;
use super::store::NOTHING_HANDED_IN;
use crate::appeals;
use crate::earnings::{self, Earning, EarningKind, PaidFix};
use crate::jobs::{Job, PayRule};
use crate::reviews::{self as review, Fault, ReviewReason, Verdict};
use crate::rules;
use crate::schema::{assignments, delivery_units, fix_decisions, jobs, reviews, terms_notices, units};
use crate::terms::TermsNoticeId;
use crate::units::{Unit, UnitState, due};

/// Who holds a unit, as the worker they are.
pub(crate) fn live_worker(tx: &mut Tx<'_>, unit: UnitId) -> Result<WorkerId, DbError> {
    Ok(assignments::table
        .filter(assignments::unit_id.eq(unit))
        .filter(assignments::ended_at.is_null())
        .select(assignments::worker_id)
        .first(tx.conn())?)
}

/// The day that binds whoever has a unit ([`due`]).
pub(crate) fn due_on(tx: &mut Tx<'_>, unit: &Unit, job: &Job) -> Result<NaiveDate, DbError> {
    let accepted: Option<NaiveDate> = assignments::table
        .filter(assignments::unit_id.eq(unit.id))
        .filter(assignments::ended_at.is_null())
        .select(assignments::due_on)
        .first(tx.conn())
        .optional()?;
    Ok(due::day(unit.due_on, accepted, job.work_due_on))
}

/// The live assignment of a unit.
pub(crate) fn live_assignment(tx: &mut Tx<'_>, unit: UnitId) -> Result<AssignmentId, DbError> {
    Ok(assignments::table
        .filter(assignments::unit_id.eq(unit))
        .filter(assignments::ended_at.is_null())
        .select(assignments::id)
        .first(tx.conn())?)
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
    rules_number: i32,
    unit_minutes: i32,
    unit_pay: Yen,
    own_due_on: Option<NaiveDate>,
    job_due_on: NaiveDate,
    pay_day: i16,
    fixed_pay_on: Option<NaiveDate>,
    day: NaiveDate,
}

/// The day of a unit for its last holder ([`due`]), by which their list is ordered.
const DAY_OF_HOLDER: &str = "COALESCE(units.due_on, (SELECT a.due_on FROM assignments a \
     WHERE a.unit_id = units.id AND a.person_id = units.holder_id ORDER BY a.id DESC LIMIT 1), jobs.work_due_on)";

/// Which of somebody's units.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Page(Mine, &'a Paging<MineKey>),
    One(UnitId),
}

/// The acting person's units of one part of their list: what is due first comes first, and of what is over the newest.
pub fn mine(tx: &mut Tx<'_>, part: Mine, paging: &Paging<MineKey>) -> Result<Page<MyUnit, MineKey>, DbError> {
    let person = crate::acting_person(tx)?;
    let rows = load(tx, person, Wanted::Page(part, paging))?;
    let page = Page::cut(rows, paging, |row| MineKey(row.day, row.unit));
    let ids: Vec<UnitId> = page.items.iter().map(|row| row.unit).collect();
    let jobs: Vec<JobId> = page.items.iter().map(|row| row.job).collect();
    let (mut notes, today) = (notes(tx, person, &ids, &jobs)?, crate::today(tx));
    Ok(page.map(|row| my_unit(row, &mut notes, today)))
}

/// One unit of the acting person's; [`DbError::NotFound`] for anybody else's.
pub fn find_mine(tx: &mut Tx<'_>, unit: UnitId) -> Result<MyUnit, DbError> {
    let person = crate::acting_person(tx)?;
    let row = load(tx, person, Wanted::One(unit))?.pop().ok_or(DbError::NotFound)?;
    let mut notes = notes(tx, person, &[unit], &[row.job])?;
    Ok(my_unit(row, &mut notes, crate::today(tx)))
}

fn load(tx: &mut Tx<'_>, person: PersonId, wanted: Wanted<'_>) -> Result<Vec<MyRow>, DbError> {
    let day = || sql::<Date>(DAY_OF_HOLDER);
    let mut query = units::table
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(units::holder_id.eq(person))
        .select((
            units::id,
            units::label,
            units::content,
            units::state,
            jobs::id,
            jobs::title,
            jobs::rules,
            jobs::rules_number,
            jobs::unit_minutes,
            jobs::unit_pay,
            units::due_on,
            jobs::work_due_on,
            jobs::pay_day,
            jobs::fixed_pay_on,
            day(),
        ))
        .into_boxed();
    match wanted {
        Wanted::One(unit) => query = query.filter(units::id.eq(unit)),
        Wanted::Page(part, paging) => {
            query = query.filter(units::state.eq_any(part.states())).limit(paging.probe());
            let newest_first = part == Mine::Over;
            query = if newest_first {
                query.order((day().desc(), units::id.desc()))
            } else {
                query.order((day().asc(), units::id.asc()))
            };
            if let Some(MineKey(on, id)) = paging.after {
                query = if newest_first {
                    query.filter(day().lt(on).or(day().eq(on).and(units::id.lt(id))))
                } else {
                    query.filter(day().gt(on).or(day().eq(on).and(units::id.gt(id))))
                };
            }
        }
    }
    Ok(query.load(tx.conn())?)
}

/// The newest terms somebody accepted for a unit.
#[derive(Clone, Copy)]
struct Agreed {
    notice: TermsNoticeId,
    due_on: NaiveDate,
    at: DateTime<Utc>,
}

/// What else is known about some units: terms, pay, last refusal, last wish of the client.
#[derive(Default)]
struct Notes {
    terms: HashMap<UnitId, Agreed>,
    earned: HashMap<UnitId, Vec<Earning>>,
    received: HashMap<UnitId, NaiveDate>,
    paid_fixes: HashMap<UnitId, Vec<PaidFix>>,
    feedback: HashMap<UnitId, Feedback>,
    fixes: HashMap<UnitId, FixWanted>,
    /// Since when claims of a job are kept for a span, and for how long.
    kept: HashMap<JobId, (DateTime<Utc>, Kept)>,
    /// The newest version of each job's rules that they agreed to or read.
    known_rules: HashMap<JobId, i32>,
    /// What waits for the second of two looks.
    in_second: HashMap<UnitId, PersonId>,
    /// What rests until an appeal is decided.
    appealed: HashSet<UnitId>,
}

type ReviewRow = (UnitId, Verdict, Option<ReviewReason>, Option<Fault>, String, DateTime<Utc>);

fn notes(tx: &mut Tx<'_>, person: PersonId, ids: &[UnitId], jobs: &[JobId]) -> Result<Notes, DbError> {
    let terms: Vec<(UnitId, TermsNoticeId, NaiveDate, DateTime<Utc>)> = assignments::table
        .inner_join(terms_notices::table.on(terms_notices::id.eq(assignments::terms_notice_id)))
        .filter(assignments::unit_id.eq_any(ids))
        .filter(assignments::person_id.eq(person))
        .order(assignments::id)
        .select((
            assignments::unit_id,
            assignments::terms_notice_id,
            assignments::due_on,
            terms_notices::issued_at,
        ))
        .load(tx.conn())?;
    let verdicts: Vec<ReviewRow> = reviews::table
        .filter(reviews::unit_id.eq_any(ids))
        .filter(reviews::is_last)
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
    let mut notes = Notes {
        terms: terms
            .into_iter()
            .map(|(unit, notice, due_on, at)| (unit, Agreed { notice, due_on, at }))
            .collect(),
        kept: spans::kept(tx, person, jobs)?
            .into_iter()
            .map(|(job, since, kept)| (job, (since, kept)))
            .collect(),
        earned: earnings::of_person(tx, person, ids)?,
        known_rules: rules::known_to_of(tx, jobs, person)?,
        in_second: review::in_second(tx, ids)?,
        appealed: appeals::held(tx, ids)?,
        received: earnings::received_on(tx, ids)?,
        paid_fixes: earnings::paid_fixes(tx, ids)?,
        ..Notes::default()
    };
    // Later rows replace earlier ones: the newest hold's terms count, a pass takes the feedback away, an acceptance the wish.
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
        .eq(delivery_units::delivery_id.nullable())
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

/// Whether somebody who holds units of a job was asked if they go on, and has not been heard of since.
pub fn is_asked(tx: &mut Tx<'_>, job: JobId, person: PersonId) -> Result<bool, DbError> {
    let span = spans::of(tx, job, person)?;
    Ok(span.is_some_and(|(span, _)| span.look_at.is_some() && span.kept().is_asked))
}

/// The ended hold of a person on a unit, where their last one ended because nothing was heard of it.
pub(super) fn lapsed(
    tx: &mut Tx<'_>,
    unit: UnitId,
    person: PersonId,
) -> Result<Option<AssignmentId>, DbError> {
    let last: Option<(AssignmentId, Option<EndKind>)> = assignments::table
        .filter(assignments::unit_id.eq(unit))
        .filter(assignments::person_id.eq(person))
        .order(assignments::id.desc())
        .select((assignments::id, assignments::end_kind))
        .first(tx.conn())
        .optional()?;
    Ok(last.filter(|(_, end)| *end == Some(EndKind::Expired)).map(|(id, _)| id))
}

/// How the acting person's last hold on a unit ended; `None` where they never held it, or still do.
pub fn how_it_ended(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<EndKind>, DbError> {
    let person = crate::acting_person(tx)?;
    let last: Vec<Option<EndKind>> = assignments::table
        .filter(assignments::unit_id.eq(unit))
        .filter(assignments::person_id.eq(person))
        .order(assignments::id.desc())
        .limit(1)
        .select(assignments::end_kind)
        .load(tx.conn())?;
    Ok(last.into_iter().next().flatten())
}

/// What would be given back together with one of the acting person's units: it and all others of its job of which they have
/// handed in nothing. [`DbError::NotFound`] for anybody else's.
pub fn hand_back_with(tx: &mut Tx<'_>, unit: UnitId) -> Result<HandBackWith, DbError> {
    let person = crate::acting_person(tx)?;
    let job: JobId = units::table
        .filter(units::id.eq(unit))
        .filter(units::holder_id.eq(person))
        .select(units::job_id)
        .first(tx.conn())?;
    let states: Vec<UnitState> = units::table
        .filter(units::job_id.eq(job))
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(UnitState::TO_DO))
        .filter(sql::<Bool>(NOTHING_HANDED_IN))
        .filter(units::id.ne(unit))
        .select(units::state)
        .load(tx.conn())?;
    let count = |states: usize| i64::try_from(states).unwrap_or(i64::MAX);
    Ok(HandBackWith {
        units: 1 + count(states.len()),
        begun: count(states.iter().filter(|state| **state != UnitState::Claimed).count()),
    })
}

/// How many units of a job the acting person holds and still has to do.
pub fn held_of_job(tx: &mut Tx<'_>, job: JobId) -> Result<i64, DbError> {
    let person = crate::acting_person(tx)?;
    Ok(units::table
        .filter(units::job_id.eq(job))
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(UnitState::TO_DO))
        .count()
        .get_result(tx.conn())?)
}

/// How many people hold units of a job that are still to be done.
pub fn holders(tx: &mut Tx<'_>, job: JobId) -> Result<i64, DbError> {
    Ok(units::table
        .filter(units::job_id.eq(job))
        .filter(units::state.eq_any(UnitState::TO_DO))
        .select(diesel::dsl::count(units::holder_id).aggregate_distinct())
        .first(tx.conn())?)
}

/// Who holds units of a job that are still to be done under an earlier day than the job has now, and that have none
/// decided for themselves.
pub(crate) fn to_be_asked(tx: &mut Tx<'_>, job: JobId) -> Result<Vec<PersonId>, DbError> {
    Ok(behind(job).select(assignments::person_id).distinct().order(assignments::person_id).load(tx.conn())?)
}

/// A hold on a unit whose job has a later day now than the holder accepted.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Moved {
    pub(super) assignment: AssignmentId,
    pub(super) unit: UnitId,
    pub(super) terms: TermsNoticeId,
    pub(super) due_on: NaiveDate,
}

/// The live assignments of one person to units of a job that are to be done under an earlier day than the job has now.
pub(super) fn moved(tx: &mut Tx<'_>, job: JobId, person: PersonId) -> Result<Vec<Moved>, DbError> {
    Ok(behind(job)
        .filter(assignments::person_id.eq(person))
        .order(assignments::id)
        .select((assignments::id, assignments::unit_id, assignments::terms_notice_id, assignments::due_on))
        .load(tx.conn())?)
}

#[diesel::dsl::auto_type]
fn behind(job: JobId) -> _ {
    let to_do: Vec<UnitState> = UnitState::TO_DO.to_vec();
    assignments::table
        .inner_join(units::table.on(units::id.eq(assignments::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(units::job_id.eq(job))
        .filter(units::state.eq_any(to_do))
        .filter(assignments::ended_at.is_null())
        .filter(units::due_on.is_null())
        .filter(assignments::due_on.lt(jobs::work_due_on))
}

fn my_unit(row: MyRow, notes: &mut Notes, today: NaiveDate) -> MyUnit {
    let agreed = notes.terms.remove(&row.unit);
    let earned = notes.earned.remove(&row.unit).unwrap_or_default();
    let own = earned.iter().find(|one| one.kind == EarningKind::Unit);
    let received_on = own.map(|own| own.received_on).or_else(|| notes.received.remove(&row.unit));
    let work_due_on = due::day(row.own_due_on, agreed.map(|terms| terms.due_on), row.job_due_on);
    let is_to_do = UnitState::TO_DO.contains(&row.state);
    let is_behind = row.own_due_on.is_none() && work_due_on < row.job_due_on && is_to_do;
    // Terms from before a span was spoken of keep the unit for ever.
    let kept = notes.kept.get(&row.job).filter(|(since, _)| agreed.is_some_and(|terms| terms.at >= *since));
    let pay_rule = PayRule::stored(row.pay_day, row.fixed_pay_on);
    let paid = |receipt: Option<NaiveDate>| pay_rule.of_receipt(receipt.unwrap_or(today));
    let waiting = notes.paid_fixes.remove(&row.unit).unwrap_or_default();
    let extra = |fix: PaidFix| ExtraPay {
        received_on: fix.received_on(),
        pay_on: paid(fix.received_on()),
        pay: fix.pay,
        terms_notice: fix.terms_notice,
    };
    let known = notes.known_rules.get(&row.job).copied().unwrap_or(row.rules_number);
    MyUnit {
        rules_changed: is_to_do && known < row.rules_number,
        in_second_check: notes.in_second.contains_key(&row.unit),
        appealed: notes.appealed.contains(&row.unit),
        terms_notice: agreed.map(|terms| terms.notice),
        kept: kept.filter(|_| is_to_do).map(|(_, kept)| *kept),
        moved_to: is_behind.then_some(row.job_due_on),
        received_on,
        pay_on: paid(received_on),
        extra_pay: earned.iter().filter_map(ExtraPay::earned).chain(waiting.into_iter().map(extra)).collect(),
        earned: Yen(earned.iter().map(|one| one.amount.0).sum()),
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
        work_due_on,
    }
}

/// How many people hold units of a job under an earlier day than it has now and have not accepted the later one.
pub fn asked(tx: &mut Tx<'_>, job: JobId) -> Result<i64, DbError> {
    Ok(i64::try_from(to_be_asked(tx, job)?.len()).unwrap_or(i64::MAX))
}

/// What a person has in hand: what they still have to do and what they handed in and is not checked yet, the earliest due
/// first; at most `most`. For those who run the work.
pub fn held_by(tx: &mut Tx<'_>, person: PersonId, most: i64) -> Result<Vec<HeldUnit>, DbError> {
    let rows: Vec<HeldRow> = units::table
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .left_join(
            assignments::table.on(assignments::unit_id.eq(units::id).and(assignments::ended_at.is_null())),
        )
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(UnitState::TO_DO).or(units::state.eq_any(UnitState::TO_REVIEW)))
        .order(units::id)
        .limit(most)
        .select((
            units::id,
            units::label,
            jobs::title,
            units::state,
            units::due_on,
            assignments::due_on.nullable(),
            jobs::work_due_on,
        ))
        .load(tx.conn())?;
    let held = |row: HeldRow| HeldUnit {
        unit: row.unit,
        label: row.label,
        job_title: row.job_title,
        state: row.state,
        due_on: due::day(row.own_due_on, row.accepted, row.job_due_on),
    };
    let mut held: Vec<HeldUnit> = rows.into_iter().map(held).collect();
    held.sort_by_key(|unit| (!UnitState::TO_DO.contains(&unit.state), unit.due_on));
    Ok(held)
}

#[derive(Queryable)]
struct HeldRow {
    unit: UnitId,
    label: String,
    job_title: String,
    state: UnitState,
    own_due_on: Option<NaiveDate>,
    accepted: Option<NaiveDate>,
    job_due_on: NaiveDate,
}
