//! `/care-requests`

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Page, Paging, Typed, WorkerId};
use serde::{Deserialize, Serialize};
use workforce::care_requests::{
    self, CareAnswerInput, CareInput, CareKind, CareRequest, CareRequestId, CareState, WaitingKey,
};
use workforce::workers;

use super::{find_for, is_of};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::my_units::not_registered;
use crate::offers::card;
use crate::orders::parts;
use crate::paths;
use crate::phrases::{self, Choice, address, counted, word};
use crate::shell::Crumb;

/// How many requests a page shows.
const ROWS: u16 = 50;

fn path(id: CareRequestId) -> String {
    format!("/care-requests/{id}")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    show: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    answer: String,
    manages: bool,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    href: String,
    title: String,
    text: Vec<String>,
    state: CareState,
    due: Option<Due>,
}

/// What a page of requests is shown with.
struct Listing {
    items: Vec<CareRequest>,
    next: Option<String>,
    names: HashMap<WorkerId, String>,
    waiting: i64,
    now: DateTime<Utc>,
}

fn listing<K: Serialize>(
    tx: &mut Tx<'_>,
    call_language: kernel::Language,
    page: Page<CareRequest, K>,
) -> Result<Listing, DbError> {
    let ids: Vec<WorkerId> = page.items.iter().map(|one| one.worker_id).collect();
    let persons = workers::people_of(tx, &ids)?;
    let named = parts::people(tx, call_language, persons.values().copied())?;
    let name = |(worker, person)| (worker, named.get(&person).cloned().unwrap_or_default());
    Ok(Listing {
        next: page.next.as_ref().map(format::page_key),
        names: persons.into_iter().map(name).collect(),
        waiting: care_requests::waiting_count(tx)?,
        now: tx.now(),
        items: page.items,
    })
}

fn row(call: &Call, listing: &Listing, manages: bool, request: &CareRequest) -> Row {
    let title = word(call, "care-kind", request.kind);
    let name = listing.names.get(&request.worker_id).cloned().unwrap_or_default();
    let is_open = request.state == CareState::Asked;
    let mut text = vec![request.work.clone(), request.wish.lines().next().unwrap_or_default().to_owned()];
    text.retain(|part| !part.is_empty());
    Row {
        id: format!("care-{}", request.id),
        href: path(request.id),
        title: if manages { format!("{name} · {title}") } else { title },
        text,
        state: request.state,
        due: is_open.then(|| format::due(call.language, listing.now, request.answer_by)),
    }
}

/// `GET /care-requests`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let manages = parts::may_write(&call);
    if !manages && let Some(page) = not_registered::page(&call).await? {
        return Ok(page);
    }
    let query: ListQuery = call.query();
    let is_all = !manages || query.show.as_str() == "all";
    let is_first = query.after.as_str().is_empty();
    let (person, language) = (call.person()?, call.language);
    let after = query.after.to_string();
    let listing = call
        .db(move |tx| -> Result<_, DbError> {
            if !is_all {
                let paging =
                    Paging { after: format::read_page_key::<WaitingKey>(&after), ..Paging::first(ROWS) };
                let page = care_requests::waiting(tx, &paging)?;
                return listing(tx, language, page);
            }
            let worker = if manages { None } else { Some(card::worker(tx, person)?.id) };
            let after = format::read_page_key::<CareRequestId>(&after);
            let page = care_requests::list(tx, worker, &Paging { after, ..Paging::first(ROWS) })?;
            listing(tx, language, page)
        })
        .await?;
    let show = if manages && is_all { "all" } else { "" };
    let here = |after: &str| address("/care-requests", &[("show", show), ("after", after)]);
    let tab = |text: &str, show: &str| Tab {
        label: call.text(text),
        href: address("/care-requests", &[("show", show)]),
        current: is_all != show.is_empty(),
    };
    let view = ListPage {
        title: call.text("care-title"),
        answer: if manages {
            counted(&call, "care-waiting-count", "count", listing.waiting)
        } else {
            call.text("care-about")
        },
        manages,
        tabs: if manages { vec![tab("care-waiting", ""), tab("care-all", "all")] } else { Vec::new() },
        rows: listing.items.iter().map(|one| row(&call, &listing, manages, one)).collect(),
        next: listing.next.as_ref().map(|key| here(key)).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
    };
    call.page("care/index.html", &view)
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    kinds: Vec<Choice>,
    form: FormView,
}

fn form_page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let page = FormPage {
        title: call.text("care-new-title"),
        crumbs: vec![Crumb::new(call, "care-title", "/care-requests")],
        kinds: phrases::choices(call, "care-kind", CareKind::ALL),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "care/form.html", &page)
}

/// `GET /care-requests/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(page) = not_registered::page(&call).await? {
        return Ok(page);
    }
    form_page(&call, &Form::default(), None)
}

/// `POST /care-requests`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let form = call.form();
    let input: CareInput = form.input()?;
    let asked = call.once(&form, move |tx| -> Result<_, Failure> {
        let worker = card::worker(tx, person)?;
        Ok(path(care_requests::ask(tx, worker.id, &input)?.id))
    });
    match asked.await {
        Ok(page) => Ok(call.done(page, "done-care-asked")),
        Err(failure) if failure.is_about_input() => form_page(&call, &form, Some(&failure)),
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct ShowPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: CareState,
    is_open: bool,
    due: Due,
    who: String,
    who_href: String,
    kind: String,
    work: String,
    wish: String,
    answer: String,
    history: Vec<Step>,
    here: String,
    version: i32,
    may_answer: bool,
    may_withdraw: bool,
    decisions: Vec<Choice>,
    form: FormView,
}

#[derive(Serialize)]
struct Step {
    what: String,
    when: String,
    iso: String,
    who: String,
}

struct Facts {
    request: CareRequest,
    who: String,
    answered_by: String,
    is_own: bool,
    now: DateTime<Utc>,
}

fn history(call: &Call, facts: &Facts) -> Vec<Step> {
    let request = &facts.request;
    let step = |what: String, at: DateTime<Utc>, who: &str| Step {
        what,
        when: format::full_moment(call.language, at),
        iso: at.to_rfc3339(),
        who: who.to_owned(),
    };
    let asked = step(call.text("care-step-asked"), request.asked_at, &facts.who);
    let answered =
        request.answered_at.map(|at| step(word(call, "state-care", request.state), at, &facts.answered_by));
    let withdrawn =
        request.withdrawn_at.map(|at| step(word(call, "state-care", request.state), at, &facts.who));
    [answered, withdrawn].into_iter().flatten().chain([asked]).collect()
}

async fn show_page(
    call: &Call,
    id: CareRequestId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (manages, reader, language) = (parts::may_write(call), call.person()?, call.language);
    let facts = call
        .db(move |tx| -> Result<_, DbError> {
            let request = find_for(tx, id, reader, manages)?;
            let worker = workers::find(tx, request.worker_id)?;
            let named = parts::people(
                tx,
                language,
                [Some(worker.person_id), request.answered_by].into_iter().flatten(),
            )?;
            let name = |id| named.get(&id).cloned().unwrap_or_default();
            Ok(Facts {
                who: name(worker.person_id),
                answered_by: request.answered_by.map(name).unwrap_or_default(),
                is_own: worker.person_id == reader,
                now: tx.now(),
                request,
            })
        })
        .await?;
    let request = &facts.request;
    let is_open = request.state == CareState::Asked;
    let page = ShowPage {
        title: call.text("care-one-title"),
        crumbs: vec![Crumb::new(call, "care-title", "/care-requests")],
        state: request.state,
        is_open,
        due: format::due_on(language, facts.now, request.answer_by),
        who: facts.who.clone(),
        who_href: if manages { paths::worker(request.worker_id) } else { String::new() },
        kind: word(call, "care-kind", request.kind),
        work: request.work.clone(),
        wish: request.wish.clone(),
        answer: request.answer.clone(),
        history: history(call, &facts),
        here: path(id),
        version: request.version,
        may_answer: is_open && manages && !facts.is_own,
        may_withdraw: is_open && facts.is_own,
        decisions: phrases::choices(
            call,
            "care-decision",
            &[CareState::Agreed, CareState::Partly, CareState::Refused],
        ),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, phrases::again), "care/show.html", &page)
}

/// `GET /care-requests/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    show_page(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /care-requests/{id}/answer`
pub(crate) async fn answer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CareRequestId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<CareAnswerInput>()?, form.version()?);
    match call.db(move |tx| care_requests::answer(tx, id, version, &input)).await {
        Ok(_answered) => Ok(call.done(path(id), "done-care-answered")),
        Err(failure) if failure.is_about_input() => show_page(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// Takes a request of one's own back; anybody else's is not there.
pub(super) fn withdraw_own(tx: &mut Tx<'_>, id: CareRequestId, version: i32) -> Result<CareRequest, Failure> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let request = care_requests::find(tx, id)?;
    if !is_of(tx, &request, person)? {
        return Err(Failure::not_found());
    }
    Ok(care_requests::withdraw(tx, id, version)?)
}

/// `POST /care-requests/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CareRequestId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    match call.db(move |tx| withdraw_own(tx, id, version)).await {
        Ok(_withdrawn) => Ok(call.done(path(id), "done-care-withdrawn")),
        Err(failure) if failure.is_about_input() => show_page(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
