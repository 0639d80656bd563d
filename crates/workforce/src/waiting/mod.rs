//! The way into work as whoever leads it sees it: who waits at which step and since when, with one next step each. Only
//! reading; the steps themselves are verbs of [`crate::workers`] and [`crate::interviews`].

mod lists;
mod model;
#[cfg(test)]
mod tests;

pub use lists::{counts, find, list};
pub use model::{WAITING_STATES, Waiting, WaitingKey, WaitsFor};
