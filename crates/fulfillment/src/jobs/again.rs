//! The same jobs once more, for an order that repeats another.
//!
//! Invariant: the order before stays as it is, and what was the material of its units is not that of the next: units are
//! made in the same number, and empty (`an_order_that_repeats_another_begins_with_its_jobs_rules_and_samples`). Where there
//! was any, the next are not offered before a job with material has taken their place
//! (`what_was_made_of_rows_is_not_offered_again_before_there_are_rows`).

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Invalid, JobId, Typed};

use super::model::{Job, JobEditInput, JobInput};
use super::{JobError, call_off, of_order, split, store};
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
        copy(tx, done.job.id, job.id)?;
        if done.job.lacks_material || store::has_material(tx, done.job.id)? {
            store::set_lacks_material(tx, job.id)?;
        }
    }
    Ok(())
}

/// What else is said about how the work is done.
fn copy(tx: &mut Tx<'_>, from: JobId, to: JobId) -> Result<(), DbError> {
    samples::copy(tx, from, to)?;
    checks::store::copy(tx, from, to)?;
    sampling::copy(tx, from, to)
}

/// Lets a job that was just split off take the place of another of its order of which nobody holds a unit; that one is called
/// off.
pub(super) fn take_the_place(tx: &mut Tx<'_>, job: &Job, of: JobId) -> Result<(), JobError> {
    let of_this_order = of_order(tx, job.order_id)?.iter().any(|one| one.job.id == of);
    if !of_this_order {
        return Err(Invalid::field("in_place_of", Code::UnknownChoice).into());
    }
    copy(tx, of, job.id)?;
    call_off(tx, of)?;
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
        in_place_of: Typed::default(),
    }
}
