//! Business facts and background tasks, both written in the caller's transaction.
//!
//! A domain verb [`record`]s what happened; each subscriber of that kind of event becomes one task. A task runs
//! in the scope of its own town. A *transactional* handler's writes and the end of its task commit together, so
//! their effect happens exactly once; a *detached* handler (network, long work) runs at least once.
//!
//! Machine work is a task, never a job: jobs are what people do. Invariants: a task enqueued in a transaction
//! that rolls back never runs; a worker that lost its lease cannot finish (tests in `tests.rs`).

mod events;
mod registry;
mod schema;
pub mod tasks;
mod wake;
mod worker;

#[cfg(test)]
mod tests;

pub use events::{Event, Recorded, record};
pub use registry::{Delivered, Registry};
pub use tasks::{Attempt, Backoff, Task, TaskError, enqueue, enqueue_at, enqueue_unique};
pub use wake::{SignalGuard, TASKS, Wake, Wakes, connect_signals};
pub use worker::{Runner, WorkerSettings, Workers};
