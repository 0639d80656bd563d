//! Offers before a worker: pages and JSON. Whether somebody is offered a job is decided by
//! [`fulfillment::offers::fitting`] alone: what is not in their list does not exist for them.

pub(crate) mod api;
pub(crate) mod card;
pub(crate) mod claim;
mod gone;
pub(crate) mod pages;
pub(crate) mod reasons;
