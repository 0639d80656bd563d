//! The ends of tasks, written together: many finishes cost one statement and one commit.
//!
//! While nothing waits in line an end is written at once; under load [`BATCH`] are gathered, for [`GATHER`] at most.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use db::DbError;

use super::Floor;
use crate::runner::Ended;
use crate::tasks::hot::{Key, Settlement};

/// So many ends are worth a statement at once…
const BATCH: usize = 500;
/// …and so many go into one.
const LARGEST: usize = 2000;
/// How long an end waits for others.
const GATHER: Duration = Duration::from_millis(5);
/// Hands wait while so many ends are unwritten.
const MOST: usize = 10_000;
/// A pause after the database could not take them.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug, Default)]
pub(super) struct Ends {
    open: Mutex<Open>,
    came: Condvar,
    written: Condvar,
}

#[derive(Debug, Default)]
struct Open {
    well: Vec<Key>,
    badly: Vec<Settlement>,
    /// Taken for writing: still held.
    taken: Vec<Key>,
    /// A statement with them is on its way. Whoever prolonged their leases now would wait for it.
    in_writing: bool,
    closed: bool,
}

impl Open {
    fn len(&self) -> usize {
        self.well.len() + self.badly.len()
    }
}

impl Ends {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes ends over; waits while too many are unwritten.
    pub(super) fn add(&self, ended: impl Iterator<Item = Ended>) {
        let mut open = self
            .written
            .wait_while(self.lock(), |open| open.len() >= MOST && !open.closed)
            .unwrap_or_else(PoisonError::into_inner);
        for one in ended {
            match one {
                Ended::Well(key) => open.well.push(key),
                Ended::Badly(settlement) => open.badly.push(settlement),
                Ended::Committed | Ended::Lost => {}
            }
        }
        let any = open.len() > 0;
        drop(open);
        if any {
            self.came.notify_one();
        }
    }

    /// What is not written yet, for prolonging its leases. What is being written at this moment is left out: while the
    /// statement lasts nobody can take those tasks over, and prolonging them would only wait for it.
    pub(super) fn keys(&self) -> Vec<Key> {
        let open = self.lock();
        let badly = open.badly.iter().map(|settlement| settlement.key);
        let taken = open.taken.iter().filter(|_key| !open.in_writing);
        open.well.iter().copied().chain(badly).chain(taken.copied()).collect()
    }

    fn note_writing(&self, in_writing: bool) {
        self.lock().in_writing = in_writing;
    }

    /// Nothing more comes: the writer ends when everything is written.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.came.notify_all();
        self.written.notify_all();
    }

    /// Waits for ends; empty when closed and nothing is left.
    fn gather(&self, floor: &Floor) -> (Vec<Key>, Vec<Settlement>) {
        let mut open = self
            .came
            .wait_while(self.lock(), |open| open.len() == 0 && !open.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let until = Instant::now() + GATHER;
        while open.len() < BATCH && !open.closed && !floor.line.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            (open, _) = self.came.wait_timeout(open, left).unwrap_or_else(PoisonError::into_inner);
        }
        let (well, badly) = (open.well.len().min(LARGEST), open.badly.len().min(LARGEST));
        let taken: (Vec<Key>, Vec<Settlement>) =
            (open.well.drain(..well).collect(), open.badly.drain(..badly).collect());
        open.taken = taken.0.iter().copied().chain(taken.1.iter().map(|one| one.key)).collect();
        taken
    }
}

/// Writes ends until closed and empty.
pub(super) fn write(floor: &Floor) {
    loop {
        let (well, badly) = floor.ends.gather(floor);
        if well.is_empty() && badly.is_empty() {
            return;
        }
        persist(floor, "finish", || floor.runner.finish(&well));
        persist(floor, "settle", || floor.runner.settle(&badly));
        floor.ends.lock().taken.clear();
        floor.ends.written.notify_all();
    }
}

/// Offers ends to the database until it takes them, but no longer than a lease: by then others have the tasks, and what
/// we have to say would be refused.
fn persist(floor: &Floor, what: &str, write: impl Fn() -> Result<(), DbError>) {
    let until = Instant::now() + floor.runner.lease();
    let attempt = || {
        floor.ends.note_writing(true);
        let written = write();
        floor.ends.note_writing(false);
        written
    };
    while let Err(error) = attempt() {
        if Instant::now() >= until {
            log::error!("cannot {what} tasks, they will run again: {error}");
            return;
        }
        log::warn!("cannot {what} tasks yet: {error}");
        crate::Wake::default().wait(PAUSE);
    }
}
