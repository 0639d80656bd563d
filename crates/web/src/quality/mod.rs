//! Quality (品質): the town's values for checking work, its kinds of defect, and JSON.

pub(crate) mod api;
pub(crate) mod pages;
