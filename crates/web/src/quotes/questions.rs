//! What a client asked and had no answer to when they ordered, on the quote's page.

use clients::contacts;
use db::{DbError, Tx};
use kernel::DealId;
use sales::{deals, sendings};
use serde::Serialize;

use crate::paths;
use crate::phrases;

/// The question, what waits for its answer, and where they are reached.
#[derive(Debug, Serialize)]
pub(super) struct Kept {
    question: String,
    /// The name they gave.
    name: String,
    todo: String,
    mail: String,
    phone: String,
    /// The number as a telephone takes it; empty where there is none, or calls are refused.
    dial: String,
}

impl Kept {
    pub(super) fn of(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<Self>, DbError> {
        let Some((asked, todo)) = sendings::kept_question(tx, deal)? else { return Ok(None) };
        let contact = match deals::find(tx, deal)?.contact_id {
            Some(contact) => Some(contacts::find(tx, contact)?),
            None => None,
        };
        let mail = contact.as_ref().and_then(|contact| contact.email.as_ref()).map(ToString::to_string);
        let phone = contact.as_ref().filter(|contact| contact.may_be_called);
        let phone = phone.map(|contact| contact.phone.clone()).unwrap_or_default();
        Ok(Some(Self {
            question: asked.note,
            name: asked.name,
            todo: paths::todo(todo.id),
            mail: mail.unwrap_or_default(),
            dial: phrases::dial(&phone),
            phone,
        }))
    }
}
