//! The minutes somebody offers day by day: what their week says, and no more than they wish for. No database here.

use chrono::{Days, NaiveDate};
use workforce::availability::{Plan, Window};

/// Minutes of so many days from `today` on. Within each seven days no more than `weekly_minutes`, taken from all of them alike;
/// where somebody says no hours, any time will do and each day has its seventh.
pub(crate) fn minutes_ahead(plan: &Plan, weekly_minutes: i64, today: NaiveDate, count: usize) -> Vec<i64> {
    let offered: Vec<i64> = (0..u64::try_from(count).unwrap_or_default())
        .filter_map(|after| today.checked_add_days(Days::new(after)))
        .map(|day| plan.minutes_on(day))
        .collect();
    offered.chunks(7).flat_map(|week| within(week, weekly_minutes.max(0))).collect()
}

/// The days of a week, cut alike to `most` minutes in all.
fn within(week: &[i64], most: i64) -> Vec<i64> {
    let sum: i64 = week.iter().sum();
    if sum <= most {
        return week.to_vec();
    }
    let (mut offered, mut given) = (0, 0);
    let cut = |minutes: &i64| {
        offered += minutes;
        let so_far = most * offered / sum;
        let own = so_far - given;
        given = so_far;
        own
    };
    week.iter().map(cut).collect()
}

/// Minutes of somebody's standing week, from Monday to Sunday.
pub(crate) fn standing_week(plan: &Plan, weekly_minutes: i64) -> [i64; 7] {
    let minutes = |window: &Window| i64::from(window.ends_minute - window.starts_minute);
    let offered = if plan.week.is_open() {
        [i64::from(24 * 60u16); 7]
    } else {
        plan.week.0.each_ref().map(|windows| windows.iter().map(minutes).sum())
    };
    let mut week = [0; 7];
    week.iter_mut().zip(within(&offered, weekly_minutes.max(0))).for_each(|(day, minutes)| *day = minutes);
    week
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use workforce::availability::{Day, Week};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Two hours on Mondays and one on Thursdays.
    fn plan() -> Plan {
        let hours = |hours: i16| vec![Window { starts_minute: 540, ends_minute: 540 + 60 * hours }];
        let none = Vec::new;
        Plan { week: Week([hours(2), none(), none(), hours(1), none(), none(), none()]), ..Plan::default() }
    }

    #[test]
    fn days_are_those_of_the_week_but_no_more_than_is_wished_for() {
        // A Monday.
        let today = day("2026-05-04");
        assert_eq!(minutes_ahead(&plan(), 600, today, 9), [120, 0, 0, 60, 0, 0, 0, 120, 0]);
        assert_eq!(minutes_ahead(&plan(), 90, today, 7), [60, 0, 0, 30, 0, 0, 0]);
        let mut off = plan();
        off.days.insert(today, Day { is_off: true, ..Day::default() });
        assert_eq!(
            minutes_ahead(&off, 90, today, 7),
            [0, 0, 0, 60, 0, 0, 0],
            "a day off is made up for by nobody's wish"
        );
        assert_eq!(minutes_ahead(&Plan::default(), 700, today, 7), [100; 7]);
        assert_eq!(standing_week(&plan(), 600), [120, 0, 0, 60, 0, 0, 0]);
        assert_eq!(standing_week(&Plan::default(), 0), [0; 7]);
    }

    proptest! {
        #[test]
        fn no_seven_days_have_more_than_is_wished_for(weekly in 0..3_000i64, count in 0..40usize) {
            for one in [plan(), Plan::default()] {
                let days = minutes_ahead(&one, weekly, day("2026-05-06"), count);
                prop_assert_eq!(days.len(), count);
                for week in days.chunks(7) {
                    prop_assert!(week.iter().sum::<i64>() <= weekly && week.iter().all(|minutes| *minutes >= 0));
                }
            }
        }
    }
}
