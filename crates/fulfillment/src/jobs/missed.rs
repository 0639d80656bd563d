//! Offering a worker what was offered before they could be offered it: before they came, or before a skill was recorded.

use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{JobId, WorkerId};
use workforce::{skills, workers};

use super::{JobError, JobState, OfferRule, find, lists, told};
use crate::exclusions;
use crate::offers;
use crate::orders::OrderState;
use crate::schema::{jobs, offers as stored, orders, units};
use crate::terms;
use crate::units::store::open_to;

/// The jobs under way that fit a worker and were never put before them, the most urgent first. One that is offered in turn
/// comes to them with its next round.
pub fn missed_by(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Vec<JobId>, DbError> {
    let (worker, today) = (workers::find(tx, worker)?, crate::today(tx));
    let waiting = units::table.filter(units::job_id.eq(jobs::id)).filter(open_to(worker.person_id));
    let before = stored::table.filter(stored::job_id.eq(jobs::id)).filter(stored::worker_id.eq(worker.id));
    let open: Vec<JobId> = jobs::table
        .inner_join(orders::table.on(orders::id.eq(jobs::order_id)))
        .filter(orders::state.eq(OrderState::Running))
        .filter(jobs::state.eq(JobState::Offered))
        .filter(jobs::offer_rule.eq(OfferRule::FirstCome).or(jobs::pool_opened_at.is_not_null()))
        .filter(jobs::work_due_on.ge(today))
        .filter(jobs::unit_minutes.le(worker.weekly_minutes))
        .filter(exists(waiting))
        .filter(diesel::dsl::not(exists(before)))
        .order((jobs::work_due_on, jobs::id))
        .select(jobs::id)
        .load(tx.conn())?;
    let Some(able) = skills::able(tx, worker.id, today)? else { return Ok(Vec::new()) };
    let mut fitting = Vec::new();
    for job in open {
        let job = find(tx, job)?;
        if able.eligible(job.needs()).is_some() && !exclusions::is_kept_from(tx, &job, worker.id)? {
            fitting.push(job.id);
        }
    }
    Ok(fitting)
}

/// Puts them all before the worker, who hears of each as of any offer. Gives their number.
pub fn offer_missed(tx: &mut Tx<'_>, worker: WorkerId) -> Result<usize, JobError> {
    let missed = missed_by(tx, worker)?;
    let today = crate::today(tx);
    let Some(able) = skills::able(tx, worker, today)? else { return Ok(0) };
    for id in &missed {
        let job = find(tx, *id)?;
        let Some(brief) = able.eligible(job.needs()) else { continue };
        terms::must_be_complete(tx, job.order_id)?;
        offers::store::insert(tx, *id, std::slice::from_ref(&brief))?;
        let units = lists::units_left(tx, *id)?;
        queue::record(tx, &told(&job, units, &[brief]))?;
    }
    Ok(missed.len())
}
