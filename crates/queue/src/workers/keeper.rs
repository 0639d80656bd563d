//! What nobody calls for: due tasks, gates, parked tasks, batches, schedules, abandoned tasks, the history.

use std::sync::Arc;
use std::time::{Duration, Instant};

use db::DbError;

use super::Floor;
use crate::periodic::Ticked;
use crate::tasks::hot::Due;

/// How often the history's months are looked after.
const HISTORY_EVERY: Duration = Duration::from_hours(24);
/// The shortest time between two rounds.
const REST: Duration = Duration::from_millis(2);

pub(super) struct Keeper {
    floor: Arc<Floor>,
    ticked: Ticked,
    rescued: Option<Instant>,
    history: Option<Instant>,
}

impl Keeper {
    pub(super) fn new(floor: Arc<Floor>) -> Self {
        Self { floor, ticked: Ticked::default(), rescued: None, history: None }
    }

    /// Until stopped.
    pub(super) fn run(mut self) {
        while !self.floor.is_stopping() {
            let wait = self.round().unwrap_or_else(|error| {
                log::warn!("cannot tend tasks: {error}");
                self.floor.settings.poll
            });
            self.floor.tending.wait(wait.max(REST));
        }
    }

    /// One round; returns how long the next may wait.
    fn round(&mut self) -> Result<Duration, DbError> {
        let floor = &self.floor;
        if is_over(self.history, HISTORY_EVERY) {
            floor.runner.keep_history(i32::from(floor.settings.history_months))?;
            self.history = Some(Instant::now());
        }
        // A lease and a sixth of one, then a crashed worker's tasks are ready again: 70 s with the usual lease.
        if is_over(self.rescued, floor.runner.lease() / 6) {
            let rescued = floor.runner.rescue()?;
            self.rescued = Some(Instant::now());
            if rescued > 0 {
                log::warn!("took {rescued} tasks over from workers that stopped answering");
                floor.tasks.ring();
            }
        }
        let (tended, moved) = floor.runner.round(Due::Promote)?;
        let ticks = floor.runner.tick(&mut self.ticked, tended.moment)?;
        if moved > 0 || ticks > 0 {
            floor.tasks.ring();
        }
        let poll = floor.settings.poll.min(floor.runner.lease() / 6);
        // More than one promotion's worth may be due.
        Ok(if moved >= 1000 { REST } else { tended.next_due().map_or(poll, |due| due.min(poll)) })
    }
}

fn is_over(last: Option<Instant>, every: Duration) -> bool {
    last.is_none_or(|at| at.elapsed() >= every)
}
