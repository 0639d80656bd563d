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
use crate::paths;
use crate::phrases;
use crate::shell::Crumb;

fn facts(tx: &mut Tx<'_>, id: LeadId) -> Result<(Lead, Vec<Person>), DbError> {
    Ok((leads::find(tx, id)?, sellers(tx)?))
}

fn page(call: &Call, lead: &Lead, owners: &[Person], form: &Form, failure: Option<&Failure>) -> FormPage {
    let mut way = crumbs(call);
    way.push(Crumb::named(&lead.company_name, paths::lead(lead.id)));
    FormPage {
        title: call.text("lead-edit-title"),
        crumbs: way,
        action: paths::lead(lead.id),
        cancel: paths::lead(lead.id),
        version: Some(lead.version),
        ..form_page(call, owners, form, failure)
    }
}

/// `GET /leads/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let (lead, owners) = call.db(move |tx| facts(tx, id)).await?;
    if lead.is_closed() {
        return Err(Failure::of(Code::Conflict));
    }
    let form = Form::of(&LeadInput::from(&lead));
    call.page("leads/form.html", &page(&call, &lead, &owners, &form, None))
}

/// `POST /leads/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (LeadId, Form) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<LeadInput>()?, form.version()?);
    match call.db(move |tx| leads::correct(tx, id, version, &input)).await {
        Ok(lead) => Ok(call.done(paths::lead(lead.id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let (lead, owners) = call.db(move |tx| facts(tx, id)).await?;
            let again = page(&call, &lead, &owners, &form, Some(&failure));
            call.page_with(phrases::again(&failure), "leads/form.html", &again)
        }
        Err(failure) => Err(failure),
    }
}
