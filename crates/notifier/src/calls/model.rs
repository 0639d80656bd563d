//! What a call list entry says. No database here.

use chrono::{DateTime, Utc};
use kernel::{ContactId, EmailAddress, Language, MessageId, PersonId, id, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

use crate::messages::{Category, Party};

id!(
    /// Somebody to be called.
    CallId
);

text_enum!(
    /// Why somebody has to be called.
    CallReason {
        /// The notice could not be handed over, or not in time.
        NotDelivered = "not_delivered",
        /// It came back.
        Bounced = "bounced",
        /// It was handed over and nobody has opened it for days.
        NotRead = "not_read",
        /// Their address is dead: other mails do not reach them either.
        AddressDead = "address_dead",
        /// No mail can be written to them: they have no address, or may no longer sign in.
        Unmailable = "unmailable",
    }
);

/// Somebody to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// The mail that did not reach them; none where none could be written.
    pub message: Option<MessageId>,
    /// What sort of mail it was.
    pub category: Category,
    /// Whom to call.
    pub party: Party,
    /// Their name.
    pub name: String,
    /// The address that failed; none where there is none to write to.
    pub address: Option<EmailAddress>,
    /// The language they speak.
    pub language: Language,
    /// What the mail was, or would have been, about.
    pub subject: String,
    /// Why.
    pub reason: CallReason,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub note: String,
}

impl Call {
    pub(super) fn party(person: Option<PersonId>, contact: Option<ContactId>) -> Party {
        match (person, contact) {
            (Some(person), _) => Party::Person(person),
            (None, Some(contact)) => Party::Contact(contact),
            (None, None) => Party::Nobody,
        }
    }
}
