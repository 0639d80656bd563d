//! `/advice/{id}`: one session, what was found in it, and the steps it can take.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, PersonId, date_in_japan};
use sales::AdviceError;
use sales::advice::{self, HeldInput, ReportInput, Session, SessionId, SessionState};
use sales::findings::{self, Finding, FindingKind};
use sales::team;
use serde::Serialize;

use super::pages::{Clock, clock, way};
use super::{HERE, may_advise, path};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::meetings::findings::FindingRow;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct SessionPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: SessionState,
    adviser: String,
    way: String,
    owner: String,
    due: Option<Clock>,
    asked: String,
    advised: String,
    report: String,
    reported_on: String,
    answered_on: String,
    /// It is still planned, for a day that is over.
    day_has_passed: bool,
    /// The questionnaire can be answered now.
    may_answer: bool,
    /// From when it can be; empty where it can be now, or was.
    questionnaire_to_come: String,
    may_advise: bool,
    here: String,
    version: i32,
    findings: Vec<FindingRow>,
    kinds: Vec<Choice>,
    people: Vec<Choice>,
    session_id: String,
    form: FormView,
}

struct Facts {
    session: Session,
    findings: Vec<Finding>,
    named: BTreeMap<PersonId, Person>,
    people: Vec<Person>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, id: SessionId) -> Result<Facts, DbError> {
    let session = advice::find(tx, id)?;
    let findings = findings::of_session(tx, id)?;
    let mut named: Vec<PersonId> = findings.iter().flat_map(FindingRow::named).collect();
    named.push(session.owner_id);
    Ok(Facts {
        named: persons::find_many(tx, &named)?,
        people: team::people(tx)?,
        now: tx.now(),
        session,
        findings,
    })
}

async fn page(
    call: &Call,
    id: SessionId,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let session = &facts.session;
    let day = |day| format::full_date(call.language, day);
    let today = date_in_japan(facts.now);
    let to_come = session.questionnaire_to_come(today);
    let fresh = Form::default()
        .preset("held_on", session.held_on)
        .preset("advised", session.advised.as_str())
        .preset("reported_on", today);
    let owner = facts.named.get(&session.owner_id).map(|person| person.name_in(call.language));
    let finding = |one: &Finding| FindingRow::of(call, facts.now, &facts.named, one);
    let page = SessionPage {
        title: phrases::said(call, "advice-of-day", [("day", &day(session.held_on))]),
        crumbs: vec![Crumb::new(call, "advice-title", HERE)],
        state: session.state,
        adviser: session.adviser.clone(),
        way: way(call, session),
        owner: owner.unwrap_or_default(),
        due: clock(call, facts.now, session),
        asked: session.asked.clone(),
        advised: session.advised.clone(),
        report: session.report.clone(),
        reported_on: session.reported_on.map(day).unwrap_or_default(),
        answered_on: session.answered_on.map(day).unwrap_or_default(),
        day_has_passed: session.unmarked_until(today).is_some(),
        may_answer: may_advise(call) && session.state == SessionState::Reported && to_come.is_none(),
        questionnaire_to_come: to_come.map(day).unwrap_or_default(),
        may_advise: may_advise(call),
        here: path(id),
        version: session.version,
        findings: facts.findings.iter().map(finding).collect(),
        kinds: phrases::choices(call, "finding-kind", FindingKind::ALL),
        people: phrases::people(call.language, &facts.people),
        session_id: id.to_string(),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "advice/show.html", &page)
}

/// `GET /advice/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, call.id("id")?, None).await
}

/// `GET /advice/{id}/hold`, `/report` and `/findings`, where somebody is after a form was refused and the page is asked for
/// anew: the session, whose page has the form.
pub(crate) async fn back(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SessionId = call.id("id")?;
    call.db(move |tx| advice::find(tx, id)).await?;
    Ok(call.see_other(path(id)))
}

/// A step of a session: pressed twice it leads to where the first press led.
async fn step(
    call: &Call,
    key: &'static str,
    verb: impl FnOnce(&mut Tx<'_>, SessionId, i32) -> Result<Session, AdviceError> + Send + 'static,
) -> Result<HttpResponse, Failure> {
    let id: SessionId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    match call.db(move |tx| verb(tx, id, version)).await {
        Ok(_stands) => Ok(call.done(path(id), key)),
        Err(failure) if failure.code == Code::Stale => Ok(call.noted(path(id), "done-advice-changed")),
        Err(failure) if failure.is_about_input() => page(call, id, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /advice/{id}/hold`
pub(crate) async fn hold(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = HeldInput { held_on: form.get("held_on").into(), advised: form.get("advised").into() };
    step(&call, "done-advice-held", move |tx, id, version| advice::hold(tx, id, version, &input)).await
}

/// `POST /advice/{id}/report`
pub(crate) async fn report(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input =
        ReportInput { report: form.get("report").into(), reported_on: form.get("reported_on").into() };
    step(&call, "done-advice-reported", move |tx, id, version| advice::report(tx, id, version, &input)).await
}

/// `POST /advice/{id}/answer`
pub(crate) async fn answer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    step(&call, "done-advice-answered", advice::answer).await
}

/// `POST /advice/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    step(&call, "done-advice-cancelled", advice::cancel).await
}

/// `POST /advice/{id}/findings`
pub(crate) async fn raise(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SessionId = call.id("id")?;
    let form = call.form();
    let input = findings::FindingInput { session_id: id.to_string().into(), ..form.input()? };
    match call.once(&form, move |tx| findings::raise(tx, &input).map(|_raised| path(id))).await {
        Ok(location) => Ok(call.done(location, "done-finding-raised")),
        Err(failure) if failure.is_about_input() => page(&call, id, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}
