//! The units a worker holds: one at a time, from starting to handing in or handing back.
//!
//! Somebody else's unit does not exist here: every handler reads it through [`fulfillment::claims::find_mine`]
//! first, so that a foreign id is not found rather than refused.

pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod ask;
pub(crate) mod deadline;
pub(crate) mod draft;
pub(crate) mod hand_over;
pub(crate) mod hours;
mod late;
pub(crate) mod not_registered;
pub(crate) mod pages;
pub(crate) mod pay;
pub(crate) mod pay_day;
pub(crate) mod sheet;
pub(crate) mod submit;
pub(crate) mod today;
pub(crate) mod year;
