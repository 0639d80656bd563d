//! `/advice`: every session with what is due after it, and the form that plans or corrects one.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, Page, Paging, PersonId, Typed, date_in_japan};
use sales::advice::{
    self, MOST_MINUTES, MOST_VISITS, Session, SessionId, SessionInput, SessionKey, SessionState, Used, Way,
};
use sales::{targets, team};
use serde::{Deserialize, Serialize};

use super::{HERE, may_advise, path};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice, said, word};
use crate::shell::Crumb;

/// How many sessions a page shows.
const ROWS: u16 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AdviceQuery {
    after: Typed,
}

#[derive(Serialize)]
struct AdvicePage {
    title: String,
    answer: String,
    /// How much of the fiscal year's advice is used.
    used: String,
    is_over: bool,
    rows: Vec<Row>,
    next: String,
    first: String,
    may_advise: bool,
}

#[derive(Serialize)]
struct Row {
    title: String,
    href: String,
    state: SessionState,
    about: Vec<String>,
    /// What is due next; none where nothing is.
    due: Option<Clock>,
}

/// Something that is to be done by a day.
#[derive(Serialize)]
pub(super) struct Clock {
    pub(super) what: String,
    pub(super) due: Due,
}

struct Facts {
    page: Page<Session, SessionKey>,
    waiting: Vec<Session>,
    used: Used,
    people: BTreeMap<PersonId, Person>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, after: Option<SessionKey>) -> Result<Facts, DbError> {
    let page = advice::list(tx, &Paging { after, ..Paging::first(ROWS) })?;
    let named: Vec<PersonId> = page.items.iter().map(|session| session.owner_id).collect();
    let (year, _) = targets::this_year(tx)?;
    Ok(Facts {
        people: persons::find_many(tx, &named)?,
        waiting: advice::waiting(tx)?,
        used: advice::used(tx, year)?,
        page,
        now: tx.now(),
    })
}

/// What is due next of a session.
pub(super) fn clock(call: &Call, now: DateTime<Utc>, session: &Session) -> Option<Clock> {
    let (key, day) = match session.state {
        SessionState::Held => ("advice-due-report", session.report_due_on?),
        SessionState::Reported => ("advice-due-questionnaire", session.questionnaire_until?),
        SessionState::Planned => ("advice-due-unmarked", session.unmarked_until(date_in_japan(now))?),
        SessionState::Answered | SessionState::Cancelled => return None,
    };
    Some(Clock { what: call.text(key), due: format::due_on(call.language, now, day) })
}

/// How a session is held, and how long.
pub(super) fn way(call: &Call, session: &Session) -> String {
    let way = word(call, "advice-way", session.way);
    match session.minutes {
        Some(minutes) => format!("{way} {}", format::duration(call.language, minutes.into())),
        None => way,
    }
}

fn row(call: &Call, facts: &Facts, session: &Session) -> Row {
    let owner = facts.people.get(&session.owner_id).map(|person| person.name_in(call.language));
    Row {
        title: format::full_date(call.language, session.held_on),
        href: path(session.id),
        state: session.state,
        about: vec![session.adviser.clone(), way(call, session), owner.unwrap_or_default()],
        due: clock(call, facts.now, session),
    }
}

fn used(call: &Call, used: &Used) -> String {
    let words = [
        ("visits", format::count(used.visits)),
        ("most", format::count(MOST_VISITS)),
        ("online", format::duration(call.language, used.minutes)),
        ("hours", format::duration(call.language, MOST_MINUTES)),
    ];
    said(call, "advice-used", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// How many reports are due, and of how many sessions nobody knows whether they were held; the sentence somebody comes for.
fn answer(call: &Call, facts: &Facts) -> String {
    let sentence = |key: &str, state: SessionState| {
        let count = facts.waiting.iter().filter(|session| session.state == state).count();
        phrases::counted(call, key, "count", i64::try_from(count).unwrap_or_default())
    };
    let reports = sentence("advice-waiting", SessionState::Held);
    if facts.waiting.iter().all(|session| session.state != SessionState::Planned) {
        return reports;
    }
    let unmarked = sentence("advice-unmarked", SessionState::Planned);
    said(call, "advice-waiting-both", [("reports", reports.as_str()), ("unmarked", unmarked.as_str())])
}

/// `GET /advice`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: AdviceQuery = call.query();
    let after = format::read_page_key::<SessionKey>(query.after.as_str());
    let is_first = after.is_none();
    let facts = call.db(move |tx| facts(tx, after)).await?;
    let here = |after: &str| phrases::address(HERE, &[("after", after)]);
    let page = AdvicePage {
        title: call.text("advice-title"),
        answer: answer(&call, &facts),
        used: used(&call, &facts.used),
        is_over: facts.used.is_over(),
        rows: facts.page.items.iter().map(|session| row(&call, &facts, session)).collect(),
        next: facts.page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { HERE.to_owned() },
        may_advise: may_advise(&call),
    };
    call.page("advice/index.html", &page)
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    /// The version a correction is based on; empty for a new one.
    version: String,
    ways: Vec<Choice>,
    people: Vec<Choice>,
    form: FormView,
}

fn as_it_is(session: &Session) -> Form {
    let standing = SessionInput::from(session);
    Form::default()
        .preset("held_on", standing.held_on.as_str())
        .preset("way", standing.way.as_str())
        .preset("minutes", standing.minutes.as_str())
        .preset("adviser", standing.adviser.as_str())
        .preset("asked", standing.asked.as_str())
        .preset("owner_id", standing.owner_id.as_str())
}

async fn form(
    call: &Call,
    id: Option<SessionId>,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let (session, people) = call
        .db(move |tx| -> Result<_, DbError> {
            let session = match id {
                Some(id) => Some(advice::find(tx, id)?),
                None => None,
            };
            Ok((session, team::people(tx)?))
        })
        .await?;
    if session.as_ref().is_some_and(|session| session.state != SessionState::Planned) {
        return Err(Failure::of(Code::Conflict));
    }
    let fresh = match &session {
        Some(session) => as_it_is(session),
        None => Form::default().preset("owner_id", call.person()?).preset("way", Way::OnSite),
    };
    let version = match (returned, &session) {
        (Some((form, failure)), Some(_)) if failure.code != Code::Stale => form.get("version").to_owned(),
        (_, Some(session)) => session.version.to_string(),
        _ => String::new(),
    };
    let page = FormPage {
        title: call.text(if id.is_some() { "advice-edit" } else { "advice-new" }),
        crumbs: vec![Crumb::new(call, "advice-title", HERE)],
        action: id.map_or_else(|| HERE.to_owned(), path),
        version,
        ways: phrases::choices(call, "advice-way", Way::ALL),
        people: phrases::people(call.language, &people),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "advice/form.html", &page)
}

/// `GET /advice/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    form(&call, None, None).await
}

/// `POST /advice`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let typed = call.form();
    let input: SessionInput = typed.input()?;
    match call.once(&typed, move |tx| advice::plan(tx, &input).map(|session| path(session.id))).await {
        Ok(location) => Ok(call.done(location, "done-advice-planned")),
        Err(failure) if failure.is_about_input() => form(&call, None, Some((&typed, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// `GET /advice/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    form(&call, Some(call.id("id")?), None).await
}

/// `POST /advice/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SessionId = call.id("id")?;
    let typed = call.form();
    let (input, version) = (typed.input::<SessionInput>()?, typed.version()?);
    match call.db(move |tx| advice::change(tx, id, version, &input)).await {
        Ok(_changed) => Ok(call.done(path(id), "done-saved")),
        Err(failure) if failure.is_about_input() => form(&call, Some(id), Some((&typed, &failure))).await,
        Err(failure) => Err(failure),
    }
}
