//! Sampling (抜き取り): whose work review looks at whole, and of whose it looks at some. Everybody begins with all of it; after so
//! many good units in a row one in so many is looked at, and one defect begins again with all (CSP-1, Dodge 1943). Only where a
//! job says so; a kind is the skill that a job asks for, or where it asks for none the jobs of its name. Units marked as critical, and what came back once, are always looked at.
//!
//! Nothing passes unseen while other work of the same person and kind still waits for review: what a plan promises to let out at
//! most holds only if each verdict counts before the next unit passes.
//!
//! Invariants: which unit is looked at follows from a seed whose SHA-256 lay open before anything was handed in, and which is
//! shown once nothing is drawn with it any more (`whoever_knows_a_seed_can_check_every_draw`); nothing passes unseen without its
//! draw, and nothing critical, by trigger `units_pass_unseen_by_lot`; why somebody is looked at more or less is kept for ever
//! (`after_a_clean_run_some_is_looked_at_and_one_defect_ends_it`).

mod lists;
mod model;
pub mod plans;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{JobId, PersonId, UnitId};

pub use lists::{
    draws, find_stream, is_critical, kind_of, newest, of_job, of_kind, of_person, of_unit, seeds, switches,
};
pub use model::{
    Draw, DrawKey, JobSampling, Kind, Phase, Reliability, Rule, SamplingInput, SamplingKey, Seed, SeedId,
    SeedKey, Standing, StandingKey, Stream, StreamId, Switch, SwitchKey, SwitchReason, SwitchesOf, is_drawn,
};
pub(crate) use store::copy;

use crate::earnings;
use crate::jobs::{self, Job, JobError};
use crate::reviews;
use crate::submissions::Submission;
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitError, UnitState};
use model::Seen;
use plans::FlowPlan;

/// Says how much of a job's work is looked at, on top of the version it was written over. It counts for what is handed in from
/// now on; the same once more changes nothing.
pub fn change(tx: &mut Tx<'_>, job: JobId, input: &SamplingInput) -> Result<JobSampling, JobError> {
    let (based_on, plan) = input.checked()?;
    let by = crate::acting_person(tx)?;
    let (_order, job) = jobs::hold(tx, job)?;
    let before = newest(tx, job.id)?;
    let number = before.as_ref().map_or(0, |sampling| sampling.number);
    if number != based_on {
        return Err(JobError::Stale);
    }
    if let Some(same) = before.filter(|before| before.plan() == plan) {
        return Ok(same);
    }
    Ok(store::keep(tx, job.id, number + 1, plan, by)?)
}

/// Marks a unit where a defect would do harm: it is always looked at. Twice is once.
pub fn mark_critical(tx: &mut Tx<'_>, unit: UnitId) -> Result<(), UnitError> {
    let by = crate::acting_person(tx)?;
    let unit = units::store::lock(tx, unit)?;
    Ok(store::mark_critical(tx, unit.id, by)?)
}

/// Takes that mark away.
pub fn unmark_critical(tx: &mut Tx<'_>, unit: UnitId) -> Result<(), UnitError> {
    let unit = units::store::lock(tx, unit)?;
    Ok(store::unmark_critical(tx, unit.id)?)
}

/// What a job says; none where all of it is looked at.
fn plan(tx: &mut Tx<'_>, job: JobId) -> Result<Option<FlowPlan>, DbError> {
    Ok(newest(tx, job)?.and_then(|sampling| sampling.plan()))
}

/// Draws whether a version that was just handed in is looked at, where its maker has come that far; what is not passes at once.
/// A unit is drawn once: else whoever takes a version back would draw again. The caller has locked the unit.
pub(crate) fn draw(tx: &mut Tx<'_>, unit: &Unit, job: &Job, version: &Submission) -> Result<(), UnitError> {
    let Some(plan) = plan(tx, job.id)? else { return Ok(()) };
    let stream = store::stream(tx, version.maker_id, job)?;
    let is_due = stream.run_of(plan).is_some()
        && version.number == 1
        && !is_critical(tx, unit.id)?
        && !lists::others_wait(tx, &stream, unit.id)?;
    if !is_due || store::draw(tx, &stream, version, plan)? {
        return Ok(());
    }
    let which = Which::These(&[unit.id]);
    units::store::advance(tx, which, UnitState::Submitted, Move::PassUnseen, Mark::default())?;
    earnings::settle(tx, which)?;
    Ok(reviews::tell_passed(tx, unit, &job.title, version)?)
}

/// What review found of a version: `Some(true)` where it passed, `Some(false)` where it did not through its maker's fault. What did
/// not for another reason says nothing of its maker, and what was mended is no good unit in a row.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    job: &Job,
    version: &Submission,
    is_good: Option<bool>,
) -> Result<(), DbError> {
    let (Some(plan), Some(is_good)) = (plan(tx, job.id)?, is_good) else { return Ok(()) };
    if is_good && !lists::is_first(tx, version.id)? {
        return Ok(());
    }
    let seen = if is_good { Seen::Good } else { Seen::Bad };
    after(tx, (version.maker_id, job, plan), seen, version.unit_id)
}

/// A client found what review had not looked at, or not seen, and it was its maker's fault: all is looked at again.
pub(crate) fn found_by_client(
    tx: &mut Tx<'_>,
    job: &Job,
    maker: PersonId,
    unit: UnitId,
) -> Result<(), DbError> {
    let Some(plan) = plan(tx, job.id)? else { return Ok(()) };
    after(tx, (maker, job, plan), Seen::BadByClient, unit)
}

/// Another reviewer says that a defect was none of its maker's: what it ended goes on.
pub(crate) fn cleared(tx: &mut Tx<'_>, job: &Job, maker: PersonId, unit: UnitId) -> Result<(), DbError> {
    let Some(plan) = plan(tx, job.id)? else { return Ok(()) };
    let stream = store::stream(tx, maker, job)?;
    if lists::ended_by(tx, stream.id)? != Some(unit) {
        return Ok(());
    }
    after(tx, (maker, job, plan), Seen::Cleared, unit)
}

fn after(
    tx: &mut Tx<'_>,
    (maker, job, plan): (PersonId, &Job, FlowPlan),
    seen: Seen,
    unit: UnitId,
) -> Result<(), DbError> {
    let stream = store::stream(tx, maker, job)?;
    let (next, switched) = stream.standing().after(seen, plan);
    store::set(tx, stream.id, next)?;
    let Some(reason) = switched else { return Ok(()) };
    store::switched(tx, stream.id, (next.phase, reason), unit)?;
    match next.phase {
        Phase::Some => store::commit(tx, stream.id),
        Phase::All => store::reveal(tx, stream.id),
    }
}
