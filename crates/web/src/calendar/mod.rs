//! A person's calendar outside of Yui: the page that gives and ends its secret address, and what the address answers.

pub(crate) mod api;
pub(crate) mod feed;
mod ics;
pub(crate) mod pages;
