//! Claims (引受) and assignments (割当): a worker's promise to do units until a day.
//!
//! Invariants: a unit has one live assignment at most, by the unique index `assignments_one_live` (test
//! `two_workers_racing_for_one_unit_never_both_win`); nothing is assigned but under the very terms the worker saw;
//! handing back leaves no mark, and neither does a claim that ends because nothing is heard of it (module `keeping`); what its
//! holder had made is taken as long as nobody else holds the unit (test
//! `a_late_upload_and_a_new_claim_race_and_one_has_it`).

pub(crate) mod events;
mod extension;
mod hours;
mod keeping;
mod late;
mod lists;
mod model;
mod span;
mod spans;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, JobId, PersonId, UnitId};
use workforce::Worker;

pub use extension::{AcceptInput, Accepted, Extension, accept_extension, extension};
pub(crate) use hours::{WeeklyMinutes, promised_minutes, weekly_minutes, worked_minutes};
pub use hours::{Worked, free_minutes, promised_by, worked_by};
pub use keeping::{TendClaims, keep, register, tend};
pub(crate) use keeping::{advance, sign};
pub(crate) use late::lock_to_hand_in;
pub use late::{LapsedUnit, find_lapsed, reach};
pub use lists::{
    asked, find_mine, hand_back_with, held_by, held_of_job, holders, how_it_ended, is_asked, mine,
};
pub(crate) use lists::{due_on, live_assignment, live_worker, to_be_asked};
pub use model::{
    ClaimInput, Claimed, EndKind, ExtraPay, Feedback, FixWanted, HandBackInput, HandBackWith, HeldUnit, Mine,
    MineKey, MyUnit, TakeBackInput,
};
pub use span::Kept;

use crate::appeals;
use crate::earnings;
use crate::events::{UnitHandedBack, UnitTakenBack, UnitsClaimed};
use crate::exclusions;
use crate::jobs::{self, Job, JobState};
use crate::offers;
use crate::orders::{self, OrderState};
use crate::rounds;
use crate::terms::{self, Terms, TermsError};
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitError, UnitState};

/// Why units were not claimed, moved or handed back.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The job is not before this person, or no longer fits them.
    #[error("the job is not offered to this person")]
    NotEligible,
    /// The job or its order is not open, or its day has passed.
    #[error("the job is not open")]
    NotOpen,
    /// More work than the person's own weekly limit leaves.
    #[error("{free_minutes} minutes are free this week")]
    NoHours {
        /// What is left of the week's minutes.
        free_minutes: i64,
    },
    /// More than what is left of the portion that lies before the person, or the time to answer is over.
    #[error("{left} units are left of the portion")]
    BeyondPortion {
        /// How many they may still claim.
        left: i64,
    },
    /// The terms the person accepted are not those that would be frozen now: show them again.
    #[error("the terms have changed or were not accepted")]
    TermsNotAccepted,
    /// The terms cannot be drawn up.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// Others were faster; so many are left.
    #[error("only {left} units are left")]
    Taken {
        /// How many units could still be had a moment ago.
        left: usize,
    },
    /// No deadline of this person's units of the job has moved.
    #[error("no deadline has moved")]
    NothingMoved,
    /// The unit is in somebody else's hands, or in nobody's.
    #[error("the unit is not this person's")]
    NotHolder,
    /// This person's claim ended because nothing was heard of it, and the unit is no longer to be had.
    #[error("the claim had ended, and the unit went on")]
    Lapsed,
    /// The unit did not move.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for ClaimError {
    fn from(error: DbError) -> Self {
        // The last line of defence; the locks above it leave nothing for it to do.
        if error.violates("assignments_one_live") {
            Self::Taken { left: 0 }
        } else if error.violates("assignments_not_excluded") {
            Self::NotEligible
        } else {
            Self::Db(error)
        }
    }
}

impl Coded for ClaimError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NotEligible => Code::NotEligible,
            Self::NoHours { .. } => Code::NoHours,
            Self::NotOpen => Code::NotOpen,
            Self::BeyondPortion { .. } => Code::BeyondPortion,
            Self::NothingMoved => Code::Conflict,
            Self::TermsNotAccepted => Code::TermsNotAccepted,
            Self::Terms(error) => error.code(),
            Self::Taken { .. } | Self::NotHolder => Code::UnitTaken,
            Self::Lapsed => Code::ClaimLapsed,
            Self::Unit(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Terms(error) => error.fields(),
            _ => &[],
        }
    }
}

/// Promises the acting worker's hours for the next units of a job, under the terms they saw. All of them or none:
/// the terms name the number.
pub fn claim(tx: &mut Tx<'_>, job: JobId, input: ClaimInput) -> Result<Claimed, ClaimError> {
    let fields = input.checked()?;
    let person = crate::acting_person(tx)?;
    let worker = workforce::workers::of_person(tx, person)?.ok_or(ClaimError::NotEligible)?;
    let worker = workforce::workers::hold(tx, worker.id)?;
    let (job, own_day) = open_job(tx, job, person)?;
    let needed = fields.count * i64::from(job.unit_minutes);
    fits(tx, &job, &worker, needed)?;
    let language = match fields.language {
        Some(language) => language,
        None => accounts::persons::find(tx, person)?.preferences.language,
    };
    // Before the terms are looked at: whoever asks for more than is theirs is told that, and not to read anything again.
    rounds::take(tx, &job, worker.id, fields.count)?;
    let terms = terms::draw_up(tx, &job, worker.id, fields.count, language)?;
    if fields.seen != Some(terms.sha256) {
        return Err(ClaimError::TermsNotAccepted);
    }
    // All that follows goes by keys.
    tx.plan_once()?;
    let units = units::store::take_offered(tx, job.id, person, own_day, fields.count)?;
    if i64::try_from(units.len()).unwrap_or(i64::MAX) < fields.count {
        return Err(ClaimError::Taken { left: units.len() });
    }
    assign(tx, &job, &worker, &terms, units)
}

/// The job, if it may be claimed from now, with the day its next units have of their own; its conditions stay as they are
/// until this transaction ends.
fn open_job(tx: &mut Tx<'_>, job: JobId, person: PersonId) -> Result<(Job, Option<NaiveDate>), ClaimError> {
    let job = jobs::store::hold_unchanged(tx, job)?;
    let (job, own_day) = jobs::as_offered(tx, job, person)?;
    let order = orders::find(tx, job.order_id)?;
    let open = job.state == JobState::Offered
        && order.state == OrderState::Running
        && job.work_due_on >= crate::today(tx);
    if open { Ok((job, own_day)) } else { Err(ClaimError::NotOpen) }
}

fn fits(tx: &mut Tx<'_>, job: &Job, worker: &Worker, needed: i64) -> Result<(), ClaimError> {
    let today = crate::today(tx);
    if !offers::is_before(tx, job.id, worker.id)?
        || exclusions::is_kept_from(tx, job, worker.id)?
        || workforce::skills::eligible_worker(tx, worker.id, job.needs(), today)?.is_none()
    {
        return Err(ClaimError::NotEligible);
    }
    let free_minutes = free_minutes(tx, worker)?;
    if needed > free_minutes { Err(ClaimError::NoHours { free_minutes }) } else { Ok(()) }
}

fn assign(
    tx: &mut Tx<'_>,
    job: &Job,
    worker: &Worker,
    terms: &Terms,
    units: Vec<UnitId>,
) -> Result<Claimed, ClaimError> {
    let terms_notice = terms::freeze(tx, job.id, worker.id, terms)?;
    let hold = Mark { holder: Some(worker.person_id), ..Mark::default() };
    units::store::advance(tx, Which::These(&units), UnitState::Offered, Move::Claim, hold)?;
    let assignments = store::insert(tx, worker, terms_notice, job.work_due_on, &units)?;
    keeping::begin(tx, job, worker.person_id)?;
    queue::record(
        tx,
        &UnitsClaimed {
            assignments: assignments.clone(),
            units: units.clone(),
            person: worker.person_id,
            worker: worker.id,
            job: job.id,
            job_title: job.title.clone(),
            terms_notice,
            language: terms.language,
            due_on: job.work_due_on,
        },
    )?;
    Ok(Claimed { job: job.id, terms_notice, units, assignments, due_on: job.work_due_on })
}

/// Begins a unit, or begins it again after it came back.
pub fn start(tx: &mut Tx<'_>, unit: UnitId) -> Result<Unit, ClaimError> {
    nothing_waits(tx, unit)?;
    own_move(tx, unit, Move::Start)
}

/// Lays a unit aside and keeps it.
pub fn pause(tx: &mut Tx<'_>, unit: UnitId) -> Result<Unit, ClaimError> {
    own_move(tx, unit, Move::Pause)
}

/// Goes on with a unit laid aside.
pub fn resume(tx: &mut Tx<'_>, unit: UnitId) -> Result<Unit, ClaimError> {
    own_move(tx, unit, Move::Resume)
}

/// Gives a unit back to the others: no reason asked, no mark, the hours are free again at once. What was received stays
/// earned. Coordination hears that it waits again.
pub fn hand_back(tx: &mut Tx<'_>, unit: UnitId) -> Result<Unit, ClaimError> {
    let person = crate::acting_person(tx)?;
    let unit = give_back(tx, unit, Mark::default())?;
    tell_of_hand_back(tx, person, &unit, 1)?;
    Ok(unit)
}

/// [`hand_back`] of a unit and of all others of its job ([`hand_back_with`]) at once: all of them or none. Coordination hears
/// of it once, and the next in line is asked about all of them together. Gives the unit that was named.
pub fn hand_back_all(tx: &mut Tx<'_>, unit: UnitId) -> Result<Unit, ClaimError> {
    let person = crate::acting_person(tx)?;
    let job = units::find(tx, unit)?.job_id;
    let held = store::lock_with(tx, unit, job, person)?;
    if held.iter().all(|one| one.id != unit) {
        return Err(ClaimError::NotHolder);
    }
    let_go(tx, &held, EndKind::HandedBack, Mark::default())?;
    let unit = units::find(tx, unit)?;
    tell_of_hand_back(tx, person, &unit, i64::try_from(held.len()).unwrap_or(i64::MAX))?;
    Ok(unit)
}

fn tell_of_hand_back(tx: &mut Tx<'_>, person: PersonId, unit: &Unit, units: i64) -> Result<(), DbError> {
    let job = jobs::find(tx, unit.job_id)?;
    queue::record(
        tx,
        &UnitHandedBack {
            unit: unit.id,
            units,
            job: job.id,
            job_title: job.title,
            order: unit.order_id,
            person,
            due_on: unit.due_on.unwrap_or(job.work_due_on),
        },
    )?;
    Ok(())
}

/// [`hand_back`] with what its history says about it.
pub(crate) fn give_back(tx: &mut Tx<'_>, unit: UnitId, mark: Mark<'_>) -> Result<Unit, ClaimError> {
    let (held, _person) = lock_own(tx, unit)?;
    let_go(tx, std::slice::from_ref(&held), EndKind::HandedBack, mark)?;
    Ok(units::find(tx, unit)?)
}

/// Moves units of one job, which the caller has locked, out of their holder's hands to wait for others.
fn let_go(tx: &mut Tx<'_>, held: &[Unit], kind: EndKind, mark: Mark<'_>) -> Result<(), ClaimError> {
    let ids: Vec<UnitId> = held.iter().map(|unit| unit.id).collect();
    earnings::settle(tx, Which::These(&ids))?;
    for state in UnitState::ALL {
        let of_state: Vec<UnitId> =
            held.iter().filter(|unit| unit.state == *state).map(|unit| unit.id).collect();
        if !of_state.is_empty() {
            units::store::advance(tx, Which::These(&of_state), *state, Move::HandBack, mark)?;
        }
    }
    store::end(tx, Which::These(&ids), kind)?;
    let Some(job) = held.first().map(|unit| unit.job_id) else { return Ok(()) };
    put_aside(tx, job, &ids)?;
    Ok(rounds::freed(tx, job)?)
}

/// Where the job's offers were withdrawn meanwhile, units that come back wait to be offered anew: nobody could see them.
fn put_aside(tx: &mut Tx<'_>, job: JobId, ids: &[UnitId]) -> Result<(), UnitError> {
    if offers::is_withdrawn(tx, job)? {
        let these = Which::These(ids);
        units::store::advance(tx, these, UnitState::Offered, Move::Withdraw, Mark::default())?;
    }
    Ok(())
}

/// Takes a unit from a holder who can no longer do it, for a coordinator: the same as their handing it back. The
/// holder is told, with the coordinator's note if there is one.
pub fn take_back(tx: &mut Tx<'_>, unit: UnitId, input: TakeBackInput) -> Result<Unit, ClaimError> {
    let note = input.checked()?;
    let held = units::store::lock(tx, unit)?;
    let mark = Mark { reason: Some(EndKind::TakenBack.as_str()), note: &note, ..Mark::default() };
    let_go(tx, std::slice::from_ref(&held), EndKind::TakenBack, mark)?;
    // Every state that can be handed back has a holder (`units_held_while_worked`).
    let person = held.holder_id.ok_or(DbError::NotFound)?;
    let (job, order) = (jobs::find(tx, held.job_id)?, orders::find(tx, held.order_id)?);
    queue::record(
        tx,
        &UnitTakenBack {
            unit,
            label: held.label,
            job: job.id,
            job_title: job.title,
            order: order.id,
            order_title: order.title,
            person,
            note,
        },
    )?;
    Ok(units::find(tx, unit)?)
}

/// Locks a unit that the acting person holds.
pub(crate) fn lock_own(tx: &mut Tx<'_>, unit: UnitId) -> Result<(Unit, PersonId), ClaimError> {
    let person = crate::acting_person(tx)?;
    let unit = units::store::lock(tx, unit)?;
    if unit.holder_id == Some(person) { Ok((unit, person)) } else { Err(ClaimError::NotHolder) }
}

/// Nothing is done again while another reviewer looks at whether it has to be.
pub(crate) fn nothing_waits(tx: &mut Tx<'_>, unit: UnitId) -> Result<(), ClaimError> {
    let person = crate::acting_person(tx)?;
    if appeals::holds(tx, unit, person)? { Err(UnitError::Appealed.into()) } else { Ok(()) }
}

fn own_move(tx: &mut Tx<'_>, unit: UnitId, attempted: Move) -> Result<Unit, ClaimError> {
    let (held, person) = lock_own(tx, unit)?;
    units::store::advance(tx, Which::These(&[unit]), held.state, attempted, Mark::default())?;
    sign(tx, held.job_id, person)?;
    Ok(units::find(tx, unit)?)
}
