//! What a worker can do and learns, as they see it themselves.

pub(crate) mod api;
pub(crate) mod pages;
