//! What a booking is, what may be entered for one, and when it may be. No database here.

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{Checks, Code, Invalid, PersonId, Typed, date_in_japan, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::places::{Place, PlaceId};
use crate::slots::Slot;
use crate::visits::VisitId;

kernel::id!(
    /// A time for which a place is taken.
    BookingId
);

text_enum!(
    /// What a place is taken for.
    BookingKind {
        /// Somebody works there.
        Person = "person",
        /// A group from elsewhere is shown around.
        Visit = "visit",
        /// It is closed.
        Closed = "closed",
    }
);

/// How far ahead somebody can book, so that the room of next spring is not gone by a habit.
pub const DAYS_AHEAD: u64 = 90;
/// How many days one closing covers at most.
pub const MOST_CLOSED_DAYS: u64 = 92;

/// A time for which a place is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// The place.
    pub place_id: PlaceId,
    /// What for.
    pub kind: BookingKind,
    /// Who works there, where somebody does.
    pub person_id: Option<PersonId>,
    /// The visit, where it is one.
    pub visit_id: Option<VisitId>,
    /// Why it is closed; empty otherwise.
    pub note: String,
    /// When it begins.
    pub begins_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Who entered it.
    pub booked_by: PersonId,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<DateTime<Utc>>,
}

impl Booking {
    /// Its day and hours; of what lasts longer than a day the first one.
    pub fn slot(&self) -> Slot {
        Slot::between(self.begins_at, self.ends_at)
    }

    /// The part of it that falls on `day`; `None` where none does.
    pub fn on(&self, day: NaiveDate) -> Option<Slot> {
        let (first, last) = (date_in_japan(self.begins_at), date_in_japan(self.ends_at));
        if day < first || day > last {
            return None;
        }
        let whole = Slot::whole(day);
        let from = if day == first { self.slot().from } else { whole.from };
        let to = if day == last { Slot::between(self.ends_at, self.ends_at).from } else { whole.to };
        (from < to).then_some(Slot { day, from, to })
    }
}

/// A wish for a place as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "place_id": 1, "day": "2026-12-01", "from": "9:00", "to": "11:30" }]))]
pub struct BookInput {
    /// The place; required.
    pub place_id: Typed,
    /// The day; required, today or within the next 90 days.
    pub day: Typed,
    /// When it begins in Japan, such as `9:00`; required, a whole quarter of an hour.
    pub from: Typed,
    /// When it ends; required, later than it begins.
    pub to: Typed,
    /// For whom; for whoever books where empty. Only coordination books for others.
    pub person_id: Typed,
}

/// Input that passed every rule but the place's own hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) person: PersonId,
    pub(super) place: PlaceId,
    pub(super) slot: Slot,
}

impl BookInput {
    /// Checks every field and reports all problems at once; `by` is who books.
    pub(super) fn checked(&self, by: PersonId, now: DateTime<Utc>) -> Result<Wish, Invalid> {
        let mut checks = Checks::new();
        let place = checks.choice("place_id", &self.place_id);
        let slot = Slot::read(&mut checks, &self.day, &self.from, &self.to);
        let person = match self.person_id.as_str().trim() {
            "" => Some(by),
            _ => checks.choice("person_id", &self.person_id),
        };
        let (person, place) = (person.unwrap_or(by), place.unwrap_or(PlaceId(0)));
        let wish = checks.done(Wish { person, place, slot })?;
        let mut checks = Checks::new();
        is_to_come(&mut checks, wish.slot, now);
        checks.done(wish)
    }
}

/// Whether a slot lies ahead and not too far.
pub(crate) fn is_to_come(checks: &mut Checks, slot: Slot, now: DateTime<Utc>) {
    let last = date_in_japan(now) + Days::new(DAYS_AHEAD);
    if slot.ends_at() <= now {
        checks.problem(if slot.day < date_in_japan(now) { "day" } else { "to" }, Code::InThePast);
    } else if slot.day > last {
        checks.bounded("day", Code::TooLate, last);
    }
}

/// Whether a slot lies within the hours in which `place` is open and can be booked.
pub(crate) fn is_open(checks: &mut Checks, place: &Place, slot: Slot) {
    if place.retired_at.is_some() {
        checks.problem("place_id", Code::UnknownChoice);
        return;
    }
    match place.open_on(slot.day) {
        None => checks.problem("day", Code::CentreClosed),
        Some(open) => {
            if slot.from < open.from {
                checks.problem("from", Code::CentreClosed);
            }
            if slot.to > open.to {
                checks.problem("to", Code::CentreClosed);
            }
        }
    }
}

/// Days on which a place, or the whole centre, is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "place_id": "", "first_day": "2026-12-29", "last_day": "2027-01-03", "note": "年末年始" }]))]
pub struct CloseInput {
    /// The place; empty for all of them.
    pub place_id: Typed,
    /// The first day; required, today or later.
    pub first_day: Typed,
    /// The last day; the first one where empty.
    pub last_day: Typed,
    /// Why, for everybody to read; required.
    pub note: Typed,
    /// `yes`: what people have booked for those days is cancelled, and they are told.
    pub cancels: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) place: Option<PlaceId>,
    pub(super) first_day: NaiveDate,
    pub(super) last_day: NaiveDate,
    pub(super) note: String,
    pub(super) cancels: bool,
}

impl CloseInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self, today: NaiveDate) -> Result<Closing, Invalid> {
        let mut checks = Checks::new();
        let place = match self.place_id.as_str().trim() {
            "" => None,
            _ => checks.choice("place_id", &self.place_id),
        };
        let first_day = checks.date("first_day", &self.first_day);
        let last_day = checks.optional_date("last_day", &self.last_day).unwrap_or(first_day);
        // A date that could not be read stands at 1970 and has its own problem already.
        if first_day != NaiveDate::default() {
            let most = first_day.checked_add_days(Days::new(MOST_CLOSED_DAYS - 1)).unwrap_or(first_day);
            if first_day < today {
                checks.problem("first_day", Code::InThePast);
            } else if last_day < first_day {
                checks.bounded("last_day", Code::NotLater, first_day);
            } else if last_day > most {
                checks.bounded("last_day", Code::TooLate, most);
            }
        }
        let note = checks.required_line("note", &self.note, 200);
        checks.done(Closing { place, first_day, last_day, note, cancels: self.cancels.is_yes() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_closing_of_days_covers_each_of_them_and_no_other() {
        let booking = Booking {
            id: BookingId(1),
            place_id: PlaceId(1),
            kind: BookingKind::Closed,
            person_id: None,
            visit_id: None,
            note: "清掃".to_owned(),
            begins_at: at("2026-11-26T15:00:00Z"),
            ends_at: at("2026-11-28T15:00:00Z"),
            booked_by: PersonId(1),
            created_at: at("2026-11-20T00:00:00Z"),
            cancelled_at: None,
        };
        let covered = |day: &str| booking.on(day.parse().unwrap()).is_some();
        let days = ["2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"];
        assert_eq!(days.map(covered), [false, true, true, false]);
        assert_eq!(booking.on(days[1].parse().unwrap()), Some(Slot::whole(days[1].parse().unwrap())));
    }

    #[test]
    fn what_is_over_or_too_far_ahead_is_not_booked() {
        let input = |day: &str, to: &str| BookInput {
            place_id: "1".into(),
            day: day.into(),
            from: "9:00".into(),
            to: to.into(),
            ..BookInput::default()
        };
        let now = at("2026-11-27T01:00:00Z");
        let code = |input: BookInput| input.checked(PersonId(1), now).map_err(|problems| problems.0[0].code);
        assert_eq!(code(input("2026-11-26", "10:00")), Err(Code::InThePast));
        assert_eq!(code(input("2026-11-27", "10:00")), Err(Code::InThePast));
        assert!(code(input("2026-11-27", "10:15")).is_ok(), "the rest of an hour that has begun");
        assert!(code(input("2027-02-25", "10:00")).is_ok());
        assert_eq!(code(input("2027-02-26", "10:00")), Err(Code::TooLate));
    }
}
