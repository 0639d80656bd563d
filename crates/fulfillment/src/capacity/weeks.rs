//! Weeks ahead: the minutes there are, and the minutes they are wanted for. No database here.
//!
//! Supply is what people offer, times what of it they usually do; demand is units times the minutes one takes, with checking
//! and redoing, and what comes of open deals by its likelihood. A week in which demand passes four fifths of supply
//! ([`LINE_PERCENT`]) is tight: illness, questions and returns take the last fifth.

use chrono::{Datelike as _, Days, NaiveDate};
use kernel::OrderId;
use schemars::JsonSchema;
use serde::Serialize;

/// The part of supply beyond which a week is tight, in percent.
pub const LINE_PERCENT: i64 = 80;

/// What one person offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supply {
    /// Minutes of each day from today on.
    pub days: Vec<i64>,
    /// How much of what they offer they usually do, in thousandths.
    pub steady_permille: i64,
}

/// Where work comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An order.
    Order(OrderId),
    /// A deal that is still open; so likely, in thousandths.
    Deal {
        /// How likely it is won.
        likely_permille: i64,
    },
}

/// Work that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// Where it comes from.
    pub source: Source,
    /// Minutes of work by measurement, or as expected where nobody has measured.
    pub minutes: i64,
    /// Minutes of checking for a thousand minutes of work.
    pub check_permille: i64,
    /// Minutes of redoing for a thousand minutes of work.
    pub redo_permille: i64,
    /// Its last day.
    pub due_on: NaiveDate,
}

impl Demand {
    /// Minutes with checking and redoing and, of an open deal, by its likelihood; rounded up.
    pub fn needed(&self) -> i64 {
        let shares = 1000 + self.check_permille.max(0) + self.redo_permille.max(0);
        let likely = match self.source {
            Source::Order(_) => 1000,
            Source::Deal { likely_permille } => likely_permille.clamp(0, 1000),
        };
        let exact = i128::from(self.minutes.max(0)) * i128::from(shares) * i128::from(likely);
        i64::try_from((exact + 999_999) / 1_000_000).unwrap_or(i64::MAX)
    }
}

/// One week, from a Monday on; the first begins with today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CapacityWeek")]
pub struct Week {
    /// Its first day that counts.
    pub begins_on: NaiveDate,
    /// Its last day, a Sunday.
    pub ends_on: NaiveDate,
    /// Minutes that people offer in it.
    pub offered: i64,
    /// Minutes of those that they usually do.
    pub supply: i64,
    /// Minutes that orders want of it.
    pub ordered: i64,
    /// Minutes that open deals want of it, by their likelihood.
    pub likely: i64,
}

impl Week {
    /// All that is wanted of it.
    pub fn demand(&self) -> i64 {
        self.ordered.saturating_add(self.likely)
    }

    /// Minutes that may be wanted of it before it is tight.
    pub fn line(&self) -> i64 {
        self.supply.saturating_mul(LINE_PERCENT) / 100
    }

    /// How full it is.
    pub fn strain(&self) -> WeekStrain {
        let demand = self.demand();
        if demand > self.supply {
            WeekStrain::Over
        } else if demand > self.line() {
            WeekStrain::Tight
        } else {
            WeekStrain::Room
        }
    }
}

/// How full a week is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeekStrain {
    /// Up to four fifths of what people usually do.
    Room,
    /// More than that, but no more than they do.
    Tight,
    /// More than they do.
    Over,
}

impl WeekStrain {
    /// The code that texts are called by.
    pub fn code(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Tight => "tight",
            Self::Over => "over",
        }
    }
}

/// So many weeks from `today` on; what is due after the last of them is wanted of each by its part.
pub fn weeks(today: NaiveDate, count: usize, supplies: &[Supply], demands: &[Demand]) -> Vec<Week> {
    let mut weeks = empty(today, count);
    for supply in supplies {
        for week in &mut weeks {
            let offered = minutes_within(today, supply, week.begins_on, week.ends_on);
            week.offered = week.offered.saturating_add(offered);
            let steady = i128::from(offered) * i128::from(supply.steady_permille.max(0)) / 1000;
            week.supply = week.supply.saturating_add(i64::try_from(steady).unwrap_or(i64::MAX));
        }
    }
    for demand in demands {
        spread(today, demand, &mut weeks);
    }
    weeks
}

fn empty(today: NaiveDate, count: usize) -> Vec<Week> {
    let mut begins_on = today;
    let mut weeks = Vec::with_capacity(count);
    for _ in 0..count {
        let left = 6 - u64::from(begins_on.weekday().num_days_from_monday());
        let ends_on = begins_on.checked_add_days(Days::new(left)).unwrap_or(begins_on);
        weeks.push(Week { begins_on, ends_on, offered: 0, supply: 0, ordered: 0, likely: 0 });
        begins_on = ends_on.succ_opt().unwrap_or(ends_on);
    }
    weeks
}

/// How many days after `today` a day is; none for days before.
fn ahead(today: NaiveDate, day: NaiveDate) -> usize {
    usize::try_from((day - today).num_days()).unwrap_or_default()
}

fn minutes_within(today: NaiveDate, supply: &Supply, first: NaiveDate, last: NaiveDate) -> i64 {
    let (from, until) = (ahead(today, first), ahead(today, last).saturating_add(1));
    supply.days.iter().take(until).skip(from).copied().fold(0, i64::saturating_add)
}

/// Spreads work evenly over the days until it is due, so that the parts of all weeks together are the whole; what is due
/// already is wanted at once.
fn spread(today: NaiveDate, demand: &Demand, weeks: &mut [Week]) {
    let needed = i128::from(demand.needed());
    let days = i128::from((demand.due_on - today).num_days().max(0)) + 1;
    let mut so_far = 0;
    for week in weeks {
        let passed = (i128::from((week.ends_on - today).num_days()) + 1).min(days);
        let wanted = needed * passed / days;
        let part = i64::try_from(wanted - so_far).unwrap_or(i64::MAX);
        let into = match demand.source {
            Source::Order(_) => &mut week.ordered,
            Source::Deal { .. } => &mut week.likely,
        };
        *into = into.saturating_add(part);
        so_far = wanted;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn ordered(minutes: i64, due: &str) -> Demand {
        let source = Source::Order(OrderId(1));
        Demand { source, minutes, check_permille: 150, redo_permille: 50, due_on: day(due) }
    }

    #[test]
    fn units_checks_and_redoing_come_to_minutes_and_open_deals_count_by_their_likelihood() {
        let sure = ordered(1000, "2026-05-10");
        assert_eq!(sure.needed(), 1200);
        let deal = Demand { source: Source::Deal { likely_permille: 300 }, ..sure };
        assert_eq!(deal.needed(), 360);
        let odd = Demand { minutes: 1, check_permille: 1, redo_permille: 0, ..sure };
        assert_eq!(odd.needed(), 2, "a part of a minute is a minute");
    }

    #[test]
    fn a_week_is_tight_beyond_four_fifths_of_what_people_do() {
        // A Thursday: four days of the first week are left.
        let today = day("2026-05-07");
        let person = Supply { days: vec![100; 30], steady_permille: 900 };
        let none = weeks(today, 2, std::slice::from_ref(&person), &[]);
        assert_eq!((none[0].begins_on, none[0].ends_on), (today, day("2026-05-10")));
        assert_eq!((none[0].offered, none[0].supply, none[0].line()), (400, 360, 288));
        assert_eq!((none[1].offered, none[1].supply), (700, 630));
        let strain = |minutes: i64| {
            let demand = Demand { check_permille: 0, redo_permille: 0, ..ordered(minutes, "2026-05-10") };
            weeks(today, 1, std::slice::from_ref(&person), &[demand])[0].strain()
        };
        assert_eq!(strain(288), WeekStrain::Room);
        assert_eq!(strain(289), WeekStrain::Tight);
        assert_eq!(strain(360), WeekStrain::Tight);
        assert_eq!(strain(361), WeekStrain::Over);
    }

    #[test]
    fn what_is_due_already_is_wanted_at_once_and_the_rest_evenly() {
        let today = day("2026-05-07");
        let late = weeks(today, 2, &[], &[ordered(500, "2026-05-01")]);
        assert_eq!((late[0].ordered, late[1].ordered), (600, 0));
        let ahead = weeks(today, 3, &[], &[ordered(500, "2026-05-20")]);
        let parts: Vec<i64> = ahead.iter().map(|week| week.ordered).collect();
        assert_eq!(parts, [171, 300, 129], "4, 7 and 3 of 14 days");
    }

    proptest! {
        #[test]
        fn the_weeks_parts_are_the_whole(minutes in 0..1_000_000i64, due in 0..80i64, likely in 0..1000i64) {
            let today = day("2026-05-07");
            let due_on = today + chrono::TimeDelta::days(due);
            let sure = Demand { due_on, ..ordered(minutes, "2026-05-07") };
            let deal = Demand { source: Source::Deal { likely_permille: likely }, ..sure };
            let all = weeks(today, 13, &[], &[sure, deal]);
            let sum = |of: fn(&Week) -> i64| all.iter().map(of).sum::<i64>();
            prop_assert_eq!(sum(|week| week.ordered), sure.needed());
            prop_assert_eq!(sum(|week| week.likely), deal.needed());
            prop_assert!(all.iter().all(|week| week.ordered >= 0 && week.likely >= 0));
        }

        #[test]
        fn the_weeks_supply_is_the_days(days in proptest::collection::vec(0..600i64, 0..90)) {
            let supply = Supply { days: days.clone(), steady_permille: 1000 };
            let all = weeks(day("2026-05-07"), 14, &[supply], &[]);
            prop_assert_eq!(all.iter().map(|week| week.supply).sum::<i64>(), days.iter().sum::<i64>());
        }
    }
}
