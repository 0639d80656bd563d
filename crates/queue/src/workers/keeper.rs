//! What nobody calls for: due tasks, gates, parked tasks, batches, schedules, abandoned tasks, the history.

use std::sync::Arc;
use std::time::{Duration, Instant};

use db::DbError;

use super::Floor;
use crate::periodic::Ticked;
use crate::tasks::hot::Due;

/// How often the history's months are looked after…
const HISTORY_EVERY: Duration = Duration::from_hours(24);
/// …and how soon again when that failed, as it does while a backup reads the history.
const HISTORY_AGAIN: Duration = Duration::from_hours(1);
/// The shortest time between two rounds.
const REST: Duration = Duration::from_millis(2);

pub(super) struct Keeper {
    floor: Arc<Floor>,
    ticked: Ticked,
    rescued: Option<Instant>,
    history_due: Instant,
}

impl Keeper {
    pub(super) fn new(floor: Arc<Floor>) -> Self {
        Self { floor, ticked: Ticked::default(), rescued: None, history_due: Instant::now() }
    }

    /// Until stopped.
    pub(super) fn run(mut self) {
        while !self.floor.is_stopping() {
            let wait = self.round().unwrap_or_else(|error| {
                log::warn!("cannot tend tasks: {error}");
                self.floor.settings.poll
            });
            self.keep_history();
            self.floor.tending.wait(wait.max(REST));
        }
    }

    /// One round; returns how long the next may wait.
    fn round(&mut self) -> Result<Duration, DbError> {
        let floor = &self.floor;
        // A lease and a sixth of one, then a crashed worker's tasks are taken back, and within another sixth they are ready
        // again: 80 s with the usual lease.
        if self.rescued.is_none_or(|at| at.elapsed() >= floor.runner.lease() / 6) {
            let rescued = floor.runner.rescue()?;
            self.rescued = Some(Instant::now());
            if rescued > 0 {
                log::warn!("took {rescued} tasks over from workers that stopped answering");
            }
        }
        let (tended, moved) = floor.runner.round(Due::Promote)?;
        let ticks = floor.runner.tick(&mut self.ticked, tended.moment)?;
        if moved > 0 || ticks > 0 {
            floor.ring_for_tasks();
        }
        let poll = floor.settings.poll.min(floor.runner.lease() / 6);
        // More than one promotion's worth may be due.
        Ok(if moved >= 1000 { REST } else { tended.next_due().map_or(poll, |due| due.min(poll)) })
    }

    /// The housekeeping comes last, and its failure is nobody else's: it wants locks that a backup does not give.
    fn keep_history(&mut self) {
        if Instant::now() < self.history_due {
            return;
        }
        let kept = self.floor.runner.keep_history(i32::from(self.floor.settings.history_months));
        if let Err(error) = &kept {
            log::warn!("cannot look after the task history, trying again later: {error}");
        }
        self.history_due = Instant::now() + if kept.is_ok() { HISTORY_EVERY } else { HISTORY_AGAIN };
    }
}
