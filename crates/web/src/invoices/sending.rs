//! Sending an invoice, or a return of one, to somebody at its client, and ending the links.

use std::rc::Rc;

use accounts::LinkKey;
use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::credits::{self, Credit, CreditId};
use fulfillment::invoice_sendings::{self, SendInput, Sending};
use fulfillment::invoices::{self, Invoice, InvoiceId};
use kernel::Yen;
use serde::Serialize;

use super::pages::title;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, said};
use crate::recipients::{self, Recipients, Unreachable};
use crate::shell::Crumb;

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// An invoice.
    Invoice(InvoiceId),
    /// A return of one.
    Credit(CreditId),
}

/// Sends it, unless its contact, or whoever they were merged into, refuses mail.
pub(super) fn send(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    what: What,
    input: &SendInput,
) -> Result<Sending, Failure> {
    match what {
        What::Invoice(id) => invoices::find(tx, id).map(drop)?,
        What::Credit(id) => credits::find(tx, id).map(drop)?,
    }
    recipients::must_not_refuse(tx, &input.contact_id)?;
    Ok(match what {
        What::Invoice(id) => invoice_sendings::send(tx, key, id, input)?,
        What::Credit(id) => invoice_sendings::send_credit(tx, key, id, input)?,
    })
}

struct Facts {
    invoice: Invoice,
    credit: Option<Credit>,
    people: Recipients,
}

fn facts(tx: &mut Tx<'_>, what: What) -> Result<Facts, DbError> {
    let (invoice, credit) = match what {
        What::Invoice(id) => (invoices::find(tx, id)?, None),
        What::Credit(id) => {
            let credit = credits::find(tx, id)?;
            (invoices::find(tx, credit.invoice_id)?, Some(credit))
        }
    };
    let company = clients::companies::find(tx, invoice.company_id)?.id;
    Ok(Facts { people: Recipients::of(tx, company)?, invoice, credit })
}

#[derive(Serialize)]
struct SendPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// That it goes out as a copy, since nothing is left to pay; empty where something is.
    copy: String,
    people: Vec<Choice>,
    unreachable: Vec<Unreachable>,
    add_contact: String,
    action: String,
    cancel: String,
    form: FormView,
}

/// The page of what is sent.
fn page_of(facts: &Facts) -> String {
    match &facts.credit {
        Some(credit) => format!("/credits/{}", credit.id),
        None => format!("/invoices/{}", facts.invoice.id),
    }
}

fn send_page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> SendPage {
    let (invoice, language) = (&facts.invoice, call.language);
    let (paper, total) = match &facts.credit {
        Some(credit) => (said(call, "credit-title", [("number", &credit.number.to_string())]), credit.total),
        None => (said(call, "bill-title", [("number", &invoice.number.to_string())]), invoice.total),
    };
    let total = format::yen(language, total);
    let words = [("paper", paper.as_str()), ("company", &invoice.company_name), ("total", &total)];
    let is_copy = facts.credit.is_none() && invoice.rest() <= Yen::ZERO;
    SendPage {
        title: call.text(match (&facts.credit, is_copy) {
            (Some(_), _) => "credit-send-title",
            (None, true) => "bill-copy-title",
            (None, false) => "bill-send-title",
        }),
        copy: if is_copy { call.text("bill-copy-note") } else { String::new() },
        crumbs: vec![
            Crumb::new(call, "invoices-title", "/invoices"),
            Crumb::named(title(call, invoice), format!("/invoices/{}", invoice.id)),
        ],
        answer: said(call, "bill-send-answer", words),
        people: facts.people.choices(call),
        unreachable: facts.people.unreachable(call),
        add_contact: format!("{}/contacts/new", paths::company(invoice.company_id)),
        action: format!("{}/send", page_of(facts)),
        cancel: page_of(facts),
        form: form.view(call, failure),
    }
}

async fn form_of(call: &Call, what: What) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, what)).await?;
    let form = match facts.people.likely(facts.invoice.contact_id) {
        Some(contact) => Form::default().preset("contact_id", contact),
        None => Form::default(),
    };
    call.page("invoices/send.html", &send_page(call, &facts, &form, None))
}

async fn create(call: &Call, what: What) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let (input, key): (SendInput, _) = (form.input()?, call.app.key.clone());
    // Two presses, or a page sent again, are one mail.
    let sent = call.once(&form, move |tx| {
        let sending = send(tx, &key, what, &input)?;
        Ok::<_, Failure>(format!("/invoices/{}", sending.invoice_id))
    });
    match sent.await {
        Ok(page) => Ok(call.done(page, "done-bill-sent")),
        Err(failure) if failure.is_about_input() => {
            let facts = call.db(move |tx| facts(tx, what)).await?;
            let page = send_page(call, &facts, &form, Some(&failure));
            call.page_with(phrases::again(&failure), "invoices/send.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

/// `GET /invoices/{id}/send`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    form_of(&call, What::Invoice(call.id("id")?)).await
}

/// `POST /invoices/{id}/send`
pub(crate) async fn send_invoice(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    create(&call, What::Invoice(call.id("id")?)).await
}

/// `GET /credits/{id}/send`
pub(crate) async fn credit_form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    form_of(&call, What::Credit(call.id("id")?)).await
}

/// `POST /credits/{id}/send`
pub(crate) async fn send_credit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    create(&call, What::Credit(call.id("id")?)).await
}

/// `POST /invoices/{id}/withdraw`: nobody opens the invoice by a link any more, until it is sent again.
pub(crate) async fn withdraw(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: InvoiceId = call.id("id")?;
    let page = format!("/invoices/{id}");
    let was_out = call.db(move |tx| invoice_sendings::withdraw(tx, id)).await?;
    Ok(if was_out { call.done(page, "done-bill-withdrawn") } else { call.noted(page, "done-bill-not-out") })
}
