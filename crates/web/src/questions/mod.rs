//! Questions (質問) about how work is done, before those who run it: what waits, a job's thread with answers, and JSON. The
//! same thread before workers, without names, is [`crate::my_jobs`].

pub(crate) mod api;
pub(crate) mod index;
pub(crate) mod one;
pub(crate) mod thread;
