//! `/visits`: those to come and all of them; one visit, its answer, and calling it off.

use std::rc::Rc;

use accounts::{Person, Role, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{Paging, Typed};
use serde::{Deserialize, Serialize};
use workforce::places::{self, Place};
use workforce::visits::{self, Listed, Visit, VisitAnswerInput, VisitId, VisitKey, VisitState};

use super::forms::path;
use crate::call::Call;
use crate::centre::slot_in_words;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice, address, counted};
use crate::shell::Crumb;

/// How many visits a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VisitsQuery {
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
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    href: String,
    name: String,
    when: String,
    people: String,
    state: VisitState,
}

/// `GET /visits`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: VisitsQuery = call.query();
    let is_all = query.show.as_str() == "all";
    let listed = if is_all { Listed::All } else { Listed::ToCome };
    let after = format::read_page_key::<VisitKey>(query.after.as_str());
    let is_first = after.is_none();
    let page = call.db(move |tx| visits::list(tx, listed, &Paging { after, ..Paging::first(ROWS) })).await?;
    let show = if is_all { "all" } else { "" };
    let here = |after: &str| address("/visits", &[("show", show), ("after", after)]);
    let tab = |text: &str, show: &str| Tab {
        label: call.text(text),
        href: address("/visits", &[("show", show)]),
        current: is_all != show.is_empty(),
    };
    let row = |visit: &Visit| Row {
        id: format!("visit-{}", visit.id),
        href: path(visit.id),
        name: visit.body_name.clone(),
        when: slot_in_words(call.language, visit.slot()),
        people: counted(&call, "visit-people-count", "count", i64::from(visit.people)),
        state: visit.state,
    };
    let view = ListPage {
        title: call.text("visits-title"),
        tabs: vec![tab("visits-to-come", ""), tab("visits-all", "all")],
        rows: page.items.iter().map(row).collect(),
        next: page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
    };
    call.page("visits/index.html", &view)
}

#[derive(Serialize)]
struct VisitPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: VisitState,
    when: String,
    people: String,
    contact: String,
    wish: String,
    guide: String,
    place: String,
    answer: String,
    answered_at: String,
    entered_by: String,
    here: String,
    version: i32,
    is_asked: bool,
    may_cancel: bool,
    decisions: Vec<Choice>,
    guides: Vec<Choice>,
    places: Vec<Choice>,
    form: FormView,
}

struct Facts {
    visit: Visit,
    place: Option<Place>,
    guide: Option<Person>,
    entered_by: Person,
    guides: Vec<Person>,
    places: Vec<Place>,
}

/// Who may guide a group: whoever runs the programme, sells for it, or works in it.
const GUIDES: [Role; 4] = [Role::Coordinator, Role::Officer, Role::Admin, Role::Sales];

fn facts(tx: &mut Tx<'_>, id: VisitId) -> Result<Facts, DbError> {
    let visit = visits::find(tx, id)?;
    let mut guides: Vec<Person> = Vec::new();
    for role in GUIDES {
        for person in persons::with_role(tx, role)? {
            if guides.iter().all(|known| known.id != person.id) {
                guides.push(person);
            }
        }
    }
    Ok(Facts {
        place: visit.place_id.map(|id| places::find(tx, id)).transpose()?,
        guide: visit.guide_id.map(|id| persons::find(tx, id)).transpose()?,
        entered_by: persons::find(tx, visit.person_id)?,
        places: places::list(tx, &Paging::first(Paging::<()>::MOST))?.items,
        guides,
        visit,
    })
}

async fn page(
    call: &Call,
    id: VisitId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let Facts { visit, place, guide, entered_by, guides, places } = call.db(move |tx| facts(tx, id)).await?;
    let page = VisitPage {
        crumbs: vec![Crumb::new(call, "visits-title", "/visits")],
        state: visit.state,
        when: slot_in_words(call.language, visit.slot()),
        people: counted(call, "visit-people-count", "count", i64::from(visit.people)),
        contact: visit.contact.clone(),
        wish: visit.wish.clone(),
        guide: guide.map(|guide| guide.name_in(call.language)).unwrap_or_default(),
        place: place.map(|place| place.name).unwrap_or_default(),
        answer: visit.answer.clone(),
        answered_at: visit.answered_at.map(|at| format::moment(call.language, at)).unwrap_or_default(),
        entered_by: entered_by.name_in(call.language),
        here: path(id),
        version: visit.version,
        is_asked: visit.state == VisitState::Asked,
        may_cancel: matches!(visit.state, VisitState::Asked | VisitState::Accepted),
        decisions: phrases::choices(call, "visit-decision", &[VisitState::Accepted, VisitState::Declined]),
        guides: phrases::people(call.language, &guides),
        places: places.iter().map(|place| Choice::new(place.id, &*place.name)).collect(),
        form: form.view(call, failure),
        title: visit.body_name,
    };
    let status: StatusCode = failure.map_or(StatusCode::OK, phrases::again);
    call.page_with(status, "visits/show.html", &page)
}

/// `GET /visits/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = Form::default().preset("guide_id", call.person()?);
    page(&call, call.id("id")?, &form, None).await
}

/// `POST /visits/{id}/answer`
pub(crate) async fn answer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: VisitId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<VisitAnswerInput>()?, form.version()?);
    match call.db(move |tx| visits::answer(tx, id, version, &input)).await {
        Ok(visit) => Ok(call.done(path(visit.id), "done-visit-answered")),
        Err(failure) if failure.is_about_input() => page(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /visits/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: VisitId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    match call.db(move |tx| visits::cancel(tx, id, version)).await {
        Ok(visit) => Ok(call.done(path(visit.id), "done-visit-cancelled")),
        Err(failure) if failure.is_about_input() => page(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
