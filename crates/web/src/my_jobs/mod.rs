//! A job before somebody who was offered it or has some of it: how it is done, what became other since they last
//! looked, and what anybody on it asked and was answered. Any other job does not exist here ([`fulfillment::jobs::reach`]).

pub(crate) mod api;
pub(crate) mod pages;
