//! The hours in which somebody may be expected to answer or to act: 08:00 to 20:00 in Japan, every day. No database here.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::JST;

const DAY_SECONDS: i64 = 24 * 60 * 60;
const OPENS_SECONDS: i64 = 8 * 60 * 60;
const ALLOWED_SECONDS: i64 = 12 * 60 * 60;

/// How long somebody has to answer, in allowed hours.
const ANSWER_TIME: TimeDelta = TimeDelta::hours(24);
/// How long at least, however soon the work is due.
const LEAST_ANSWER_TIME: TimeDelta = TimeDelta::hours(1);
/// An answer takes no more than this part of the allowed time that is left for the work.
const PART_OF_WORK_TIME: i32 = 4;

/// Allowed seconds that had passed by a moment, counted from the first of January 1970 in Japan.
fn passed(at: DateTime<Utc>) -> i64 {
    let seconds = at.timestamp() + i64::from(JST.local_minus_utc());
    let of_day = seconds.rem_euclid(DAY_SECONDS);
    seconds.div_euclid(DAY_SECONDS) * ALLOWED_SECONDS + (of_day - OPENS_SECONDS).clamp(0, ALLOWED_SECONDS)
}

/// The moment at which so much allowed time has passed since `from`; between 08:00 and 20:00.
pub(crate) fn after(from: DateTime<Utc>, allowed: TimeDelta) -> DateTime<Utc> {
    // The last second that has to pass decides the day, so that a full day ends in its evening.
    let last = passed(from) + allowed.num_seconds().max(1) - 1;
    let (day, of_day) = (last.div_euclid(ALLOWED_SECONDS), last.rem_euclid(ALLOWED_SECONDS) + 1);
    let local = day * DAY_SECONDS + OPENS_SECONDS + of_day;
    DateTime::from_timestamp(local - i64::from(JST.local_minus_utc()), 0).unwrap_or(from)
}

/// The first allowed moment from `at` on: `at` itself by day, else the next morning.
pub(crate) fn opens(at: DateTime<Utc>) -> DateTime<Utc> {
    let local = at.timestamp() + i64::from(JST.local_minus_utc());
    let of_day = local.rem_euclid(DAY_SECONDS);
    let wait = if of_day < OPENS_SECONDS {
        OPENS_SECONDS - of_day
    } else if of_day > OPENS_SECONDS + ALLOWED_SECONDS {
        DAY_SECONDS - of_day + OPENS_SECONDS
    } else {
        return at;
    };
    at + TimeDelta::seconds(wait)
}

/// The first allowed moment of the day after.
pub(crate) fn next_morning(at: DateTime<Utc>) -> DateTime<Utc> {
    let local = at.timestamp() + i64::from(JST.local_minus_utc());
    at + TimeDelta::seconds(DAY_SECONDS - local.rem_euclid(DAY_SECONDS) + OPENS_SECONDS)
}

/// How much allowed time lies between two moments.
fn between(from: DateTime<Utc>, until: DateTime<Utc>) -> TimeDelta {
    TimeDelta::seconds((passed(until) - passed(from)).max(0))
}

/// The end of a day in Japan.
fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = day.succ_opt().unwrap_or(day).and_hms_opt(0, 0, 0).unwrap_or_default();
    next.and_local_timezone(JST).single().map_or(DateTime::<Utc>::MAX_UTC, |end| end.to_utc())
}

/// By when an offer made now is answered, of work that is received until the end of `last_day`: 24 allowed hours, and less
/// when the work is due sooner, so that time is left to ask others and to do it.
pub(crate) fn answer_by(now: DateTime<Utc>, last_day: NaiveDate) -> DateTime<Utc> {
    let end = end_of(last_day);
    let part = between(now, end) / PART_OF_WORK_TIME;
    after(now, part.clamp(LEAST_ANSWER_TIME, ANSWER_TIME)).min(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A moment by the clock in Japan.
    fn at(local: &str) -> DateTime<Utc> {
        format!("{local}:00+09:00").parse().unwrap()
    }

    #[test]
    fn only_the_hours_of_the_day_count() {
        let hours = |from: &str, hours| after(at(from), TimeDelta::hours(hours));
        assert_eq!(hours("2026-05-01T09:00", 3), at("2026-05-01T12:00"));
        assert_eq!(hours("2026-05-01T18:00", 3), at("2026-05-02T09:00"));
        assert_eq!(hours("2026-05-01T23:30", 3), at("2026-05-02T11:00"), "the night does not count");
        assert_eq!(hours("2026-05-01T03:00", 12), at("2026-05-01T20:00"), "a whole day ends in its evening");
        assert_eq!(hours("2026-05-01T09:00", 24), at("2026-05-03T09:00"));
        assert_eq!(between(at("2026-05-01T19:00"), at("2026-05-02T09:00")), TimeDelta::hours(2));
    }

    #[test]
    fn nothing_begins_or_ends_by_night() {
        assert_eq!(opens(at("2026-05-01T07:59")), at("2026-05-01T08:00"));
        assert_eq!(opens(at("2026-05-01T20:01")), at("2026-05-02T08:00"));
        for by_day in ["2026-05-01T08:00", "2026-05-01T13:30", "2026-05-01T20:00"] {
            assert_eq!(opens(at(by_day)), at(by_day));
        }
        for today in ["2026-05-01T00:00", "2026-05-01T07:59", "2026-05-01T23:59"] {
            assert_eq!(next_morning(at(today)), at("2026-05-02T08:00"));
        }
    }

    #[test]
    fn work_that_is_due_soon_is_answered_sooner() {
        let by = |day: &str| answer_by(at("2026-05-01T09:00"), day.parse().unwrap());
        assert_eq!(by("2026-05-15"), at("2026-05-03T09:00"));
        // 35 allowed hours until Sunday night: a quarter of them.
        assert_eq!(by("2026-05-03"), at("2026-05-01T17:45"));
        assert_eq!(by("2026-05-01"), at("2026-05-01T11:45"));
        let at_night = answer_by(at("2026-05-01T22:00"), "2026-05-01".parse().unwrap());
        assert_eq!(at_night, at("2026-05-02T00:00"), "never after the work's own end");
    }

    proptest! {
        #[test]
        fn time_that_was_added_is_between(seconds in 0..4_000_000_000i64, minutes in 1..20_000i64) {
            let from = DateTime::from_timestamp(seconds, 0).unwrap();
            let until = after(from, TimeDelta::minutes(minutes));
            prop_assert_eq!(between(from, until), TimeDelta::minutes(minutes));
            let hour = until.with_timezone(&JST).format("%H:%M").to_string();
            prop_assert!(("08:00"..="20:00").contains(&hour.as_str()), "{}", hour);
        }
    }
}
