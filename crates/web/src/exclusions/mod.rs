//! What somebody is not asked to do: the page of it, and the same for programs.

pub(crate) mod api;
pub(crate) mod pages;
