//! Appeals (異議): what waits for another reviewer, the decision about one, a maker's own, and JSON.

pub(crate) mod api;
pub(crate) mod mine;
pub(crate) mod pages;
