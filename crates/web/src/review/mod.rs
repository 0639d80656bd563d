//! Review: the queue, one submission and its verdict, and JSON.

pub(crate) mod api;
mod asking;
pub(crate) mod changes;
pub(crate) mod decide;
pub(crate) mod leases;
pub(crate) mod queue;
pub(crate) mod remarks;
pub(crate) mod versions;
