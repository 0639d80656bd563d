//! The telework centre: a day of all its places, a week of one, booking, closing, and the places themselves.

pub(crate) mod api;
pub(crate) mod book;
pub(crate) mod bookings;
pub(crate) mod closings;
pub(crate) mod pages;
pub(crate) mod places;

use std::collections::HashMap;

use chrono::{NaiveTime, TimeDelta};
use db::{DbError, Tx};
use kernel::{Language, PersonId};
use serde::Serialize;
use workforce::bookings::{Booking, BookingKind, PlaceDay};
use workforce::places::{Place, PlaceKind};
use workforce::slots::{STEP_MINUTES, Slot};
use workforce::visits::{self, Visit, VisitId};

use crate::call::Call;
use crate::format;
use crate::orders::parts;
use crate::phrases::{self, Choice, address};

/// How long a booking is that begins where somebody tapped, unless the free time is shorter.
const USUAL_HOURS: i64 = 2;

/// Whether the reader coordinates: books for others, closes, enters places, and reads who is where.
pub(crate) fn manages(call: &Call) -> bool {
    parts::may_write(call)
}

/// A slot with its day: `11月27日(金) 9:00〜11:30`.
pub(crate) fn slot_in_words(language: Language, slot: Slot) -> String {
    format::slot(language, slot.day, slot.from, slot.to)
}

/// What lists and cells call a place's kind, and its sign.
pub(crate) const fn icon_of(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Room => "lock",
        PlaceKind::Desk => "person",
        PlaceKind::Equipment => "file",
    }
}

/// Whose bookings these are, in words; only coordination is told.
#[derive(Debug, Default)]
pub(crate) struct Named {
    people: HashMap<PersonId, String>,
    visits: HashMap<VisitId, Visit>,
}

/// Reads who is behind these bookings, for a reader who may know.
pub(crate) fn named(
    tx: &mut Tx<'_>,
    language: Language,
    may_know: bool,
    all: &[&Booking],
) -> Result<Named, DbError> {
    if !may_know {
        return Ok(Named::default());
    }
    let visits: Vec<VisitId> = all.iter().filter_map(|one| one.visit_id).collect();
    Ok(Named {
        people: parts::people(tx, language, all.iter().filter_map(|one| one.person_id))?,
        visits: visits::find_many(tx, &visits)?,
    })
}

impl Named {
    /// What a place is taken for, as this reader may know it.
    pub(crate) fn what(&self, call: &Call, booking: &Booking) -> String {
        let own = call.person().ok();
        match booking.kind {
            BookingKind::Closed => phrases::said(call, "centre-closed-for", [("note", &booking.note)]),
            BookingKind::Person if booking.person_id == own => call.text("centre-own"),
            BookingKind::Person => {
                let name = booking.person_id.and_then(|id| self.people.get(&id));
                name.cloned().unwrap_or_else(|| call.text("centre-taken"))
            }
            BookingKind::Visit => {
                let visit = booking.visit_id.and_then(|id| self.visits.get(&id));
                let named =
                    |visit: &Visit| phrases::said(call, "centre-visit-of", [("name", &visit.body_name)]);
                visit.map_or_else(|| call.text("centre-visit"), named)
            }
        }
    }
}

/// A time that is taken.
#[derive(Debug, Serialize)]
pub(crate) struct TakenView {
    hours: String,
    what: String,
    is_own: bool,
}

/// A time that can be booked.
#[derive(Debug, Serialize)]
pub(crate) struct FreeView {
    hours: String,
    href: String,
    /// The place and the day, for those who hear the link alone.
    about: String,
}

/// What of a place is taken on a day, and what is left of it.
pub(crate) fn times(call: &Call, names: &Named, day: &PlaceDay) -> (Vec<TakenView>, Vec<FreeView>) {
    let own = call.person().ok();
    let taken = |(booking, slot): &(Booking, Slot)| TakenView {
        hours: if booking.kind == BookingKind::Closed {
            String::new()
        } else {
            format::hours(call.language, slot.from, slot.to)
        },
        what: names.what(call, booking),
        is_own: booking.person_id.is_some() && booking.person_id == own,
    };
    let free = |slot: &Slot| FreeView {
        hours: format::hours(call.language, slot.from, slot.to),
        href: book_path(&day.place, *slot),
        about: format!("{} {}", day.place.name, format::short_date(call.language, slot.day)),
    };
    (day.taken.iter().map(taken).collect(), day.free.iter().map(free).collect())
}

/// The form for a place, with the beginning of what is free.
pub(crate) fn book_path(place: &Place, free: Slot) -> String {
    let usual = free.from.overflowing_add_signed(TimeDelta::hours(USUAL_HOURS));
    let to = if usual.1 == 0 { usual.0.min(free.to) } else { free.to };
    address(
        "/centre/bookings/new",
        &[
            ("place", &place.id.to_string()),
            ("day", &free.day.to_string()),
            ("from", &free.from.format("%H:%M").to_string()),
            ("to", &to.format("%H:%M").to_string()),
        ],
    )
}

/// Every quarter of an hour from one time to another, both included.
pub(crate) fn quarters(from: NaiveTime, to: NaiveTime) -> Vec<Choice> {
    let step = TimeDelta::minutes(i64::from(STEP_MINUTES));
    let mut all = Vec::new();
    let mut at = from;
    loop {
        all.push(Choice::new(at.format("%H:%M"), at.format("%-H:%M").to_string()));
        let (next, days) = at.overflowing_add_signed(step);
        if days != 0 || next > to {
            return all;
        }
        at = next;
    }
}

/// Where a place's week is.
pub(crate) fn place_path(place: &Place) -> String {
    format!("/centre/places/{}", place.id)
}
