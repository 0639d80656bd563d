//! The form to enter a lead.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use sales::leads::{self, LeadInput, LeadSource};
use serde::Serialize;

use super::crumbs;
use crate::call::Call;
use crate::deals::sellers;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::overtaken::Difference;
use crate::paths;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
pub(super) struct FormPage {
    pub(super) title: String,
    pub(super) crumbs: Vec<Crumb>,
    pub(super) action: String,
    pub(super) cancel: String,
    /// Of a lead that is there already.
    pub(super) version: Option<i32>,
    pub(super) sources: Vec<Choice>,
    pub(super) owners: Vec<Choice>,
    pub(super) form: FormView,
    /// What somebody else saved while this was typed.
    pub(super) differences: Vec<Difference>,
}

pub(super) fn form_page(call: &Call, owners: &[Person], form: &Form, failure: Option<&Failure>) -> FormPage {
    FormPage {
        title: call.text("lead-new-title"),
        crumbs: crumbs(call),
        action: "/leads".to_owned(),
        cancel: "/leads".to_owned(),
        version: None,
        sources: phrases::choices(call, "lead-source", LeadSource::ALL),
        owners: phrases::people(call.language, owners),
        form: form.view(call, failure),
        differences: Vec::new(),
    }
}

/// `GET /leads/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let owners = call.db(sellers).await?;
    let form = Form::default().preset("owner_id", call.person()?);
    call.page("leads/form.html", &form_page(&call, &owners, &form, None))
}

/// `POST /leads`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: LeadInput = form.input()?;
    match call.once(&form, move |tx| leads::enter(tx, input).map(|lead| paths::lead(lead.id))).await {
        Ok(page) => Ok(call.done(page, "done-lead-entered")),
        Err(failure) if failure.is_about_input() => {
            let owners = call.db(sellers).await?;
            let page = form_page(&call, &owners, &form, Some(&failure));
            call.page_with(failure.status(), "leads/form.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
