//! `/centre`: a day of all places; `/centre/places/{id}`: a week of one.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{Datelike as _, Days, NaiveDate};
use db::DbError;
use kernel::{Paging, Typed, date_in_japan};
use serde::{Deserialize, Serialize};
use workforce::bookings::{self, Booking, PlaceDay};
use workforce::places::{self, PlaceId};

use super::bookings::BookingRow;
use super::{FreeView, TakenView, icon_of, manages, named, place_path, times};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::phrases::{address, counted, said, word};
use crate::shell::Crumb;

/// How many places a page shows.
const ROWS: u16 = 20;
/// How many days a week's page shows.
const WEEK: u64 = 7;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DayQuery {
    day: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct DayPage {
    title: String,
    answer: String,
    manages: bool,
    day: String,
    iso: String,
    earlier: String,
    later: String,
    /// The reader's own next booking, where they have one.
    own: Option<BookingRow>,
    rows: Vec<PlaceRow>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct PlaceRow {
    name: String,
    href: String,
    sub: String,
    taken: Vec<TakenView>,
    free: Vec<FreeView>,
    is_closed: bool,
}

/// The day a query names, or today.
fn day_of(typed: &Typed, today: NaiveDate) -> NaiveDate {
    let last = today + Days::new(bookings::DAYS_AHEAD);
    let asked = typed.as_str().trim().parse().ok().unwrap_or(today);
    asked.clamp(today - Days::new(366), last)
}

/// `GET /centre`
pub(crate) async fn day(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: DayQuery = call.query();
    let (person, language, may_know) = (call.person()?, call.language, manages(&call));
    let after = format::read_page_key::<PlaceId>(query.after.as_str());
    let is_first = after.is_none();
    let (day, today, page, standing, own, names) = call
        .db(move |tx| -> Result<_, DbError> {
            let today = date_in_japan(tx.now());
            let day = day_of(&query.day, today);
            let page = places::list(tx, &Paging { after, ..Paging::first(ROWS) })?;
            // In the evening nobody looks for what is free today.
            let day = match query.day.as_str() {
                "" => bookings::next_free_day(tx, &page.items, day)?,
                _ => day,
            };
            let standing = bookings::days(tx, &page.items, day, 1)?;
            let own = bookings::upcoming(tx, Some(person), &Paging::first(1))?.items.pop();
            let shown: Vec<&Booking> =
                standing.iter().flat_map(|one| one.taken.iter().map(|(booking, _)| booking)).collect();
            let names = named(tx, language, may_know, &shown)?;
            let own = match own {
                Some(own) => Some((places::find(tx, own.place_id)?, own)),
                None => None,
            };
            Ok((day, today, page, standing, own, names))
        })
        .await?;
    let here = |day: NaiveDate| address("/centre", &[("day", &day.to_string())]);
    let after_here = |after: &str| address("/centre", &[("day", &day.to_string()), ("after", after)]);
    let free = standing.iter().filter(|one| !one.free.is_empty()).count();
    let view = DayPage {
        title: call.text("centre-title"),
        answer: counted(&call, "centre-answer", "count", i64::try_from(free).unwrap_or(i64::MAX)),
        manages: may_know,
        day: format::full_date(language, day),
        iso: day.to_string(),
        earlier: if day > today { here(day - Days::new(1)) } else { String::new() },
        later: if day < today + Days::new(bookings::DAYS_AHEAD) {
            here(day + Days::new(1))
        } else {
            String::new()
        },
        own: own.map(|(place, own)| BookingRow::of(&call, &names, Some(&place), &own)),
        rows: standing.iter().map(|one| place_row(&call, &names, one)).collect(),
        next: page.next.as_ref().map(|key| after_here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { after_here("") },
    };
    call.page("centre/index.html", &view)
}

fn place_row(call: &Call, names: &super::Named, day: &PlaceDay) -> PlaceRow {
    let (taken, free) = times(call, names, day);
    PlaceRow {
        name: day.place.name.clone(),
        href: place_path(&day.place),
        sub: word(call, "centre-kind", day.place.kind),
        taken,
        free,
        is_closed: day.open.is_none(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WeekQuery {
    from: Typed,
}

#[derive(Serialize)]
struct WeekPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    manages: bool,
    is_retired: bool,
    icon: &'static str,
    kind: String,
    open: String,
    access_note: String,
    here: String,
    version: i32,
    earlier: String,
    later: String,
    rows: Vec<DayRow>,
}

#[derive(Serialize)]
struct DayRow {
    day: String,
    taken: Vec<TakenView>,
    free: Vec<FreeView>,
    is_closed: bool,
}

/// `GET /centre/places/{id}`
pub(crate) async fn week(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PlaceId = call.id("id")?;
    let query: WeekQuery = call.query();
    let (language, may_know) = (call.language, manages(&call));
    let (place, first, today, standing, names) = call
        .db(move |tx| -> Result<_, DbError> {
            let today = date_in_japan(tx.now());
            let first = day_of(&query.from, today);
            let place = places::find(tx, id)?;
            let standing = bookings::days(tx, std::slice::from_ref(&place), first, WEEK)?;
            let shown: Vec<&Booking> =
                standing.iter().flat_map(|one| one.taken.iter().map(|(booking, _)| booking)).collect();
            let names = named(tx, language, may_know, &shown)?;
            Ok((place, first, today, standing, names))
        })
        .await?;
    let path = place_path(&place);
    let here = |day: NaiveDate| address(&path, &[("from", &day.to_string())]);
    let open_days: Vec<String> = place.weekdays.iter().map(|day| word(&call, "weekday", day)).collect();
    let view = WeekPage {
        crumbs: vec![Crumb::new(&call, "centre-title", "/centre")],
        answer: week_answer(&call, &standing),
        manages: may_know,
        is_retired: place.retired_at.is_some(),
        icon: icon_of(place.kind),
        kind: word(&call, "centre-kind", place.kind),
        open: said(
            &call,
            "centre-open-on",
            [
                ("days", &open_days.join(&call.text("centre-weekday-comma"))),
                ("hours", &format::hours(language, place.opens_at, place.closes_at)),
            ],
        ),
        access_note: place.access_note.clone(),
        version: place.version,
        earlier: if first > today { here((first - Days::new(WEEK)).max(today)) } else { String::new() },
        later: here(first + Days::new(WEEK)),
        rows: standing.iter().map(|one| day_row(&call, &names, one)).collect(),
        here: path.clone(),
        title: place.name,
    };
    call.page("centre/place.html", &view)
}

fn week_answer(call: &Call, standing: &[PlaceDay]) -> String {
    let next = standing.iter().find_map(|day| day.free.first());
    match next {
        Some(slot) => said(call, "centre-next-free", [("when", &super::slot_in_words(call.language, *slot))]),
        None => call.text("centre-week-full"),
    }
}

fn day_row(call: &Call, names: &super::Named, day: &PlaceDay) -> DayRow {
    let (taken, free) = times(call, names, day);
    let name = format::short_date(call.language, day.day);
    let name = if day.day.day() == 1 { format::full_date(call.language, day.day) } else { name };
    DayRow { day: name, taken, free, is_closed: day.open.is_none() }
}
