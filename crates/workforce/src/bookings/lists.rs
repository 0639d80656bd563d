//! Reading bookings: one, whose they are, what a place has on a day, and what else is free.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{JST, Page, Paging, PersonId, date_in_japan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Booking, BookingId, DAYS_AHEAD, MOST_CLOSED_DAYS};
use super::store::BookingRow;
use crate::places::{self, Place, PlaceId};
use crate::schema::bookings;
use crate::slots::{self, STEP_MINUTES, Slot};

/// One booking; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: BookingId) -> Result<Booking, DbError> {
    let row: BookingRow =
        bookings::table.filter(bookings::id.eq(id)).select(BookingRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Where a page of bookings ends: the beginning of the last one, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingKey(pub DateTime<Utc>, pub BookingId);

/// What is booked from today on, the next one first: a person's own, or everything where `person` is `None`. Days on
/// which the centre is closed already stand among everything until they are over.
pub fn upcoming(
    tx: &mut Tx<'_>,
    person: Option<PersonId>,
    paging: &Paging<BookingKey>,
) -> Result<Page<Booking, BookingKey>, DbError> {
    let now = tx.now();
    let mut query = bookings::table
        .filter(bookings::cancelled_at.is_null())
        .filter(bookings::ends_at.gt(now))
        .filter(bookings::begins_at.gt(begun_at_most_before(now)))
        .order((bookings::begins_at, bookings::id))
        .limit(paging.probe())
        .select(BookingRow::as_select())
        .into_boxed();
    if let Some(person) = person {
        query = query.filter(bookings::person_id.eq(person));
    }
    if let Some(BookingKey(begins_at, id)) = paging.after {
        let same = bookings::begins_at.eq(begins_at).and(bookings::id.gt(id));
        query = query.filter(bookings::begins_at.gt(begins_at).or(same));
    }
    let rows: Vec<BookingRow> = query.load(tx.conn())?;
    let all: Vec<Booking> = rows.into_iter().map(Booking::from).collect();
    Ok(Page::cut(all, paging, |booking| BookingKey(booking.begins_at, booking.id)))
}

/// Nothing lasts longer than the longest closing, so what is under way at `moment` began later than this.
fn begun_at_most_before(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment - Days::new(MOST_CLOSED_DAYS + 1)
}

/// What is booked of these places between two moments, in the order it begins.
pub(super) fn between(
    tx: &mut Tx<'_>,
    places: &[PlaceId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Booking>, DbError> {
    let rows: Vec<BookingRow> = bookings::table
        .filter(bookings::place_id.eq_any(places))
        .filter(bookings::cancelled_at.is_null())
        .filter(bookings::begins_at.lt(to))
        .filter(bookings::begins_at.gt(begun_at_most_before(from)))
        .filter(bookings::ends_at.gt(from))
        .order((bookings::begins_at, bookings::id))
        .select(BookingRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Booking::from).collect())
}

/// Whether somebody has booked a place for later than `moment`, or a visit is shown it.
pub(crate) fn is_booked_after(
    tx: &mut Tx<'_>,
    place: PlaceId,
    moment: DateTime<Utc>,
) -> Result<bool, DbError> {
    let later = bookings::table
        .filter(bookings::place_id.eq(place))
        .filter(bookings::cancelled_at.is_null())
        .filter(bookings::kind.ne(super::BookingKind::Closed))
        .filter(bookings::ends_at.gt(moment));
    Ok(diesel::select(exists(later)).get_result(tx.conn())?)
}

/// How a place stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceDay {
    /// The day in Japan.
    pub day: NaiveDate,
    /// The place.
    pub place: Place,
    /// Its hours that day; `None` where it is closed that day of the week.
    pub open: Option<Slot>,
    /// What it is taken for, in the order it begins; of each the part on this day.
    pub taken: Vec<(Booking, Slot)>,
    /// What can still be booked of it: nothing that is over.
    pub free: Vec<Slot>,
}

/// How these places stand on `count` days from `first` on: day by day, and on each day in the order of `places`.
pub fn days(
    tx: &mut Tx<'_>,
    places: &[Place],
    first: NaiveDate,
    count: u64,
) -> Result<Vec<PlaceDay>, DbError> {
    let (from, to) = (first, first + Days::new(count));
    let ids: Vec<PlaceId> = places.iter().map(|place| place.id).collect();
    let all = between(tx, &ids, midnight(from), midnight(to))?;
    let now = tx.now();
    let each = from.iter_days().take_while(|day| *day < to);
    Ok(each
        .flat_map(|day| places.iter().map(move |place| (day, place)))
        .map(|(day, place)| stand(day, place, &all, now))
        .collect())
}

/// The first day from `first` on, within a week, on which one of these places has time; `first` itself where none has.
pub fn next_free_day(tx: &mut Tx<'_>, places: &[Place], first: NaiveDate) -> Result<NaiveDate, DbError> {
    let week = days(tx, places, first, 7)?;
    Ok(week.iter().find(|day| !day.free.is_empty()).map_or(first, |day| day.day))
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    slots::moment(day, NaiveTime::MIN)
}

fn stand(day: NaiveDate, place: &Place, all: &[Booking], now: DateTime<Utc>) -> PlaceDay {
    let of_place = all.iter().filter(|booking| booking.place_id == place.id);
    let taken: Vec<(Booking, Slot)> =
        of_place.filter_map(|booking| booking.on(day).map(|slot| (booking.clone(), slot))).collect();
    let open = place.open_on(day);
    let ahead = open.and_then(|open| ahead_of(open, now));
    let slots: Vec<Slot> = taken.iter().map(|(_, slot)| *slot).collect();
    let free = ahead.map(|ahead| slots::free(ahead, &slots)).unwrap_or_default();
    PlaceDay { day, place: place.clone(), open, taken, free }
}

/// What of a slot is not over at `now`, from the quarter of an hour on that has begun.
fn ahead_of(open: Slot, now: DateTime<Utc>) -> Option<Slot> {
    if open.ends_at() <= now {
        return None;
    }
    if open.begins_at() >= now {
        return Some(open);
    }
    let step = i64::from(STEP_MINUTES * 60);
    let begun = now - TimeDelta::seconds(now.timestamp().rem_euclid(step));
    let from = begun.with_timezone(&JST).time().max(open.from);
    Some(Slot { from: NaiveTime::from_num_seconds_from_midnight_opt(whole_seconds(from), 0)?, ..open })
}

fn whole_seconds(time: NaiveTime) -> u32 {
    chrono::Timelike::num_seconds_from_midnight(&time)
}

/// A time that could be had instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Suggestion {
    /// Where.
    pub place_id: PlaceId,
    /// What it is called.
    pub name: String,
    /// When.
    #[serde(flatten)]
    pub slot: Slot,
}

/// How many days ahead another time at the same place is looked for.
const LOOKED_AHEAD_DAYS: u64 = 14;
/// How many places are looked at; a centre has fewer.
const LOOKED_AT_PLACES: u16 = 100;

/// What is free and as long as `wanted`, the nearest first: the same time at another place of its kind, another time that
/// day at the same place, and the next day on which the place itself has such a time. Three at most.
pub fn instead(tx: &mut Tx<'_>, place: PlaceId, wanted: Slot) -> Result<Vec<Suggestion>, DbError> {
    let (place, today) = (places::find(tx, place)?, date_in_japan(tx.now()));
    if wanted.day > today + Days::new(DAYS_AHEAD) {
        return Ok(Vec::new());
    }
    let first = wanted.day.max(today);
    let own = days(tx, std::slice::from_ref(&place), first, LOOKED_AHEAD_DAYS)?;
    let at = |day: &PlaceDay| {
        let near = slots::nearest(Slot { day: day.day, ..wanted }, &day.free)?;
        Some(Suggestion { place_id: day.place.id, name: day.place.name.clone(), slot: near })
    };
    let same_day = own.iter().filter(|day| day.day == wanted.day).find_map(at);
    let later = own.iter().filter(|day| day.day > wanted.day).find_map(at);
    let elsewhere = same_time_elsewhere(tx, &place, wanted)?;
    Ok(elsewhere.into_iter().chain(same_day).chain(later).collect())
}

fn same_time_elsewhere(tx: &mut Tx<'_>, place: &Place, wanted: Slot) -> Result<Option<Suggestion>, DbError> {
    let all = places::list(tx, &Paging::first(LOOKED_AT_PLACES))?.items;
    let others: Vec<Place> =
        all.into_iter().filter(|one| one.kind == place.kind && one.id != place.id).collect();
    let free = days(tx, &others, wanted.day, 1)?;
    let fits = |day: &&PlaceDay| day.free.iter().any(|one| one.from <= wanted.from && one.to >= wanted.to);
    let found = free.iter().find(fits);
    Ok(found.map(|day| Suggestion { place_id: day.place.id, name: day.place.name.clone(), slot: wanted }))
}
