//! Targets (目標): how far the year is, its versions, and the form that sets one.

pub(crate) mod api;
pub(crate) mod pages;
mod picture;
mod sums;
pub(crate) mod version;
pub(crate) mod words;

use accounts::Role;
use sales::targets::PlanId;

use crate::call::Call;

/// The page of the year's targets.
pub(crate) const HERE: &str = "/targets";

/// The address of a version.
pub(crate) fn path(id: PlanId) -> String {
    format!("{HERE}/plans/{id}")
}

/// Whether the reader may set targets: the town's office, its administrators and the sales team.
pub(crate) fn may_steer(call: &Call) -> bool {
    call.who.as_ref().is_some_and(|who| who.is(Role::Admin) || who.is(Role::Officer) || who.is(Role::Sales))
}
