//! `/findings/{id}`: one finding with what shows it, who sees to it and what was decided, and the steps it can take.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, PersonId};
use sales::findings::{self, DecisionInput, Finding, FindingId, FindingInput, FindingKind, FindingStatus};
use sales::{FindingError, team};
use serde::Serialize;

use super::findings::{FindingRow, HERE};
use super::names;
use crate::advice::may_advise;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FindingPage {
    title: String,
    crumbs: Vec<Crumb>,
    row: FindingRow,
    evidence: String,
    decision: String,
    decided: String,
    /// The session it was found in; empty where it was in none.
    session: String,
    may_advise: bool,
    may_settle: bool,
    here: String,
    version: i32,
    kinds: Vec<Choice>,
    people: Vec<Choice>,
    form: FormView,
}

struct Facts {
    finding: Finding,
    named: BTreeMap<PersonId, Person>,
    people: Vec<Person>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, id: FindingId) -> Result<Facts, DbError> {
    let finding = findings::find(tx, id)?;
    let mut named = FindingRow::named(&finding);
    named.extend(finding.decided.as_ref().map(|decided| decided.decided_by));
    Ok(Facts { named: persons::find_many(tx, &named)?, people: team::people(tx)?, now: tx.now(), finding })
}

fn as_it_is(finding: &Finding) -> Form {
    let standing = FindingInput::from(finding);
    let decision = finding.decided.as_ref().map(|decided| decided.decision.as_str()).unwrap_or_default();
    Form::default()
        .preset("title", standing.title.as_str())
        .preset("kind", standing.kind.as_str())
        .preset("evidence", standing.evidence.as_str())
        .preset("owner_id", standing.owner_id.as_str())
        .preset("due_on", standing.due_on.as_str())
        .preset("decision", decision)
}

async fn page(
    call: &Call,
    id: FindingId,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let finding = &facts.finding;
    let is_settled = finding.state.status() == FindingStatus::Settled;
    let decided = finding.decided.as_ref().map(|decided| {
        let at = format::full_moment(call.language, decided.decided_at);
        [names(call, &facts.named, &[decided.decided_by]), at].join(" · ")
    });
    let fresh = as_it_is(finding);
    let page = FindingPage {
        title: finding.title.clone(),
        crumbs: vec![Crumb::new(call, "findings-all", HERE)],
        row: FindingRow::of(call, facts.now, &facts.named, finding),
        evidence: finding.evidence.clone(),
        decision: finding.decided.as_ref().map(|decided| decided.decision.clone()).unwrap_or_default(),
        decided: decided.unwrap_or_default(),
        session: finding.session_id.map(crate::advice::path).unwrap_or_default(),
        may_advise: may_advise(call),
        may_settle: may_advise(call) && !is_settled,
        here: format!("{HERE}/{id}"),
        version: finding.version,
        kinds: phrases::choices(call, "finding-kind", FindingKind::ALL),
        people: phrases::people(call.language, &facts.people),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "meetings/finding.html", &page)
}

/// `GET /findings/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, call.id("id")?, None).await
}

/// A step of a finding; somebody who was faster is said, and nothing typed over.
async fn step(
    call: &Call,
    key: &'static str,
    verb: impl FnOnce(&mut Tx<'_>, FindingId, i32) -> Result<Finding, FindingError> + Send + 'static,
) -> Result<HttpResponse, Failure> {
    let id: FindingId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    let here = format!("{HERE}/{id}");
    match call.db(move |tx| verb(tx, id, version)).await {
        Ok(_stands) => Ok(call.done(here, key)),
        Err(failure) if failure.code == Code::Stale => Ok(call.noted(here, "done-finding-changed")),
        Err(failure) if failure.is_about_input() => page(call, id, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /findings/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let field = |name: &str| form.get(name).into();
    let input = FindingInput {
        title: field("title"),
        kind: field("kind"),
        evidence: field("evidence"),
        owner_id: field("owner_id"),
        due_on: field("due_on"),
        ..FindingInput::default()
    };
    step(&call, "done-saved", move |tx, id, version| findings::correct(tx, id, version, &input)).await
}

/// `POST /findings/{id}/decide`
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let input = DecisionInput { decision: call.form().get("decision").into() };
    step(&call, "done-finding-decided", move |tx, id, version| findings::decide(tx, id, version, &input))
        .await
}

/// `POST /findings/{id}/reopen`
pub(crate) async fn reopen(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    step(&call, "done-finding-reopened", findings::reopen).await
}
