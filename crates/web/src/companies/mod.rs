//! Companies: pages and JSON.

pub(crate) mod alike;
pub(crate) mod api;
pub(crate) mod choose;
pub(crate) mod pages;
pub(crate) mod terms;
