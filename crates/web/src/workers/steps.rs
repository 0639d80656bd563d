//! A worker's steps by name: registered, training, activated, paused, withdrawn, returned.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use db::Tx;
use fulfillment::claims::{self, HeldUnit, TakeBackInput};
use fulfillment::offers;
use fulfillment::units::UnitState;
use kernel::{Checks, PersonId, Typed, UnitId, WorkerId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workforce::workers::{
    self, RegisterInput, StepInput, WithdrawInput, WithdrawalReason, Worker, WorkerError, WorkerState,
    WorkerStep,
};

use crate::capacity::moving_days;
use crate::failure::Failure;

/// What becomes of the units that somebody who leaves still has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpenUnits {
    /// All of them go back and are offered to others.
    GiveBack,
    /// They finish them.
    Finish,
}

impl OpenUnits {
    pub(crate) const ALL: [Self; 2] = [Self::GiveBack, Self::Finish];
}

impl Display for OpenUnits {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::GiveBack => "give_back",
            Self::Finish => "finish",
        })
    }
}

impl FromStr for OpenUnits {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|one| one.to_string() == word).ok_or(())
    }
}

/// A step as typed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "withdrawn", "reason": "employment", "happened_on": "2026-11-20" }]))]
pub(crate) struct MoveInput {
    /// A [`WorkerStep`]'s word; required.
    #[schemars(with = "WorkerStep")]
    pub(crate) kind: Typed,
    /// Why, for a withdrawal.
    #[schemars(with = "Option<WithdrawalReason>")]
    pub(crate) reason: Typed,
    /// The day it happened; empty means today in Japan.
    pub(crate) happened_on: Typed,
    /// What becomes of the units they still have to do; required for a withdrawal of somebody who has some.
    #[schemars(with = "Option<OpenUnits>")]
    pub(crate) open_units: Typed,
}

/// Of what somebody holds, the units they still have to do.
pub(crate) fn to_do(held: &[HeldUnit]) -> impl Iterator<Item = &HeldUnit> {
    held.iter().filter(|unit| UnitState::TO_DO.contains(&unit.state))
}

/// The steps a worker in `state` may take.
pub(crate) fn allowed(state: WorkerState) -> Vec<WorkerStep> {
    WorkerStep::ALL.iter().copied().filter(|step| workers::next(state, *step).is_ok()).collect()
}

/// Takes the step that `input` names; whoever comes, rests or leaves changes the hours there are.
pub(crate) fn take(tx: &mut Tx<'_>, id: WorkerId, input: MoveInput) -> Result<Worker, Failure> {
    moving_days(tx, |tx| move_on(tx, id, input))
}

fn move_on(tx: &mut Tx<'_>, id: WorkerId, input: MoveInput) -> Result<Worker, Failure> {
    let mut checks = Checks::new();
    let step: Option<WorkerStep> = checks.choice("kind", &input.kind);
    let step = checks.done(step)?;
    let dated = StepInput { happened_on: input.happened_on.clone() };
    let worker = match step {
        Some(WorkerStep::Registered) => {
            let person = workers::find(tx, id)?.person_id;
            let register = RegisterInput { weekly_minutes: Typed::default(), happened_on: input.happened_on };
            workers::register(tx, person, register)
        }
        Some(WorkerStep::Training) => workers::train(tx, id, dated),
        Some(WorkerStep::Activated) => workers::activate(tx, id, dated),
        Some(WorkerStep::Paused) => workers::pause(tx, id, dated),
        Some(WorkerStep::Returned) => workers::return_(tx, id, dated),
        Some(WorkerStep::Withdrawn) => return withdraw(tx, id, input),
        // Nobody is made to apply; the state machine refuses it like any step out of turn.
        Some(WorkerStep::Applied) | None => {
            let state = workers::find(tx, id)?.state;
            workers::next(state, WorkerStep::Applied).map_err(WorkerError::from)?;
            workers::find(tx, id).map_err(WorkerError::from)
        }
    };
    Ok(worker?)
}

/// Ends a registration, and with it what they hold where that is wanted: nobody leaves with work that is forgotten. What lay
/// before them goes on to others.
fn withdraw(tx: &mut Tx<'_>, id: WorkerId, input: MoveInput) -> Result<Worker, Failure> {
    // Held first, as claims do, so that none is taken meanwhile.
    let person = workers::hold(tx, id)?.person_id;
    let given_back = given_back(tx, person, &input)?;
    let left = WithdrawInput { reason: input.reason, happened_on: input.happened_on };
    let worker = workers::withdraw(tx, id, left)?;
    offers::leave(tx, id)?;
    for unit in given_back {
        claims::take_back(tx, unit, TakeBackInput::default())?;
    }
    Ok(worker)
}

/// The units to be given back; refused where there are some and nobody said what becomes of them.
fn given_back(tx: &mut Tx<'_>, person: PersonId, input: &MoveInput) -> Result<Vec<UnitId>, Failure> {
    let held = claims::held_by(tx, person, i64::MAX)?;
    let to_do: Vec<UnitId> = to_do(&held).map(|held| held.unit).collect();
    if to_do.is_empty() {
        return Ok(Vec::new());
    }
    let mut checks = Checks::new();
    let becomes: Option<OpenUnits> = checks.choice("open_units", &input.open_units);
    Ok(match checks.done(becomes)? {
        Some(OpenUnits::GiveBack) => to_do,
        Some(OpenUnits::Finish) | None => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_steps_that_lead_on_are_offered() {
        assert_eq!(allowed(WorkerState::Active), [WorkerStep::Paused, WorkerStep::Withdrawn]);
        assert_eq!(allowed(WorkerState::Withdrawn), [WorkerStep::Returned]);
        assert_eq!(allowed(WorkerState::Applicant), [WorkerStep::Registered]);
    }
}
