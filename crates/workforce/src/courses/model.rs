//! What a course is, its days and seats, and what may be entered for one. No database here.

use chrono::{DateTime, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use kernel::{Checks, Code, Invalid, JST, PersonId, Typed, WorkerId, date_in_japan, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::skills::SkillId;

kernel::id!(
    /// A training (研修).
    CourseId
);
kernel::id!(
    /// Somebody's seat in a training (申込).
    EnrolmentId
);

text_enum!(
    /// Where a course is held.
    CourseWay {
        /// In a room.
        Hall = "hall",
        /// By video.
        Online = "online",
    }
);

text_enum!(
    /// Whether a course takes place.
    CourseState {
        /// It does, or did.
        Open = "open",
        /// It does not.
        CalledOff = "called_off",
    }
);

text_enum!(
    /// Where somebody stands with a course.
    EnrolmentState {
        /// They have a seat.
        Enrolled = "enrolled",
        /// They gave it back; why is not asked.
        Left = "left",
        /// They were there, and have not completed it yet.
        Attended = "attended",
        /// They were not there; why is not asked, and it is no mark on them.
        Absent = "absent",
        /// They completed it.
        Completed = "completed",
    }
);

/// A day of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct CourseDay {
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// A training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Course {
    /// Its id.
    pub id: CourseId,
    /// What it is called.
    pub title: String,
    /// What it is about; may be empty.
    pub about: String,
    /// What whoever completes it can do then; none where it leads to no skill.
    pub skill_id: Option<SkillId>,
    /// At which level, 1 to 3.
    pub level: i16,
    /// For how many months; none means for good.
    pub valid_months: Option<i16>,
    /// How many people it has room for.
    pub seats: i32,
    /// How many seats are taken.
    pub taken: i32,
    /// Where it is held.
    pub way: CourseWay,
    /// The room, or how the address of the call comes; may be empty.
    pub place: String,
    /// Whether the time is paid.
    pub is_paid: bool,
    /// Whether it takes place.
    pub state: CourseState,
    /// The beginning of its first day.
    pub first_at: DateTime<Utc>,
    /// The end of its last day.
    pub last_at: DateTime<Utc>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i32,
}

impl Course {
    /// How many seats are free.
    pub fn free(&self) -> i32 {
        (self.seats - self.taken).max(0)
    }

    /// The last day on which a skill counts that is granted for completing it on `day`.
    pub fn counts_until(&self, day: NaiveDate) -> Option<NaiveDate> {
        let months = u32::try_from(self.valid_months?).unwrap_or_default();
        day.checked_add_months(Months::new(months))
    }
}

/// Somebody's seat, or what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// In which course.
    pub course_id: CourseId,
    /// Whose.
    pub worker_id: WorkerId,
    /// The person they are.
    pub person_id: PersonId,
    /// Where they stand with it.
    pub state: EnrolmentState,
    /// When they last took a seat.
    pub enrolled_at: DateTime<Utc>,
}

/// Where a page of courses ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseKey(pub DateTime<Utc>, pub CourseId);

/// Whether somebody in one state with a course may come to another, and what that does to its seats: a seat given back is
/// free, everything else keeps it.
pub(super) fn seats_moved(from: Option<EnrolmentState>, to: EnrolmentState) -> Option<i32> {
    use EnrolmentState::{Absent, Attended, Completed, Enrolled, Left};
    match (from, to) {
        (None | Some(Left), Enrolled) => Some(1),
        (Some(Enrolled), Left) => Some(-1),
        // What was noted wrongly is put right; what was completed stays so, for the skill is granted.
        (Some(Enrolled | Attended | Absent), Attended | Absent | Completed) => Some(0),
        _ => None,
    }
}

/// A day of a course as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CourseDayInput {
    /// The day; required.
    pub day: Typed,
    /// When it begins in Japan; required.
    pub from: Typed,
    /// When it ends, on the same day; required.
    pub until: Typed,
}

/// A course as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "文字起こし入門", "seats": 8, "way": "online", "is_paid": "yes", "days": [{ "day": "2026-12-10", "from": "10:00", "until": "12:00" }] }]))]
pub struct CourseInput {
    /// What it is called; required.
    pub title: Typed,
    /// What it is about; may be empty.
    pub about: Typed,
    /// The skill it leads to; empty means none.
    pub skill_id: Typed,
    /// At which level, 1 to 3; empty means 1.
    pub level: Typed,
    /// For how many months the skill counts; empty means for good.
    pub valid_months: Typed,
    /// How many people it has room for, 1 to 500; required.
    pub seats: Typed,
    /// `hall` or `online`; required.
    #[schemars(with = "CourseWay")]
    pub way: Typed,
    /// The room, or how the address of the call comes; may be empty.
    pub place: Typed,
    /// `yes` where the time is paid.
    pub is_paid: Typed,
    /// Its days, one to ten; they stay as they are once somebody has a seat.
    pub days: Vec<CourseDayInput>,
}

/// What became of a seat, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "state": "completed" }]))]
pub struct SeatInput {
    /// `attended`, `absent`, `completed` or `left`; required.
    #[schemars(with = "EnrolmentState")]
    pub state: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CourseFields {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) skill_id: Option<SkillId>,
    pub(super) level: i16,
    pub(super) valid_months: Option<i16>,
    pub(super) seats: i32,
    pub(super) way: CourseWay,
    pub(super) place: String,
    pub(super) is_paid: bool,
    pub(super) days: Vec<CourseDay>,
}

/// How many days a course has at most.
pub const MOST_DAYS: usize = 10;
/// How far ahead or back its days may lie.
const MOST_AWAY: TimeDelta = TimeDelta::days(2 * 366);

impl CourseInput {
    /// What a course holds, to be changed.
    pub fn of(course: &Course, days: &[CourseDay]) -> Self {
        let time = |at: DateTime<Utc>| at.with_timezone(&JST).format("%H:%M").to_string().into();
        let day = |day: &CourseDay| CourseDayInput {
            day: date_in_japan(day.starts_at).to_string().into(),
            from: time(day.starts_at),
            until: time(day.ends_at),
        };
        let number = |number: Option<i16>| number.map(|number| number.to_string()).unwrap_or_default().into();
        Self {
            title: course.title.as_str().into(),
            about: course.about.as_str().into(),
            skill_id: course.skill_id.map(|skill| skill.to_string()).unwrap_or_default().into(),
            level: course.level.to_string().into(),
            valid_months: number(course.valid_months),
            seats: course.seats.to_string().into(),
            way: course.way.as_str().into(),
            place: course.place.as_str().into(),
            is_paid: if course.is_paid { "yes" } else { "" }.into(),
            days: days.iter().map(day).collect(),
        }
    }

    pub(super) fn checked(&self, now: DateTime<Utc>) -> Result<CourseFields, Invalid> {
        let mut checks = Checks::new();
        let narrow = |number: i64| i16::try_from(number).unwrap_or_default();
        let seats = checks.number("seats", &self.seats, 1..=500);
        let fields = CourseFields {
            title: checks.required_line("title", &self.title, 200),
            about: checks.lines("about", &self.about, 2000),
            skill_id: checks.optional_number("skill_id", &self.skill_id, 1..=i64::MAX).map(SkillId),
            level: narrow(checks.optional_number("level", &self.level, 1..=3).unwrap_or(1)),
            valid_months: checks.optional_number("valid_months", &self.valid_months, 1..=120).map(narrow),
            seats: i32::try_from(seats).unwrap_or_default(),
            way: checks.choice("way", &self.way).unwrap_or(CourseWay::Hall),
            place: checks.line("place", &self.place, 200),
            is_paid: self.is_paid.is_yes(),
            days: self.days(&mut checks, now),
        };
        checks.done(fields)
    }

    /// The days in their order; no two of them may overlap.
    fn days(&self, checks: &mut Checks, now: DateTime<Utc>) -> Vec<CourseDay> {
        if self.days.is_empty() {
            checks.problem("days[0].day", Code::Required);
        }
        if self.days.len() > MOST_DAYS {
            checks.problem("days[0].day", Code::OutOfRange);
        }
        let read = self.days.iter().take(MOST_DAYS).enumerate();
        let mut days: Vec<CourseDay> = read.filter_map(|(at, day)| day.read(checks, at, now)).collect();
        days.sort_unstable();
        if days.windows(2).any(|pair| matches!(pair, [one, next] if next.starts_at < one.ends_at)) {
            checks.problem("days[0].from", Code::Overlaps);
        }
        days
    }
}

impl CourseDayInput {
    fn read(&self, checks: &mut Checks, at: usize, now: DateTime<Utc>) -> Option<CourseDay> {
        let name = |part: &str| format!("days[{at}].{part}");
        let day = checks.date(&name("day"), &self.day);
        let from = required_time(checks, &name("from"), &self.from)?;
        let until = required_time(checks, &name("until"), &self.until)?;
        if day == NaiveDate::default() {
            return None;
        }
        let moment =
            |time: NaiveTime| day.and_time(time).and_local_timezone(JST).single().map(|at| at.to_utc());
        let (starts_at, ends_at) = (moment(from)?, moment(until)?);
        if ends_at <= starts_at {
            checks.problem(&name("until"), Code::EndsTooEarly);
            return None;
        }
        if (starts_at - now).abs() > MOST_AWAY {
            checks.problem(&name("day"), Code::OutOfRange);
            return None;
        }
        Some(CourseDay { starts_at, ends_at })
    }
}

fn required_time(checks: &mut Checks, field: &str, typed: &Typed) -> Option<NaiveTime> {
    if typed.as_str().trim().is_empty() {
        checks.problem(field, Code::Required);
    }
    checks.optional_time(field, typed)
}

impl SeatInput {
    pub(super) fn checked(&self) -> Result<EnrolmentState, Invalid> {
        let mut checks = Checks::new();
        let state = checks.choice("state", &self.state);
        if state == Some(EnrolmentState::Enrolled) {
            checks.problem("state", Code::UnknownChoice);
        }
        checks.done(state.unwrap_or(EnrolmentState::Enrolled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(days: &[(&str, &str, &str)]) -> CourseInput {
        let day = |(day, from, until): &(&str, &str, &str)| CourseDayInput {
            day: (*day).into(),
            from: (*from).into(),
            until: (*until).into(),
        };
        CourseInput {
            title: "入門".into(),
            seats: "8".into(),
            way: "hall".into(),
            days: days.iter().map(day).collect(),
            ..CourseInput::default()
        }
    }

    #[test]
    fn days_come_in_their_order_and_never_two_at_once() {
        let now = "2026-11-26T00:00:00Z".parse().unwrap();
        let read = |days: &[(&str, &str, &str)]| {
            let fields = input(days).checked(now);
            fields.map(|fields| fields.days.len()).map_err(|invalid| invalid.0[0].field.clone())
        };
        let two = [("2026-12-11", "13:00", "15:00"), ("2026-12-10", "10時", "12時")];
        assert_eq!(read(&two), Ok(2));
        let first = input(&two).checked(now).unwrap().days[0];
        assert_eq!(first.starts_at, "2026-12-10T01:00:00Z".parse::<DateTime<Utc>>().unwrap());
        let refused = |days, field: &str| assert_eq!(read(days), Err(field.to_owned()));
        refused(&[], "days[0].day");
        refused(&[("2026-12-10", "10:00", "10:00")], "days[0].until");
        refused(&[("2026-12-10", "", "12:00")], "days[0].from");
        let overlapping = [("2026-12-10", "9:00", "12:00"), ("2026-12-10", "11:00", "13:00")];
        refused(&overlapping, "days[0].from");
        assert_eq!(input(&overlapping).checked(now).unwrap_err().0[0].code, Code::Overlaps);
        refused(&[("2039-12-10", "9:00", "12:00")], "days[0].day");
    }

    #[test]
    fn seats_move_with_enrolments_and_what_is_completed_stays() {
        use EnrolmentState::{Absent, Completed, Enrolled, Left};
        assert_eq!((seats_moved(None, Enrolled), seats_moved(Some(Left), Enrolled)), (Some(1), Some(1)));
        assert_eq!(
            (seats_moved(Some(Enrolled), Left), seats_moved(Some(Absent), Completed)),
            (Some(-1), Some(0))
        );
        for (from, to) in [(Enrolled, Enrolled), (Completed, Absent), (Left, Completed), (Completed, Left)] {
            assert_eq!(seats_moved(Some(from), to), None, "{from} {to}");
        }
    }
}
