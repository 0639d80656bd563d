//! A salesperson's day: what is due, who waits for a first answer, and a form of three fields for each, on one page.

pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod rows;
