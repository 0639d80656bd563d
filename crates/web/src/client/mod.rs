//! A client's side of a quote, of a delivery and of an invoice, without an account: the mail's link becomes a cookie, and the page
//! behind it stands at `/quote`, `/delivery` or `/bill`. An order takes a typed name, a tick and a second page; an acceptance a
//! typed name and a mailed code.
//!
//! Invariant: no GET and no HEAD changes anything but the access log and the timeline of the mail, and `/c/{secret}`,
//! `/q/{secret}` and `/b/{secret}` not even those, so mail scanners may open every link there is
//! (`t19_a_scanner_changes_nothing_on_any_page_that_a_link_leads_to`).

pub(crate) mod again;
pub(crate) mod answer;
pub(crate) mod bill;
pub(crate) mod bundle;
mod link;
pub(crate) mod pages;
pub(crate) mod question;
pub(crate) mod quote;
mod quote_view;
mod view;

use accounts::organizations::Organization;
use kernel::{Language, OrganizationId};

use crate::call::Call;
use crate::failure::Failure;

/// The town of the link this browser opens, and the language of the contact it was sent to.
pub(crate) async fn host_of(call: &Call) -> Result<Option<(Organization, Option<Language>)>, Failure> {
    link::host(call).await
}

/// The town of the link this browser opens, whether the link still does or not.
pub(crate) fn town_of(call: &Call) -> Option<OrganizationId> {
    link::secret(call).ok().map(|secret| secret.organization())
}
