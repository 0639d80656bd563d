//! When something comes back: by the clock on the wall of a named time zone.
//!
//! A time that the clock skips (summer time begins) happens at the first moment after the gap; a time that it shows
//! twice (summer time ends) happens the first time only. So a daily task runs once on every day, in any zone.

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::Tz;

/// A rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recurrence {
    /// Every so many minutes, counted from midnight UTC on 1 January 1970: the same ticks on every machine.
    EveryMinutes(u16),
    /// Each day at this time.
    Daily(NaiveTime),
    /// Each week on this day at this time.
    Weekly(Weekday, NaiveTime),
    /// Each month on this day (1 to 31) at this time; where the month is shorter, on its last day.
    Monthly(u8, NaiveTime),
}

impl Recurrence {
    /// The last tick at or before `now`.
    pub fn latest(&self, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if let Self::EveryMinutes(minutes) = self {
            let step = i64::from(*minutes).max(1) * 60;
            return DateTime::from_timestamp(now.timestamp().div_euclid(step) * step, 0);
        }
        let today = now.with_timezone(&zone).date_naive();
        // The rhythm's day may lie in the past, and today's time may still be ahead: look back day by day.
        let days = (0..=62).filter_map(|back| today.checked_sub_days(Days::new(back)));
        days.filter(|day| self.is_on(*day)).find_map(|day| {
            let tick = moment(zone, day.and_time(self.time()))?;
            (tick <= now).then_some(tick)
        })
    }

    /// The ticks after `after` and up to `now`, the oldest first, at most `most` of the newest.
    pub fn between(
        &self,
        zone: Tz,
        after: DateTime<Utc>,
        now: DateTime<Utc>,
        most: usize,
    ) -> Vec<DateTime<Utc>> {
        let earlier = |tick: &DateTime<Utc>| self.latest(zone, *tick - TimeDelta::seconds(1));
        let ticks = std::iter::successors(self.latest(zone, now), earlier);
        let mut owed: Vec<_> = ticks.take_while(|tick| *tick > after).take(most).collect();
        owed.reverse();
        owed
    }

    fn time(&self) -> NaiveTime {
        match self {
            Self::EveryMinutes(_) => NaiveTime::MIN,
            Self::Daily(time) | Self::Weekly(_, time) | Self::Monthly(_, time) => *time,
        }
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        match self {
            Self::EveryMinutes(_) | Self::Daily(_) => true,
            Self::Weekly(weekday, _) => day.weekday() == *weekday,
            Self::Monthly(wanted, _) => day.day() == u32::from(*wanted).clamp(1, last_day_of_month(day)),
        }
    }
}

fn last_day_of_month(day: NaiveDate) -> u32 {
    let first = day.with_day(1);
    let next = first.and_then(|first| first.checked_add_months(Months::new(1)));
    next.and_then(|next| next.pred_opt()).map_or(28, |last| last.day())
}

/// The moment at which a clock in `zone` shows `shown` for the first time, or the first one after it.
fn moment(zone: Tz, shown: NaiveDateTime) -> Option<DateTime<Utc>> {
    // No zone has ever skipped more than a day.
    let minutes = (0..=24 * 60).map(|minutes| shown + TimeDelta::minutes(minutes));
    minutes.into_iter().find_map(|shown| zone.from_local_datetime(&shown).earliest()).map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn time(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    #[test]
    fn a_morning_in_japan_is_the_evening_before_in_utc() {
        let daily = Recurrence::Daily(time(7, 30));
        assert_eq!(
            daily.latest(Tz::Asia__Tokyo, at("2026-11-25T22:29:59Z")),
            Some(at("2026-11-24T22:30:00Z"))
        );
        assert_eq!(
            daily.latest(Tz::Asia__Tokyo, at("2026-11-25T22:30:00Z")),
            Some(at("2026-11-25T22:30:00Z"))
        );
    }

    #[test]
    fn a_skipped_hour_happens_after_the_gap_and_a_repeated_one_once() {
        let daily = Recurrence::Daily(time(2, 30));
        // Berlin: on 29 March 2026 02:00 is followed by 03:00, on 25 October 03:00 by 02:00.
        let spring =
            daily.between(Tz::Europe__Berlin, at("2026-03-28T12:00:00Z"), at("2026-03-30T12:00:00Z"), 10);
        assert_eq!(spring, [at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")]);
        let autumn =
            daily.between(Tz::Europe__Berlin, at("2026-10-24T12:00:00Z"), at("2026-10-26T12:00:00Z"), 10);
        assert_eq!(autumn, [at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")]);
    }

    #[test]
    fn every_day_of_forty_years_has_one_tick_in_every_kind_of_zone() {
        for zone in [Tz::Asia__Tokyo, Tz::Europe__Berlin, Tz::America__New_York, Tz::Australia__Lord_Howe] {
            let daily = Recurrence::Daily(time(2, 15));
            let ticks =
                daily.between(zone, at("2000-01-01T12:00:00Z"), at("2040-01-01T12:00:00Z"), usize::MAX);
            assert_eq!(ticks.len(), 14610, "{zone}");
            assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]), "{zone}");
        }
    }

    #[test]
    fn the_thirty_first_is_the_last_day_of_shorter_months_and_leap_days_count() {
        let monthly = Recurrence::Monthly(31, time(9, 0));
        let ticks =
            monthly.between(Tz::Asia__Tokyo, at("2028-01-15T00:00:00Z"), at("2028-05-01T00:00:00Z"), 10);
        let days: Vec<String> =
            ticks.iter().map(|tick| tick.with_timezone(&Tz::Asia__Tokyo).date_naive().to_string()).collect();
        assert_eq!(days, ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]);
    }

    #[test]
    fn weeks_and_minutes_count_the_same_everywhere() {
        let weekly = Recurrence::Weekly(Weekday::Mon, time(8, 0));
        let monday = at("2026-11-22T23:00:00Z");
        assert_eq!(weekly.latest(Tz::Asia__Tokyo, at("2026-11-25T00:00:00Z")), Some(monday));
        let quarter = Recurrence::EveryMinutes(15);
        assert_eq!(
            quarter.latest(Tz::Asia__Tokyo, at("2026-11-25T00:29:59Z")),
            Some(at("2026-11-25T00:15:00Z"))
        );
    }
}
