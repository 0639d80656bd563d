//! `GET` and `POST /jobs/{id}/sampling`: how much of a job's work is looked at, what comes of it, and how people stand.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, JobState};
use fulfillment::orders::{self, Order, OrderState};
use fulfillment::sampling::{
    self, JobSampling, Phase, Rule, SamplingInput, Standing, StandingKey, Switch, SwitchKey, SwitchesOf,
};
use kernel::{JobId, Language, Page, Paging, PersonId, Typed};
use serde::{Deserialize, Serialize};

use super::words::{self, SwitchRow, Usual};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::phrases::{address, again};
use crate::shell::Crumb;

/// How many people, and how many changes, a page shows.
const ROWS: u16 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    /// People after this one.
    after: Typed,
    /// Changes before this one.
    before: Typed,
}

struct Facts {
    job: Job,
    order: Order,
    newest: Option<JobSampling>,
    people: Page<Standing, StandingKey>,
    switches: Page<Switch, SwitchKey>,
    names: HashMap<PersonId, String>,
}

fn facts(
    tx: &mut Tx<'_>,
    id: JobId,
    language: Language,
    (after, before): (Option<StandingKey>, Option<SwitchKey>),
) -> Result<Facts, DbError> {
    let job = jobs::find(tx, id)?;
    let kind = sampling::kind_of(tx, id)?;
    let people = sampling::of_kind(tx, &kind, &Paging { after, ..Paging::first(ROWS) })?;
    let of = SwitchesOf::Kind(kind);
    let switches = sampling::switches(tx, of, &Paging { after: before, ..Paging::first(ROWS) })?;
    let seen = people.items.iter().map(|one| one.stream.person_id);
    let changed = switches.items.iter().map(|one| one.person_id);
    Ok(Facts {
        order: orders::find(tx, job.order_id)?,
        newest: sampling::newest(tx, id)?,
        names: parts::people(tx, language, seen.chain(changed))?,
        people,
        switches,
        job,
    })
}

#[derive(Serialize)]
struct SamplingPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    here: String,
    may_change: bool,
    based_on: i32,
    form: FormView,
    rules: Vec<Choice>,
    consequences: Vec<String>,
    usual: Vec<Usual>,
    people: Vec<PersonRow>,
    next: String,
    switches: Vec<SwitchRow>,
    older: String,
    first: String,
}

#[derive(Serialize)]
struct PersonRow {
    name: String,
    href: String,
    phase: Phase,
    word: String,
    run: String,
    known: String,
}

fn person_row(call: &Call, facts: &Facts, one: &Standing) -> PersonRow {
    PersonRow {
        name: facts.names.get(&one.stream.person_id).cloned().unwrap_or_default(),
        href: paths::sampling(one.stream.id),
        phase: one.stream.phase,
        word: words::phase(call, one.stream.phase),
        run: format::count(one.stream.run.into()),
        known: words::known(call, &one.reliability),
    }
}

fn page(call: &Call, facts: &Facts, typed: Option<&Form>, failure: Option<&Failure>) -> SamplingPage {
    let job = &facts.job;
    let here = format!("{}/sampling", paths::job(job.id));
    let nothing = SamplingInput { rule: Rule::All.as_str().into(), ..SamplingInput::default() };
    let stored = Form::of(&facts.newest.as_ref().map_or(nothing, SamplingInput::of));
    let plan = facts.newest.as_ref().and_then(JobSampling::plan);
    let at =
        |name: &str, key: Option<String>| key.map_or_else(String::new, |key| address(&here, &[(name, &key)]));
    SamplingPage {
        title: call.text("sampling-title"),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::named(&facts.order.title, paths::order(facts.order.id)),
            Crumb::named(&job.title, paths::job(job.id)),
        ],
        answer: words::answer(call, plan),
        may_change: job.state != JobState::Closed
            && matches!(facts.order.state, OrderState::Draft | OrderState::Running),
        based_on: facts.newest.as_ref().map_or(0, |sampling| sampling.number),
        form: typed.unwrap_or(&stored).view(call, failure),
        rules: Choice::words(call, "sampling-rule", Rule::ALL),
        consequences: words::consequences(call, plan),
        usual: words::usual(call),
        people: facts.people.items.iter().map(|one| person_row(call, facts, one)).collect(),
        next: at("after", facts.people.next.as_ref().map(format::page_key)),
        switches: words::switches(call, &facts.switches.items, &facts.names),
        older: at("before", facts.switches.next.as_ref().map(format::page_key)),
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
    let query: Query = call.query();
    let keys = (
        format::read_page_key::<StandingKey>(query.after.as_str()),
        format::read_page_key::<SwitchKey>(query.before.as_str()),
    );
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language, keys)).await?;
    let mut page = page(call, &facts, typed, failure);
    if keys.0.is_some() || keys.1.is_some() {
        page.first.clone_from(&page.here);
    }
    call.page_with(failure.map_or(StatusCode::OK, again), "sampling/job.html", &page)
}

/// `GET /jobs/{id}/sampling`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, None, None).await
}

/// `POST /jobs/{id}/sampling`
pub(crate) async fn change(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let form = call.form();
    let input: SamplingInput = form.input()?;
    match call.db(move |tx| sampling::change(tx, id, &input)).await {
        Ok(_kept) => Ok(call.done(format!("{}/sampling", paths::job(id)), "done-sampling-changed")),
        Err(failure) if failure.is_about_input() => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
