//! The thread that claims and keeps the line just long enough; and the one for what cannot wait in line.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Floor;
use crate::tasks::Priority;
use crate::tasks::hot::{Fate, Key, Settlement};
use crate::tasks::lanes::Marks;

/// More than this at once brings nothing (measured: batches of 500 reach the ceiling of the SQL).
const LARGEST_BATCH: usize = 500;
/// A line that lasts shorter than this is worth a larger claim…
const TOO_SHORT: Duration = Duration::from_millis(100);
/// …and one that lasts longer keeps tasks from other processes.
const TOO_LONG: Duration = Duration::from_millis(500);
/// Urgent tasks of one claim.
const URGENT_BATCH: i32 = 16;
/// The longest wait for a line to become shorter before looking whether to stop.
const LOOK: Duration = Duration::from_secs(1);

pub(super) struct Claimer {
    floor: Arc<Floor>,
    marks: Marks,
    batch: usize,
}

impl Claimer {
    pub(super) fn new(floor: Arc<Floor>) -> Self {
        let batch = smallest_batch(&floor);
        Self { floor, marks: Marks::new(), batch }
    }

    /// Until stopped.
    pub(super) fn run(mut self) {
        let mut filled = None;
        while !self.floor.is_stopping() {
            if !self.floor.line.wait_until_short(self.batch / 2, LOOK) {
                continue;
            }
            if let Some(filled) = filled.take() {
                self.fit(Instant::elapsed(&filled));
            }
            match self.floor.runner.claim(i32::try_from(self.batch).unwrap_or(1), &mut self.marks) {
                Ok(batch) => {
                    let full = batch.len() == self.batch;
                    let refused = self.floor.line.join(batch.tasks);
                    give_back(&self.floor, &refused);
                    if full {
                        filled = Some(Instant::now());
                    } else {
                        self.floor.tasks.wait(self.floor.settings.poll);
                    }
                }
                Err(error) => {
                    log::warn!("cannot claim tasks: {error}");
                    self.floor.tasks.wait(self.floor.settings.poll);
                }
            }
        }
    }

    /// Larger batches while the line is served faster than it can be filled, smaller ones while tasks only wait in it.
    fn fit(&mut self, lasted: Duration) {
        if lasted < TOO_SHORT {
            self.batch = (self.batch * 2).min(LARGEST_BATCH);
        } else if lasted > TOO_LONG {
            self.batch = (self.batch / 2).max(smallest_batch(&self.floor));
        }
    }
}

fn smallest_batch(floor: &Floor) -> usize {
    (floor.settings.threads * 2).max(4)
}

/// Claims urgent tasks and nothing else, on a connection turn of its own, so that neither a long line nor a large claim
/// is before them. It wakes only when it is rung: what it does not hear of, the other claimer finds.
pub(super) fn claim_urgent(floor: &Floor) {
    let mut marks = Marks::new();
    while !floor.is_stopping() {
        if !floor.urgent.wait(LOOK) {
            continue;
        }
        loop {
            match floor.runner.claim_down_to(Priority::Urgent, URGENT_BATCH, &mut marks) {
                Ok(batch) => {
                    let full = batch.len() == usize::try_from(URGENT_BATCH).unwrap_or(0);
                    let refused = floor.line.join(batch.tasks);
                    give_back(floor, &refused);
                    if !full {
                        break;
                    }
                }
                Err(error) => {
                    log::warn!("cannot claim urgent tasks: {error}");
                    break;
                }
            }
        }
    }
}

/// Gives tasks back that were claimed and not started.
pub(super) fn give_back(floor: &Floor, unstarted: &[Key]) {
    if unstarted.is_empty() {
        return;
    }
    let released = |key: &Key| Settlement { key: *key, fate: Fate::Released, error: String::new() };
    let settlements: Vec<Settlement> = unstarted.iter().map(released).collect();
    if let Err(error) = floor.runner.settle(&settlements) {
        log::warn!("cannot give tasks back, their leases will run out instead: {error}");
    }
}
