//! The ends of tasks, written together: many finishes cost one statement and one commit.
//!
//! While nothing waits in line an end is written at once; under load [`BATCH`] are gathered, for [`GATHER`] at most.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use db::DbError;
use diesel::result::{DatabaseErrorKind, Error as QueryError};

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
/// What is recorded where the error itself cannot be.
const UNRECORDED: &str = "the error could not be recorded; see the log";

/// How a task ended, and whether others wait for its place.
pub(super) struct End {
    pub(super) ended: Ended,
    pub(super) is_gated: bool,
}

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
    /// Among them is one that others wait behind.
    opens_gate: bool,
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

/// What is written together.
struct Taken {
    well: Vec<Key>,
    badly: Vec<Settlement>,
    opens_gate: bool,
}

impl Ends {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes ends over; waits while too many are unwritten.
    pub(super) fn add(&self, ends: impl Iterator<Item = End>) {
        let mut open = self
            .written
            .wait_while(self.lock(), |open| open.len() >= MOST && !open.closed)
            .unwrap_or_else(PoisonError::into_inner);
        for end in ends {
            match end.ended {
                Ended::Well(key) => open.well.push(key),
                Ended::Badly(settlement) => open.badly.push(settlement),
                Ended::Committed | Ended::Lost => continue,
            }
            open.opens_gate |= end.is_gated;
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

    /// Waits for ends; `None` when closed and nothing is left.
    fn gather(&self, floor: &Floor) -> Option<Taken> {
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
        let taken = Taken {
            well: open.well.drain(..well).collect(),
            badly: open.badly.drain(..badly).collect(),
            opens_gate: open.opens_gate,
        };
        // Of what is left over some may be gated.
        open.opens_gate &= open.len() > 0;
        open.taken = taken.well.iter().copied().chain(taken.badly.iter().map(|one| one.key)).collect();
        (!open.taken.is_empty()).then_some(taken)
    }
}

/// Writes ends until closed and empty.
pub(super) fn write(floor: &Floor) {
    while let Some(taken) = floor.ends.gather(floor) {
        if let Err(error) = persist(floor, "finish", || floor.runner.finish(&taken.well)) {
            log::error!("cannot finish tasks, they will run again: {error}");
        }
        settle(floor, &taken.badly);
        floor.ends.lock().taken.clear();
        floor.ends.written.notify_all();
        if taken.opens_gate {
            // Only now are their places free.
            floor.tending.ring();
        }
    }
}

/// Settles what ended badly. Where the database refuses what one of them says, the others are not to wait for it: they are
/// written by halves, and the one that is left says less.
fn settle(floor: &Floor, badly: &[Settlement]) {
    let Err(error) = persist(floor, "settle", || floor.runner.settle(badly)) else { return };
    match badly {
        [] => {}
        [one] if one.error == UNRECORDED => log::error!("cannot settle task {}: {error}", one.key.0),
        [one] => {
            log::warn!("cannot record what task {} says: {error}", one.key.0);
            settle(floor, &[Settlement { error: UNRECORDED.to_owned(), ..one.clone() }]);
        }
        _ => {
            let (first, second) = badly.split_at(badly.len() / 2);
            settle(floor, first);
            settle(floor, second);
        }
    }
}

/// Offers ends to the database until it takes them, but no longer than a lease: by then others have the tasks, and what
/// we have to say would be refused. An error that no patience mends is returned at once.
fn persist(floor: &Floor, what: &str, write: impl Fn() -> Result<(), DbError>) -> Result<(), DbError> {
    let until = Instant::now() + floor.runner.lease();
    loop {
        floor.ends.note_writing(true);
        let written = write();
        floor.ends.note_writing(false);
        match written {
            Err(error) if may_pass(&error) => {
                if Instant::now() >= until {
                    log::error!("cannot {what} tasks, they will run again: {error}");
                    return Ok(());
                }
                log::warn!("cannot {what} tasks yet: {error}");
                crate::Wake::default().wait(PAUSE);
            }
            written => return written,
        }
    }
}

/// Whether the same statement may succeed later: the server was away, or somebody stood in its way. diesel passes no
/// SQLSTATE on, so what has no kind of its own is known by the server's words.
fn may_pass(error: &DbError) -> bool {
    use DatabaseErrorKind::{
        CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation, Unknown,
    };
    match error {
        DbError::Query(QueryError::DatabaseError(Unknown, info)) => !info.message().contains("invalid"),
        DbError::Query(QueryError::DatabaseError(kind, _)) => {
            !matches!(kind, CheckViolation | ForeignKeyViolation | NotNullViolation | UniqueViolation)
        }
        DbError::Query(QueryError::SerializationError(_)) => false,
        DbError::Query(_) | DbError::Unavailable(_) | DbError::NotFound => true,
    }
}
