//! A contact and advertising: whether it may be sent, how we know, and sending it.

pub(crate) mod api;
pub(crate) mod pages;

use accounts::persons;
use clients::{companies, contacts};
use db::Tx;
use kernel::{Checks, Code, ContactId, Invalid, PersonId, Typed};
use notifier::consents::{self, Consent, ConsentInput};
use notifier::mails::ServiceNews;
use notifier::{NewMessage, Outbox, Party, Queued, Recipient};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::failure::Failure;

/// Writes a consent or a refusal down; gives back the whole record.
fn write_down(tx: &mut Tx<'_>, id: ContactId, input: &ConsentInput) -> Result<Vec<Consent>, Failure> {
    let contact = contacts::find(tx, id)?.id;
    consents::record(tx, contact, input)?;
    Ok(consents::history(tx, contact)?)
}

/// An invitation to order, as typed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{
    "heading": "年度末の名簿入力を承ります", "text": "3月までの入力を、100件から承ります。お見積りは2日以内にお送りします。",
}]))]
pub(crate) struct NewsInput {
    /// The subject, at most 100 characters; required.
    heading: Typed,
    /// What it says, at most 4,000 characters; required.
    text: Typed,
}

/// Queues an invitation by `author` to a contact in their own language.
fn send_news(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    author: PersonId,
    id: ContactId,
    input: &NewsInput,
) -> Result<Queued, Failure> {
    let mut checks = Checks::new();
    let heading = checks.required_line("heading", &input.heading, 100);
    let text = checks.required_lines("text", &input.text, 4_000);
    let (heading, text) = checks.done((heading, text))?;
    let contact = contacts::find(tx, id)?;
    let company = companies::find(tx, contact.company_id)?.name;
    let language = contact.language;
    let written_by = persons::find(tx, author)?.name.name_in(language);
    let name = contact.display_name();
    let address = contact.email.ok_or_else(|| Invalid::field("heading", Code::NotAnEmail))?;
    let mail = ServiceNews { company, heading, text, written_by };
    let recipient = Recipient { party: Party::Contact(contact.id), name, address, language };
    Ok(notifier::queue(tx, outbox, NewMessage::new(mail, recipient))?)
}
