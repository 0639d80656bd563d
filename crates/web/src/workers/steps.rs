//! A worker's steps by name: registered, training, activated, paused, withdrawn, returned.

use db::Tx;
use kernel::{Checks, Typed, WorkerId};
use schemars::JsonSchema;
use serde::Deserialize;
use workforce::workers::{
    self, RegisterInput, StepInput, WithdrawInput, WithdrawalReason, Worker, WorkerError, WorkerState,
    WorkerStep,
};

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
}

/// The steps a worker in `state` may take.
pub(crate) fn allowed(state: WorkerState) -> Vec<WorkerStep> {
    WorkerStep::ALL.iter().copied().filter(|step| workers::next(state, *step).is_ok()).collect()
}

/// Takes the step that `input` names.
pub(crate) fn take(tx: &mut Tx<'_>, id: WorkerId, input: MoveInput) -> Result<Worker, WorkerError> {
    let mut checks = Checks::new();
    let step: Option<WorkerStep> = checks.choice("kind", &input.kind);
    let step = checks.done(step)?;
    let dated = StepInput { happened_on: input.happened_on.clone() };
    match step {
        Some(WorkerStep::Registered) => {
            let person = workers::find(tx, id)?.person_id;
            let register = RegisterInput { weekly_minutes: Typed::default(), happened_on: input.happened_on };
            workers::register(tx, person, register)
        }
        Some(WorkerStep::Training) => workers::train(tx, id, dated),
        Some(WorkerStep::Activated) => workers::activate(tx, id, dated),
        Some(WorkerStep::Paused) => workers::pause(tx, id, dated),
        Some(WorkerStep::Returned) => workers::return_(tx, id, dated),
        Some(WorkerStep::Withdrawn) => {
            workers::withdraw(tx, id, WithdrawInput { reason: input.reason, happened_on: input.happened_on })
        }
        // Nobody is made to apply; the state machine refuses it like any step out of turn.
        Some(WorkerStep::Applied) | None => {
            let state = workers::find(tx, id)?.state;
            workers::next(state, WorkerStep::Applied)?;
            workers::find(tx, id).map_err(WorkerError::from)
        }
    }
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
