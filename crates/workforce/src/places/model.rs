//! What a place of the centre is and what may be entered for one. No database here.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc, Weekday};
use kernel::{Checks, Code, Invalid, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::slots::{Slot, read_hours};

kernel::id!(
    /// A room, a desk or a piece of equipment of the telework centre.
    PlaceId
);

text_enum!(
    /// What a place is.
    PlaceKind {
        /// A room with a door (個室).
        Room = "room",
        /// A desk in the open (席).
        Desk = "desk",
        /// A machine to work with there: a scanner, a large screen (機材).
        Equipment = "equipment",
    }
);

text_enum!(
    /// A day of the week.
    OpenDay {
        /// 月
        Monday = "mon",
        /// 火
        Tuesday = "tue",
        /// 水
        Wednesday = "wed",
        /// 木
        Thursday = "thu",
        /// 金
        Friday = "fri",
        /// 土
        Saturday = "sat",
        /// 日
        Sunday = "sun",
    }
);

impl OpenDay {
    fn of(weekday: Weekday) -> Self {
        match weekday {
            Weekday::Mon => Self::Monday,
            Weekday::Tue => Self::Tuesday,
            Weekday::Wed => Self::Wednesday,
            Weekday::Thu => Self::Thursday,
            Weekday::Fri => Self::Friday,
            Weekday::Sat => Self::Saturday,
            Weekday::Sun => Self::Sunday,
        }
    }

    const fn bit(self) -> i16 {
        1 << self as i16
    }

    /// As the database keeps several of them.
    pub(super) fn mask(days: &[Self]) -> i16 {
        days.iter().fold(0, |mask, day| mask | day.bit())
    }

    pub(super) fn of_mask(mask: i16) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|day| mask & day.bit() != 0).collect()
    }
}

/// Something of the centre that one person or one group uses at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CentrePlace")]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// When it opens, in Japan.
    #[schemars(with = "String")]
    pub opens_at: NaiveTime,
    /// When it closes.
    #[schemars(with = "String")]
    pub closes_at: NaiveTime,
    /// The days on which it is open.
    pub weekdays: Vec<OpenDay>,
    /// How to get there and use it: steps, doors, heights, noise; may be empty.
    pub access_note: String,
    /// Since when nobody can book it any more.
    pub retired_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Counts changes.
    pub version: i32,
}

impl Place {
    /// Its opening hours on `day`; `None` where it is closed that day of the week.
    pub fn open_on(&self, day: NaiveDate) -> Option<Slot> {
        let is_open = self.weekdays.contains(&OpenDay::of(day.weekday()));
        is_open.then_some(Slot { day, from: self.opens_at, to: self.closes_at })
    }
}

/// A place as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "CentrePlaceInput", extend("examples" = [{
    "name": "個室B", "kind": "room", "opens_at": "9:00", "closes_at": "17:00",
    "weekdays": ["mon", "tue", "wed", "thu", "fri"], "access_note": "入口に段差はありません",
}]))]
pub struct PlaceInput {
    /// What it is called; required, and no two open places are called the same.
    pub name: Typed,
    /// A [`PlaceKind`]'s word; required.
    pub kind: Typed,
    /// When it opens, such as `9:00`; required, a whole quarter of an hour.
    pub opens_at: Typed,
    /// When it closes; required, later than it opens.
    pub closes_at: Typed,
    /// The days on which it is open: `mon` to `sun`, one at least.
    pub weekdays: Vec<Typed>,
    /// How to get there and use it; may be empty.
    pub access_note: Typed,
}

impl From<&Place> for PlaceInput {
    /// What an edit form starts with.
    fn from(place: &Place) -> Self {
        Self {
            name: place.name.as_str().into(),
            kind: place.kind.as_str().into(),
            opens_at: place.opens_at.format("%H:%M").to_string().into(),
            closes_at: place.closes_at.format("%H:%M").to_string().into(),
            weekdays: place.weekdays.iter().map(|day| day.as_str().into()).collect(),
            access_note: place.access_note.as_str().into(),
        }
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlaceFields {
    pub(super) name: String,
    pub(super) kind: PlaceKind,
    pub(super) opens_at: NaiveTime,
    pub(super) closes_at: NaiveTime,
    pub(super) weekdays: Vec<OpenDay>,
    pub(super) access_note: String,
}

impl PlaceInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<PlaceFields, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 60);
        let kind = checks.choice("kind", &self.kind);
        let (opens_at, closes_at) =
            read_hours(&mut checks, ("opens_at", &self.opens_at), ("closes_at", &self.closes_at));
        let weekdays = self.weekdays(&mut checks);
        let access_note = checks.lines("access_note", &self.access_note, 500);
        let kind = kind.unwrap_or(PlaceKind::Room);
        checks.done(PlaceFields { name, kind, opens_at, closes_at, weekdays, access_note })
    }

    fn weekdays(&self, checks: &mut Checks) -> Vec<OpenDay> {
        let named: Vec<Option<OpenDay>> =
            self.weekdays.iter().map(|typed| typed.as_str().trim().parse().ok()).collect();
        if named.is_empty() {
            checks.problem("weekdays", Code::Required);
        } else if named.contains(&None) {
            checks.problem("weekdays", Code::UnknownChoice);
        }
        let mask = OpenDay::mask(&named.into_iter().flatten().collect::<Vec<_>>());
        OpenDay::of_mask(mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_into_a_mask_and_come_back_in_their_order() {
        let days = [OpenDay::Sunday, OpenDay::Monday];
        assert_eq!(OpenDay::mask(&days), 65);
        assert_eq!(OpenDay::of_mask(65), [OpenDay::Monday, OpenDay::Sunday]);
        assert_eq!(OpenDay::mask(OpenDay::ALL), 127);
    }

    #[test]
    fn every_wrong_field_of_a_place_is_named() {
        let input =
            PlaceInput { opens_at: "9:05".into(), weekdays: vec!["someday".into()], ..PlaceInput::default() };
        let fields: Vec<String> = input.checked().unwrap_err().0.into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["name", "kind", "opens_at", "closes_at", "weekdays"]);
    }
}
