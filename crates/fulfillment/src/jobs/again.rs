//! The same jobs once more, for an order that repeats another.
//!
//! Invariant: the order before stays as it is, and what was the material of its units is not that of the next: units are
//! made in the same number, and empty (`an_order_that_repeats_another_begins_with_its_jobs_rules_and_samples`).

use chrono::NaiveDate;
use db::Tx;
use kernel::Typed;

use super::model::{Job, JobEditInput, JobInput};
use super::{JobError, of_order, split};
use crate::checks;
use crate::orders::{self, Order};
use crate::samples;
use crate::sampling;

/// Splits the jobs of `before` off `order`: title, rules, pay, ways, samples, checks and sampling as they are now, due as long before the
/// order's day as they were before the other's.
pub(crate) fn repeat(tx: &mut Tx<'_>, order: &Order, before: &Order) -> Result<(), JobError> {
    let today = crate::today(tx);
    for done in of_order(tx, before.id)? {
        let units = done.progress.live();
        if units == 0 {
            continue;
        }
        let due_on = due_on(&done.job, before.due_on, order.due_on, today);
        let lines = orders::lines(tx, order.id)?.len();
        let job = split(tx, order.id, input(&done.job, units, due_on, lines))?;
        samples::copy(tx, done.job.id, job.id)?;
        checks::store::copy(tx, done.job.id, job.id)?;
        sampling::copy(tx, done.job.id, job.id)?;
    }
    Ok(())
}

/// As many days before the order's day as last time, but never in the past and never after it.
fn due_on(job: &Job, before: NaiveDate, order: NaiveDate, today: NaiveDate) -> NaiveDate {
    let slack = (before - job.work_due_on).max(chrono::Duration::zero());
    let day = order.checked_sub_signed(slack).unwrap_or(order);
    day.max(today)
}

fn input(job: &Job, units: i64, due_on: NaiveDate, lines: usize) -> JobInput {
    let about = JobEditInput::of(job);
    // The order that repeats another may have other lines.
    let line = job.order_line.filter(|line| usize::try_from(*line).is_ok_and(|line| line <= lines));
    JobInput {
        title: about.title,
        rules: about.rules,
        unit_minutes: about.unit_minutes,
        unit_pay: about.unit_pay,
        unit_pieces: about.unit_pieces,
        skill_id: about.skill_id,
        skill_level: about.skill_level,
        asks_phone: about.asks_phone,
        asks_video: about.asks_video,
        asks_long_slots: about.asks_long_slots,
        work_due_on: due_on.to_string().into(),
        inspect_days: about.inspect_days,
        pay_day: about.pay_day,
        offer_rule: about.offer_rule,
        keep_days: about.keep_days,
        review_levels: about.review_levels,
        order_line: line.map(|line| line.to_string()).unwrap_or_default().into(),
        count: units.to_string().into(),
        label_prefix: Typed::default(),
        csv: Typed::default(),
        csv_header: Typed::default(),
        file_ids: Vec::new(),
        more_than_ordered: Typed::default(),
    }
}
