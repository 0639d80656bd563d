//! A stretch of one day in Japan, from one quarter of an hour to another: what a place is booked for. No database here.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc};
use kernel::text::fold_width;
use kernel::{Checks, Code, JST, Typed, date_in_japan};
use schemars::JsonSchema;
use serde::Serialize;

/// Times are whole quarters of an hour.
pub const STEP_MINUTES: u32 = 15;

/// From when until when on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Slot {
    /// The day in Japan.
    pub day: NaiveDate,
    /// When it begins.
    #[schemars(with = "String")]
    pub from: NaiveTime,
    /// When it ends, later that day.
    #[schemars(with = "String")]
    pub to: NaiveTime,
}

impl Slot {
    /// The slot between two moments of one day in Japan; what ends at midnight ends a minute before it here.
    pub fn between(begins_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Self {
        let day = date_in_japan(begins_at);
        let to = ends_at.with_timezone(&JST);
        let to = if to.date_naive() > day { last_minute() } else { to.time() };
        Self { day, from: begins_at.with_timezone(&JST).time(), to }
    }

    /// All of a day.
    pub fn whole(day: NaiveDate) -> Self {
        Self { day, from: NaiveTime::MIN, to: last_minute() }
    }

    /// The moment it begins.
    pub fn begins_at(self) -> DateTime<Utc> {
        moment(self.day, self.from)
    }

    /// The moment it ends.
    pub fn ends_at(self) -> DateTime<Utc> {
        moment(self.day, self.to)
    }

    /// How long it is.
    pub fn length(self) -> TimeDelta {
        self.to - self.from
    }

    /// Whether the two have a moment in common.
    pub fn meets(self, other: Self) -> bool {
        self.day == other.day && self.from < other.to && other.from < self.to
    }

    /// Reads the fields `day`, `from` and `to`.
    pub(crate) fn read(checks: &mut Checks, day: &Typed, from: &Typed, to: &Typed) -> Self {
        let day = checks.date("day", day);
        let (from, to) = read_hours(checks, ("from", from), ("to", to));
        Self { day, from, to }
    }
}

/// The moment of a time in Japan.
pub(crate) fn moment(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    // Japan's clocks never jump, so every time of a day is one moment.
    day.and_time(time)
        .and_local_timezone(JST)
        .earliest()
        .map_or(DateTime::UNIX_EPOCH, |moment| moment.to_utc())
}

fn last_minute() -> NaiveTime {
    NaiveTime::from_hms_opt(23, 59, 0).unwrap_or_default()
}

/// Two times of a day, each required, the second later than the first.
pub(crate) fn read_hours(
    checks: &mut Checks,
    (from_field, from): (&str, &Typed),
    (to_field, to): (&str, &Typed),
) -> (NaiveTime, NaiveTime) {
    let begins = read_time(checks, from_field, from);
    let ends = read_time(checks, to_field, to);
    if let (Some(begins), Some(ends)) = (begins, ends)
        && begins >= ends
    {
        checks.problem(to_field, Code::EndsTooEarly);
    }
    (begins.unwrap_or_default(), ends.unwrap_or_default())
}

fn read_time(checks: &mut Checks, field: &str, typed: &Typed) -> Option<NaiveTime> {
    let text = fold_width(typed.as_str());
    if text.trim().is_empty() {
        checks.problem(field, Code::Required);
        return None;
    }
    let time = time(text.trim()).filter(|time| time.minute() % STEP_MINUTES == 0);
    if time.is_none() {
        checks.problem(field, Code::OutOfRange);
    }
    time
}

/// `9:00`, `09:00`, `09:00:00` or `9時30分`.
fn time(text: &str) -> Option<NaiveTime> {
    let text = text.replace('時', ":").replace('分', "");
    let mut parts = text.trim_end_matches(':').split(':');
    let hours = parts.next()?.trim().parse().ok()?;
    let minutes = parts.next().unwrap_or("0").trim().parse().ok()?;
    let seconds = parts.next().unwrap_or("0").trim().parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    NaiveTime::from_hms_opt(hours, minutes, seconds)
}

/// What is left of the hours `open` when `taken`, in the order of their beginnings, are taken out.
pub fn free(open: Slot, taken: &[Slot]) -> Vec<Slot> {
    let mut left = Vec::new();
    let mut from = open.from;
    for one in taken.iter().filter(|one| one.meets(open)) {
        if one.from > from {
            left.push(Slot { day: open.day, from, to: one.from });
        }
        from = from.max(one.to);
    }
    if from < open.to {
        left.push(Slot { day: open.day, from, to: open.to });
    }
    left
}

/// As long as `wanted`, inside one of `free`, as near to its beginning as can be; the earlier of two as near.
pub fn nearest(wanted: Slot, free: &[Slot]) -> Option<Slot> {
    let fitting = free.iter().filter(|one| one.length() >= wanted.length());
    let at = |one: &Slot| {
        let from = wanted.from.clamp(one.from, one.to - wanted.length());
        Slot { day: one.day, from, to: from + wanted.length() }
    };
    fitting.map(at).min_by_key(|one| ((one.from - wanted.from).abs(), one.from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(from: &str, to: &str) -> Slot {
        let at = |text: &str| time(text).unwrap();
        Slot { day: "2026-11-27".parse().unwrap(), from: at(from), to: at(to) }
    }

    #[test]
    fn what_is_free_is_what_nobody_has() {
        let open = slot("9:00", "17:00");
        assert_eq!(free(open, &[]), [open]);
        let taken =
            [slot("9:00", "10:00"), slot("12:00", "13:15"), slot("13:00", "14:00"), slot("16:00", "18:00")];
        assert_eq!(free(open, &taken), [slot("10:00", "12:00"), slot("14:00", "16:00")]);
        assert_eq!(free(open, &[slot("8:00", "20:00")]), []);
    }

    #[test]
    fn the_nearest_time_of_the_same_length_is_offered() {
        let free = [slot("9:00", "10:00"), slot("12:00", "15:00")];
        assert_eq!(
            nearest(slot("10:30", "11:30"), &free),
            Some(slot("9:00", "10:00")),
            "the earlier of two as near"
        );
        assert_eq!(nearest(slot("10:30", "12:30"), &free), Some(slot("12:00", "14:00")));
        assert_eq!(nearest(slot("14:30", "16:30"), &free), Some(slot("13:00", "15:00")));
        assert_eq!(nearest(slot("9:00", "13:00"), &free), None);
    }

    #[test]
    fn hours_are_read_as_people_write_them_in_quarters() {
        let read = |from: &str, to: &str| {
            let mut checks = Checks::new();
            let hours = read_hours(&mut checks, ("from", &from.into()), ("to", &to.into()));
            checks.done(hours).map_err(|invalid| (invalid.0[0].field.clone(), invalid.0[0].code))
        };
        assert_eq!(read("９：００", "17時30分"), Ok((time("9:00").unwrap(), time("17:30").unwrap())));
        assert_eq!(read("9:10", "10:00"), Err(("from".to_owned(), Code::OutOfRange)));
        assert_eq!(read("9:00", "9:00"), Err(("to".to_owned(), Code::EndsTooEarly)));
        assert_eq!(read("9:00", ""), Err(("to".to_owned(), Code::Required)));
    }

    #[test]
    fn a_slot_is_the_same_after_its_way_through_moments() {
        let one = slot("9:00", "10:30");
        assert_eq!(one.begins_at().to_rfc3339(), "2026-11-27T00:00:00+00:00");
        assert_eq!(Slot::between(one.begins_at(), one.ends_at()), one);
        let whole_day = Slot::between(
            moment(one.day, NaiveTime::MIN),
            moment(one.day.succ_opt().unwrap(), NaiveTime::MIN),
        );
        assert_eq!(whole_day, Slot::whole(one.day));
    }
}
