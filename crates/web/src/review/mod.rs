//! Review: the queue, one submission and its verdict, and JSON.

pub(crate) mod api;
pub(crate) mod changes;
pub(crate) mod decide;
pub(crate) mod queue;
pub(crate) mod versions;
