//! The desk for harassment: whom one turns to, reports and what is said about them, and JSON.

pub(crate) mod api;
pub(crate) mod desk;
pub(crate) mod pages;
