//! Searching the register, and adopting what was found as a company.

use std::rc::Rc;

use actix_web::HttpResponse;
use clients::registry::{
    self, AdoptError, CloseCause, RegisterOverview, RegisteredCompany, RegistryFilter, RegistryKey,
    RegistrySummary,
};
use kernel::{CompanyId, CorporateNumber, Paging};
use serde::Serialize;

use super::{AdoptInput, RegistryQuery, number};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::paths;
use crate::phrases::{self, said};
use crate::shell::Crumb;

/// How many corporations a page shows.
const ROWS: u16 = 30;

#[derive(Serialize)]
struct SearchPage {
    title: String,
    q: String,
    closed: bool,
    closed_filter: Vec<Filter>,
    rows: Vec<Row>,
    shown: usize,
    next: String,
    first: String,
    source: Option<Source>,
}

#[derive(Serialize)]
struct Filter {
    text: String,
    href: String,
    on: bool,
}

/// What is always cited under the register's data.
#[derive(Serialize)]
struct Source {
    name: &'static str,
    companies: String,
    closed: String,
    as_of: String,
    imported: String,
}

impl Source {
    fn of(call: &Call, overview: &RegisterOverview) -> Self {
        let language = call.language;
        Self {
            name: overview.source,
            companies: format::count(overview.companies),
            closed: format::count(overview.closed),
            as_of: overview.as_of.map(|day| format::full_date(language, day)).unwrap_or_default(),
            imported: format::full_date(language, kernel::date_in_japan(overview.imported_at)),
        }
    }
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    furigana: String,
    number: String,
    address: String,
    /// Words for a corporation that is gone; empty while it is not.
    gone: String,
    /// Whether the tax agency leaves it out of its own search.
    hidden: bool,
    can_adopt: bool,
    adopt: String,
    company: Option<String>,
}

impl Row {
    fn of(call: &Call, found: RegistrySummary) -> Self {
        let gone = match found.closure {
            Some(closure) => closed_words(call, closure.on, Some(closure.cause)),
            None if found.deleted => call.text("registry-deleted"),
            None => String::new(),
        };
        Self {
            id: format!("registry-{}", found.corporate_number),
            name: found.name,
            furigana: found.furigana,
            address: found.address,
            gone,
            hidden: found.hidden,
            can_adopt: !found.deleted,
            adopt: adopt_path(&found.corporate_number),
            number: found.corporate_number.into(),
            company: found.company.map(paths::company),
        }
    }
}

fn adopt_path(number: &CorporateNumber) -> String {
    format!("/registry/{number}/adopt")
}

fn closed_words(call: &Call, on: chrono::NaiveDate, cause: Option<CloseCause>) -> String {
    let date = format::full_date(call.language, on);
    match cause {
        Some(cause) => {
            let cause = phrases::word(call, "registry-cause", cause);
            said(call, "registry-closed-since", [("date", &date), ("cause", &cause)])
        }
        None => said(call, "registry-deleted-since", [("date", &date)]),
    }
}

/// `GET /registry`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: RegistryQuery = call.query();
    let (q, closed) = (query.q.as_str().trim().to_owned(), !query.closed.as_str().is_empty());
    let after = format::read_page_key::<RegistryKey>(query.after.as_str());
    let (searched, is_first) = (q.clone(), after.is_none());
    let (overview, found) = call
        .db(move |tx| -> Result<_, Failure> {
            let overview = registry::overview(tx)?;
            if searched.is_empty() || overview.is_none() {
                return Ok((overview, None));
            }
            let filter = RegistryFilter { include_closed: closed, ..RegistryFilter::default() };
            let paging = Paging { after, ..Paging::first(ROWS) };
            Ok((overview, Some(registry::search(tx, &searched, &filter, &paging)?)))
        })
        .await?;
    let (items, next) = found.map(|page| (page.items, page.next)).unwrap_or_default();
    let wide = if closed { "on" } else { "" };
    let here = |after: &str| phrases::address("/registry", &[("q", &q), ("closed", wide), ("after", after)]);
    let page = SearchPage {
        title: call.text("nav-registry"),
        closed_filter: vec![Filter {
            text: call.text("registry-with-closed"),
            href: phrases::address("/registry", &[("q", &q), ("closed", if closed { "" } else { "on" })]),
            on: closed,
        }],
        shown: items.len(),
        rows: items.into_iter().map(|row| Row::of(&call, row)).collect(),
        next: next.map(|key| here(&format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
        source: overview.map(|overview| Source::of(&call, &overview)),
        q,
        closed,
    };
    call.page("registry/index.html", &page)
}

enum Adopted {
    Now(CompanyId),
    Before(CompanyId),
    /// The register says it is gone: ask first.
    Closed(Box<RegisteredCompany>),
}

/// `POST /registry/{number}/adopt`
pub(crate) async fn adopt(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let number = number(&call)?;
    let input: AdoptInput = call.form().input()?;
    let adopted = call
        .db(move |tx| -> Result<Adopted, Failure> {
            match registry::adopt(tx, &number, input.is_confirmed()) {
                Ok(company) => Ok(Adopted::Now(company.id)),
                Err(AdoptError::Taken(id)) => Ok(Adopted::Before(id)),
                Err(AdoptError::CompanyClosed(_)) => {
                    Ok(Adopted::Closed(Box::new(registry::find(tx, &number)?)))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await?;
    match adopted {
        Adopted::Now(id) => Ok(call.done(paths::company(id), "done-company-adopted")),
        Adopted::Before(id) => Ok(call.done(paths::company(id), "done-company-known")),
        Adopted::Closed(found) => ask(&call, &found),
    }
}

#[derive(Serialize)]
struct ConfirmPage {
    title: String,
    crumbs: Vec<Crumb>,
    name: String,
    number: String,
    address: String,
    gone: String,
    adopt: String,
    cancel: String,
}

fn ask(call: &Call, found: &RegisteredCompany) -> Result<HttpResponse, Failure> {
    let record = &found.record;
    let gone = match (record.closure, record.ended_on()) {
        (Some(closure), _) => closed_words(call, closure.on, Some(closure.cause)),
        (None, Some(day)) => closed_words(call, day, None),
        (None, None) => String::new(),
    };
    let page = ConfirmPage {
        title: call.text("registry-confirm-title"),
        crumbs: vec![Crumb::new(call, "nav-registry", "/registry")],
        name: record.name.clone(),
        number: record.corporate_number.to_string(),
        address: record.address(),
        gone,
        adopt: adopt_path(&record.corporate_number),
        cancel: phrases::address("/registry", &[("q", &record.name), ("closed", "on")]),
    };
    call.page_with(actix_web::http::StatusCode::CONFLICT, "registry/confirm.html", &page)
}
