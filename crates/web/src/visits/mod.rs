//! Visits (視察): the list, the form, one visit with its answer, and JSON.

pub(crate) mod api;
pub(crate) mod forms;
pub(crate) mod pages;
