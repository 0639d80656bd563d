//! When a scene is played: every month, once a quarter, once a year, or so many days ago.

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

/// When a scene begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    /// Every month on this day, or on the month's last one where it is shorter.
    Monthly(u32),
    /// Every third month, beginning with this one, on this day.
    Quarterly(u32, u32),
    /// Every year in this month on this day.
    Yearly(u32, u32),
    /// Once, so many days before today.
    DaysAgo(u64),
}

/// Days this old or older are told as office days; what happened last week may have happened on a Sunday.
const OFFICE_DAYS_FROM: u64 = 14;

impl When {
    /// The days of the year before `today` on which the scene begins, the oldest first. Today is not one of them:
    /// the story ends last evening, so that the day belongs to whoever looks at it.
    pub(super) fn days(self, today: NaiveDate) -> Vec<NaiveDate> {
        let first = a_year_before(today);
        let month = |month: u32| (1..=12).contains(&month);
        match self {
            Self::DaysAgo(days) => vec![before(today, days)],
            Self::Monthly(day) => each_month(first, today, day, month),
            Self::Quarterly(start, day) => each_month(first, today, day, |month| month % 3 == start % 3),
            Self::Yearly(only, day) => each_month(first, today, day, |month| month == only),
        }
    }

    /// What tells one repetition from the next in a title, in the client's language.
    pub(super) fn suffix(self, day: NaiveDate, english: bool) -> String {
        match (self, english) {
            (Self::DaysAgo(_), _) => String::new(),
            (Self::Yearly(..), false) => format!("（{}年）", day.year()),
            (Self::Yearly(..), true) => format!(" ({})", day.year()),
            (_, false) => format!("（{}年{}月分）", day.year(), day.month()),
            (_, true) => format!(" ({})", day.format("%B %Y")),
        }
    }
}

fn each_month(first: NaiveDate, today: NaiveDate, day: u32, wanted: impl Fn(u32) -> bool) -> Vec<NaiveDate> {
    let start = first.with_day(1).unwrap_or(first);
    (0..=13)
        .filter_map(|months| start.checked_add_months(Months::new(months)))
        .filter(|month| wanted(month.month()))
        .map(|month| (1..=day).rev().find_map(|day| month.with_day(day)).unwrap_or(month))
        .filter(|day| *day >= first && *day < today)
        .collect()
}

/// The same day a year earlier, when the story begins.
pub(super) fn a_year_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_months(Months::new(12)).unwrap_or(day)
}

/// So many days before `day`.
pub(super) fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// The day itself, or the Friday before a weekend that lies some weeks back.
pub(super) fn office_day(day: NaiveDate, today: NaiveDate) -> NaiveDate {
    if day > before(today, OFFICE_DAYS_FROM) {
        return day;
    }
    match day.weekday() {
        Weekday::Sat => before(day, 1),
        Weekday::Sun => before(day, 2),
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_day_has_a_year_behind_it() {
        let mut today = day("2027-12-25");
        while today < day("2029-01-05") {
            let months = When::Monthly(31).days(today);
            assert!((12..=13).contains(&months.len()), "{today}: {months:?}");
            assert!((4..=5).contains(&When::Quarterly(2, 1).days(today).len()), "{today}");
            assert_eq!(When::Yearly(11, 30).days(today).len(), 1, "{today}");
            assert!(months.iter().all(|one| *one < today && *one >= a_year_before(today)));
            today = today.succ_opt().unwrap();
        }
    }

    #[test]
    fn a_short_month_ends_on_its_last_day() {
        let months = When::Monthly(31).days(day("2028-03-01"));
        assert_eq!(months.last(), Some(&day("2028-02-29")));
    }

    #[test]
    fn offices_are_closed_on_weekends_long_ago() {
        let today = day("2026-11-25");
        assert_eq!(office_day(day("2026-11-01"), today), day("2026-10-30"));
        assert_eq!(office_day(day("2026-11-22"), today), day("2026-11-22"), "last Sunday stays one");
    }
}
