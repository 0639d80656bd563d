//! What may still be changed of a job: everything while nobody holds a unit of it, its deadline always; but what it pays, and when, not
//! once anybody has accepted it in writing.
//!
//! Invariant: whatever becomes of a unit, its work is paid as its maker's terms say (Freelance Act art. 5): an appeal may still give what a
//! refusal took, and what was made under a claim that ended by day may still be handed in. Other work is paid otherwise in another job
//! (`what_an_appeal_gives_is_what_was_agreed_whatever_else_is_corrected`).

use std::collections::BTreeSet;

use db::Tx;
use kernel::{Checks, Code, Invalid, JobId, PersonId};

use super::extend_input::ExtendInput;
use super::model::{Job, JobEditInput, JobFields, JobState};
use super::{JobError, find, known_skill, progress, store};
use crate::events::JobExtended;
use crate::offers;
use crate::orders::{self, Order, OrderState};
use crate::rounds;
use crate::rules::{self, Wording};
use crate::terms;
use crate::units::store::{Mark, Which};
use crate::units::{self, CancelFault, Cancellation, Move, UnitState};

/// Locks a job of an order that is not over; nobody claims from it until this transaction ends.
pub(crate) fn hold(tx: &mut Tx<'_>, id: JobId) -> Result<(Order, Job), JobError> {
    let order_id = find(tx, id)?.order_id;
    let order = orders::hold(tx, order_id)?;
    if !matches!(order.state, OrderState::Draft | OrderState::Running) {
        return Err(JobError::OrderNotOpen(order.state));
    }
    let job = store::hold(tx, id)?;
    if job.state == JobState::Closed { Err(JobError::Closed) } else { Ok((order, job)) }
}

/// [`hold`] of a job of which nobody holds a unit and none is finished.
fn hold_unclaimed(tx: &mut Tx<'_>, id: JobId) -> Result<(Order, Job), JobError> {
    let held = hold(tx, id)?;
    if progress(tx, id)?.arranged() > 0 { Err(JobError::Held) } else { Ok(held) }
}

/// Corrects a job of which nobody holds a unit. What was offered is taken back with it, because a worker must never find
/// other conditions than those they were told (Freelance Act art. 12): offer it again and everybody is told anew.
pub fn edit(tx: &mut Tx<'_>, id: JobId, version: i32, input: JobEditInput) -> Result<Job, JobError> {
    let (order, job) = hold_unclaimed(tx, id)?;
    if job.version != version {
        return Err(JobError::Stale);
    }
    let fields = input.checked(crate::today(tx), order.due_on)?;
    if terms::were_accepted(tx, &[id])? {
        pays_the_same(&job, &fields)?;
    }
    known_skill(tx, &fields)?;
    let job = take_offers_back(tx, &job)?;
    units::store::drop_earlier_days(tx, id, fields.work_due_on)?;
    let corrected = store::correct(tx, &job, &fields)?;
    if corrected.rules_number != job.rules_number {
        rules::store::keep(tx, &corrected, &Wording::default())?;
    }
    Ok(corrected)
}

/// Refuses another pay, or another day for it, than the one that was accepted.
fn pays_the_same(job: &Job, fields: &JobFields) -> Result<(), Invalid> {
    let mut checks = Checks::new();
    if fields.unit_pay != job.unit_pay {
        checks.problem("unit_pay", Code::WorkHeld);
    }
    if fields.pay_day != job.pay_day {
        checks.problem("pay_day", Code::WorkHeld);
    }
    checks.done(())
}

/// Takes back what nobody has claimed yet: its units are drafts again and its offers gone. Units that somebody holds
/// stay theirs.
pub fn withdraw(tx: &mut Tx<'_>, id: JobId) -> Result<Job, JobError> {
    let (_, job) = hold(tx, id)?;
    if progress(tx, id)?.offered == 0 {
        return Err(JobError::NothingWaits);
    }
    take_offers_back(tx, &job)
}

fn take_offers_back(tx: &mut Tx<'_>, job: &Job) -> Result<Job, JobError> {
    units::store::advance_any(tx, Which::OfJob(job.id), UnitState::Offered, Move::Withdraw, Mark::default())?;
    offers::store::withdraw_of_job(tx, job.id)?;
    rounds::withdraw(tx, job.id)?;
    store::begin_anew(tx, job.id)?;
    let is_unclaimed = progress(tx, job.id)?.arranged() == 0;
    if job.state == JobState::Offered && is_unclaimed {
        return Ok(store::set_draft(tx, job)?);
    }
    Ok(find(tx, job.id)?)
}

/// Calls off a job of which nobody holds a unit: nobody has worked, so nobody is owed anything.
pub fn call_off(tx: &mut Tx<'_>, id: JobId) -> Result<Job, JobError> {
    let (order, _) = hold_unclaimed(tx, id)?;
    let nobodys = Cancellation { fault: CancelFault::Town, under_way: 0, note: String::new() };
    offers::store::withdraw_of_job(tx, id)?;
    rounds::withdraw(tx, id)?;
    units::call_off(tx, Which::OfJob(id), &[UnitState::Draft, UnitState::Offered], &nobodys)?;
    orders::settle(tx, &order)?;
    Ok(find(tx, id)?)
}

/// Moves the deadline of a job to a later day. Offers carry it at once, those too that had an earlier day decided for
/// themselves; whoever holds units is asked, and keeps the old
/// day and the old terms until they accept ([`crate::claims::accept_extension`]) or hand back.
pub fn extend(tx: &mut Tx<'_>, id: JobId, input: ExtendInput) -> Result<Job, JobError> {
    let by = crate::acting_person(tx)?;
    let (_, job) = hold(tx, id)?;
    let (to, note) = input.checked(crate::today(tx), job.work_due_on)?;
    let from = job.work_due_on;
    let job = store::extend(tx, &job, to, &note, by)?;
    units::store::drop_earlier_days(tx, id, to)?;
    let people: BTreeSet<PersonId> = crate::claims::to_be_asked(tx, id)?.into_iter().collect();
    queue::record(
        tx,
        &JobExtended {
            job: id,
            order: job.order_id,
            title: job.title.clone(),
            from,
            to,
            note,
            people: people.into_iter().collect(),
        },
    )?;
    Ok(job)
}
