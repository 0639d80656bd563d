//! Reading offers: those that fit a worker now.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use kernel::{JobId, OfferId, OrderId, Page, Paging, PersonId, WorkerId, Yen};
use workforce::availability::Asks;
use workforce::skills::{self, SkillId};
use workforce::{Needs, Worker, WorkerState};

use super::model::{OfferCard, OfferKey, OfferState, Standing, excerpt};
use crate::claims::{self, WeeklyMinutes};
use crate::exclusions;
use crate::jobs::{self as work, JobState, OfferRule, PayDay, PayRule};
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

/// The open offers of a worker that still have units and that the worker could claim as they are today, the most urgent
/// first; those for which their week has no time left come last. Empty while the worker is not active.
pub fn fitting(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    paging: &Paging<OfferKey>,
) -> Result<Page<OfferCard, OfferKey>, DbError> {
    let worker = workforce::workers::find(tx, worker)?;
    if worker.state != WorkerState::Active {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let hours = Hours::of(tx, &worker)?;
    let jobs = suitable(tx, &worker)?;
    let rows = cards(tx, &worker, &hours, paging, &jobs)?;
    let page = Page::cut(rows, paging, |row| OfferKey(hours.are_short_for(row), row.work_due_on, row.offer));
    let items = filled(tx, &worker, &hours, page.items)?;
    Ok(Page { items, next: page.next })
}

type Asked = (JobId, NaiveDate, Option<SkillId>, i16, (bool, bool, bool));

/// The jobs before a worker that ask for nothing they cannot or do not do: the rule by which a claim is taken or refused.
fn suitable(tx: &mut Tx<'_>, worker: &Worker) -> Result<Vec<JobId>, DbError> {
    let before_them: Vec<Asked> = offers::table
        .inner_join(jobs::table.on(jobs::id.eq(offers::job_id)))
        .filter(offers::worker_id.eq(worker.id))
        .filter(offers::state.eq(OfferState::Open))
        .filter(jobs::state.eq(JobState::Offered))
        .select((
            jobs::id,
            jobs::work_due_on,
            jobs::skill_id,
            jobs::skill_level,
            (jobs::asks_phone, jobs::asks_video, jobs::asks_long_slots),
        ))
        .load(tx.conn())?;
    let ids: Vec<JobId> = before_them.iter().map(|asked| asked.0).collect();
    let (days, today) = (waiting_days(tx, worker.person_id, &ids)?, crate::today(tx));
    let Some(able) = skills::able(tx, worker.id, today)? else { return Ok(Vec::new()) };
    let suits = |(job, work_due_on, skill, level, (phone, video, long_slots)): Asked| {
        let own_day = days.get(&job).copied().unwrap_or_default().next(work_due_on, today);
        let asks = Asks { phone, video, long_slots };
        able.eligible(Needs { skill, level, asks, due_on: own_day.or(Some(work_due_on)) }).map(|_able| job)
    };
    Ok(before_them.into_iter().filter_map(suits).collect())
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
    let hours = Hours::of(tx, &worker)?;
    let rows = cards(tx, &worker, &hours, &Paging::first(1), &[job])?;
    // Taken back from them alone, or from everybody: the one says nothing of the other.
    let is_kept = state == OfferState::Withdrawn && {
        let job = work::find(tx, job)?;
        job.state == JobState::Offered && exclusions::is_kept_from(tx, &job, worker.id)?
    };
    Ok(match (state, filled(tx, &worker, &hours, rows)?.pop()) {
        (OfferState::Withdrawn, _) if is_kept => Standing::Excluded,
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

fn filled(
    tx: &mut Tx<'_>,
    worker: &Worker,
    hours: &Hours,
    rows: Vec<CardRow>,
) -> Result<Vec<OfferCard>, DbError> {
    let jobs: Vec<JobId> = rows.iter().map(|row| row.job).collect();
    let left = units_left(tx, worker.person_id, &jobs)?;
    let days = waiting_days(tx, worker.person_id, &jobs)?;
    let portions = rounds::portions_of(tx, worker.id, &jobs)?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let waiting = days.get(&row.job).copied().unwrap_or_default();
            let own_day = waiting.next(row.work_due_on, hours.today);
            let units_left = left.get(&(row.job, own_day)).copied().unwrap_or_default();
            row.work_due_on = own_day.unwrap_or(row.work_due_on);
            let portion = portions.get(&row.job).copied().filter(|_| row.is_in_turn());
            let units_left = portion.map_or(units_left, |portion| portion.units.min(units_left));
            card(row, units_left, portion, hours)
        })
        .collect())
}

fn cards(
    tx: &mut Tx<'_>,
    worker: &Worker,
    hours: &Hours,
    paging: &Paging<OfferKey>,
    wanted: &[JobId],
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
    let short = || jobs::unit_minutes.gt(hours.free_for_one());
    let mut query = offers::table
        .inner_join(jobs::table.on(jobs::id.eq(offers::job_id)))
        .inner_join(orders::table.on(orders::id.eq(jobs::order_id)))
        .filter(offers::worker_id.eq(worker.id))
        .filter(offers::state.eq(OfferState::Open))
        .filter(jobs::id.eq_any(wanted.to_vec()))
        .filter(exists(waiting))
        .filter(is_open)
        .order((short(), jobs::work_due_on, offers::id))
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
    if let Some(OfferKey(is_short, due_on, id)) = paging.after {
        let after = jobs::work_due_on.gt(due_on).or(jobs::work_due_on.eq(due_on).and(offers::id.gt(id)));
        query = query.filter(short().gt(is_short).or(short().eq(is_short).and(after)));
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
    fn of(tx: &mut Tx<'_>, worker: &Worker) -> Result<Self, DbError> {
        Ok(Self {
            today: crate::today(tx),
            weekly: claims::weekly_minutes(tx, worker)?,
            promised: claims::promised_by(tx, worker)?,
        })
    }

    /// [`Hours::free`] as the minutes of one unit are kept.
    fn free_for_one(&self) -> i32 {
        i32::try_from(self.free()).unwrap_or(i32::MAX)
    }

    /// Whether this week has no time for one unit of it.
    fn are_short_for(&self, row: &CardRow) -> bool {
        row.unit_minutes > self.free_for_one()
    }

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
        free_minutes_this_week: hours.free(),
        pay_day,
        fixed_pay_on: row.fixed_pay_on,
        pay_on: [paid(hours.today), paid(row.work_due_on)],
        free_minutes_until_due: hours.free_until(row.work_due_on),
        work_due_on: row.work_due_on,
    }
}
