//! Coachings (いっしょに見直す): whom somebody is to sit down with, what was agreed, and JSON.

pub(crate) mod api;
pub(crate) mod pages;
