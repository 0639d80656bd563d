//! `/api/v1/centre`

use std::rc::Rc;

use chrono::{Days, NaiveDate};
use db::DbError;
use kernel::{PersonId, date_in_japan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workforce::bookings::{
    self, BookInput, Booking, BookingId, BookingKey, BookingKind, CloseInput, DAYS_AHEAD, PlaceDay,
    Suggestion,
};
use workforce::places::{self, Place, PlaceId, PlaceInput};
use workforce::slots::Slot;

use super::book::is_allowed;
use super::bookings::cancel_as;
use super::manages;
use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::asked_day::AskedDay;
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/centre/places`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Place>, Failure> {
    let paging = paged.paging::<PlaceId>()?;
    Ok(call.db(move |tx| places::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/centre/places`
pub(crate) async fn open(
    call: Rc<Call>,
    Json(input): Json<PlaceInput>,
) -> Result<Once<Created<Place>>, Failure> {
    api::once(&call, move |tx| places::open(tx, &input).map(Created)).await
}

/// `GET /api/v1/centre/places/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<PlaceId>) -> Result<One<Place>, Failure> {
    call.db(move |tx| places::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/centre/places/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<PlaceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PlaceInput>,
) -> Result<One<Place>, Failure> {
    call.db(move |tx| places::change(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/centre/places/{id}/retire`
pub(crate) async fn retire(
    call: Rc<Call>,
    At(id): At<PlaceId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Place>>, Failure> {
    api::once(&call, move |tx| places::retire(tx, id, version).map(One)).await
}

/// `POST /api/v1/centre/places/{id}/reopen`
pub(crate) async fn reopen(
    call: Rc<Call>,
    At(id): At<PlaceId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Place>>, Failure> {
    api::once(&call, move |tx| places::reopen(tx, id, version).map(One)).await
}

/// Which days of a place.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct DaysQuery {
    /// The first day; today unless told.
    from: Chosen<AskedDay>,
    /// How many days; seven unless told, 31 at most.
    #[schemars(range(min = 1, max = 31), extend("default" = 7))]
    count: Chosen<u64>,
}

/// How a place stands on a day.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CentreDay")]
pub(crate) struct DayView {
    /// The day in Japan.
    day: NaiveDate,
    /// Its hours that day; null where it is closed on that day of the week.
    open: Option<Slot>,
    /// When it is taken.
    taken: Vec<TakenTime>,
    /// What can still be booked.
    free: Vec<Slot>,
}

/// A time for which a place is taken; who has it is nobody else's business.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CentreTakenTime")]
struct TakenTime {
    /// What for.
    kind: BookingKind,
    /// Whether it is the caller's own.
    is_own: bool,
    /// When.
    #[serde(flatten)]
    slot: Slot,
}

fn view(own: PersonId, day: PlaceDay) -> DayView {
    let taken = |(booking, slot): (Booking, Slot)| TakenTime {
        kind: booking.kind,
        is_own: booking.person_id == Some(own),
        slot,
    };
    DayView {
        day: day.day,
        open: day.open,
        taken: day.taken.into_iter().map(taken).collect(),
        free: day.free,
    }
}

/// `GET /api/v1/centre/places/{id}/days`
pub(crate) async fn days(
    call: Rc<Call>,
    At(id): At<PlaceId>,
    Query(query): Query<DaysQuery>,
) -> Result<Listed<DayView>, Failure> {
    let own = call.person()?;
    let standing = call.db(move |tx| -> Result<_, DbError> {
        let today = date_in_japan(tx.now());
        let first = query
            .from
            .0
            .map_or(today, |asked| asked.0)
            .clamp(today - Days::new(366), today + Days::new(DAYS_AHEAD));
        let place = places::find(tx, id)?;
        bookings::days(tx, &[place], first, query.count.0.unwrap_or(7).clamp(1, 31))
    });
    Ok(standing.await?.into_iter().map(|day| view(own, day)).collect::<Vec<_>>().into())
}

/// `GET /api/v1/centre/bookings`
pub(crate) async fn upcoming(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Booking>, Failure> {
    let whose = if manages(&call) { None } else { Some(call.person()?) };
    let paging = paged.paging::<BookingKey>()?;
    Ok(call.db(move |tx| bookings::upcoming(tx, whose, &paging)).await?.into())
}

/// `POST /api/v1/centre/bookings`
pub(crate) async fn book(
    call: Rc<Call>,
    Json(input): Json<BookInput>,
) -> Result<Once<Created<Booking>>, Failure> {
    is_allowed(&call, &input)?;
    api::once(&call, move |tx| bookings::book(tx, &input).map(Created)).await
}

/// What is wanted instead of what.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct InsteadQuery {
    /// The day that was wanted.
    day: Chosen<AskedDay>,
    /// From when, such as `09:00`.
    from: String,
    /// Until when.
    to: String,
}

/// `GET /api/v1/centre/places/{id}/instead`
pub(crate) async fn instead(
    call: Rc<Call>,
    At(id): At<PlaceId>,
    Query(query): Query<InsteadQuery>,
) -> Result<Listed<Suggestion>, Failure> {
    let time = |text: &str| chrono::NaiveTime::parse_from_str(text, "%H:%M").ok();
    let wanted = match (query.day.0, time(&query.from), time(&query.to)) {
        (Some(AskedDay(day)), Some(from), Some(to)) if from < to => Some(Slot { day, from, to }),
        _ => None,
    };
    let found = call.db(move |tx| match wanted {
        Some(wanted) => bookings::instead(tx, id, wanted),
        // Nothing is wanted of a place that there is.
        None => places::find(tx, id).map(|_place| Vec::new()),
    });
    Ok(found.await?.into())
}

/// `POST /api/v1/centre/bookings/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>, At(id): At<BookingId>) -> Result<Once<One<Booking>>, Failure> {
    let manages = manages(&call);
    api::once(&call, move |tx| cancel_as(tx, id, manages).map(One)).await
}

/// What was closed: one booking for each place.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CentreClosings")]
pub(crate) struct Closings {
    /// The bookings that keep the places closed; cancelling one opens its place again.
    items: Vec<Booking>,
}

/// `POST /api/v1/centre/closings`
pub(crate) async fn close(
    call: Rc<Call>,
    Json(input): Json<CloseInput>,
) -> Result<Once<Created<Closings>>, Failure> {
    api::once(&call, move |tx| bookings::close(tx, &input).map(|items| Created(Closings { items }))).await
}
