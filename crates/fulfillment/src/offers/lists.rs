//! Reading offers: those that fit a worker now.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use kernel::{JobId, OfferId, OrderId, Page, Paging, PersonId, WorkerId, Yen};
use workforce::{Worker, WorkerState};

use super::model::{OfferCard, OfferKey, OfferState, excerpt};
use crate::schema::{jobs, offers, orders, reviews, units};
use crate::units::UnitState;
use crate::{claims, jobs as work};

/// The state of a worker's own offer; [`DbError::NotFound`] for anybody else's.
pub(crate) fn of_worker(tx: &mut Tx<'_>, id: OfferId, worker: WorkerId) -> Result<OfferState, DbError> {
    Ok(offers::table
        .filter(offers::id.eq(id))
        .filter(offers::worker_id.eq(worker))
        .select(offers::state)
        .first(tx.conn())?)
}

/// Whether a job lies before a worker, declined or not.
pub(crate) fn is_before(tx: &mut Tx<'_>, job: JobId, worker: WorkerId) -> Result<bool, DbError> {
    let offer = offers::table
        .filter(offers::job_id.eq(job))
        .filter(offers::worker_id.eq(worker))
        .filter(offers::state.ne(OfferState::Withdrawn));
    Ok(diesel::select(exists(offer)).get_result(tx.conn())?)
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
    work_due_on: chrono::NaiveDate,
    pay_on: chrono::NaiveDate,
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
    let rows = cards(tx, &worker, paging)?;
    let page = Page::cut(rows, paging, |row| OfferKey(row.work_due_on, row.offer));
    let today = crate::today(tx);
    let mut page = page;
    for row in page.items.iter_mut().filter(|row| row.work_due_on < today) {
        let (job, _own_day) = work::as_offered(tx, row.job)?;
        (row.work_due_on, row.pay_on) = (job.work_due_on, job.pay_on);
    }
    let jobs: Vec<JobId> = page.items.iter().map(|row| row.job).collect();
    let mut left = units_left(tx, worker.person_id, &jobs)?;
    let free = claims::free_minutes(tx, &worker)?;
    Ok(page.map(|row| {
        let units_left = left.remove(&row.job).unwrap_or_default();
        card(row, units_left, free)
    }))
}

fn cards(tx: &mut Tx<'_>, worker: &Worker, paging: &Paging<OfferKey>) -> Result<Vec<CardRow>, DbError> {
    let today = crate::today(tx);
    let waiting = units::table
        .filter(units::job_id.eq(offers::job_id))
        .filter(units::state.eq(UnitState::Offered))
        .filter(not(exists(checked_by(worker.person_id))));
    // What came back after the job's own day is due on the day it was given.
    let later = units::table
        .filter(units::job_id.eq(offers::job_id))
        .filter(units::state.eq(UnitState::Offered))
        .filter(units::due_on.ge(today));
    let mut query = offers::table
        .inner_join(jobs::table.on(jobs::id.eq(offers::job_id)))
        .inner_join(orders::table.on(orders::id.eq(jobs::order_id)))
        .filter(offers::worker_id.eq(worker.id))
        .filter(offers::state.eq(OfferState::Open))
        .filter(jobs::work_due_on.ge(today).or(exists(later)))
        .filter(exists(waiting))
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
            jobs::pay_on,
        ))
        .into_boxed();
    if let Some(OfferKey(due_on, id)) = paging.after {
        query = query
            .filter(jobs::work_due_on.gt(due_on).or(jobs::work_due_on.eq(due_on).and(offers::id.gt(id))));
    }
    Ok(query.load(tx.conn())?)
}

/// The reviews by which a person may no longer make a version of `units`' row.
#[diesel::dsl::auto_type]
fn checked_by(person: PersonId) -> _ {
    reviews::table.filter(reviews::unit_id.eq(units::id)).filter(reviews::checker_id.eq(person))
}

fn units_left(tx: &mut Tx<'_>, person: PersonId, jobs: &[JobId]) -> Result<HashMap<JobId, i64>, DbError> {
    let rows: Vec<(JobId, i64)> = units::table
        .filter(units::job_id.eq_any(jobs))
        .filter(units::state.eq(UnitState::Offered))
        .filter(not(exists(checked_by(person))))
        .group_by(units::job_id)
        .select((units::job_id, count_star()))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

fn card(row: CardRow, units_left: i64, free_minutes: i64) -> OfferCard {
    let minutes = i64::from(row.unit_minutes.max(1));
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
        fitting_units: units_left.min(free_minutes / minutes),
        work_due_on: row.work_due_on,
        pay_on: row.pay_on,
    }
}
