//! Deliveries: the list, sending one, one with the client's answers, and JSON.

pub(crate) mod api;
pub(crate) mod index;
pub(crate) mod inspection;
pub(crate) mod new;
pub(crate) mod questions;
pub(crate) mod row;
pub(crate) mod show;
