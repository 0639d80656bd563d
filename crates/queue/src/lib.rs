//! Business facts and background tasks, both written in the caller's transaction.
//!
//! A domain verb [`record`]s what happened; each subscriber of that kind of event becomes one task. A task runs
//! in the scope of its own town. A *transactional* handler's writes and the end of its task commit together, so
//! their effect happens exactly once; a *detached* handler (network, long work) runs at least once.
//!
//! Machine work is a task, never a job: jobs are what people do. Invariants: a task enqueued in a transaction
//! that rolls back never runs; a worker that lost its lease cannot finish (tests in `tests.rs`).

mod events;
mod periodic;
mod registry;
mod runner;
mod schema;
mod signals;
mod statement;
pub mod tasks;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod wake;
mod workers;

#[cfg(test)]
mod tests;

pub use chrono_tz::Tz as Zone;
pub use events::{Event, Recorded, record};
pub use periodic::{Missed, Recurrence, Schedule};
pub use registry::{Delivered, Registry};
pub use runner::{Claimer, Runner};
pub use signals::{SignalGuard, connect_signals, signals_of_this_process};
pub use tasks::{
    Attempt, Backoff, Gate, Limits, Priority, Rate, Task, TaskError, Unique, enqueue, enqueue_at,
    enqueue_batch, enqueue_many, enqueue_unique, enqueue_unique_at,
};
pub use wake::{TASKS, TENDING, URGENT, Wake, Wakes};
pub use workers::{WorkerSettings, Workers};
