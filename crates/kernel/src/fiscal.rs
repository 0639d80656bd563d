//! Parts of a fiscal year that may begin in any month: its halves, quarters and months, their days, and how many of those
//! are business days.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::{DayKind, FiscalYear, Holidays, JST};

crate::text_enum!(
    /// A fiscal year or a part of one; parts are counted from the year's first month, whichever that is.
    Period {
        /// The whole year.
        Year = "year",
        /// The first half (上期).
        H1 = "h1",
        /// The second half (下期).
        H2 = "h2",
        /// The first quarter.
        Q1 = "q1",
        /// The second quarter.
        Q2 = "q2",
        /// The third quarter.
        Q3 = "q3",
        /// The fourth quarter.
        Q4 = "q4",
        /// The first month: April, where the year begins in April.
        M1 = "m1",
        /// The second month.
        M2 = "m2",
        /// The third month.
        M3 = "m3",
        /// The fourth month.
        M4 = "m4",
        /// The fifth month.
        M5 = "m5",
        /// The sixth month.
        M6 = "m6",
        /// The seventh month.
        M7 = "m7",
        /// The eighth month.
        M8 = "m8",
        /// The ninth month.
        M9 = "m9",
        /// The tenth month.
        M10 = "m10",
        /// The eleventh month.
        M11 = "m11",
        /// The twelfth month.
        M12 = "m12",
    }
);

impl Period {
    /// The months before it in its year, and how many months it has.
    pub fn months(self) -> (u32, u32) {
        let number = |from: usize| self.as_str().get(from..).and_then(|digits| digits.parse().ok());
        let nth: u32 = number(1).unwrap_or(1);
        match self.as_str().as_bytes().first() {
            Some(b'h') => ((nth - 1) * 6, 6),
            Some(b'q') => ((nth - 1) * 3, 3),
            Some(b'm') => (nth - 1, 1),
            _ => (0, 12),
        }
    }

    /// Its days in the fiscal year that begins on `starts_on`.
    pub fn span(self, starts_on: NaiveDate) -> Span {
        let (before, count) = self.months();
        let later = |months| starts_on.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
        Span { first: later(before), last: later(before + count).pred_opt().unwrap_or(NaiveDate::MAX) }
    }

    /// The periods of the same length of which this one is made when it is cut into pieces of `months` months; none where
    /// they do not fit.
    pub fn cut(self, months: u32) -> Vec<Self> {
        let (before, count) = self.months();
        let within = |other: &&Self| {
            let (start, length) = other.months();
            length == months && start >= before && start + length <= before + count
        };
        if months >= count { Vec::new() } else { Self::ALL.iter().filter(within).copied().collect() }
    }

    /// The period of this length in which `date` lies, in the fiscal year that begins on `starts_on`.
    pub fn of_length(months: u32, starts_on: NaiveDate, date: NaiveDate) -> Option<Self> {
        let fits = |one: &&Self| one.months().1 == months && one.span(starts_on).holds(date);
        Self::ALL.iter().find(fits).copied()
    }
}

/// Days from the first to the last, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DaySpan")]
pub struct Span {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

impl Span {
    /// Whether `date` is one of its days.
    pub fn holds(self, date: NaiveDate) -> bool {
        self.first <= date && date <= self.last
    }

    /// From the midnight in Japan at which it begins to the one at which it is over.
    pub fn instants(self) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| {
            JST.from_local_datetime(&day.and_time(NaiveTime::MIN)).single().unwrap_or_default().to_utc()
        };
        (midnight(self.first), midnight(self.last.succ_opt().unwrap_or(NaiveDate::MAX)))
    }

    /// Its business days; `None` where the holidays of any of its days are not known yet.
    pub fn business_days(self, holidays: &Holidays) -> Option<i64> {
        let mut count = 0;
        for day in self.first.iter_days().take_while(|day| *day <= self.last) {
            match holidays.kind(day) {
                DayKind::Business => count += 1,
                DayKind::Closed => {}
                DayKind::Unknown => return None,
            }
        }
        Some(count)
    }
}

impl FiscalYear {
    /// The fiscal year `date` falls in where years begin with `first_month`, 1 to 12: it is named after the calendar year
    /// of its first day.
    pub fn beginning_in(first_month: u32, date: NaiveDate) -> Self {
        Self(if date.month() >= first_month { date.year() } else { date.year() - 1 })
    }

    /// Its first day where years begin with `first_month`.
    pub fn first_day_in(self, first_month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0, first_month, 1).unwrap_or_else(|| self.first_day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_part_of_a_year_that_begins_in_any_month_is_whole() {
        for month in 1..=12 {
            let starts_on = FiscalYear(2026).first_day_in(month);
            for months in [6, 3, 1] {
                let parts = Period::Year.cut(months);
                assert_eq!(u32::try_from(parts.len()).unwrap() * months, 12);
                let mut next = starts_on;
                for part in parts {
                    let span = part.span(starts_on);
                    assert_eq!(span.first, next, "{part} of a year from month {month}");
                    next = span.last.succ_opt().unwrap();
                }
                assert_eq!(next, FiscalYear(2027).first_day_in(month));
            }
        }
    }

    #[test]
    fn a_year_begins_and_ends_at_midnight_in_japan() {
        let (from, until) = Period::Year.span(FiscalYear(2026).first_day()).instants();
        assert_eq!(from.to_rfc3339(), "2026-03-31T15:00:00+00:00");
        assert_eq!(until.to_rfc3339(), "2027-03-31T15:00:00+00:00");
    }

    #[test]
    fn the_second_half_of_a_year_from_october_is_spring_and_summer() {
        let starts_on = FiscalYear(2026).first_day_in(10);
        let half = Period::H2.span(starts_on);
        assert_eq!((half.first, half.last), (day("2027-04-01"), day("2027-09-30")));
        assert_eq!(FiscalYear::beginning_in(10, day("2027-09-30")), FiscalYear(2026));
        assert_eq!(FiscalYear::beginning_in(10, day("2026-09-30")), FiscalYear(2025));
        assert_eq!(Period::of_length(3, starts_on, day("2027-02-14")), Some(Period::Q2));
        assert_eq!(Period::H2.cut(3), [Period::Q3, Period::Q4]);
        assert_eq!(Period::Q3.cut(6), []);
    }

    #[test]
    fn business_days_past_the_holiday_table_are_unknown() {
        let september = Span { first: day("2026-09-01"), last: day("2026-09-30") };
        // Twenty-two weekdays without 21, 22 and 23 September.
        assert_eq!(september.business_days(Holidays::published()), Some(19));
        let later = Span { first: day("2027-12-31"), last: day("2028-01-04") };
        assert_eq!(later.business_days(Holidays::published()), None);
    }

    #[test]
    fn a_span_begins_and_ends_at_midnight_in_japan() {
        let (from, until) = Period::M1.span(day("2026-04-01")).instants();
        assert_eq!(
            (from.to_rfc3339(), until.to_rfc3339()),
            ("2026-03-31T15:00:00+00:00".to_owned(), "2026-04-30T15:00:00+00:00".to_owned())
        );
    }
}
