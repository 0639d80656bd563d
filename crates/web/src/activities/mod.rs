//! What was done for a company beside its deals, and what is noted on a lead: pages and JSON. A deal's activities are
//! with the deal.

pub(crate) mod api;
pub(crate) mod pages;
