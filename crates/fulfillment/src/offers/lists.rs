//! Reading offers: those that fit a worker now.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use kernel::{JobId, OfferId, OrderId, Page, Paging, PersonId, WorkerId, Yen};
use workforce::{Worker, WorkerState};

use super::model::{OfferCard, OfferKey, OfferState, Standing, excerpt};
use crate::claims::{self, WeeklyMinutes};
use crate::jobs::{OfferRule, PayDay, PayRule};
use crate::rounds::{self, OpenPortion, PortionState};
use crate::schema::{jobs, offer_portions, offers, orders, units};
use crate::units::store::open_to;
use crate::units::waiting_days;

/// The job and the state of a worker's own offer; [`DbError::NotFound`] for anybody else's.
pub(crate) fn of_worker(
    tx: &mut Tx<'_>,
    id: OfferId,
    worker: WorkerId,
) -> Result<(JobId, OfferState), DbError> {
    Ok(offers::table
        .filter(offers::id.eq(id))
        .filter(offers::worker_id.eq(worker))
        .select((offers::job_id, offers::state))
        .first(tx.conn())?)
}

/// What everybody answered about a job who was offered it.
pub(crate) fn answers(tx: &mut Tx<'_>, job: JobId) -> Result<HashMap<WorkerId, OfferState>, DbError> {
    let rows: Vec<(WorkerId, OfferState)> = offers::table
        .filter(offers::job_id.eq(job))
        .select((offers::worker_id, offers::state))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Whether a job lies before a worker, declined or not.
pub(crate) fn is_before(tx: &mut Tx<'_>, job: JobId, worker: WorkerId) -> Result<bool, DbError> {
    let offer = offers::table
        .filter(offers::job_id.eq(job))
        .filter(offers::worker_id.eq(worker))
        .filter(offers::state.ne(OfferState::Withdrawn));
    Ok(diesel::select(exists(offer)).get_result(tx.conn())?)
}

/// Before whom a job lies, declined or not.
pub fn told(tx: &mut Tx<'_>, job: JobId) -> Result<HashSet<WorkerId>, DbError> {
    let workers: Vec<WorkerId> = offers::table
        .filter(offers::job_id.eq(job))
        .filter(offers::state.ne(OfferState::Withdrawn))
        .select(offers::worker_id)
        .load(tx.conn())?;
    Ok(workers.into_iter().collect())
}

/// Whether a job lies before nobody any more.
pub(crate) fn is_withdrawn(tx: &mut Tx<'_>, job: JobId) -> Result<bool, DbError> {
    let standing =
        offers::table.filter(offers::job_id.eq(job)).filter(offers::state.ne(OfferState::Withdrawn));
    Ok(!diesel::select(exists(standing)).get_result::<bool>(tx.conn())?)
}

#[derive(Queryable)]
struct CardRow {
    offer: OfferId,
    job: JobId,
    order: OrderId,
    title: String,
    order_title: String,
    rules: String,
    unit_pay: Yen,
    unit_minutes: i32,
    work_due_on: NaiveDate,
    pay_day: i16,
    fixed_pay_on: Option<NaiveDate>,
    offer_rule: OfferRule,
    pool_opened_at: Option<DateTime<Utc>>,
}

impl CardRow {
    fn is_in_turn(&self) -> bool {
        self.offer_rule == OfferRule::Fair && self.pool_opened_at.is_none()
    }
}

/// The open offers of a worker that still have units, the most urgent first. Empty while the worker is not active.
pub fn fitting(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    paging: &Paging<OfferKey>,
) -> Result<Page<OfferCard, OfferKey>, DbError> {
    let worker = workforce::workers::find(tx, worker)?;
    if worker.state != WorkerState::Active {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let rows = cards(tx, &worker, paging, None)?;
    let page = Page::cut(rows, paging, |row| OfferKey(row.work_due_on, row.offer));
    let items = filled(tx, &worker, page.items)?;
    Ok(Page { items, next: page.next })
}

/// How a job stands before a worker; [`DbError::NotFound`] where it never was before them.
pub fn standing(tx: &mut Tx<'_>, worker: WorkerId, job: JobId) -> Result<Standing, DbError> {
    let (offer, state, due_on): (OfferId, OfferState, NaiveDate) = offers::table
        .inner_join(jobs::table.on(jobs::id.eq(offers::job_id)))
        .filter(offers::worker_id.eq(worker))
        .filter(offers::job_id.eq(job))
        .select((offers::id, offers::state, jobs::work_due_on))
        .first(tx.conn())?;
    let worker = workforce::workers::find(tx, worker)?;
    let today = crate::today(tx);
    let rows = cards(tx, &worker, &Paging::first(1), Some(job))?;
    Ok(match (state, filled(tx, &worker, rows)?.pop()) {
        (OfferState::Withdrawn, _) => Standing::Withdrawn,
        (OfferState::Declined, _) => Standing::Declined(offer),
        (OfferState::Passed, _) if due_on >= today => Standing::Passed(offer),
        _ if worker.state != WorkerState::Active => Standing::Resting,
        (OfferState::Open, Some(card)) => Standing::Open(card),
        _ if due_on < today => Standing::Over,
        _ => match rounds::last_portion(tx, worker.id, job)? {
            Some(PortionState::Passed) => Standing::Passed(offer),
            Some(PortionState::Claimed) => Standing::TookPortion,
            _ => Standing::Filled,
        },
    })
}

fn filled(tx: &mut Tx<'_>, worker: &Worker, rows: Vec<CardRow>) -> Result<Vec<OfferCard>, DbError> {
    let jobs: Vec<JobId> = rows.iter().map(|row| row.job).collect();
    let left = units_left(tx, worker.person_id, &jobs)?;
    let days = waiting_days(tx, worker.person_id, &jobs)?;
    let portions = rounds::portions_of(tx, worker.id, &jobs)?;
    let hours = Hours {
        today: crate::today(tx),
        weekly: claims::weekly_minutes(tx, worker)?,
        promised: claims::promised_by(tx, worker)?,
    };
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let waiting = days.get(&row.job).copied().unwrap_or_default();
            let own_day = waiting.next(row.work_due_on, hours.today);
            let units_left = left.get(&(row.job, own_day)).copied().unwrap_or_default();
            row.work_due_on = own_day.unwrap_or(row.work_due_on);
            let portion = portions.get(&row.job).copied().filter(|_| row.is_in_turn());
            let units_left = portion.map_or(units_left, |portion| portion.units.min(units_left));
            card(row, units_left, portion, &hours)
        })
        .collect())
}

fn cards(
    tx: &mut Tx<'_>,
    worker: &Worker,
    paging: &Paging<OfferKey>,
    only: Option<JobId>,
) -> Result<Vec<CardRow>, DbError> {
    let today = crate::today(tx);
    // What came back after the job's own day is due on the day it was given.
    let ahead = units::due_on.ge(today).or(units::due_on.is_null().and(jobs::work_due_on.ge(today)));
    let waiting =
        units::table.filter(units::job_id.eq(offers::job_id)).filter(ahead).filter(open_to(worker.person_id));
    // Of what is offered in turn, only what lies before this worker.
    let now = tx.now();
    let portion = offer_portions::table
        .filter(offer_portions::job_id.eq(offers::job_id))
        .filter(offer_portions::worker_id.eq(worker.id))
        .filter(offer_portions::state.eq(PortionState::Open))
        .filter(offer_portions::answer_by.gt(now));
    let is_open =
        jobs::offer_rule.eq(OfferRule::FirstCome).or(jobs::pool_opened_at.is_not_null()).or(exists(portion));
    let mut query = offers::table
        .inner_join(jobs::table.on(jobs::id.eq(offers::job_id)))
        .inner_join(orders::table.on(orders::id.eq(jobs::order_id)))
        .filter(offers::worker_id.eq(worker.id))
        .filter(offers::state.eq(OfferState::Open))
        .filter(exists(waiting))
        .filter(is_open)
        .order((jobs::work_due_on, offers::id))
        .limit(paging.probe())
        .select((
            offers::id,
            jobs::id,
            orders::id,
            jobs::title,
            orders::title,
            jobs::rules,
            jobs::unit_pay,
            jobs::unit_minutes,
            jobs::work_due_on,
            jobs::pay_day,
            jobs::fixed_pay_on,
            jobs::offer_rule,
            jobs::pool_opened_at,
        ))
        .into_boxed();
    if let Some(OfferKey(due_on, id)) = paging.after {
        query = query
            .filter(jobs::work_due_on.gt(due_on).or(jobs::work_due_on.eq(due_on).and(offers::id.gt(id))));
    }
    if let Some(job) = only {
        query = query.filter(jobs::id.eq(job));
    }
    Ok(query.load(tx.conn())?)
}

/// How many waiting units of each job a person may take, by the day they have of their own.
fn units_left(
    tx: &mut Tx<'_>,
    person: PersonId,
    jobs: &[JobId],
) -> Result<HashMap<(JobId, Option<NaiveDate>), i64>, DbError> {
    let rows: Vec<(JobId, Option<NaiveDate>, i64)> = units::table
        .filter(units::job_id.eq_any(jobs))
        .filter(open_to(person))
        .group_by((units::job_id, units::due_on))
        .select((units::job_id, units::due_on, count_star()))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(job, day, count)| ((job, day), count)).collect())
}

/// What a card has to know of its worker's time.
struct Hours {
    today: NaiveDate,
    weekly: WeeklyMinutes,
    /// Minutes of the units they still have to do.
    promised: i64,
}

impl Hours {
    /// Minutes free this week.
    fn free(&self) -> i64 {
        (self.weekly.this - self.promised).max(0)
    }

    /// Minutes free until a day.
    fn free_until(&self, day: NaiveDate) -> i64 {
        (self.weekly.until(self.today, day) - self.promised).max(0)
    }
}

fn card(row: CardRow, units_left: i64, portion: Option<OpenPortion>, hours: &Hours) -> OfferCard {
    let minutes = i64::from(row.unit_minutes.max(1));
    let pay_day = PayDay::stored(row.pay_day);
    let paid = |receipt| PayRule::new(pay_day, row.fixed_pay_on).of_receipt(receipt);
    OfferCard {
        offer: row.offer,
        job: row.job,
        order: row.order,
        title: row.title,
        order_title: row.order_title,
        rules_excerpt: excerpt(&row.rules),
        unit_pay: row.unit_pay,
        unit_minutes: row.unit_minutes,
        yen_per_hour: Yen(row.unit_pay.0.saturating_mul(60) / minutes),
        units_left,
        portion,
        fitting_units: units_left.min(hours.free() / minutes),
        pay_day,
        fixed_pay_on: row.fixed_pay_on,
        pay_on: [paid(hours.today), paid(row.work_due_on)],
        free_minutes_until_due: hours.free_until(row.work_due_on),
        work_due_on: row.work_due_on,
    }
}
