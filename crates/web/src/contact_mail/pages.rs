//! A contact and advertising: whether it may be sent, how we know, and sending it.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::companies::{self, Company};
use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use kernel::ContactId;
use notifier::Queued;
use notifier::consents::{self, Basis, Consent, ConsentInput};
use serde::Serialize;

use super::{NewsInput, send_news, write_down};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::shell::Crumb;

#[derive(Serialize)]
struct Page {
    title: String,
    crumbs: Vec<Crumb>,
    allowed: bool,
    /// Who else has this address and refuses advertising there.
    refused_by: Vec<Crumb>,
    address: String,
    record: Vec<Line>,
    bases: Vec<BasisChoice>,
    action: String,
    consent_form: FormView,
    news_form: FormView,
}

#[derive(Serialize)]
struct Line {
    basis: String,
    note: String,
    at: String,
}

#[derive(Serialize)]
struct BasisChoice {
    value: Basis,
    label: String,
}

fn basis_text(call: &Call, basis: Basis) -> String {
    call.text(&format!("consent-{}", basis.as_str().replace('_', "-")))
}

/// Which of the two forms came back.
#[derive(Default)]
struct Returned<'a> {
    consent: Option<(&'a Form, &'a Failure)>,
    news: Option<(&'a Form, &'a Failure)>,
}

struct Facts {
    contact: Contact,
    company: Company,
    is_allowed: bool,
    others: Vec<Contact>,
    record: Vec<Consent>,
}

fn facts(tx: &mut Tx<'_>, id: ContactId) -> Result<Facts, DbError> {
    let contact = contacts::find(tx, id)?;
    let others: Vec<ContactId> = consents::refused_by_others(tx, contact.id)?.into_iter().collect();
    Ok(Facts {
        company: companies::find(tx, contact.company_id)?,
        is_allowed: consents::is_allowed(tx, contact.id)?,
        others: contacts::of_ids(tx, &others)?,
        record: consents::history(tx, contact.id)?,
        contact,
    })
}

async fn page(call: &Call, returned: Returned<'_>) -> Result<HttpResponse, Failure> {
    let id: ContactId = call.id("id")?;
    let Facts { contact, company, is_allowed, others, record } = call.db(move |tx| facts(tx, id)).await?;
    let view = |given: Option<(&Form, &Failure)>| {
        let form = given.map_or_else(Form::default, |(form, _)| form.clone());
        form.view(call, given.map(|(_, failure)| failure))
    };
    let failure = returned.consent.or(returned.news).map(|(_, failure)| failure);
    let page = Page {
        title: call.text("contact-mail-title"),
        crumbs: vec![
            Crumb::new(call, "nav-companies", "/companies"),
            Crumb::named(company.name.clone(), paths::company(company.id)),
            Crumb::named(contact.display_name(), format!("{}/edit", paths::contact(id))),
        ],
        allowed: is_allowed,
        refused_by: others
            .iter()
            .map(|other| Crumb::named(other.display_name(), format!("{}/mail", paths::contact(other.id))))
            .collect(),
        address: contact.email.map(String::from).unwrap_or_default(),
        record: record
            .into_iter()
            .map(|line| Line {
                basis: basis_text(call, line.basis),
                note: line.note,
                at: format::moment(call.language, line.recorded_at),
            })
            .collect(),
        bases: Basis::ALL
            .iter()
            .map(|basis| BasisChoice { value: *basis, label: basis_text(call, *basis) })
            .collect(),
        action: format!("{}/mail", paths::contact(id)),
        consent_form: view(returned.consent),
        news_form: view(returned.news),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "contact_mail/index.html", &page)
}

/// `GET /contacts/{id}/mail`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, Returned::default()).await
}

/// `POST /contacts/{id}/mail/consent`
pub(crate) async fn record(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (ContactId, _) = (call.id("id")?, call.form());
    let input: ConsentInput = form.input()?;
    match call.db(move |tx| write_down(tx, id, &input)).await {
        Ok(_record) => Ok(call.done(format!("{}/mail", paths::contact(id)), "done-consent-recorded")),
        Err(failure) if failure.is_about_input() => {
            page(&call, Returned { consent: Some((&form, &failure)), ..Returned::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /contacts/{id}/mail/news`
pub(crate) async fn send(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (ContactId, _) = (call.id("id")?, call.form());
    let input: NewsInput = form.input()?;
    let (who, outbox) = (call.person()?, call.app.outbox.clone());
    let sent = call.db(move |tx| send_news(tx, &outbox, who, id, &input)).await;
    let back = format!("{}/mail", paths::contact(id));
    match sent {
        Ok(Queued::Message(_)) => Ok(call.done(back, "done-news-queued")),
        Ok(_) => Ok(call.done(back, "done-news-unwanted")),
        Err(failure) if failure.is_about_input() => {
            page(&call, Returned { news: Some((&form, &failure)), ..Returned::default() }).await
        }
        Err(failure) => Err(failure),
    }
}
