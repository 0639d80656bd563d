//! Correcting what was entered for a lead that is not closed.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use db::{DbError, Tx};
use kernel::{Code, LeadId};
use sales::leads::{self, Lead, LeadInput};

use super::crumbs;
use super::enter::{FormPage, form_page};
use crate::call::Call;
use crate::deals::sellers;
use crate::failure::Failure;
use crate::forms::Form;
use crate::overtaken::{Beside, Difference, is_overtaken};
use crate::paths;
use crate::phrases;
use crate::shell::Crumb;

fn facts(tx: &mut Tx<'_>, id: LeadId) -> Result<(Lead, Vec<Person>), DbError> {
    Ok((leads::find(tx, id)?, sellers(tx)?))
}

/// The form of a lead; what is saved next is based on `version`.
fn page(
    call: &Call,
    (lead, owners): &(Lead, Vec<Person>),
    version: i32,
    form: &Form,
    failure: Option<&Failure>,
) -> FormPage {
    let mut way = crumbs(call);
    way.push(Crumb::named(&lead.company_name, paths::lead(lead.id)));
    let page = form_page(call, owners, form, failure);
    FormPage {
        title: call.text("lead-edit-title"),
        crumbs: way,
        action: paths::lead(lead.id),
        cancel: paths::lead(lead.id),
        version: Some(version),
        differences: if is_overtaken(failure) { differences(call, lead, form, &page) } else { Vec::new() },
        ..page
    }
}

fn differences(call: &Call, lead: &Lead, typed: &Form, page: &FormPage) -> Vec<Difference> {
    let stands = Form::of(&LeadInput::from(lead));
    let beside = Beside { call, stands: &stands, typed };
    let fields = [
        beside.text("lead-company-name", "company_name"),
        beside.chosen("lead-source", "source", &page.sources),
        beside.text("lead-need", "need"),
        beside.text("lead-contact-name", "contact_name"),
        beside.text("contact-email", "email"),
        beside.text("contact-phone", "phone"),
        beside.chosen("lead-owner", "owner_id", &page.owners),
        beside.text("lead-asked-on", "asked_on"),
    ];
    fields.into_iter().flatten().collect()
}

/// `GET /leads/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let (lead, owners) = call.db(move |tx| facts(tx, id)).await?;
    if lead.is_closed() {
        return Err(Failure::of(Code::Conflict));
    }
    let form = Form::of(&LeadInput::from(&lead));
    let version = lead.version;
    call.page("leads/form.html", &page(&call, &(lead, owners), version, &form, None))
}

/// `POST /leads/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (LeadId, Form) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<LeadInput>()?, form.version()?);
    match call.db(move |tx| leads::correct(tx, id, version, &input)).await {
        Ok(lead) => Ok(call.done(paths::lead(lead.id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let facts = call.db(move |tx| facts(tx, id)).await?;
            // After a lost race the form carries the new version, beside what stands now: saving again is a decision.
            let version = if failure.code == Code::Stale { facts.0.version } else { version };
            let again = page(&call, &facts, version, &form, Some(&failure));
            call.page_with(phrases::again(&failure), "leads/form.html", &again)
        }
        Err(failure) => Err(failure),
    }
}
