//! The people at a company: pages, JSON, and the rows the company's page lists.

pub(crate) mod api;
pub(crate) mod calls;
pub(crate) mod list;
pub(crate) mod pages;

use clients::contacts::Contact;
use kernel::Language;
use serde::Serialize;

use crate::call::Call;
use crate::paths;
use crate::phrases;

/// A contact as `contacts/list.html` and a deal's page show one.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ContactRow {
    id: String,
    name: String,
    kana: String,
    /// Department and position.
    role: String,
    email: String,
    phone: String,
    /// The language they are written to in, where it is not Japanese.
    language: String,
    /// They have refused to be called.
    no_calls: bool,
    edit: String,
}

impl ContactRow {
    /// The row of one contact, in the reader's language.
    pub(crate) fn of(call: &Call, contact: &Contact) -> Self {
        let language = match contact.language {
            Language::Ja => String::new(),
            Language::En => phrases::word(call, "contact-language", Language::En),
        };
        Self {
            id: format!("contact-{}", contact.id),
            name: contact.display_name(),
            kana: contact.display_kana(),
            role: format!("{} {}", contact.department, contact.title).trim().to_owned(),
            email: contact.email.as_ref().map(ToString::to_string).unwrap_or_default(),
            phone: contact.phone.clone(),
            language,
            no_calls: !contact.may_be_called,
            edit: format!("{}/edit", paths::contact(contact.id)),
        }
    }
}
