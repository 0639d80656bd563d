//! Japanese dates: the day in Japan, fiscal years from April, Reiwa years, and business days that know how far
//! their holiday table reaches.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Japan Standard Time; no daylight saving since 1951.
pub const JST: FixedOffset = match FixedOffset::east_opt(9 * 3600) {
    Some(offset) => offset,
    None => panic!("nine hours is a valid offset"),
};

/// The hours in Japan in which municipal offices answer, 8:30 to 17:15: what business hours are counted in.
const OFFICE_HOURS: (NaiveTime, NaiveTime) =
    match (NaiveTime::from_hms_opt(8, 30, 0), NaiveTime::from_hms_opt(17, 15, 0)) {
        (Some(opens), Some(closes)) => (opens, closes),
        _ => panic!("both are times of day"),
    };

/// The calendar date in Japan at `instant`.
pub fn date_in_japan(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&JST).date_naive()
}

/// A Japanese fiscal year (年度): the one that begins on 1 April of this calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FiscalYear(#[schemars(range(min = 1900, max = 2999))] pub i32);

/// Text that names no fiscal year somebody may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no fiscal year from 1900 to 2999")]
pub struct FiscalYearError;

impl FromStr for FiscalYear {
    type Err = FiscalYearError;

    /// Reads `2026`, within the years that dates are typed in.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let year = text.trim().parse().ok().filter(|year| (1900..=2999).contains(year));
        year.map(Self).ok_or(FiscalYearError)
    }
}

impl FiscalYear {
    /// The fiscal year `date` falls in: 31 March belongs to the year before.
    pub fn of(date: NaiveDate) -> Self {
        Self(if date.month() >= 4 { date.year() } else { date.year() - 1 })
    }

    /// 1 April.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0, 4, 1).unwrap_or(NaiveDate::MAX)
    }

    /// 31 March of the next calendar year.
    pub fn last_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0 + 1, 3, 31).unwrap_or(NaiveDate::MAX)
    }
}

/// An imperial year as documents print it, `令和8年`; `None` before 2019-05-01.
pub fn reiwa(date: NaiveDate) -> Option<String> {
    let first = NaiveDate::from_ymd_opt(2019, 5, 1)?;
    if date < first {
        return None;
    }
    Some(match date.year() - 2018 {
        1 => "令和元年".to_owned(),
        year => format!("令和{year}年"),
    })
}

/// What a date is for work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A working day.
    Business,
    /// A Saturday, Sunday or public holiday.
    Closed,
    /// Beyond the last year of the holiday table: a weekday that may turn out to be a holiday.
    Unknown,
}

/// The public holidays known so far (内閣府 publishes each next year in February).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays {
    days: BTreeSet<NaiveDate>,
}

/// `2026-11-23 勤労感謝の日` a line, as the Cabinet Office (内閣府) publishes them; a new year is added each February.
const PUBLISHED: &str = include_str!("holidays.txt");

static PUBLISHED_HOLIDAYS: LazyLock<Holidays> = LazyLock::new(|| {
    let day = |line: &str| line.split(' ').next()?.parse().ok();
    Holidays::new(PUBLISHED.lines().filter_map(day))
});

impl Holidays {
    /// The holidays this program was built with (国民の祝日, source: 内閣府).
    pub fn published() -> &'static Self {
        &PUBLISHED_HOLIDAYS
    }

    /// From published days. The table is taken to be complete for every year it names.
    pub fn new(days: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self { days: days.into_iter().collect() }
    }

    /// What `date` is for work. A weekday past the table's last year is [`DayKind::Unknown`], never a guess.
    pub fn kind(&self, date: NaiveDate) -> DayKind {
        if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) || self.days.contains(&date) {
            return DayKind::Closed;
        }
        let known = |last: &NaiveDate| date.year() <= last.year();
        if self.days.last().is_some_and(known) { DayKind::Business } else { DayKind::Unknown }
    }

    /// The `count`-th business day after `date`; days of unknown kind count as business days, and the second
    /// value says whether any did.
    pub fn business_days_after(&self, date: NaiveDate, count: u32) -> (NaiveDate, bool) {
        let (mut day, mut left, mut guessed) = (date, count, false);
        while left > 0 {
            day = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
            match self.kind(day) {
                DayKind::Closed => {}
                DayKind::Business => left -= 1,
                DayKind::Unknown => {
                    guessed = true;
                    left -= 1;
                }
            }
            if day == NaiveDate::MAX {
                break;
            }
        }
        (day, guessed)
    }

    /// How much of the office hours of business days lies between two instants; nothing where `to` is not later. Days of
    /// unknown kind count as business days, and no more than ten years are counted.
    pub fn business_time_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        const MOST_DAYS: usize = 3660;
        let (from, to) = (from.with_timezone(&JST).naive_local(), to.with_timezone(&JST).naive_local());
        let days = from.date().iter_days().take(MOST_DAYS).take_while(|day| *day <= to.date());
        let open = |day: NaiveDate| {
            let opens = day.and_time(OFFICE_HOURS.0).max(from);
            let closes = day.and_time(OFFICE_HOURS.1).min(to);
            (closes - opens).max(TimeDelta::zero())
        };
        days.filter(|day| self.kind(*day) != DayKind::Closed).map(open).sum()
    }

    /// The `count`-th business day before `date`; days of unknown kind count as business days.
    pub fn business_days_before(&self, date: NaiveDate, count: u32) -> NaiveDate {
        let (mut day, mut left) = (date, count);
        while left > 0 && day > NaiveDate::MIN {
            day = day.pred_opt().unwrap_or(NaiveDate::MIN);
            left -= u32::from(self.kind(day) != DayKind::Closed);
        }
        day
    }

    /// `date` itself if banks transfer money on it, else the last day before on which they do. Banks rest on Saturdays,
    /// Sundays, public holidays and from 31 December to 3 January (Banking Act, Order art. 5).
    pub fn bank_day_on_or_before(&self, date: NaiveDate) -> NaiveDate {
        let mut day = date;
        while day > NaiveDate::MIN && (self.kind(day) == DayKind::Closed || is_year_end(day)) {
            day = day.pred_opt().unwrap_or(NaiveDate::MIN);
        }
        day
    }
}

fn is_year_end(day: NaiveDate) -> bool {
    matches!((day.month(), day.day()), (12, 31) | (1, 1..=3))
}

impl fmt::Display for FiscalYear {
    /// `2026`, the calendar year of its April.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn the_fiscal_year_turns_at_midnight_in_japan() {
        let just_before: DateTime<Utc> = "2026-03-31T14:59:59Z".parse().unwrap();
        let midnight: DateTime<Utc> = "2026-03-31T15:00:00Z".parse().unwrap();
        assert_eq!(FiscalYear::of(date_in_japan(just_before)), FiscalYear(2025));
        assert_eq!(FiscalYear::of(date_in_japan(midnight)), FiscalYear(2026));
    }

    #[test]
    fn a_fiscal_year_is_asked_for_within_the_years_of_dates() {
        assert_eq!(" 2026".parse(), Ok(FiscalYear(2026)));
        for wrong in ["1899", "3000", "2147483647", "-2147483648", "262142", "令和8", ""] {
            assert_eq!(wrong.parse::<FiscalYear>(), Err(FiscalYearError), "{wrong}");
        }
        assert!("1900".parse::<FiscalYear>().is_ok() && "2999".parse::<FiscalYear>().is_ok());
    }

    #[test]
    fn reiwa_begins_in_may_2019() {
        assert_eq!(reiwa(day(2019, 4, 30)), None);
        assert_eq!(reiwa(day(2019, 5, 1)).as_deref(), Some("令和元年"));
        assert_eq!(reiwa(day(2026, 11, 22)).as_deref(), Some("令和8年"));
    }

    #[test]
    fn past_the_table_a_weekday_is_unknown() {
        let holidays = Holidays::new([day(2026, 9, 21), day(2026, 9, 22), day(2026, 9, 23)]);
        assert_eq!(holidays.kind(day(2026, 9, 22)), DayKind::Closed);
        assert_eq!(holidays.kind(day(2026, 9, 24)), DayKind::Business);
        assert_eq!(holidays.kind(day(2026, 9, 20)), DayKind::Closed);
        assert_eq!(holidays.kind(day(2027, 1, 4)), DayKind::Unknown);
        assert_eq!(holidays.business_days_after(day(2026, 9, 18), 1), (day(2026, 9, 24), false));
        assert!(Holidays::default().business_days_after(day(2026, 9, 18), 1).1);
    }

    #[test]
    fn banks_rest_at_weekends_on_holidays_and_around_the_new_year() {
        let holidays = Holidays::published();
        for (asked, expected) in [
            (day(2026, 9, 24), day(2026, 9, 24)),
            // 19 to 23 September 2026: Saturday, Sunday, a holiday, the day between two holidays, a holiday.
            (day(2026, 9, 23), day(2026, 9, 18)),
            (day(2027, 3, 22), day(2027, 3, 19)),
            (day(2027, 1, 3), day(2026, 12, 30)),
            (day(2026, 12, 31), day(2026, 12, 30)),
        ] {
            assert_eq!(holidays.bank_day_on_or_before(asked), expected, "{asked}");
        }
    }

    #[test]
    fn business_time_runs_in_office_hours_of_business_days_alone() {
        let holidays = Holidays::published();
        let minutes = |from: &str, to: &str| {
            let at = |text: &str| text.parse::<DateTime<FixedOffset>>().unwrap().with_timezone(&Utc);
            holidays.business_time_between(at(from), at(to)).num_minutes()
        };
        // A Thursday; 23 November is a Monday and a holiday.
        assert_eq!(minutes("2026-11-19T10:00:00+09:00", "2026-11-19T11:30:00+09:00"), 90);
        assert_eq!(minutes("2026-11-19T06:00:00+09:00", "2026-11-19T22:00:00+09:00"), 525);
        assert_eq!(minutes("2026-11-20T17:00:00+09:00", "2026-11-24T08:45:00+09:00"), 30);
        assert_eq!(minutes("2026-11-21T10:00:00+09:00", "2026-11-23T18:00:00+09:00"), 0);
        assert_eq!(minutes("2026-11-19T11:00:00+09:00", "2026-11-19T10:00:00+09:00"), 0);
    }

    #[test]
    fn business_days_are_counted_back_over_holidays() {
        let holidays = Holidays::published();
        assert_eq!(holidays.business_days_before(day(2026, 9, 24), 1), day(2026, 9, 18));
        assert_eq!(holidays.business_days_before(day(2026, 9, 24), 0), day(2026, 9, 24));
        assert_eq!(holidays.kind(day(2028, 1, 4)), DayKind::Unknown, "the table ends with 2027");
    }
}
