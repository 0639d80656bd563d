//! An invoice on its way to its client (送付): a mail with a link of the reader's own, behind which the invoice lies with what was
//! returned of it, to be read and printed without an account.
//!
//! Invariants: looking changes nothing but the record that it was looked at; only digests of secrets are stored
//! (`an_invoice_goes_out_by_a_link_that_stands_nowhere`); a link that is unknown, expired or withdrawn gives one and the same answer.

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::{LinkKey, OrgSecret, organizations};
use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, Language};

pub use lists::{find, is_open, of_invoice};
pub use model::{ClientInvoice, InvoiceSendingId, SendInput, Sending, SentInvoice, link_secret};

use crate::credits::{self, CreditId};
use crate::events::InvoiceSent;
use crate::invoices::{self, Invoice, InvoiceId};

/// Why an invoice was not sent, or a link opened nothing.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The link does not exist, has run out or was withdrawn.
    #[error("this link does not open anything any more")]
    LinkGone,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for SendError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::LinkGone => Code::LinkGone,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Sends an invoice to a contact of its client: they get a mail with a link of their own. The links sent before stay open.
pub fn send(tx: &mut Tx<'_>, key: &LinkKey, id: InvoiceId, input: &SendInput) -> Result<Sending, SendError> {
    let invoice = invoices::find(tx, id)?;
    send_paper(tx, key, &invoice, None, input)
}

/// Sends a return the same way: behind its link it lies with the invoice that it is of.
pub fn send_credit(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    id: CreditId,
    input: &SendInput,
) -> Result<Sending, SendError> {
    let credit = credits::find(tx, id)?;
    let invoice = invoices::find(tx, credit.invoice_id)?;
    send_paper(tx, key, &invoice, Some(&credit), input)
}

fn send_paper(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    invoice: &Invoice,
    credit: Option<&credits::Credit>,
    input: &SendInput,
) -> Result<Sending, SendError> {
    let person_id = crate::acting_person(tx)?;
    let (contact, message) = input.checked()?;
    let contact = reader(tx, invoice, contact)?;
    let (id, sent_at) = (store::draw_id(tx)?, tx.now());
    let sending = Sending {
        id,
        invoice_id: invoice.id,
        credit_id: credit.map(|credit| credit.id),
        contact_id: contact.id,
        person_id,
        message,
        sent_at,
        expires_at: sent_at + model::IS_KEPT,
        withdrawn_at: None,
    };
    let secret = link_secret(key, tx.organization(), id, sent_at);
    let sending = store::insert(tx, &sending, &secret.hash())?;
    queue::record(
        tx,
        &InvoiceSent {
            sending: id,
            sent_at,
            contact: contact.id,
            invoice: invoice.id,
            number: invoice.number,
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
            total: invoice.total,
            credit: credit.map(events::SentCredit::from),
            message: sending.message.clone(),
        },
    )?;
    Ok(sending)
}

/// Somebody at the invoice's client whom mail can reach.
fn reader(tx: &mut Tx<'_>, invoice: &Invoice, contact: kernel::ContactId) -> Result<Contact, SendError> {
    let company = clients::companies::find(tx, invoice.company_id)?.id;
    let contact = match contacts::find(tx, contact) {
        Ok(contact) if contact.company_id == company => contact,
        Ok(_) | Err(DbError::NotFound) => {
            return Err(Invalid::field("contact_id", Code::UnknownChoice).into());
        }
        Err(error) => return Err(error.into()),
    };
    if contact.email.is_none() {
        return Err(Invalid::field("contact_id", Code::NoMailAddress).into());
    }
    Ok(contact)
}

/// Ends every link to an invoice: it went to somebody it should not have reached. `false` where none was open. A next sending makes a
/// new one.
pub fn withdraw(tx: &mut Tx<'_>, id: InvoiceId) -> Result<bool, SendError> {
    invoices::find(tx, id)?;
    Ok(store::withdraw(tx, id)? > 0)
}

/// The language of the contact a link was sent to.
pub fn language(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Language, SendError> {
    let sending = usable(tx, secret)?;
    Ok(contacts::find(tx, sending.contact_id)?.language)
}

/// Shows the invoice behind a link, and notes that it was looked at: once an hour for each link. Callers open the transaction as
/// [`kernel::Actor::Outside`] in the town that the secret names.
pub fn open(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<ClientInvoice, SendError> {
    let sending = usable(tx, secret)?;
    let since = tx.now() - model::ONE_LOOK;
    if !lists::opened_since(tx, sending.id, since)? {
        store::note_opening(tx, sending.id)?;
    }
    let town = organizations::find(tx)?;
    Ok(ClientInvoice {
        whole: invoices::whole(tx, sending.invoice_id)?,
        credits: credits::of_invoice(tx, sending.invoice_id)?,
        town: town.name,
        phone: town.contact_phone,
        email: town.contact_email,
        sending,
    })
}

fn usable(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Sending, SendError> {
    let found = lists::find_by_hash(tx, &secret.hash())?;
    let now = tx.now();
    found.filter(|sending| sending.is_open(now)).ok_or(SendError::LinkGone)
}
