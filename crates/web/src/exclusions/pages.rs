//! `/workers/{id}/exclusions`: what somebody is not asked to do, why, and until when. Coordination alone reads it.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use accounts::persons::{self, Person};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use clients::companies;
use db::{DbError, Tx};
use fulfillment::exclusions::{self, Exclusion, ExclusionId, ExclusionInput, Extent, Kept, Reason};
use fulfillment::jobs;
use kernel::{CompanyId, JobId, Language, PersonId, WorkerId, date_in_japan};
use serde::Serialize;
use workforce::workers;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::shell::Crumb;

fn path(worker: WorkerId) -> String {
    format!("{}/exclusions", paths::worker(worker))
}

struct Facts {
    person: Person,
    all: Vec<Exclusion>,
    choices: Vec<Kept>,
    titles: HashMap<JobId, String>,
    companies: HashMap<CompanyId, String>,
    people: HashMap<PersonId, String>,
    today: NaiveDate,
}

fn facts(tx: &mut Tx<'_>, language: Language, id: WorkerId) -> Result<Facts, DbError> {
    let worker = workers::find(tx, id)?;
    let all = exclusions::of_worker(tx, id)?;
    let choices = exclusions::under_way(tx)?;
    let mut titles = HashMap::new();
    for job in all.iter().filter_map(|one| one.job_id) {
        titles.insert(job, jobs::find(tx, job)?.title);
    }
    let chosen_from = choices.iter().map(|one| one.company);
    let clients: BTreeSet<CompanyId> =
        all.iter().filter_map(|one| one.company_id).chain(chosen_from).collect();
    let said_by = all.iter().flat_map(|one| [Some(one.excluded_by), one.lifted_by]).flatten();
    Ok(Facts {
        person: persons::find(tx, worker.person_id)?,
        companies: companies::names(tx, &clients.into_iter().collect::<Vec<_>>())?,
        people: parts::people(tx, language, said_by)?,
        today: date_in_japan(tx.now()),
        all,
        choices,
        titles,
    })
}

#[derive(Serialize)]
struct ExclusionsPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    form: FormView,
    action: String,
    jobs: Vec<Choice>,
    extents: Vec<Choice>,
    reasons: Vec<Choice>,
    now: Vec<Row>,
    before: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    what: String,
    reason: String,
    until: String,
    who: String,
    /// Where it is taken back; empty where it counts no more.
    lift: String,
}

fn row(call: &Call, facts: &Facts, one: &Exclusion) -> Row {
    let name = |person: PersonId| facts.people.get(&person).cloned().unwrap_or_default();
    let client = one.company_id.map(|company| facts.companies.get(&company).cloned().unwrap_or_default());
    let what = match (client, one.job_id.and_then(|job| facts.titles.get(&job))) {
        (Some(client), _) => parts::say(call, "exclusions-what-client", &[("client", client)]),
        (None, title) => title.cloned().unwrap_or_default(),
    };
    let said = |key, person, at| {
        parts::say(
            call,
            key,
            &[("name", name(person)), ("day", parts::day(call.language, date_in_japan(at)))],
        )
    };
    let by = said("exclusions-said-by", one.excluded_by, one.excluded_at);
    let lifted = one.lifted_by.zip(one.lifted_at);
    Row {
        what,
        reason: call.text(&parts::text_key("exclusions-reason", one.reason.as_str())),
        until: one.until.map_or_else(
            || call.text("exclusions-until-lifted"),
            |day| parts::say(call, "exclusions-until-day", &[("day", parts::day(call.language, day))]),
        ),
        who: match lifted {
            Some((person, at)) => format!("{by} · {}", said("exclusions-lifted-by", person, at)),
            None => by,
        },
        lift: if one.counts_on(facts.today) { format!("/exclusions/{}/lift", one.id) } else { String::new() },
    }
}

fn choice(facts: &Facts, one: &Kept) -> Choice {
    let client = facts.companies.get(&one.company).map(String::as_str).unwrap_or_default();
    Choice::new(one.job, format!("{} – {client}", one.title))
}

/// `GET /workers/{id}/exclusions`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, None, None).await
}

async fn render(
    call: &Call,
    id: WorkerId,
    form: Option<&Form>,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, language, id)).await?;
    let (now, before): (Vec<&Exclusion>, Vec<&Exclusion>) =
        facts.all.iter().partition(|one| one.counts_on(facts.today));
    let name = facts.person.name_in(language);
    let fresh = Form::default().preset("extent", Extent::Job);
    let page = ExclusionsPage {
        title: call.text("exclusions-title"),
        crumbs: vec![Crumb::new(call, "nav-workers", "/workers"), Crumb::named(&name, paths::worker(id))],
        answer: parts::say_count(call, "exclusions-answer", i64::try_from(now.len()).unwrap_or(i64::MAX)),
        form: form.unwrap_or(&fresh).view(call, refused),
        action: path(id),
        jobs: facts.choices.iter().map(|one| choice(&facts, one)).collect(),
        extents: Choice::words(call, "exclusions-extent", Extent::ALL),
        reasons: Choice::words(call, "exclusions-reason", Reason::ALL),
        now: now.into_iter().map(|one| row(call, &facts, one)).collect(),
        before: before.into_iter().map(|one| row(call, &facts, one)).collect(),
    };
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "exclusions/index.html", &page)
}

/// `POST /workers/{id}/exclusions`
pub(crate) async fn exclude(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let form = call.form();
    let input: ExclusionInput = form.input()?;
    match call.db(move |tx| exclusions::exclude(tx, id, &input)).await {
        Ok(_made) => Ok(call.done(path(id), "done-exclusion-made")),
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /exclusions/{id}/lift`
pub(crate) async fn lift(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ExclusionId = call.id("id")?;
    let lifted = call.db(move |tx| exclusions::lift(tx, id)).await?;
    Ok(call.done(path(lifted.worker_id), "done-exclusion-lifted"))
}
