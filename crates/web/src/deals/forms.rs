//! Entering a deal and correcting one.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use clients::companies::{self, Company};
use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use kernel::{Code, CompanyId, DealId, Typed};
use sales::deals::{self, Deal, DealInput, DealStatus};
use sales::pipelines::{self, Pipeline};
use sales::quotes;
use serde::{Deserialize, Serialize};

use super::{crumbs, crumbs_below, sellers};
use crate::call::Call;
use crate::companies::choose::{Choosing, choose};
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::overtaken::{Beside, Difference, is_overtaken};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    company_id: Typed,
    q: Typed,
}

/// The company a form is about, and what may be chosen in it.
struct Around {
    company: Company,
    closed_on: Option<chrono::NaiveDate>,
    contacts: Vec<Contact>,
    owners: Vec<Person>,
    pipelines: Vec<Pipeline>,
}

fn around(tx: &mut Tx<'_>, company: CompanyId) -> Result<Around, DbError> {
    Ok(Around {
        company: companies::find(tx, company)?,
        closed_on: companies::closed_on(tx, company)?,
        contacts: contacts::of_company(tx, company)?,
        owners: sellers(tx)?,
        pipelines: pipelines::in_use(tx)?,
    })
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    version: Option<i32>,
    company_id: CompanyId,
    company: String,
    new_contact: String,
    closed_on: String,
    contacts: Vec<Choice>,
    owners: Vec<Choice>,
    /// Where it may begin; empty for a deal that has begun, and in a town with one pipeline.
    pipelines: Vec<Choice>,
    /// Whether a quote stands, whose amount is the deal's.
    is_quoted: bool,
    form: FormView,
    /// What somebody else saved while this was typed.
    differences: Vec<Difference>,
    cancel: String,
}

impl FormPage {
    fn new(call: &Call, around: &Around, form: &Form, failure: Option<&Failure>) -> Self {
        let company = &around.company;
        let contact = |one: &Contact| Choice::new(one.id, one.display_name());
        Self {
            title: call.text("deal-new-title"),
            crumbs: crumbs(call),
            action: "/deals".to_owned(),
            version: None,
            company_id: company.id,
            company: company.name.clone(),
            new_contact: format!("{}/contacts/new", paths::company(company.id)),
            closed_on: around.closed_on.map(|day| format::full_date(call.language, day)).unwrap_or_default(),
            contacts: around.contacts.iter().map(contact).collect(),
            owners: phrases::people(call.language, &around.owners),
            pipelines: match around.pipelines.len() {
                0 | 1 => Vec::new(),
                _ => around.pipelines.iter().map(|one| Choice::new(one.id, one.name.as_str())).collect(),
            },
            is_quoted: false,
            form: form.view(call, failure),
            differences: Vec::new(),
            cancel: paths::company(company.id),
        }
    }

    fn edit(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> Self {
        let Facts { deal, around, is_quoted } = facts;
        let page = Self::new(call, around, form, failure);
        Self {
            differences: if is_overtaken(failure) { page.differences(call, deal, form) } else { Vec::new() },
            title: call.text("deal-edit-title"),
            crumbs: crumbs_below(call, deal.id, &deal.title),
            action: paths::deal(deal.id),
            version: Some(deal.version),
            cancel: paths::deal(deal.id),
            is_quoted: *is_quoted,
            pipelines: Vec::new(),
            ..page
        }
    }

    fn differences(&self, call: &Call, deal: &Deal, typed: &Form) -> Vec<Difference> {
        let stands = Form::of(&DealInput::from(deal));
        let beside = Beside { call, stands: &stands, typed };
        let fields = [
            beside.text("deal-title", "title"),
            beside.chosen("deal-contact", "contact_id", &self.contacts),
            beside.text("deal-amount", "amount"),
            beside.text("deal-expected-close", "expected_close_on"),
            beside.text("deal-next-action", "next_action"),
            beside.text("deal-next-action-on", "next_action_on"),
            beside.chosen("deal-owner", "owner_id", &self.owners),
        ];
        fields.into_iter().flatten().collect()
    }
}

/// `GET /deals/new`: first the company, where the address names none, then the deal.
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: NewQuery = call.query();
    let Ok(company) = query.company_id.as_str().parse::<CompanyId>() else {
        return choose_company(&call, query.q.as_str().trim()).await;
    };
    let around = call.db(move |tx| around(tx, company)).await?;
    let form = Form::default().preset("owner_id", call.person()?);
    call.page("deals/form.html", &FormPage::new(&call, &around, &form, None))
}

async fn choose_company(call: &Call, q: &str) -> Result<HttpResponse, Failure> {
    let choosing = Choosing {
        action: "/deals/new",
        title: "deal-choose-company",
        answer: "deal-choose-company-text",
        crumbs: crumbs(call),
    };
    choose(call, q, choosing).await
}

/// `POST /deals`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: DealInput = form.input()?;
    match call.once(&form, move |tx| deals::open(tx, input).map(|deal| paths::deal(deal.id))).await {
        Ok(page) => Ok(call.done(page, "done-deal-opened")),
        Err(failure) if failure.is_about_input() => {
            let company: CompanyId =
                form.get("company_id").parse().map_err(|_no_number| Failure::not_found())?;
            let around = call.db(move |tx| around(tx, company)).await?;
            let page = FormPage::new(&call, &around, &form, Some(&failure));
            call.page_with(failure.status(), "deals/form.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

/// What the form of a deal that exists is about.
struct Facts {
    deal: Deal,
    around: Around,
    is_quoted: bool,
}

async fn facts(call: &Call, id: DealId) -> Result<Facts, Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        let is_quoted = quotes::standing(tx, id)?.is_some();
        Ok(Facts { around: around(tx, deal.company_id)?, deal, is_quoted })
    })
    .await
}

/// `GET /deals/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let facts = facts(&call, call.id("id")?).await?;
    if facts.deal.state.status() != DealStatus::Open {
        return Ok(call.see_other(paths::deal(facts.deal.id)));
    }
    let form = Form::of(&DealInput::from(&facts.deal));
    call.page("deals/form.html", &FormPage::edit(&call, &facts, &form, None))
}

/// `POST /deals/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<DealInput>()?, form.version()?);
    match call.db(move |tx| deals::correct(tx, id, version, input)).await {
        Ok(deal) => Ok(call.done(paths::deal(deal.id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let mut facts = facts(&call, id).await?;
            if failure.code != Code::Stale {
                facts.deal.version = version;
            }
            let page = FormPage::edit(&call, &facts, &form, Some(&failure));
            call.page_with(phrases::again(&failure), "deals/form.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
