//! Sending a quote to a contact of its client, and taking it back.

use std::rc::Rc;

use actix_web::HttpResponse;
use clients::companies;
use db::{DbError, Tx};
use kernel::{Code, QuoteId, date_in_japan};
use sales::deals::{self, Deal, DealStatus};
use sales::quotes::{self, Quote, QuoteStatus};
use sales::sendings::{self, QuoteEvent, QuoteEventKind, SendInput, Sending};
use serde::Serialize;

use super::Document;
use crate::call::Call;
use crate::deals::crumbs_below;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, said};
use crate::recipients::{self, Recipients, Unreachable};
use crate::shell::Crumb;

/// The address of a step: `/quotes/7/send`.
pub(super) fn step(id: QuoteId, verb: &str) -> String {
    format!("{}/{verb}", paths::quote(id))
}

/// Sends a quote, unless its contact, or whoever they were merged into, refuses mail that invites them to order.
pub(crate) fn send(
    tx: &mut Tx<'_>,
    key: &accounts::LinkKey,
    id: QuoteId,
    input: &SendInput,
) -> Result<Sending, Failure> {
    quotes::find(tx, id)?;
    recipients::must_not_refuse(tx, &input.contact_id)?;
    Ok(sendings::send(tx, key, id, input)?)
}

struct Facts {
    quote: Quote,
    deal: Deal,
    company: String,
    people: Recipients,
    sent: Vec<Sending>,
    asked: Option<QuoteEvent>,
    ran_out: bool,
}

fn facts(tx: &mut Tx<'_>, id: QuoteId) -> Result<Facts, DbError> {
    let quote = quotes::find(tx, id)?;
    let deal = deals::find(tx, quote.deal_id)?;
    let company = companies::find(tx, deal.company_id)?;
    let people = Recipients::of(tx, company.id)?;
    let today = date_in_japan(tx.now());
    let events = sendings::of_deal(tx, deal.id)?;
    Ok(Facts {
        ran_out: quote.valid_until < today || quote.deliver_on < today,
        company: company.name,
        people,
        sent: sendings::of_quote(tx, id)?,
        asked: events.into_iter().find(|event| event.kind == QuoteEventKind::Asked),
        deal,
        quote,
    })
}

impl Facts {
    fn can_be_sent(&self) -> bool {
        self.quote.state.status() == QuoteStatus::Issued && self.deal.state.status() == DealStatus::Open
    }
}

#[derive(Serialize)]
struct SendPage {
    title: String,
    crumbs: Vec<Crumb>,
    company: String,
    quote: Document,
    people: Vec<Choice>,
    unreachable: Vec<Unreachable>,
    /// To whom this version was sent before; empty where to nobody.
    sent_before: String,
    question: String,
    asked_by: String,
    ran_out: bool,
    new_version: String,
    add_contact: String,
    action: String,
    cancel: String,
    form: FormView,
}

fn send_page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> SendPage {
    let Facts { quote, deal, people, .. } = facts;
    let last = facts.sent.first().map(|sending| {
        let when = format::moment(call.language, sending.sent_at);
        let name = people.name(call, sending.contact_id);
        said(call, "quote-sent-before", [("name", name.as_str()), ("when", when.as_str())])
    });
    SendPage {
        title: call.text("quote-send-title"),
        crumbs: {
            let mut crumbs = crumbs_below(call, deal.id, &deal.title);
            crumbs.push(Crumb::new(call, "quote-title", paths::quote(quote.id)));
            crumbs
        },
        company: facts.company.clone(),
        quote: Document::of(call, quote),
        people: people.choices(call),
        unreachable: people.unreachable(call),
        sent_before: last.unwrap_or_default(),
        question: facts.asked.as_ref().map(|asked| asked.note.clone()).unwrap_or_default(),
        asked_by: facts.asked.as_ref().map(|asked| asked.name.clone()).unwrap_or_default(),
        ran_out: facts.ran_out,
        new_version: crate::deals::step(deal.id, "quotes/new"),
        add_contact: format!("{}/contacts/new", paths::company(deal.company_id)),
        action: step(quote.id, "send"),
        cancel: paths::quote(quote.id),
        form: form.view(call, failure),
    }
}

/// `GET /quotes/{id}/send`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: QuoteId = call.id("id")?;
    let facts = call.db(move |tx| facts(tx, id)).await?;
    if !facts.can_be_sent() {
        return Ok(call.see_other(paths::quote(id)));
    }
    let form = match facts.people.likely(facts.deal.contact_id) {
        Some(contact) => Form::default().preset("contact_id", contact),
        None => Form::default(),
    };
    call.page("quotes/send.html", &send_page(&call, &facts, &form, None))
}

/// `POST /quotes/{id}/send`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (QuoteId, _) = (call.id("id")?, call.form());
    let (input, key): (SendInput, _) = (form.input()?, call.app.key.clone());
    let sent = call.once(&form, move |tx| send(tx, &key, id, &input).map(|_sent| paths::quote(id)));
    match sent.await {
        Ok(page) => Ok(call.done(page, "done-quote-sent")),
        Err(failure) if failure.is_about_input() => {
            let facts = call.db(move |tx| facts(tx, id)).await?;
            let page = send_page(&call, &facts, &form, Some(&failure));
            call.page_with(phrases::again(&failure), "quotes/send.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /quotes/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: QuoteId = call.id("id")?;
    match call.db(move |tx| sendings::withdraw(tx, id)).await {
        Ok(true) => Ok(call.done(paths::quote(id), "done-quote-withdrawn")),
        Ok(false) => Ok(call.noted(paths::quote(id), "done-quote-not-out")),
        Err(failure) if failure.code == Code::QuoteClosed => {
            Ok(call.noted(paths::quote(id), "done-quote-not-standing"))
        }
        Err(failure) => Err(failure),
    }
}
