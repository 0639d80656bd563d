//! The hours somebody offers and how they work: windows, weeks, days that differ, conditions. No database here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate};
use kernel::{Checks, Code, Invalid, Typed, text, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

text_enum!(
    /// How somebody works, as a code. Why is never asked and has no place.
    #[schemars(rename = "WorkCondition")]
    Condition {
        /// They make and take no calls.
        NoPhone = "no_phone",
        /// They join no video calls.
        NoVideo = "no_video",
        /// They work in short slots, up to an hour at a time.
        ShortSlots = "short_slots",
        /// They take work only with some days until it is due.
        DeadlineSlack = "deadline_slack",
    }
);

/// How many days there are at least until work is due that may be put before whoever asks for slack.
pub const SLACK_DAYS: i64 = 3;

/// What some work asks of how it is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(rename = "WorkAsks")]
pub struct Asks {
    /// Calls have to be made or taken.
    pub phone: bool,
    /// Video calls have to be joined.
    pub video: bool,
    /// It takes more than an hour at a time.
    pub long_slots: bool,
}

/// Whether work that asks for this and is due on that day suits whoever works under these conditions.
pub fn suits(
    conditions: &BTreeSet<Condition>,
    asks: Asks,
    due_on: Option<NaiveDate>,
    today: NaiveDate,
) -> bool {
    let is_kept = |condition: &Condition| match condition {
        Condition::NoPhone => !asks.phone,
        Condition::NoVideo => !asks.video,
        Condition::ShortSlots => !asks.long_slots,
        Condition::DeadlineSlack => due_on.is_none_or(|due| (due - today).num_days() >= SLACK_DAYS),
    };
    conditions.iter().all(is_kept)
}

/// Minutes of a day.
const DAY_MINUTES: i16 = 24 * 60;

/// A part of a day, in minutes after its midnight in Japan; a day has no summer time there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(rename = "OfferedHours")]
pub struct Window {
    /// Its first minute, 0 to 1,439.
    pub starts_minute: i16,
    /// The minute it ends before, 1 to 1,440.
    pub ends_minute: i16,
}

impl Window {
    fn minutes(self) -> i64 {
        i64::from(self.ends_minute - self.starts_minute)
    }

    /// `9:00`, or `24:00` at the end of the day.
    fn clock(minute: i16) -> String {
        format!("{}:{:02}", minute / 60, minute % 60)
    }
}

/// `9:00-11:00, 13:00-15:30`, as it may be typed again; empty for none.
pub fn said(windows: &[Window]) -> String {
    let one = |window: &Window| {
        format!("{}-{}", Window::clock(window.starts_minute), Window::clock(window.ends_minute))
    };
    windows.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Puts windows in their order and joins those that meet or overlap: no minute is offered twice.
fn joined(mut windows: Vec<Window>) -> Vec<Window> {
    windows.sort_unstable();
    let mut all: Vec<Window> = Vec::new();
    for window in windows {
        match all.last_mut() {
            Some(last) if window.starts_minute <= last.ends_minute => {
                last.ends_minute = last.ends_minute.max(window.ends_minute);
            }
            _ => all.push(window),
        }
    }
    all
}

/// Reads `9-11、13:00〜15:30`: hours in any width, parts between commas or spaces; empty for none.
fn windows(checks: &mut Checks, field: &str, typed: &Typed) -> Vec<Window> {
    let line = text::fold_width(&checks.line(field, typed, 200));
    let line = line.replace(['〜', '～', '~', '–', '—', 'ー', '－', '−'], "-").replace("から", "-");
    let line = line.replace(" -", "-").replace("- ", "-");
    let parts = line.split([',', '、', '，', ' ', '　', ';']).map(str::trim).filter(|part| !part.is_empty());
    let mut found = Vec::new();
    for part in parts {
        match part.split_once('-').and_then(|(from, until)| Some((minute(from)?, minute(until)?))) {
            Some((starts_minute, ends_minute)) if starts_minute < ends_minute => {
                found.push(Window { starts_minute, ends_minute });
            }
            read => {
                // Eleven to nine, or nine to nine: both are times.
                checks.problem(field, if read.is_some() { Code::EndsTooEarly } else { Code::NotATime });
                return Vec::new();
            }
        }
    }
    joined(found)
}

/// `9`, `9:30`, `9時半まで`; `24` is the end of the day.
fn minute(typed: &str) -> Option<i16> {
    let line = typed.replace("時半", ":30").replace('時', ":").replace('分', "").replace("まで", "");
    let line = line.trim().trim_end_matches(':');
    let (hours, minutes) = line.split_once(':').unwrap_or((line, "0"));
    let (hours, minutes): (i16, i16) = (hours.trim().parse().ok()?, minutes.trim().parse().ok()?);
    let is_time = (0..24).contains(&hours) && (0..60).contains(&minutes) || (hours, minutes) == (24, 0);
    is_time.then_some(hours * 60 + minutes)
}

/// The standing week, from Monday to Sunday.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OfferedWeek")]
pub struct Week(pub [Vec<Window>; 7]);

impl Week {
    /// Whether nothing is said: then any time will do.
    pub fn is_open(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Minutes of it, of which at most `most_minutes` are wanted.
    pub fn minutes(&self, most_minutes: i64) -> i64 {
        if self.is_open() {
            return most_minutes.max(0);
        }
        self.0.iter().map(|windows| sum(windows)).sum::<i64>().min(most_minutes).max(0)
    }

    fn of(&self, day: NaiveDate) -> &[Window] {
        let at = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or_default();
        self.0.get(at).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A day that differs from the standing week.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OfferedDay")]
pub struct Day {
    /// Nothing is offered.
    pub is_off: bool,
    /// It was said on the day itself.
    pub told_today: bool,
    /// What is offered where it is not off.
    pub windows: Vec<Window>,
}

/// What somebody offers and how they work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Availability")]
pub struct Plan {
    /// Their standing week; all empty where any time will do.
    pub week: Week,
    /// Days from today on that differ from it.
    pub days: BTreeMap<NaiveDate, Day>,
    /// How they work.
    pub conditions: BTreeSet<Condition>,
}

impl Plan {
    /// Minutes offered on a day: the whole of it where nothing is said.
    pub fn minutes_on(&self, day: NaiveDate) -> i64 {
        match self.days.get(&day) {
            Some(own) if own.is_off => 0,
            Some(own) => sum(&own.windows),
            None if self.week.is_open() => DAY_MINUTES.into(),
            None => sum(self.week.of(day)),
        }
    }

    /// Minutes offered within the seven days that begin with `from`, of which at most `most_minutes` are wanted.
    pub fn minutes_in_week(&self, from: NaiveDate, most_minutes: i64) -> i64 {
        let day = |ahead| from.checked_add_days(Days::new(ahead));
        let offered: i64 = (0..7).filter_map(day).map(|day| self.minutes_on(day)).sum();
        offered.min(most_minutes).max(0)
    }

    /// Whether the day is off.
    pub fn is_off(&self, day: NaiveDate) -> bool {
        self.days.get(&day).is_some_and(|own| own.is_off)
    }
}

fn sum(windows: &[Window]) -> i64 {
    windows.iter().map(|window| window.minutes()).sum()
}

/// A standing week as typed: for each day its hours, such as `9-11, 13:00-15:00`; all empty means any time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "OfferedWeekInput", extend("examples" = [{ "tuesday": "9-11", "thursday": "9:00-11:00, 13-15" }]))]
pub struct WeekInput {
    /// Hours of Mondays.
    pub monday: Typed,
    /// Hours of Tuesdays.
    pub tuesday: Typed,
    /// Hours of Wednesdays.
    pub wednesday: Typed,
    /// Hours of Thursdays.
    pub thursday: Typed,
    /// Hours of Fridays.
    pub friday: Typed,
    /// Hours of Saturdays.
    pub saturday: Typed,
    /// Hours of Sundays.
    pub sunday: Typed,
}

/// The fields of [`WeekInput`], from Monday.
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl WeekInput {
    /// What a week holds, to be changed.
    pub fn of(week: &Week) -> Self {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] =
            week.0.each_ref().map(|windows| Typed::from(said(windows)));
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday }
    }

    pub(super) fn checked(&self) -> Result<Week, Invalid> {
        let mut checks = Checks::new();
        let week = Week([
            windows(&mut checks, "monday", &self.monday),
            windows(&mut checks, "tuesday", &self.tuesday),
            windows(&mut checks, "wednesday", &self.wednesday),
            windows(&mut checks, "thursday", &self.thursday),
            windows(&mut checks, "friday", &self.friday),
            windows(&mut checks, "saturday", &self.saturday),
            windows(&mut checks, "sunday", &self.sunday),
        ]);
        checks.done(week)
    }
}

/// A day that differs, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "OfferedDayInput", extend("examples" = [{ "day": "2026-12-10", "hours": "" }]))]
pub struct DayInput {
    /// The day; required, today or within a year.
    pub day: Typed,
    /// Its hours, such as `9-11`; empty means a day off.
    pub hours: Typed,
}

/// How far ahead a day may lie.
const MOST_DAYS: i64 = 366;

impl DayInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<(NaiveDate, Vec<Window>), Invalid> {
        let mut checks = Checks::new();
        let day = checks.date("day", &self.day);
        if day != NaiveDate::default() {
            if day < today {
                checks.problem("day", Code::InThePast);
            } else if (day - today).num_days() > MOST_DAYS {
                checks.problem("day", Code::TooFarAhead);
            }
        }
        let hours = windows(&mut checks, "hours", &self.hours);
        checks.done((day, hours))
    }
}

/// How somebody works, as typed; all of it each time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "WorkConditionsInput", extend("examples" = [{ "conditions": ["no_phone", "short_slots"] }]))]
pub struct ConditionsInput {
    /// The words of each `WorkCondition`; none means that anything will do.
    #[schemars(with = "Vec<Condition>")]
    pub conditions: Vec<Typed>,
}

impl ConditionsInput {
    pub(super) fn checked(&self) -> Result<BTreeSet<Condition>, Invalid> {
        let mut checks = Checks::new();
        let read = |typed: &Typed| checks.choice("conditions", typed);
        let conditions = self.conditions.iter().filter_map(read).collect();
        checks.done(conditions)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn read(typed: &str) -> Result<String, Code> {
        let mut checks = Checks::new();
        let found = windows(&mut checks, "monday", &typed.into());
        checks.done(said(&found)).map_err(|invalid| invalid.0[0].code)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (typed, expected) in [
            ("", ""),
            ("9-11", "9:00-11:00"),
            ("９時〜１１時半", "9:00-11:30"),
            ("９〜１１、１３：００～１５：３０", "9:00-11:00, 13:00-15:30"),
            ("13:00 - 15:00 9 -11", "9:00-11:00, 13:00-15:00"),
            ("13-15 9-11", "9:00-11:00, 13:00-15:00"),
            ("9-11, 10:30-12, 12-13", "9:00-13:00"),
            ("9時から11時まで", "9:00-11:00"),
            ("22-24", "22:00-24:00"),
        ] {
            assert_eq!(read(typed), Ok(expected.to_owned()), "{typed}");
        }
        for wrong in ["9", "9-25", "朝", "9-11-13"] {
            assert_eq!(read(wrong), Err(Code::NotATime), "{wrong}");
        }
        for wrong in ["11-9", "9-9", "24-24"] {
            assert_eq!(read(wrong), Err(Code::EndsTooEarly), "{wrong}");
        }
        let next_year = DayInput { day: "2027-11-28".into(), hours: "9-11".into() };
        let refused = next_year.checked(day("2026-11-26")).unwrap_err();
        assert_eq!((refused.0[0].field.as_str(), refused.0[0].code), ("day", Code::TooFarAhead));
    }

    #[test]
    fn a_week_is_its_days_and_days_that_differ_and_never_more_than_is_wanted() {
        let hours = |typed: &str| {
            let mut checks = Checks::new();
            windows(&mut checks, "day", &typed.into())
        };
        let mut plan = Plan::default();
        let monday = day("2026-11-30");
        assert_eq!(plan.minutes_in_week(monday, 600), 600, "nothing said: any time");
        assert_eq!(plan.week.minutes(600), 600, "nothing said: any time");
        plan.week.0[1] = hours("9-11");
        plan.week.0[3] = hours("9-11, 13-15");
        assert_eq!(plan.minutes_in_week(monday, 600), 360);
        assert_eq!(plan.minutes_in_week(monday, 200), 200);
        assert_eq!(plan.minutes_in_week(day("2026-12-02"), 600), 360, "a week begins on any day");
        plan.days.insert(day("2026-12-03"), Day { is_off: true, ..Day::default() });
        plan.days.insert(day("2026-12-05"), Day { windows: hours("10-11"), ..Day::default() });
        assert_eq!(plan.minutes_in_week(monday, 600), 180);
        assert_eq!(plan.week.minutes(600), 360, "a day that differs is no part of the standing week");
        assert_eq!((plan.is_off(day("2026-12-03")), plan.is_off(day("2026-12-05"))), (true, false));
    }

    #[test]
    fn work_suits_whoever_can_do_it_that_way() {
        let today = day("2026-11-26");
        let all: BTreeSet<_> = Condition::ALL.iter().copied().collect();
        let one = |condition| BTreeSet::from([condition]);
        let phone = Asks { phone: true, ..Asks::default() };
        assert!(suits(
            &BTreeSet::new(),
            Asks { phone: true, video: true, long_slots: true },
            Some(today),
            today
        ));
        assert!(!suits(&one(Condition::NoPhone), phone, None, today));
        assert!(suits(&one(Condition::NoVideo), phone, None, today));
        assert!(suits(&all, Asks::default(), Some(day("2026-11-29")), today));
        assert!(!suits(&all, Asks::default(), Some(day("2026-11-28")), today));
    }

    /// Minute by minute, without any arithmetic of windows.
    fn counted(plan: &Plan, from: NaiveDate) -> i64 {
        let mut minutes = 0;
        for ahead in 0..7u64 {
            let day = from.checked_add_days(Days::new(ahead)).unwrap();
            let at = usize::try_from(day.weekday().number_from_monday()).unwrap() - 1;
            for minute in 0..1440i16 {
                let within = |windows: &[Window]| {
                    windows.iter().any(|one| (one.starts_minute..one.ends_minute).contains(&minute))
                };
                let is_offered = match plan.days.get(&day) {
                    Some(own) => !own.is_off && within(&own.windows),
                    None => plan.week.is_open() || within(&plan.week.0[at]),
                };
                minutes += i64::from(is_offered);
            }
        }
        minutes
    }

    fn any_windows() -> impl Strategy<Value = Vec<Window>> {
        vec((0..1439i16, 1..400i16), 0..5).prop_map(|parts| {
            let window = |(starts_minute, length): (i16, i16)| Window {
                starts_minute,
                ends_minute: (starts_minute + length).min(DAY_MINUTES),
            };
            joined(parts.into_iter().map(window).collect())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn what_is_offered_is_what_somebody_counting_minutes_finds(
            week in vec(any_windows(), 7),
            own in vec((0..9u64, any::<bool>(), any_windows()), 0..6),
            start in 0..4000u64,
            most in 0..2400i64,
        ) {
            let from = day("2024-02-26").checked_add_days(Days::new(start)).unwrap();
            let mut plan = Plan { week: Week(week.try_into().unwrap()), ..Plan::default() };
            for (ahead, is_off, windows) in own {
                let day = from.checked_add_days(Days::new(ahead)).unwrap();
                plan.days.insert(day, Day { is_off, told_today: false, windows });
            }
            let counted = counted(&plan, from);
            prop_assert_eq!(plan.minutes_in_week(from, i64::MAX), counted);
            prop_assert_eq!(plan.minutes_in_week(from, most), counted.min(most));
        }

        #[test]
        fn what_is_said_reads_back(windows in any_windows()) {
            prop_assert_eq!(read(&said(&windows)), Ok(said(&windows)));
        }
    }
}
