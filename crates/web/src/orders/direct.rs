//! Entering an order directly: a client called, wrote or came by. The won deal is recorded, and the order opens from it by
//! the same event as ever.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use clients::companies::{self, Company};
use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use kernel::{CompanyId, Typed};
use sales::direct::{self, DirectOrderInput, DirectSource};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::companies::choose::{Choosing, choose};
use crate::deals::sellers;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::quotes::form::{self, LineForm, ROWS, Step, TYPED};
use crate::shell::Crumb;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    company_id: Typed,
    q: Typed,
}

/// The company an order is of, and what may be chosen for it.
struct Around {
    company: Company,
    closed_on: Option<chrono::NaiveDate>,
    contacts: Vec<Contact>,
    owners: Vec<Person>,
}

fn around(tx: &mut Tx<'_>, company: CompanyId) -> Result<Around, DbError> {
    Ok(Around {
        company: companies::find(tx, company)?,
        closed_on: companies::closed_on(tx, company)?,
        contacts: contacts::of_company(tx, company)?,
        owners: sellers(tx)?,
    })
}

/// Where an order of a company is entered.
pub(crate) fn of_company(company: CompanyId) -> String {
    format!("/orders/new?company_id={company}")
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    company_id: CompanyId,
    company: String,
    closed_on: String,
    contacts: Vec<Choice>,
    owners: Vec<Choice>,
    sources: Vec<Choice>,
    rates: Vec<Choice>,
    rows: Vec<usize>,
    cancel: String,
    form: FormView,
}

fn form_page(call: &Call, around: &Around, rows: usize, form: &Form, failure: Option<&Failure>) -> FormPage {
    let contact = |one: &Contact| Choice::new(one.id, one.display_name());
    FormPage {
        title: call.text("orders-direct-title"),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders")],
        company_id: around.company.id,
        company: around.company.name.clone(),
        closed_on: around.closed_on.map(|day| format::full_date(call.language, day)).unwrap_or_default(),
        contacts: around.contacts.iter().map(contact).collect(),
        owners: phrases::people(call.language, &around.owners),
        sources: phrases::choices(call, "deal-direct-source", &DirectSource::BY_HAND),
        rates: form::rates(),
        rows: (0..rows).collect(),
        cancel: paths::company(around.company.id),
        form: form.view(call, failure),
    }
}

/// `GET /orders/new`: first the company, where the address names none, then the order.
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: NewQuery = call.query();
    let Ok(company) = query.company_id.as_str().parse::<CompanyId>() else {
        return choose_company(&call, query.q.as_str().trim()).await;
    };
    let around = call.db(move |tx| around(tx, company)).await?;
    let form = Form::default().preset("owner_id", call.person()?);
    call.page("orders/direct.html", &form_page(&call, &around, ROWS, &form, None))
}

async fn choose_company(call: &Call, q: &str) -> Result<HttpResponse, Failure> {
    let choosing = Choosing {
        action: "/orders/new",
        title: "orders-direct-choose",
        answer: "orders-direct-choose-text",
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders")],
    };
    choose(call, q, choosing).await
}

/// `POST /orders`: the form again with one more line, or the won deal, from which the order opens.
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let LineForm { form, rows, step } = LineForm::parse(&call.body, &TYPED);
    let company: CompanyId = form.get("company_id").parse().map_err(|_no_number| Failure::not_found())?;
    if step == Step::Rows {
        let around = call.db(move |tx| around(tx, company)).await?;
        return call.page("orders/direct.html", &form_page(&call, &around, rows, &form, None));
    }
    let input: DirectOrderInput = form.input()?;
    match call.once(&form, move |tx| direct::record_won(tx, &input).map(|deal| paths::deal(deal.id))).await {
        Ok(page) => Ok(call.done(page, "done-orders-entered")),
        Err(failure) if failure.is_about_input() => {
            let failure = form::at_rows(failure);
            let around = call.db(move |tx| around(tx, company)).await?;
            let page = form_page(&call, &around, rows, &form, Some(&failure));
            call.page_with(failure.status(), "orders/direct.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
