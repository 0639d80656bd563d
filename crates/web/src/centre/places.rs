//! The form of a place: entering one, correcting it, giving it up. For coordination.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use kernel::Typed;
use serde::Serialize;
use workforce::places::{self, OpenDay, PlaceId, PlaceInput, PlaceKind};

use super::place_path;
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    is_new: bool,
    version: i32,
    kinds: Vec<Choice>,
    weekdays: Vec<Choice>,
    form: FormView,
}

/// A place as posted: the days come as the values of one group of boxes.
fn input(form: &Form) -> PlaceInput {
    PlaceInput {
        name: form.get("name").into(),
        kind: form.get("kind").into(),
        opens_at: form.get("opens_at").into(),
        closes_at: form.get("closes_at").into(),
        weekdays: form.all("weekdays").into_iter().map(Typed).collect(),
        access_note: form.get("access_note").into(),
    }
}

fn shown(input: &PlaceInput) -> Form {
    let form = Form::default()
        .preset("name", &input.name)
        .preset("kind", &input.kind)
        .preset("opens_at", &input.opens_at)
        .preset("closes_at", &input.closes_at)
        .preset("access_note", &input.access_note);
    input.weekdays.iter().fold(form, |form, day| form.preset("weekdays", day))
}

/// A place's id with the version that was read; `None` for a new one.
type Edited = Option<(PlaceId, i32)>;

fn page(
    call: &Call,
    edited: Edited,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let page = FormPage {
        title: call.text(if edited.is_some() { "place-edit-title" } else { "place-new-title" }),
        crumbs: vec![Crumb::new(call, "centre-title", "/centre")],
        action: edited.map_or("/centre/places".to_owned(), |(id, _)| format!("/centre/places/{id}")),
        is_new: edited.is_none(),
        version: edited.map_or(0, |(_, version)| version),
        kinds: phrases::choices(call, "centre-kind", PlaceKind::ALL),
        weekdays: phrases::choices(call, "weekday", OpenDay::ALL),
        form: form.view(call, failure),
    };
    let status: StatusCode = failure.map_or(StatusCode::OK, phrases::again);
    call.page_with(status, "centre/place_form.html", &page)
}

/// `GET /centre/places/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let usual = PlaceInput {
        kind: PlaceKind::Room.as_str().into(),
        opens_at: "9:00".into(),
        closes_at: "17:00".into(),
        weekdays: OpenDay::ALL.iter().take(5).map(|day| day.as_str().into()).collect(),
        ..PlaceInput::default()
    };
    page(&call, None, &shown(&usual), None)
}

/// `POST /centre/places`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = input(&form);
    match call.once(&form, move |tx| places::open(tx, &input).map(|place| place_path(&place))).await {
        Ok(place) => Ok(call.done(place, "done-saved")),
        Err(failure) if failure.is_about_input() => page(&call, None, &form, Some(&failure)),
        Err(failure) => Err(failure),
    }
}

/// `GET /centre/places/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PlaceId = call.id("id")?;
    let place = call.db(move |tx| places::find(tx, id)).await?;
    page(&call, Some((id, place.version)), &shown(&PlaceInput::from(&place)), None)
}

/// `POST /centre/places/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PlaceId = call.id("id")?;
    let form = call.form();
    let (input, version) = (input(&form), form.version()?);
    match call.db(move |tx| places::change(tx, id, version, &input)).await {
        Ok(place) => Ok(call.done(place_path(&place), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let newest = call.db(move |tx| places::find(tx, id)).await?.version;
            page(&call, Some((id, newest)), &form, Some(&failure))
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /centre/places/{id}/retire`
pub(crate) async fn retire(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PlaceId = call.id("id")?;
    let version = call.form().version()?;
    match call.db(move |tx| places::retire(tx, id, version)).await {
        Ok(place) => Ok(call.done(place_path(&place), "done-place-retired")),
        Err(failure) if failure.code == kernel::Code::BookingsInTheWay => {
            Ok(call.noted(format!("/centre/places/{id}"), "done-place-booked"))
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /centre/places/{id}/reopen`
pub(crate) async fn reopen(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PlaceId = call.id("id")?;
    let version = call.form().version()?;
    let place = call.db(move |tx| places::reopen(tx, id, version)).await?;
    Ok(call.done(place_path(&place), "done-place-reopened"))
}
