//! A client's side of a delivery, without an account: the mail's link becomes a cookie, the page behind it stands at
//! `/delivery`, and the answer takes a typed name and a mailed code.
//!
//! Invariant: no GET and no HEAD changes anything but the access log, and `/c/{secret}` not even that, so mail
//! scanners may open every link there is.

pub(crate) mod answer;
mod link;
pub(crate) mod pages;
mod view;

use kernel::OrganizationId;

use crate::call::Call;

/// The town of the link this browser opens, whether the link still does or not.
pub(crate) fn town_of(call: &Call) -> Option<OrganizationId> {
    link::secret(call).ok().map(|secret| secret.organization())
}
