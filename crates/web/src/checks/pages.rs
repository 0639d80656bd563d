//! `GET` and `POST /jobs/{id}/checks`: what is looked at in a job's units, and how it was before.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::checks::{self, ChecksInput, ChecksKey, JobChecks};
use fulfillment::jobs::{self, Job, JobState};
use fulfillment::orders::{self, Order, OrderState};
use fulfillment::quality;
use kernel::{Code, JobId, Language, Page, Paging, PersonId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::orders::parts::{self, When};
use crate::overtaken::Difference;
use crate::paths;
use crate::phrases::{address, again};
use crate::shell::Crumb;
use crate::work_rules::version_name;

/// How many versions a page shows.
const ROWS: u16 = 20;

struct Facts {
    job: Job,
    order: Order,
    newest: Option<JobChecks>,
    versions: Page<JobChecks, ChecksKey>,
    names: HashMap<PersonId, String>,
    /// How often a unit goes back where the job says nothing of its own.
    town_cap: i16,
}

fn facts(
    tx: &mut Tx<'_>,
    id: JobId,
    paging: &Paging<ChecksKey>,
    language: Language,
) -> Result<Facts, DbError> {
    let job = jobs::find(tx, id)?;
    let versions = checks::of_job(tx, id, paging)?;
    Ok(Facts {
        order: orders::find(tx, job.order_id)?,
        newest: checks::newest(tx, id)?,
        names: parts::people(tx, language, versions.items.iter().map(|version| version.changed_by))?,
        town_cap: quality::find(tx)?.rework_cap,
        versions,
        job,
    })
}

#[derive(Serialize)]
struct ChecksPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    here: String,
    may_change: bool,
    based_on: i32,
    town_cap: String,
    form: FormView,
    differences: Vec<Difference>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    title: String,
    who: String,
    when: When,
    items: Vec<String>,
    cap: String,
}

fn row(call: &Call, facts: &Facts, version: &JobChecks) -> Row {
    Row {
        title: version_name(call, version.number),
        who: facts.names.get(&version.changed_by).cloned().unwrap_or_default(),
        when: When::of(call.language, version.changed_at),
        items: version.items.clone(),
        cap: version.rework_cap.map_or_else(String::new, |cap| cap_words(call, cap)),
    }
}

fn cap_words(call: &Call, cap: i16) -> String {
    parts::say_count(call, "checks-cap", cap.into())
}

fn page(call: &Call, facts: &Facts, typed: Option<&Form>, failure: Option<&Failure>) -> ChecksPage {
    let job = &facts.job;
    let here = format!("{}/checks", paths::job(job.id));
    let items = facts.newest.as_ref().map_or_else(String::new, |checks| checks.items.join("\n"));
    let cap = facts.newest.as_ref().and_then(|checks| checks.rework_cap);
    let stored = Form::default()
        .preset("items", &items)
        .preset("rework_cap", cap.map_or_else(String::new, |cap| cap.to_string()));
    let overtaken = typed.filter(|_| failure.is_some_and(|failure| failure.code == Code::Stale));
    let count = facts.newest.as_ref().map_or(0, |checks| checks.items.len());
    ChecksPage {
        title: call.text("checks-title"),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::named(&facts.order.title, paths::order(facts.order.id)),
            Crumb::named(&job.title, paths::job(job.id)),
        ],
        answer: parts::say_count(call, "checks-answer", i64::try_from(count).unwrap_or(i64::MAX)),
        may_change: job.state != JobState::Closed
            && matches!(facts.order.state, OrderState::Draft | OrderState::Running),
        based_on: facts.newest.as_ref().map_or(0, |checks| checks.number),
        town_cap: cap_words(call, facts.town_cap),
        form: typed.unwrap_or(&stored).view(call, failure),
        differences: overtaken
            .and_then(|form| Difference::of(call, "checks-items", &items, form.get("items")))
            .into_iter()
            .collect(),
        rows: facts.versions.items.iter().map(|version| row(call, facts, version)).collect(),
        next: facts
            .versions
            .next
            .as_ref()
            .map(|key| address(&here, &[("after", &format::page_key(key))]))
            .unwrap_or_default(),
        first: String::new(),
        here,
    }
}

async fn render(
    call: &Call,
    id: JobId,
    typed: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let after = format::read_page_key::<ChecksKey>(query.after.as_str());
    let (language, paging) = (call.language, Paging { after, ..Paging::first(ROWS) });
    let facts = call.db(move |tx| facts(tx, id, &paging, language)).await?;
    let mut page = page(call, &facts, typed, failure);
    if after.is_some() {
        page.first.clone_from(&page.here);
    }
    call.page_with(failure.map_or(StatusCode::OK, again), "checks/show.html", &page)
}

/// `GET /jobs/{id}/checks`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, None, None).await
}

/// `POST /jobs/{id}/checks`
pub(crate) async fn change(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let form = call.form();
    let input: ChecksInput = form.input()?;
    match call.db(move |tx| checks::change(tx, id, &input)).await {
        Ok(_kept) => Ok(call.done(format!("{}/checks", paths::job(id)), "done-checks-changed")),
        Err(failure) if failure.is_about_input() => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
