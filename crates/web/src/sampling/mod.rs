//! Sampling (抜き取り): how much of a job's work is looked at, how each person stands, why that changed, what is drawn with, and
//! JSON.

pub(crate) mod api;
pub(crate) mod job;
pub(crate) mod person;
pub(crate) mod stream;
pub(crate) mod unit;
mod words;
