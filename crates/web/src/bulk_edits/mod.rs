//! One change to many things: choosing it, looking at what it would do, doing it, taking it back; JSON.

pub(crate) mod api;
pub(crate) mod begin;
pub(crate) mod pages;
