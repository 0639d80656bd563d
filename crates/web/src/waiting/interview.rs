//! `/workers/{id}/interview`: the interview that is before somebody, or the form that plans one.

use std::rc::Rc;

use accounts::Role;
use accounts::persons::{self, Person};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{PersonId, WorkerId};
use serde::Serialize;
use workforce::interviews::{
    self, Interview, InterviewId, InterviewInput, InterviewState, Outcome, OutcomeInput, Way,
};
use workforce::workers;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice, When, text_key};
use crate::paths;
use crate::phrases::again;
use crate::shell::Crumb;

struct Facts {
    person: Person,
    all: Vec<Interview>,
    /// Who may lead one.
    leads: Vec<Person>,
    /// The address that the mail about the interview before them did not reach.
    unreached: Option<String>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, id: WorkerId) -> Result<Facts, DbError> {
    let worker = workers::find(tx, id)?;
    let mut leads = persons::with_role(tx, Role::Coordinator)?;
    let admins = persons::with_role(tx, Role::Admin)?;
    leads.extend(admins.into_iter().filter(|one| !one.is(Role::Coordinator)));
    let all = interviews::of_worker(tx, id)?;
    let ahead: Vec<&Interview> =
        all.iter().filter(|one| one.state == InterviewState::Planned && one.starts_at > tx.now()).collect();
    Ok(Facts {
        person: persons::find(tx, worker.person_id)?,
        unreached: super::unreached(tx, &ahead)?.into_values().next(),
        all,
        leads,
        now: tx.now(),
    })
}

#[derive(Serialize)]
struct InterviewPage {
    title: String,
    crumbs: Vec<Crumb>,
    form: FormView,
    /// Where the form that plans one goes, or the one that moves it.
    action: String,
    ways: Vec<Choice>,
    leads: Vec<Choice>,
    planned: Option<Planned>,
    past: Vec<Past>,
}

#[derive(Serialize)]
struct Planned {
    version: i32,
    when: When,
    way: String,
    lead: String,
    join: Join,
    has_begun: bool,
    outcomes: Vec<Choice>,
    outcome_action: String,
    call_off_action: String,
    /// The address that the mail about it did not reach; empty where it did, or is on its way.
    unreached: String,
    tell_again_action: String,
}

/// Where an interview is joined.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Join {
    /// As it was typed; empty where nothing is to be joined.
    text: String,
    /// The same as a link, where it is the address of a page; empty else.
    href: String,
}

impl Join {
    pub(crate) fn of(interview: &Interview) -> Self {
        let text = interview.join_at.clone();
        let is_address = text.starts_with("https://") && !text.contains(char::is_whitespace);
        Self { href: if is_address { text.clone() } else { String::new() }, text }
    }
}

#[derive(Serialize)]
struct Past {
    what: String,
    day: String,
    iso: String,
    who: String,
}

/// `GET /workers/{id}/interview`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    render(&call, id, None, None).await
}

async fn render(
    call: &Call,
    id: WorkerId,
    form: Option<&Form>,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let planned = facts.all.iter().find(|one| one.state == InterviewState::Planned);
    let shown = form.cloned().unwrap_or_else(|| preset(call, &facts, planned));
    let page = InterviewPage {
        title: call.text("interview-title"),
        crumbs: vec![
            Crumb::new(call, "nav-workers", "/workers"),
            Crumb::named(facts.person.name_in(call.language), paths::worker(id)),
        ],
        form: shown.view(call, refused),
        action: planned.map_or_else(|| format!("{}/interviews", paths::worker(id)), |one| path(one.id)),
        ways: Choice::words(call, "interview-way", Way::ALL),
        leads: facts.leads.iter().map(|one| Choice::new(one.id, one.name_in(call.language))).collect(),
        planned: planned.map(|one| planned_view(call, &facts, one)),
        past: facts
            .all
            .iter()
            .filter(|one| one.outcome.is_some())
            .map(|one| past(call, &facts, one))
            .collect(),
    };
    call.page_with(refused.map_or(StatusCode::OK, again), "waiting/interview.html", &page)
}

fn path(id: InterviewId) -> String {
    format!("/interviews/{id}")
}

/// What the form shows first: the interview as it is, or whoever looks as the one who leads it.
fn preset(call: &Call, facts: &Facts, planned: Option<&Interview>) -> Form {
    match planned {
        Some(one) => Form::of(&InterviewInput::of(one)),
        None => match call.person() {
            Ok(own) if facts.leads.iter().any(|one| one.id == own) => {
                Form::default().preset("interviewer_id", own).preset("way", Way::Online)
            }
            _ => Form::default().preset("way", Way::Online),
        },
    }
}

fn lead(call: &Call, facts: &Facts, id: PersonId) -> String {
    facts.leads.iter().find(|one| one.id == id).map(|one| one.name_in(call.language)).unwrap_or_default()
}

fn planned_view(call: &Call, facts: &Facts, one: &Interview) -> Planned {
    Planned {
        version: one.version,
        when: When::of(call.language, one.starts_at),
        way: call.text(&text_key("interview-way", one.way.as_str())),
        lead: lead(call, facts, one.interviewer_id),
        join: Join::of(one),
        has_begun: one.starts_at <= facts.now,
        outcomes: Choice::words(call, "interview-outcome", Outcome::ALL),
        outcome_action: format!("{}/outcome", path(one.id)),
        call_off_action: format!("{}/call-off", path(one.id)),
        unreached: facts.unreached.clone().unwrap_or_default(),
        tell_again_action: format!("{}/tell-again", path(one.id)),
    }
}

fn past(call: &Call, facts: &Facts, one: &Interview) -> Past {
    let outcome = one.outcome.map_or("", Outcome::as_str);
    Past {
        what: call.text(&text_key("interview-outcome", outcome)),
        day: parts::day(call.language, one.day()),
        iso: one.day().to_string(),
        who: lead(call, facts, one.interviewer_id),
    }
}

/// What is said once an interview has its day: of what has been nobody is told, and nobody by mail who has no address.
fn said(tx: &mut Tx<'_>, worker: WorkerId) -> Result<&'static str, DbError> {
    let now = tx.now();
    if interviews::planned(tx, worker)?.is_none_or(|one| one.starts_at <= now) {
        return Ok("done-interview-written-down");
    }
    let person = workers::find(tx, worker)?.person_id;
    let has_mail = persons::find(tx, person)?.email.is_some();
    Ok(if has_mail { "done-interview-planned" } else { "done-interview-by-phone" })
}

/// `POST /workers/{id}/interviews`
pub(crate) async fn plan(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let form = call.form();
    let input: InterviewInput = form.input()?;
    let page = move |_planned: Interview| format!("{}/interview", paths::worker(id));
    match call.once(&form, move |tx| interviews::plan(tx, id, &input).map(page)).await {
        Ok(page) => {
            let said = call.db(move |tx| said(tx, id)).await?;
            Ok(call.done(page, said))
        }
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /interviews/{id}`
pub(crate) async fn move_to(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: InterviewId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<InterviewInput>()?, form.version()?);
    let moved = call.db(move |tx| interviews::move_to(tx, id, version, &input)).await;
    let said = match &moved {
        Ok(one) => {
            let worker = one.worker_id;
            call.db(move |tx| said(tx, worker)).await?
        }
        // Nothing is said to be done where it was refused.
        Err(_) => "",
    };
    settle(&call, id, &form, moved, said).await
}

/// `POST /interviews/{id}/outcome`
pub(crate) async fn conclude(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: InterviewId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<OutcomeInput>()?, form.version()?);
    match call.db(move |tx| interviews::conclude(tx, id, version, &input)).await {
        Ok(held) => Ok(call.done(paths::worker(held.worker_id), "done-interview-held")),
        refused => settle(&call, id, &form, refused, "done-interview-held").await,
    }
}

/// `POST /interviews/{id}/call-off`
pub(crate) async fn call_off(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: InterviewId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    let ended = call.db(move |tx| interviews::call_off(tx, id, version)).await;
    settle(&call, id, &form, ended, "done-interview-called-off").await
}

/// `POST /interviews/{id}/tell-again`
pub(crate) async fn tell_again(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: InterviewId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    let told = call.db(move |tx| interviews::tell_again(tx, id, version)).await;
    settle(&call, id, &form, told, "done-interview-told-again").await
}

async fn settle(
    call: &Call,
    id: InterviewId,
    form: &Form,
    outcome: Result<Interview, Failure>,
    done: &'static str,
) -> Result<HttpResponse, Failure> {
    match outcome {
        Ok(one) => Ok(call.done(format!("{}/interview", paths::worker(one.worker_id)), done)),
        Err(failure) if parts::stays(&failure) => {
            let worker = call.db(move |tx| interviews::find(tx, id)).await?.worker_id;
            render(call, worker, Some(form), Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}
