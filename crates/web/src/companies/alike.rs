//! What looks like the company or contact being written, beside its kept form: each can be opened, and the form can go
//! on knowingly.

use std::fmt::Display;
use std::rc::Rc;

use clients::companies::{self, CompanyInput};
use clients::contacts::{self, Contact, ContactInput};
use db::DbError;
use kernel::{Code, CompanyId, ContactId};
use notifier::consents;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::paths;
use crate::phrases::{address, word};

/// What `companies/alike.html` and the forms around it show.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Alike {
    title: String,
    text: String,
    /// The words of the button that goes on knowingly; empty where that is refused, and before anything looked alike.
    go_on: String,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    href: String,
    icon: &'static str,
    name: String,
    facts: Vec<String>,
    /// What they share.
    why: Vec<String>,
    /// That they have refused calls or mails: whoever enters them anew would not know.
    refusals: Vec<String>,
    /// Where the two are made one; empty where there is only one yet.
    merge: String,
}

/// Whether a refusal is about what looks alike.
fn is_about(failure: &Failure) -> bool {
    matches!(failure.code, Code::LooksAlike | Code::Taken)
}

impl Alike {
    /// The ids of what is shown.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.id.clone()).collect()
    }

    /// What looks like the company that `failure` refused; nothing where it was refused for something else.
    pub(crate) async fn of_company(
        call: &Rc<Call>,
        failure: &Failure,
        input: CompanyInput,
        itself: Option<CompanyId>,
    ) -> Result<Self, Failure> {
        if !is_about(failure) {
            return Ok(Self::default());
        }
        let found = call.db(move |tx| companies::look_alikes(tx, &input, itself)).await?;
        let is_taken = failure.code == Code::Taken;
        let row = |one: companies::LookAlike| Row {
            id: one.company.id.to_string(),
            href: paths::company(one.company.id),
            icon: "company",
            name: one.company.name,
            refusals: Vec::new(),
            facts: filled([one.company.furigana, one.company.address]),
            why: one.by.iter().map(|sign| word(call, "company-alike", sign)).collect(),
            merge: itself.map(|id| merge_of(&paths::company(id), one.company.id)).unwrap_or_default(),
        };
        let (title, go_on) = match (is_taken, itself) {
            (true, _) => ("company-alike-taken", ""),
            (false, None) => ("company-alike-title", "company-alike-enter"),
            (false, Some(_)) => ("company-alike-title", "company-alike-save"),
        };
        Ok(Self {
            title: call.text(title),
            text: if is_taken { String::new() } else { call.text("company-alike-text") },
            go_on: if go_on.is_empty() { String::new() } else { call.text(go_on) },
            rows: found.into_iter().map(row).collect(),
        })
    }

    /// Who looks like the contact that `failure` refused; nobody where it was refused for something else.
    pub(crate) async fn of_contact(
        call: &Rc<Call>,
        failure: &Failure,
        company: CompanyId,
        input: ContactInput,
        themselves: Option<ContactId>,
    ) -> Result<Self, Failure> {
        if !is_about(failure) {
            return Ok(Self::default());
        }
        let (found, unmailed) = call
            .db(move |tx| -> Result<_, DbError> {
                let found = contacts::look_alikes(tx, company, &input, themselves)?;
                let ids: Vec<ContactId> = found.iter().map(|one| one.contact.id).collect();
                let unmailed = consents::refusing(tx, &ids)?;
                Ok((found, unmailed))
            })
            .await?;
        let refusals = |contact: &Contact| {
            let said = [
                (!contact.may_be_called, "refused-calls"),
                (unmailed.contains(&contact.id), "refused-mails"),
            ];
            said.into_iter().filter(|(is_so, _)| *is_so).map(|(_, key)| call.text(key)).collect()
        };
        let row = |one: contacts::LookAlike| Row {
            refusals: refusals(&one.contact),
            id: one.contact.id.to_string(),
            href: format!("{}#contact-{}", paths::company(one.contact.company_id), one.contact.id),
            icon: "person",
            name: one.contact.display_name(),
            facts: filled([
                one.company,
                format!("{} {}", one.contact.department, one.contact.title).trim().to_owned(),
            ]),
            why: one.by.iter().map(|sign| word(call, "contact-alike", sign)).collect(),
            merge: themselves
                .filter(|_| one.contact.company_id == company)
                .map(|id| merge_of(&paths::contact(id), one.contact.id))
                .unwrap_or_default(),
        };
        let go_on = if themselves.is_some() { "contact-alike-save" } else { "contact-alike-enter" };
        Ok(Self {
            title: call.text("contact-alike-title"),
            text: call.text("contact-alike-text"),
            go_on: call.text(go_on),
            rows: found.into_iter().map(row).collect(),
        })
    }
}

fn merge_of(path: &str, other: impl Display) -> String {
    address(&format!("{path}/merge"), &[("with", &other.to_string())])
}

fn filled<const N: usize>(facts: [String; N]) -> Vec<String> {
    facts.into_iter().filter(|fact| !fact.is_empty()).collect()
}
