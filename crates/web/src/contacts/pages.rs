//! The forms to add a person to a company and to correct one.

use std::rc::Rc;

use actix_web::HttpResponse;
use clients::companies;
use clients::contacts::{self, Contact, ContactInput};
use clients::merges;
use db::DbError;
use kernel::{Code, CompanyId, ContactId, Language};
use serde::Serialize;

use crate::call::Call;
use crate::companies::alike::Alike;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::merges::show::MergeRow;
use crate::overtaken::{Beside, Difference, is_overtaken};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    version: Option<i32>,
    languages: Vec<Choice>,
    form: FormView,
    /// What somebody else saved while this was typed.
    differences: Vec<Difference>,
    /// Who looks like them.
    alike: Alike,
    /// Where what they said about calls is kept; empty before they are added.
    calls: String,
    /// Where they are merged with another; empty before they are added.
    merge: String,
    merges: Vec<MergeRow>,
    cancel: String,
}

impl FormPage {
    fn new(
        call: &Call,
        (company, name): &(CompanyId, String),
        form: &Form,
        failure: Option<&Failure>,
    ) -> Self {
        let company_path = paths::company(*company);
        Self {
            title: call.text("contact-new-title"),
            crumbs: vec![
                Crumb::new(call, "nav-companies", "/companies"),
                Crumb::named(name.as_str(), company_path.as_str()),
            ],
            action: format!("{company_path}/contacts"),
            version: None,
            languages: phrases::choices(call, "contact-language", Language::ALL),
            form: form.view(call, failure),
            differences: Vec::new(),
            alike: Alike::default(),
            calls: String::new(),
            merge: String::new(),
            merges: Vec::new(),
            cancel: company_path,
        }
    }

    fn edit(
        call: &Call,
        (contact, company): &(Contact, String),
        form: &Form,
        failure: Option<&Failure>,
    ) -> Self {
        let page = Self::new(call, &(contact.company_id, company.clone()), form, failure);
        Self {
            title: call.text("contact-edit-title"),
            differences: if is_overtaken(failure) {
                page.differences(call, contact, form)
            } else {
                Vec::new()
            },
            action: paths::contact(contact.id),
            version: Some(contact.version),
            calls: format!("{}/calls", paths::contact(contact.id)),
            merge: format!("{}/merge", paths::contact(contact.id)),
            ..page
        }
    }

    fn differences(&self, call: &Call, contact: &Contact, typed: &Form) -> Vec<Difference> {
        let stands = Form::of(&ContactInput::from(contact));
        let beside = Beside { call, stands: &stands, typed };
        let fields = [
            beside.text("contact-family-name", "family_name"),
            beside.text("contact-given-name", "given_name"),
            beside.text("contact-family-kana", "family_kana"),
            beside.text("contact-given-kana", "given_kana"),
            beside.text("contact-department", "department"),
            beside.text("contact-title", "title"),
            beside.text("contact-email", "email"),
            beside.text("contact-phone", "phone"),
            beside.chosen("contact-language", "language", &self.languages),
        ];
        fields.into_iter().flatten().collect()
    }
}

async fn company_of(call: &Call, id: CompanyId) -> Result<(CompanyId, String), Failure> {
    let company = call.db(move |tx| companies::find(tx, id)).await?;
    Ok((company.id, company.name))
}

async fn contact_with_company(call: &Call, id: ContactId) -> Result<(Contact, String), Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let contact = contacts::find(tx, id)?;
        let company = companies::find(tx, contact.company_id)?;
        Ok((contact, company.name))
    })
    .await
}

/// `GET /companies/{id}/contacts/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let company = company_of(&call, call.id("id")?).await?;
    let form = Form::default().preset("language", Language::Ja);
    call.page("contacts/form.html", &FormPage::new(&call, &company, &form, None))
}

/// `POST /companies/{id}/contacts`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    let form = call.form();
    let input: ContactInput = form.input()?;
    let typed = input.clone();
    match call.once(&form, move |tx| contacts::add(tx, id, input).map(|_contact| paths::company(id))).await {
        Ok(page) => Ok(call.done(page, "done-contact-added")),
        Err(failure) if failure.is_about_input() => {
            let company = company_of(&call, id).await?;
            let alike = Alike::of_contact(&call, &failure, id, typed, None).await?;
            let page = FormPage { alike, ..FormPage::new(&call, &company, &form, Some(&failure)) };
            call.page_with(failure.status(), "contacts/form.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

/// `GET /contacts/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ContactId = call.id("id")?;
    let found = contact_with_company(&call, id).await?;
    if found.0.id != id {
        return Ok(call.noted(format!("{}/edit", paths::contact(found.0.id)), "done-merged-here"));
    }
    let merged = call.db(move |tx| merges::of_contact(tx, id)).await?;
    let form = Form::of(&ContactInput::from(&found.0));
    let page =
        FormPage { merges: MergeRow::of(&call, &merged), ..FormPage::edit(&call, &found, &form, None) };
    call.page("contacts/form.html", &page)
}

/// `POST /contacts/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ContactId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<ContactInput>()?, form.version()?);
    let typed = input.clone();
    match call.db(move |tx| contacts::correct(tx, id, version, input)).await {
        Ok(contact) => Ok(call.done(paths::company(contact.company_id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            // After a lost race the form carries the new version: what was typed is kept, and saving it again
            // is a decision.
            let mut found = contact_with_company(&call, id).await?;
            if failure.code != Code::Stale {
                found.0.version = version;
            }
            let alike = Alike::of_contact(&call, &failure, found.0.company_id, typed, Some(id)).await?;
            let page = FormPage { alike, ..FormPage::edit(&call, &found, &form, Some(&failure)) };
            call.page_with(phrases::again(&failure), "contacts/form.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
