//! Faults by step, the same for every client.

use super::{Act, Moment, Script, Step};

/// One act per step; the other steps go by the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepScript {
    acts: Vec<(Step, Act)>,
    /// Connections from this one on are left in peace; 0 is none.
    healed_from: u64,
}

impl StepScript {
    /// `act` at `step`.
    pub fn at(step: Step, act: Act) -> Self {
        Self { acts: vec![(step, act)], healed_from: 0 }
    }

    /// And `act` at `step`.
    #[must_use]
    pub fn and(mut self, step: Step, act: Act) -> Self {
        self.acts.push((step, act));
        self
    }

    /// Only on the first `connections` connections.
    #[must_use]
    pub fn on_first(mut self, connections: u64) -> Self {
        self.healed_from = connections + 1;
        self
    }
}

impl Script for StepScript {
    fn act(&self, moment: &Moment<'_>) -> Act {
        if self.healed_from > 0 && moment.connection >= self.healed_from {
            return Act::Proceed;
        }
        let found = self.acts.iter().find(|(step, _)| *step == moment.step);
        found.map_or(Act::Proceed, |(_, act)| act.clone())
    }
}
