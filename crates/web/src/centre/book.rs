//! Booking a place: the form, and what else is free for whoever comes too late.

use std::rc::Rc;

use accounts::{Person, Role, persons};
use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, PersonId, Typed, date_in_japan};
use serde::{Deserialize, Serialize};
use workforce::bookings::{self, BookInput, Suggestion};
use workforce::places::{self, Place, PlaceId};
use workforce::slots::Slot;

use super::{manages, place_path, quarters, slot_in_words};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice, again};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    place: String,
    access_note: String,
    froms: Vec<Choice>,
    tos: Vec<Choice>,
    /// Whom coordination may book for; empty for everybody else.
    people: Vec<Choice>,
    /// Somebody was faster, and this is free.
    is_taken: bool,
    instead: Vec<InsteadView>,
    week: String,
    form: FormView,
}

#[derive(Serialize)]
struct InsteadView {
    when: String,
    place: String,
    place_id: PlaceId,
    day: String,
    from: String,
    to: String,
}

struct Around {
    place: Place,
    people: Vec<Person>,
    instead: Vec<Suggestion>,
}

fn around(tx: &mut Tx<'_>, place: PlaceId, manages: bool, taken: Option<Slot>) -> Result<Around, DbError> {
    Ok(Around {
        place: places::find(tx, place)?,
        people: if manages { persons::with_role(tx, Role::Worker)? } else { Vec::new() },
        instead: match taken {
            Some(wanted) => bookings::instead(tx, place, wanted)?,
            None => Vec::new(),
        },
    })
}

/// The slot a form asked for, where it can be read.
fn asked(form: &Form) -> Option<Slot> {
    let time = |name: &str| chrono::NaiveTime::parse_from_str(form.get(name), "%H:%M").ok();
    let day: NaiveDate = form.get("day").parse().ok()?;
    Some(Slot { day, from: time("from")?, to: time("to")? })
}

async fn page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let place: PlaceId = form.get("place_id").parse().map_err(|_no_number| Failure::not_found())?;
    let is_taken = failure.is_some_and(|failure| failure.code == Code::SlotTaken);
    let (manages, taken) = (manages(call), if is_taken { asked(form) } else { None });
    let around = call.db(move |tx| around(tx, place, manages, taken)).await?;
    let instead = |one: &Suggestion| InsteadView {
        when: slot_in_words(call.language, one.slot),
        place: one.name.clone(),
        place_id: one.place_id,
        day: one.slot.day.to_string(),
        from: one.slot.from.format("%H:%M").to_string(),
        to: one.slot.to.format("%H:%M").to_string(),
    };
    let all = quarters(around.place.opens_at, around.place.closes_at);
    let without_last = all.split_last().map(|(_, others)| others.to_vec()).unwrap_or_default();
    let without_first = all.split_first().map(|(_, others)| others.to_vec()).unwrap_or_default();
    let page = FormPage {
        title: phrases::said(call, "centre-book-title", [("place", &around.place.name)]),
        crumbs: vec![Crumb::new(call, "centre-title", "/centre")],
        place: around.place.name.clone(),
        access_note: around.place.access_note.clone(),
        froms: without_last,
        tos: without_first,
        people: phrases::people(call.language, &around.people),
        is_taken,
        instead: around.instead.iter().map(instead).collect(),
        week: place_path(&around.place),
        // That somebody was faster is said above the times that are free, not in the summary.
        form: form.view(call, failure.filter(|_| !is_taken)),
    };
    call.page_with(failure.map_or(actix_web::http::StatusCode::OK, again), "centre/book.html", &page)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    place: Typed,
    day: Typed,
    from: Typed,
    to: Typed,
}

/// `GET /centre/bookings/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: NewQuery = call.query();
    if query.place.as_str().is_empty() {
        // Which place is chosen on the day's page.
        return Ok(call.see_other("/centre"));
    }
    let today = call.db(|tx| -> Result<_, DbError> { Ok(date_in_japan(tx.now())) }).await?;
    let day = if query.day.as_str().is_empty() { today.to_string() } else { query.day.to_string() };
    let form = Form::default()
        .preset("place_id", query.place.as_str())
        .preset("day", day)
        .preset("from", query.from.as_str())
        .preset("to", query.to.as_str());
    page(&call, &form, None).await
}

/// Whether the caller may book for whom the input names.
pub(super) fn is_allowed(call: &Call, input: &BookInput) -> Result<(), Failure> {
    let named = input.person_id.as_str().trim();
    let own: PersonId = call.person()?;
    if named.is_empty() || named == own.to_string() || manages(call) {
        return Ok(());
    }
    Err(Failure::of(Code::Forbidden))
}

/// `POST /centre/bookings`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: BookInput = form.input()?;
    is_allowed(&call, &input)?;
    let booked = call.once(&form, move |tx| {
        bookings::book(tx, &input).map(|booking| format!("/centre?day={}", booking.slot().day))
    });
    match booked.await {
        Ok(day) => Ok(call.done(day, "done-centre-booked")),
        Err(failure) if failure.is_about_input() => page(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
