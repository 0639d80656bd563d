//! `/centre/bookings`: one's own bookings, everybody's for coordination, and freeing a place again.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use kernel::Paging;
use serde::Serialize;
use workforce::bookings::{self, Booking, BookingError, BookingId, BookingKey, BookingKind};
use workforce::places::{self, Place};

use super::{Named, icon_of, manages, named};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::phrases::{address, said};
use crate::shell::Crumb;

/// How many bookings a page shows.
const ROWS: u16 = 50;

/// A booking as lists show one.
#[derive(Debug, Serialize)]
pub(crate) struct BookingRow {
    id: String,
    /// When: of a closing over several days the first and the last.
    when: String,
    place: String,
    icon: &'static str,
    what: String,
    /// Where it is cancelled; empty where the reader cannot.
    cancel: String,
}

impl BookingRow {
    pub(crate) fn of(call: &Call, names: &Named, place: Option<&Place>, booking: &Booking) -> Self {
        let is_own = booking.person_id.is_some() && booking.person_id == call.person().ok();
        let may_cancel = booking.kind != BookingKind::Visit && (is_own || manages(call));
        Self {
            id: format!("booking-{}", booking.id),
            when: when(call, booking),
            place: place.map(|place| place.name.clone()).unwrap_or_default(),
            icon: place.map_or("calendar", |place| icon_of(place.kind)),
            what: names.what(call, booking),
            cancel: if may_cancel {
                format!("/centre/bookings/{}/cancel", booking.id)
            } else {
                String::new()
            },
        }
    }
}

fn when(call: &Call, booking: &Booking) -> String {
    if booking.kind != BookingKind::Closed {
        return super::slot_in_words(call.language, booking.slot());
    }
    // It ends with the midnight after its last day.
    let last = kernel::date_in_japan(booking.ends_at - chrono::TimeDelta::seconds(1));
    let [first, last] = [booking.slot().day, last].map(|day| format::short_date(call.language, day));
    if first == last {
        return first;
    }
    said(call, "centre-days", [("first", &first), ("last", &last)])
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    crumbs: Vec<Crumb>,
    manages: bool,
    rows: Vec<BookingRow>,
    next: String,
    first: String,
}

/// `GET /centre/bookings`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let after = format::read_page_key::<BookingKey>(query.after.as_str());
    let is_first = after.is_none();
    let (language, may_know) = (call.language, manages(&call));
    let whose = if may_know { None } else { Some(call.person()?) };
    let (page, places, names) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = bookings::upcoming(tx, whose, &Paging { after, ..Paging::first(ROWS) })?;
            let ids: Vec<_> = page.items.iter().map(|one| one.place_id).collect();
            let shown: Vec<&Booking> = page.items.iter().collect();
            let names = named(tx, language, may_know, &shown)?;
            Ok((page, places::find_many(tx, &ids)?, names))
        })
        .await?;
    let here = |after: &str| address("/centre/bookings", &[("after", after)]);
    let view = ListPage {
        title: call.text(if may_know { "centre-bookings-all" } else { "centre-bookings-own" }),
        crumbs: vec![Crumb::new(&call, "centre-title", "/centre")],
        manages: may_know,
        rows: page
            .items
            .iter()
            .map(|one| BookingRow::of(&call, &names, places.get(&one.place_id), one))
            .collect(),
        next: page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
    };
    call.page("centre/bookings.html", &view)
}

/// Frees a place: one's own booking, or any for coordination. What is somebody else's is not there.
pub(super) fn cancel_as(
    tx: &mut Tx<'_>,
    id: BookingId,
    may_cancel_all: bool,
) -> Result<Booking, BookingError> {
    let booking = bookings::find(tx, id)?;
    if !may_cancel_all && booking.person_id != tx.actor().person() {
        return Err(BookingError::Db(DbError::NotFound));
    }
    bookings::cancel(tx, id)
}

/// `POST /centre/bookings/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: BookingId = call.id("id")?;
    let manages = manages(&call);
    match call.db(move |tx| cancel_as(tx, id, manages)).await {
        Ok(_freed) => Ok(call.done("/centre/bookings", "done-centre-cancelled")),
        Err(failure) if failure.code == kernel::Code::Conflict => {
            Ok(call.noted("/centre/bookings", "done-centre-cancelled-before"))
        }
        Err(failure) => Err(failure),
    }
}
