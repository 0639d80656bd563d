//! Jobs (業務): the kinds of piece an order is split into, offered to the workers whom they fit.
//!
//! Invariants: pay is due within 60 days of receipt, the first day counted (Freelance Act art. 4), by a CHECK too;
//! an import with one bad row creates nothing; nothing changes behind the back of those who hold a unit: their
//! deadline moves when they accept it ([`crate::claims::accept_extension`]).

mod again;
mod changes;
mod extend_input;
mod lists;
mod minimum_wage;
mod missed;
mod model;
mod pay_day;
mod reach;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod unit_files;
mod units_csv;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Checks, Code, Coded, FieldProblem, Invalid, JobId, OrderId, PersonId, Typed};
use schemars::JsonSchema;
use serde::Serialize;
use workforce::WorkerBrief;

pub use crate::units::NewUnit;
pub(crate) use again::repeat;
pub(crate) use changes::hold;
pub use changes::{call_off, edit, extend, withdraw};
pub use extend_input::ExtendInput;
pub use lists::{Extension, extensions, find, of_order, progress, search};
pub use minimum_wage::MinimumWage;
pub use missed::{missed_by, offer_missed};
pub(crate) use model::business_days_after;
pub use model::{Job, JobEditInput, JobInput, JobState, JobWithProgress, OfferRule};
pub(crate) use pay_day::{MOST_DAYS, PayRule, plus};
pub use pay_day::{PayDay, last_pay_day, last_pay_day_re_entrusted};
pub use reach::reach;
pub(crate) use store::{close_finished, hold_of_order, set_original_pay};
pub use unit_files::MOST_UNIT_FILES;

use crate::events::JobOffered;
use crate::orders::{self, OrderState};
use crate::rounds;
use crate::rules::{self, Wording};
use crate::terms::{self, TermsError};
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, UnitError, UnitState};
use model::JobFields;

/// Why a job was not split off or offered.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Fields that cannot be accepted, rows of an import among them; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The order is closed or cancelled, or not yet running where it has to.
    #[error("the order is {0}")]
    OrderNotOpen(OrderState),
    /// The job is closed.
    #[error("the job is closed")]
    Closed,
    /// The day the work is due has passed.
    #[error("the day this work was due has passed")]
    Over,
    /// Somebody holds units of it.
    #[error("units of this job are held")]
    Held,
    /// Somebody changed it since it was read.
    #[error("the job was changed meanwhile")]
    Stale,
    /// No unit of it waits.
    #[error("no unit of this job waits")]
    NothingWaits,
    /// Its units are to be worked from something that they have not been given.
    #[error("the units of this job have no material")]
    LacksMaterial,
    /// The terms of whoever took it would lack what the law asks for, so nobody is invited.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// One of its units did not move.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for JobError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::OrderNotOpen(_) | Self::Closed => Code::NotOpen,
            Self::Over => Code::DayPassed,
            Self::Held => Code::WorkHeld,
            Self::Stale => Code::Stale,
            Self::NothingWaits => Code::Conflict,
            Self::LacksMaterial => Code::NoMaterial,
            Self::Terms(error) => error.code(),
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

/// Splits a job with all its units off an order that is not over.
pub fn split(tx: &mut Tx<'_>, order: OrderId, input: JobInput) -> Result<Job, JobError> {
    let order = orders::hold(tx, order)?;
    if !matches!(order.state, OrderState::Draft | OrderState::Running) {
        return Err(JobError::OrderNotOpen(order.state));
    }
    let (fields, mut new) = input.checked(crate::today(tx), order.due_on)?;
    let files = input.unit_files();
    if !files.is_empty() {
        new = unit_files::units(tx, files)?;
    }
    known_skill(tx, &fields)?;
    let line = order_line(tx, &order, &input.order_line)?;
    let job = store::insert(tx, &order, &fields, line)?;
    rules::store::keep(tx, &job, &Wording::default())?;
    units::store::insert(tx, order.id, job.id, &new)?;
    units::materials::keep(tx, job.id, files)?;
    if let Some(before) = input.replaces()? {
        again::take_the_place(tx, &job, before)?;
    }
    Ok(job)
}

/// The line of the order that was named, or the only one there is.
fn order_line(tx: &mut Tx<'_>, order: &orders::Order, typed: &Typed) -> Result<Option<i16>, JobError> {
    let lines = orders::lines(tx, order.id)?.len();
    let last = i64::try_from(lines).unwrap_or(i64::MAX);
    let mut checks = Checks::new();
    let named = checks.optional_number("order_line", typed, 1..=last.max(1));
    let line = named.or_else(|| (lines == 1).then_some(1)).and_then(|line| i16::try_from(line).ok());
    Ok(checks.done(line)?)
}

fn known_skill(tx: &mut Tx<'_>, fields: &JobFields) -> Result<(), JobError> {
    if let Some(skill) = fields.skill_id {
        match workforce::skills::find(tx, skill) {
            Err(DbError::NotFound) => return Err(Invalid::field("skill_id", Code::UnknownChoice).into()),
            found => found?,
        };
    }
    Ok(())
}

/// The job as `person` can claim it now, and the day its next units have of their own: work that came back after the
/// job's own day is offered with the day it was given.
pub(crate) fn as_offered(
    tx: &mut Tx<'_>,
    job: Job,
    person: PersonId,
) -> Result<(Job, Option<NaiveDate>), DbError> {
    // Hardly any job has units with days of their own, and to plan whose they are takes longer than all the rest.
    if units::first_decided(tx, job.id)?.is_none() {
        return Ok((job, None));
    }
    let waiting = units::waiting_days(tx, person, &[job.id])?.remove(&job.id).unwrap_or_default();
    Ok(match waiting.next(job.work_due_on, crate::today(tx)) {
        Some(day) => (job.due_by(day), Some(day)),
        None => (job, None),
    })
}

/// What offering a job came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "JobOffered")]
pub struct Offered {
    /// The job.
    pub job: Job,
    /// How many units wait now.
    pub units: i64,
    /// Before whom it was newly put.
    pub workers: Vec<WorkerBrief>,
    /// How many could take it at all; zero asks for training, another skill or more people.
    pub eligible: usize,
}

/// Offers a job: a fair one to the first in line, each a portion ([`crate::rounds`]); one that is first come, or that
/// has come to its pool, to every active worker whom it fits and who has hours for at least one unit. Offering again
/// reaches those who have become eligible since. With nobody eligible the job is offered all the same, the answer says so,
/// and coordination is told at once.
pub fn offer(tx: &mut Tx<'_>, id: JobId) -> Result<Offered, JobError> {
    let order_id = find(tx, id)?.order_id;
    let order = orders::hold(tx, order_id)?;
    if order.state != OrderState::Running {
        return Err(JobError::OrderNotOpen(order.state));
    }
    let job = find(tx, id)?;
    let today = crate::today(tx);
    match job.state {
        JobState::Closed => return Err(JobError::Closed),
        _ if job.work_due_on < today => return Err(JobError::Over),
        _ if job.lacks_material => return Err(JobError::LacksMaterial),
        _ => {}
    }
    let waiting = progress(tx, id)?;
    if waiting.draft + waiting.offered == 0 {
        return Err(JobError::NothingWaits);
    }
    terms::must_be_complete(tx, order.id)?;
    let job = store::set_offered(tx, &job)?;
    units::store::advance_any(tx, Which::OfJob(id), UnitState::Draft, Move::Offer, Mark::default())?;
    let rounds::Reached { workers, eligible } =
        if job.is_in_turn() { rounds::go_on(tx, id)? } else { rounds::open_to_all(tx, &job)? };
    Ok(Offered { job: find(tx, id)?, units: lists::units_left(tx, id)?, workers, eligible })
}

/// What those are told before whom a job is put.
pub(crate) fn told(job: &Job, units: i64, workers: &[WorkerBrief]) -> JobOffered {
    JobOffered {
        job: job.id,
        order: job.order_id,
        title: job.title.clone(),
        units,
        unit_pay: job.unit_pay,
        unit_minutes: job.unit_minutes,
        work_due_on: job.work_due_on,
        pay_on: job.paid_on(job.work_due_on),
        workers: workers.iter().map(|worker| (worker.worker, worker.person)).collect(),
        portions: Vec::new(),
        answer_by: None,
    }
}
