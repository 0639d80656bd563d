//! Workers and their skills: the list, registering somebody, one worker's steps, and JSON.

pub(crate) mod api;
mod enter;
pub(crate) mod expiring;
mod hours;
pub(crate) mod index;
pub(crate) mod new;
pub(crate) mod show;
pub(crate) mod skills;
mod steps;
