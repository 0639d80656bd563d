//! What may go wrong around background tasks, done to real processes on a real server: killed, stopped, cut off, lied to.
//! The numbers are those of the list of faults that the queue has to pass.
//!
//! At the end of each: every committed task has ended exactly once or is dead with a reason, and each key has one effect.

#[cfg(target_os = "linux")]
mod clocks;
mod connections;
mod crashes;
mod handlers;
#[cfg(target_os = "linux")]
pub(super) mod lies;
mod listed;
mod proxy;
mod restart;
mod stage;
mod stopping;
mod transactions;
