//! What sending an invoice tells.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ContactId, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::InvoiceSendingId;
use crate::credits::{Credit, CreditId};
use crate::invoices::InvoiceId;

/// An invoice, or a return of one, was sent to a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceSent {
    /// The sending, from which its link is derived.
    pub sending: InvoiceSendingId,
    /// When; the link is derived from it as well.
    pub sent_at: DateTime<Utc>,
    /// To whom.
    pub contact: ContactId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: i32,
    /// The day it was issued on.
    pub issued_on: NaiveDate,
    /// The day by which it is paid.
    pub due_on: NaiveDate,
    /// What it asks for, with tax.
    pub total: Yen,
    /// The return, where one is sent.
    pub credit: Option<SentCredit>,
    /// What is written beside it.
    pub message: String,
}

impl Event for InvoiceSent {
    const KIND: &'static str = "invoice.sent";
}

/// A return that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCredit {
    /// The return.
    pub credit: CreditId,
    /// Its number.
    pub number: i32,
    /// Its day.
    pub issued_on: NaiveDate,
    /// With tax.
    pub total: Yen,
    /// Why.
    pub reason: String,
}

impl From<&Credit> for SentCredit {
    fn from(credit: &Credit) -> Self {
        Self {
            credit: credit.id,
            number: credit.number,
            issued_on: credit.issued_on,
            total: credit.total,
            reason: credit.reason.clone(),
        }
    }
}
