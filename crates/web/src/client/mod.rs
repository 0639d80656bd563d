//! A client's side of a delivery, without an account: the mail's link becomes a cookie, the page behind it stands at
//! `/delivery`, and the answer takes a typed name and a mailed code.
//!
//! Invariant: no GET and no HEAD changes anything but the access log, and `/c/{secret}` not even that, so mail
//! scanners may open every link there is.

pub(crate) mod answer;
mod link;
pub(crate) mod pages;
mod view;

use kernel::{Language, OrganizationId};

use crate::call::Call;
use crate::failure::Failure;

/// The language of the contact whose link this browser opens.
pub(crate) async fn language_of(call: &Call) -> Result<Option<Language>, Failure> {
    link::language(call).await
}

/// The town of the link this browser opens, whether the link still does or not.
pub(crate) fn town_of(call: &Call) -> Option<OrganizationId> {
    link::secret(call).ok().map(|secret| secret.organization())
}
