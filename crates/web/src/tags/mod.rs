//! A town's tags on its companies: pages and JSON.

pub(crate) mod api;
pub(crate) mod pages;
