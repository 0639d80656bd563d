//! An invoice on its way to its client: what may be entered, and what the client sees. No database here.

use accounts::{LinkKey, OrgSecret};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Checks, ContactId, Invalid, OrganizationId, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::credits::{CreditId, WholeCredit};
use crate::invoices::{InvoiceId, WholeInvoice};

kernel::id!(
    /// An invoice on its way to one person at the client.
    InvoiceSendingId
);

/// How long a client finds an invoice behind its link: over the closing of their books. Sent again, it has a new link.
pub(super) const IS_KEPT: TimeDelta = TimeDelta::days(400);
/// Looks at a link within so long count as one.
pub(super) const ONE_LOOK: TimeDelta = TimeDelta::hours(1);

/// An invoice, or a return of it, that was sent to one person at the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "InvoiceSending")]
pub struct Sending {
    /// Its id.
    pub id: InvoiceSendingId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// The return of it that was sent; none where the invoice was.
    pub credit_id: Option<CreditId>,
    /// To whom.
    pub contact_id: ContactId,
    /// By whom.
    pub person_id: PersonId,
    /// What was written beside it.
    pub message: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// Until when its link opens.
    pub expires_at: DateTime<Utc>,
    /// Since when its link was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Sending {
    /// Whether its link opens the invoice.
    pub(super) fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.withdrawn_at.is_none() && self.expires_at > now
    }
}

/// A sending with when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SentInvoice {
    /// The sending.
    #[serde(flatten)]
    pub sending: Sending,
    /// When the page behind its link was opened first; that may have been a program that checks mail.
    pub first_opened_at: Option<DateTime<Utc>>,
    /// When it was opened last.
    pub last_opened_at: Option<DateTime<Utc>>,
}

/// What the holder of a link sees.
#[derive(Debug, Clone)]
pub struct ClientInvoice {
    /// The sending whose link it is.
    pub sending: Sending,
    /// The invoice.
    pub whole: WholeInvoice,
    /// What was returned of it, the oldest first.
    pub credits: Vec<WholeCredit>,
    /// The town.
    pub town: String,
    /// Where it is reached by telephone; may be empty.
    pub phone: String,
    /// And by mail; may be empty.
    pub email: String,
}

/// The link's secret, made again from its row by whoever holds the server's key; the row keeps only a digest.
pub fn link_secret(
    key: &LinkKey,
    organization: OrganizationId,
    sending: InvoiceSendingId,
    sent_at: DateTime<Utc>,
) -> OrgSecret {
    OrgSecret::derived(key, organization, "invoice", sending.0, sent_at)
}

/// To whom an invoice is sent, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "InvoiceSendInput")]
#[schemars(extend("examples" = [{ "contact_id": 7, "message": "11月分のご請求です。" }]))]
pub struct SendInput {
    /// A contact of the client with a mail address; required.
    pub contact_id: Typed,
    /// What is written beside it, at most 2,000 characters.
    pub message: Typed,
}

impl SendInput {
    pub(super) fn checked(&self) -> Result<(ContactId, String), Invalid> {
        let mut checks = Checks::new();
        let contact = ContactId(checks.number("contact_id", &self.contact_id, 1..=i64::MAX));
        let message = checks.lines("message", &self.message, 2000);
        checks.done((contact, message))
    }
}
