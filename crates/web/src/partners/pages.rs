//! `/partners`: which towns this one works together with, and what came and went by each in a fiscal year.

use std::rc::Rc;

use accounts::organizations;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::partners::{self, AskPartnerInput, Partner, PartnerId, PartnerKey, Standing};
use fulfillment::shares::{self, PartnerAmounts};
use kernel::{FiscalYear, Page, Paging, Typed, Yen};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, When};
use crate::phrases;
use crate::shell::Crumb;

const HERE: &str = "/partners";

/// How many a page shows.
const ROWS: u16 = 50;

/// How many fiscal years may be chosen, this one first.
const YEARS: i32 = 3;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PartnersQuery {
    year: Typed,
    after: Typed,
}

struct Facts {
    page: Page<Partner, PartnerKey>,
    this_year: FiscalYear,
    year: FiscalYear,
    amounts: Vec<PartnerAmounts>,
}

fn facts(tx: &mut Tx<'_>, paging: &Paging<PartnerKey>, year: Option<FiscalYear>) -> Result<Facts, DbError> {
    let this_year = organizations::fiscal_year(tx)?;
    let year = year.unwrap_or(this_year);
    let days = organizations::days_of_year(tx, year)?;
    Ok(Facts { page: partners::list(tx, paging)?, this_year, year, amounts: shares::amounts(tx, days)? })
}

#[derive(Serialize)]
struct PartnersPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    rows: Vec<Row>,
    next: String,
    first: String,
    years: Vec<Way>,
    year: String,
    amounts: Vec<AmountsRow>,
    totals: Option<AmountsRow>,
    form: FormView,
}

#[derive(Serialize)]
struct Way {
    label: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    standing: Standing,
    since: When,
    /// Where it is agreed to and ended; empty where that is not to be done.
    agree: String,
    end: String,
    /// What ending it is called as the two stand.
    end_label: String,
}

#[derive(Serialize)]
struct AmountsRow {
    name: String,
    agreed_in: String,
    accepted_in: String,
    agreed_out: String,
    accepted_out: String,
    paid_out: String,
}

impl AmountsRow {
    fn of(call: &Call, name: String, amounts: [Yen; 5]) -> Self {
        let [agreed_in, accepted_in, agreed_out, accepted_out, paid_out] =
            amounts.map(|amount| format::yen(call.language, amount));
        Self { name, agreed_in, accepted_in, agreed_out, accepted_out, paid_out }
    }
}

fn five(of: &PartnerAmounts) -> [Yen; 5] {
    [of.agreed_in, of.accepted_in, of.agreed_out, of.accepted_out, of.paid_out]
}

fn totals(call: &Call, all: &[PartnerAmounts]) -> Option<AmountsRow> {
    let sum = |of: fn(&PartnerAmounts) -> Yen| all.iter().map(of).sum();
    let sums = [
        sum(|one| one.agreed_in),
        sum(|one| one.accepted_in),
        sum(|one| one.agreed_out),
        sum(|one| one.accepted_out),
        sum(|one| one.paid_out),
    ];
    (all.len() > 1).then(|| AmountsRow::of(call, call.text("partners-all"), sums))
}

fn row(call: &Call, partner: &Partner) -> Row {
    let step = |name: &str| format!("{HERE}/{}/{name}", partner.id);
    let end_label = match partner.standing {
        Standing::Asked => "partners-take-back",
        Standing::AskedBy => "partners-refuse",
        Standing::Agreed | Standing::Ended => "partners-end",
    };
    Row {
        id: format!("partner-{}", partner.id),
        name: partner.name.clone(),
        standing: partner.standing,
        since: When::of(call.language, partner.changed_at),
        agree: if partner.standing == Standing::AskedBy { step("agree") } else { String::new() },
        end: if partner.standing == Standing::Ended { String::new() } else { step("end") },
        end_label: call.text(end_label),
    }
}

async fn render(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let query: PartnersQuery = call.query();
    let after = format::read_page_key::<PartnerKey>(query.after.as_str());
    let (year, paging) = (parts::word_of(&query.year), Paging { after, ..Paging::first(ROWS) });
    let facts = call.db(move |tx| facts(tx, &paging, year)).await?;
    let here = |key: &str| phrases::address(HERE, &[("after", key)]);
    let agreed = facts.page.items.iter().filter(|partner| partner.is_agreed()).count();
    let way = |back: i32| {
        let one = FiscalYear(facts.this_year.0 - back);
        Way {
            label: phrases::fiscal_year(call, one),
            href: phrases::address(HERE, &[("year", &one.to_string())]),
            current: one == facts.year,
        }
    };
    let page = PartnersPage {
        title: call.text("partners-title"),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders")],
        answer: match agreed {
            0 => call.text("partners-answer-none"),
            count => parts::say_count(call, "partners-answer", i64::try_from(count).unwrap_or(i64::MAX)),
        },
        rows: facts.page.items.iter().map(|partner| row(call, partner)).collect(),
        next: facts.page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
        years: (0..YEARS).map(way).collect(),
        year: phrases::fiscal_year(call, facts.year),
        totals: totals(call, &facts.amounts),
        amounts: (facts.amounts.iter())
            .map(|one| AmountsRow::of(call, one.partner.clone(), five(one)))
            .collect(),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "partners/index.html", &page)
}

/// `GET /partners`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, &Form::default(), None).await
}

/// The page with what became of a step, or as it is now with why that was refused.
async fn stepped(
    call: &Call,
    form: &Form,
    done: &'static str,
    outcome: Result<Partner, Failure>,
) -> Result<HttpResponse, Failure> {
    match outcome {
        Ok(_partner) => Ok(call.done(HERE, done)),
        Err(failure) if parts::stays(&failure) => render(call, form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /partners`
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: AskPartnerInput = form.input()?;
    let outcome = call.db(move |tx| partners::ask(tx, &input)).await;
    stepped(&call, &form, "done-partners-asked", outcome).await
}

/// `POST /partners/{id}/agree`
pub(crate) async fn agree(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PartnerId = call.id("id")?;
    let outcome = call.db(move |tx| partners::agree(tx, id)).await;
    stepped(&call, &Form::default(), "done-partners-agreed", outcome).await
}

/// `POST /partners/{id}/end`
pub(crate) async fn end(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PartnerId = call.id("id")?;
    let outcome = call.db(move |tx| partners::end(tx, id)).await;
    stepped(&call, &Form::default(), "done-partners-ended", outcome).await
}
