//! What workers offer (予定): the standing week, days that differ, today off in one tap, and how they work.
//!
//! Invariants: why somebody offers what they offer is stored nowhere (test `the_reason_is_stored_nowhere`); a day off is
//! no mark on anybody and is undone as it was said, in one step.

mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, WorkerId, date_in_japan};
use queue::Event;
use serde::{Deserialize, Serialize};

pub(crate) use lists::{all_conditions, conditions_of, off_on};
pub use lists::{all_plans, days_off_since, is_off_today, plan, told_off_today};
pub use model::{
    Asks, Condition, ConditionsInput, Day, DayInput, Plan, SLACK_DAYS, WEEKDAYS, Week, WeekInput, Window,
    said, suits,
};

use crate::{WorkerState, workers};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AvailabilityError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AvailabilityError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Db(_) => &[],
        }
    }
}

/// Somebody is off today, as they said today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffToday {
    /// Who.
    pub worker: WorkerId,
    /// The person they are.
    pub person: PersonId,
    /// The day in Japan.
    pub day: NaiveDate,
}

impl Event for OffToday {
    const KIND: &'static str = "worker.off_today";
}

/// Whoever took a day off works today after all: coordination is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackToday {
    /// Who.
    pub worker: WorkerId,
    /// The person they are.
    pub person: PersonId,
    /// The day in Japan.
    pub day: NaiveDate,
}

impl Event for BackToday {
    const KIND: &'static str = "worker.back_today";
}

/// Sets a worker's standing week, as a whole.
pub fn set_week(tx: &mut Tx<'_>, worker: WorkerId, input: &WeekInput) -> Result<Plan, AvailabilityError> {
    let week = input.checked()?;
    let worker = workers::hold(tx, worker)?.id;
    store::set_week(tx, worker, &week)?;
    Ok(plan(tx, worker)?)
}

/// Gives one day hours of its own, or takes it off.
pub fn set_day(tx: &mut Tx<'_>, worker: WorkerId, input: &DayInput) -> Result<Plan, AvailabilityError> {
    let (day, windows) = input.checked(date_in_japan(tx.now()))?;
    let worker = workers::hold(tx, worker)?.id;
    store::set_day(tx, worker, day, &windows)?;
    Ok(plan(tx, worker)?)
}

/// Makes a day like the standing week again.
pub fn clear_day(tx: &mut Tx<'_>, worker: WorkerId, day: NaiveDate) -> Result<Plan, AvailabilityError> {
    let worker = workers::hold(tx, worker)?.id;
    store::clear_day(tx, worker, day)?;
    Ok(plan(tx, worker)?)
}

/// Sets how a worker works, as a whole.
pub fn set_conditions(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    input: &ConditionsInput,
) -> Result<Plan, AvailabilityError> {
    let conditions = input.checked()?;
    let worker = workers::hold(tx, worker)?.id;
    store::set_conditions(tx, worker, &conditions)?;
    Ok(plan(tx, worker)?)
}

/// Takes today off: nothing is offered and no offer is mailed today, and coordination is told. Said twice, it is once.
pub fn off_today(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Plan, AvailabilityError> {
    let worker = workers::hold(tx, worker)?;
    let day = date_in_japan(tx.now());
    // Nobody counts on the others.
    if store::tell_off(tx, worker.id, day)? && worker.state == WorkerState::Active {
        queue::record(tx, &OffToday { worker: worker.id, person: worker.person_id, day })?;
    }
    Ok(plan(tx, worker.id)?)
}

/// Undoes [`off_today`], and coordination is told; where today was not taken off so, nothing changes.
pub fn back_today(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Plan, AvailabilityError> {
    let worker = workers::hold(tx, worker)?;
    let day = date_in_japan(tx.now());
    if store::tell_back(tx, worker.id, day)? && worker.state == WorkerState::Active {
        queue::record(tx, &BackToday { worker: worker.id, person: worker.person_id, day })?;
    }
    Ok(plan(tx, worker.id)?)
}
