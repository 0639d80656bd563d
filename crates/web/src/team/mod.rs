//! The team's page, which it sees at every meeting: policy, who covers what, hours.

pub(crate) mod api;
pub(crate) mod pages;
