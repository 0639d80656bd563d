//! Partner towns (提携自治体): whom this one works together with, what came and went, and JSON.

pub(crate) mod api;
pub(crate) mod pages;
