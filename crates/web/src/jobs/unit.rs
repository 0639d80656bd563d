//! One unit as its coordinator sees it: what it is, who has it, what happened, and taking it back or calling it off.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::claims::{self, TakeBackInput};
use fulfillment::hand_overs;
use fulfillment::jobs::{self, Job};
use fulfillment::orders::{self, Order};
use fulfillment::submissions;
use fulfillment::submissions::Version;
use fulfillment::units::{self, CancelInput, Move, Unit, UnitEvent, UnitState};
use kernel::{Language, PersonId, UnitId, person_in};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::cancel::{CancelPage, Cancelled};
use crate::orders::parts::{self, When};
use crate::paths;
use crate::review::versions::{self, FileLink, VersionRow};
use crate::sampling::unit::{self as lots, Drawn, DrawnView};
use crate::shell::Crumb;

struct Facts {
    unit: Unit,
    job: Job,
    order: Order,
    history: Vec<UnitEvent>,
    versions: Vec<Version>,
    people: HashMap<PersonId, String>,
    files: BTreeMap<kernel::FileId, StoredFile>,
    materials: Vec<StoredFile>,
    drawn: Drawn,
}

fn facts(tx: &mut Tx<'_>, id: UnitId, language: Language) -> Result<Facts, DbError> {
    let unit = units::find(tx, id)?;
    let history = units::history(tx, id)?;
    let versions = submissions::of_unit(tx, id)?;
    let ids = history
        .iter()
        .filter_map(|event| person_in(&event.actor))
        .chain(unit.holder_id)
        .chain(versions::people(&versions));
    let people = parts::people(tx, language, ids)?;
    Ok(Facts {
        job: jobs::find(tx, unit.job_id)?,
        order: orders::find(tx, unit.order_id)?,
        files: versions::files(tx, &versions)?,
        materials: versions::materials(tx, id)?,
        drawn: lots::read(tx, id)?,
        history,
        versions,
        people,
        unit,
    })
}

#[derive(Serialize)]
struct UnitPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: UnitState,
    form: FormView,
    content: String,
    materials: Vec<FileLink>,
    holder: String,
    compensation: String,
    history: Vec<EventRow>,
    versions: Vec<VersionRow>,
    drawn: DrawnView,
    review: Option<String>,
    fix: Option<String>,
    take_back: Option<String>,
    reoffer: Option<String>,
    cancel: Option<String>,
}

#[derive(Serialize)]
struct EventRow {
    what: String,
    who: String,
    when: When,
    note: String,
}

/// `GET /units/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    render(&call, id, None).await
}

async fn render(call: &Call, id: UnitId, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language)).await?;
    call.page_with(
        refused.map_or(StatusCode::OK, Failure::status),
        "jobs/unit.html",
        &page(call, &facts, refused),
    )
}

fn page(call: &Call, facts: &Facts, refused: Option<&Failure>) -> UnitPage {
    let unit = &facts.unit;
    let here = format!("/units/{}", unit.id);
    let allowed =
        |attempted, word: &str| units::next(unit.state, attempted).is_ok().then(|| format!("{here}/{word}"));
    let waits = UnitState::TO_REVIEW.contains(&unit.state);
    let newest = facts.versions.last().filter(|_| waits).map(|version| paths::review(version.submission.id));
    UnitPage {
        title: parts::unit_name(call, &facts.job.title, &unit.label),
        crumbs: crumbs(call, facts),
        state: unit.state,
        form: Form::default().view(call, refused),
        content: unit.content.clone(),
        materials: facts.materials.iter().map(FileLink::of).collect(),
        holder: unit.holder_id.and_then(|holder| facts.people.get(&holder)).cloned().unwrap_or_default(),
        compensation: unit.compensation.map(|owed| format::yen(call.language, owed)).unwrap_or_default(),
        history: facts.history.iter().rev().map(|event| event_row(call, facts, event)).collect(),
        versions: versions::rows(call, &facts.versions, &facts.people, &facts.files),
        drawn: DrawnView::of(call, unit, &facts.drawn),
        review: newest,
        take_back: allowed(Move::HandBack, "take-back"),
        fix: allowed(Move::Mend, "fix"),
        reoffer: allowed(Move::Reoffer, "reoffer").filter(|_| unit.state == UnitState::Rejected),
        cancel: allowed(Move::Cancel, "cancel"),
    }
}

fn crumbs(call: &Call, facts: &Facts) -> Vec<Crumb> {
    vec![
        Crumb::new(call, "nav-orders", "/orders"),
        Crumb::named(&facts.order.title, paths::order(facts.order.id)),
        Crumb::named(&facts.job.title, paths::job(facts.job.id)),
    ]
}

/// Whether its holder let it go: what is taken back, or ends by itself, says so in its reason.
fn was_given_back(event: &UnitEvent) -> bool {
    event.from_state.is_some_and(|from| units::next(from, Move::HandBack) == Ok(event.to_state))
}

fn event_row(call: &Call, facts: &Facts, event: &UnitEvent) -> EventRow {
    EventRow {
        what: match event.reason.as_deref() {
            Some(hand_overs::HANDED_OVER) => call.text("jobs-unit-handed-over"),
            None if was_given_back(event) => call.text("jobs-unit-handed-back"),
            _ => call.text(&parts::text_key("state-unit", event.to_state.as_str())),
        },
        who: person_in(&event.actor)
            .and_then(|person| facts.people.get(&person))
            .cloned()
            .unwrap_or_default(),
        when: When::of(call.language, event.happened_at),
        note: event.note.clone(),
    }
}

async fn moved(
    call: &Call,
    id: UnitId,
    done: &'static str,
    verb: impl FnOnce(&mut Tx<'_>) -> Result<(), Failure> + Send + 'static,
) -> Result<HttpResponse, Failure> {
    match call.db(verb).await {
        Ok(()) => Ok(call.done(format!("/units/{id}"), done)),
        Err(failure) if parts::stays(&failure) => render(call, id, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct TakeBackPage {
    title: String,
    crumbs: Vec<Crumb>,
    /// What will happen, and to whom.
    what: String,
    action: String,
    back: String,
    form: FormView,
}

async fn take_back_form(
    call: &Call,
    id: UnitId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language)).await?;
    let here = format!("/units/{id}");
    let holder = facts.unit.holder_id.and_then(|holder| facts.people.get(&holder)).cloned();
    let mut crumbs = crumbs(call, &facts);
    crumbs.push(Crumb::named(&facts.unit.label, &here));
    let page = TakeBackPage {
        title: call.text("jobs-take-back-title"),
        crumbs,
        what: parts::say(call, "jobs-take-back-what", &[("name", holder.unwrap_or_default())]),
        action: format!("{here}/take-back"),
        back: here,
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "jobs/take_back.html", &page)
}

/// `GET /units/{id}/take-back`: what its holder is told stands beside the button.
pub(crate) async fn take_back_page(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    take_back_form(&call, id, &Form::default(), None).await
}

/// `POST /units/{id}/take-back`
pub(crate) async fn take_back(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    let form = call.form();
    let input: TakeBackInput = form.input()?;
    match call.db(move |tx| claims::take_back(tx, id, input)).await {
        Ok(_taken) => Ok(call.done(format!("/units/{id}"), "done-jobs-taken-back")),
        Err(failure) if failure.is_about_input() => take_back_form(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /units/{id}/reoffer`
pub(crate) async fn reoffer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    moved(&call, id, "done-jobs-reoffered", move |tx| Ok(units::reoffer(tx, id).map(drop)?)).await
}

async fn cancel_form(
    call: &Call,
    id: UnitId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language)).await?;
    let mut crumbs = crumbs(call, &facts);
    let name = parts::unit_name(call, &facts.job.title, &facts.unit.label);
    crumbs.push(Crumb::named(name, format!("/units/{id}")));
    let is_nobodys = UnitState::NOBODYS.contains(&facts.unit.state);
    let cancelled = Cancelled {
        page: format!("/units/{id}"),
        title: "jobs-cancel-title",
        what: if is_nobodys { "jobs-cancel-what-nobodys" } else { "jobs-cancel-what" },
        is_nobodys,
        crumbs,
    };
    CancelPage::answer(call, cancelled, form, failure)
}

/// `GET /units/{id}/cancel`
pub(crate) async fn cancel_page(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    cancel_form(&call, id, &Form::default().preset("compensation_percent", 100), None).await
}

/// `POST /units/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    let form = call.form();
    let input: CancelInput = form.input()?;
    match call.db(move |tx| units::cancel(tx, id, input)).await {
        Ok(_cancelled) => Ok(call.done(format!("/units/{id}"), "done-jobs-cancelled")),
        Err(failure) if failure.is_about_input() => cancel_form(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
