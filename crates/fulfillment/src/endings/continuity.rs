//! For how long somebody's work for the town has gone on, as the Freelance Act counts it. No database here.
//!
//! Work goes on as long as one order begins less than a month after the one before ended: from the day after that end to
//! the day before the beginning is less than one month (Cabinet Order 200 of 2024, art. 1; guidance of the Ministry of
//! Health, Labour and Welfare on continuous entrustment). The law asks for about the same kind of work; a town's telework is counted as one kind,
//! which never protects anybody less.

use chrono::{Days, Months, NaiveDate};

/// How many months work has gone on when the duties of art. 13 (consideration) and art. 16 (notice of the end) begin.
pub const LONG_MONTHS: u32 = 6;
/// How many days before the end the notice is given (art. 16 para. 1).
pub const NOTICE_DAYS: u64 = 30;

/// From the day of an order to the day its work ended or is due, both of them included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, never before the first.
    pub to: NaiveDate,
}

impl Span {
    /// Whether an order that begins on `day`, not before this span does, goes on with it.
    fn goes_on(self, day: NaiveDate) -> bool {
        let after = self.to.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        // A whole month's break ends on the day before this one.
        day < after.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)
    }

    /// Whether it lasts `months` months when it ends on `end`.
    pub fn lasts(self, months: u32, end: NaiveDate) -> bool {
        let full = self.from.checked_add_months(Months::new(months)).and_then(|day| day.pred_opt());
        full.is_some_and(|full| full <= end)
    }
}

/// The spans without a month's break that some orders make up, the earliest first.
pub fn merged(orders: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut orders: Vec<Span> = orders.into_iter().collect();
    orders.sort_unstable();
    let mut spans: Vec<Span> = Vec::new();
    for order in orders {
        match spans.last_mut() {
            Some(last) if last.goes_on(order.from) => last.to = last.to.max(order.to),
            _ => spans.push(order),
        }
    }
    spans
}

/// The span that is under way on `today`: one that an order beginning today would go on with.
pub fn under_way(orders: impl IntoIterator<Item = Span>, today: NaiveDate) -> Option<Span> {
    merged(orders).into_iter().rev().find(|span| span.from <= today).filter(|span| span.goes_on(today))
}

/// The first day on which work that has gone on since `since` may end, if the notice is given on `today`: at once as long as
/// it does not come to six months.
pub fn earliest_end(since: Option<NaiveDate>, today: NaiveDate) -> NaiveDate {
    let is_long = |since: NaiveDate| Span { from: since, to: since }.lasts(LONG_MONTHS, today);
    let noticed = today.checked_add_days(Days::new(NOTICE_DAYS)).unwrap_or(NaiveDate::MAX);
    if since.is_some_and(is_long) { noticed } else { today }
}

/// Whether work since `since` may end on `end` by a notice of `today` without an exception.
pub fn is_in_time(since: Option<NaiveDate>, today: NaiveDate, end: NaiveDate) -> bool {
    let is_long = since.is_some_and(|since| Span { from: since, to: end }.lasts(LONG_MONTHS, end));
    let noticed = today.checked_add_days(Days::new(NOTICE_DAYS)).unwrap_or(NaiveDate::MAX);
    end >= today && (!is_long || end >= noticed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(from: &str, to: &str) -> Span {
        Span { from: day(from), to: day(to) }
    }

    #[test]
    fn a_break_of_less_than_a_month_is_no_break() {
        let with_break =
            |next: &str| merged([span("2026-01-10", "2026-03-31"), span(next, "2026-07-01")]).len();
        assert_eq!(with_break("2026-04-01"), 1);
        // From 1 April to 29 April is less than a month; to 30 April is one.
        assert_eq!(with_break("2026-04-30"), 1);
        assert_eq!(with_break("2026-05-01"), 2);
        // A month from 1 February ends on its last day.
        let february = |next: &str| merged([span("2025-12-01", "2026-01-31"), span(next, next)]).len();
        assert_eq!((february("2026-02-28"), february("2026-03-01")), (1, 2));
        assert_eq!(
            merged([span("2026-01-01", "2026-06-30"), span("2026-02-01", "2026-02-10")]),
            [span("2026-01-01", "2026-06-30")],
            "an order within another one ends nothing"
        );
    }

    #[test]
    fn six_months_are_over_on_the_day_before() {
        let since = span("2026-04-01", "2026-04-01");
        assert!(since.lasts(6, day("2026-09-30")) && !since.lasts(6, day("2026-09-29")));
        assert!(span("2025-08-31", "2025-08-31").lasts(6, day("2026-02-27")), "a month without a 31st");
    }

    #[test]
    fn what_is_under_way_is_what_a_new_order_would_go_on_with() {
        let orders = [
            span("2025-01-01", "2025-06-30"),
            span("2026-01-05", "2026-02-10"),
            span("2026-02-20", "2026-05-31"),
        ];
        let found = |today: &str| under_way(orders, day(today));
        assert_eq!(found("2026-03-01"), Some(span("2026-01-05", "2026-05-31")));
        assert_eq!(found("2026-06-30"), Some(span("2026-01-05", "2026-05-31")), "less than a month ago");
        assert_eq!(found("2026-07-01"), None);
        assert_eq!(found("2025-12-01"), None, "an earlier span is over, a later one has not begun");
    }

    #[test]
    fn the_notice_is_given_thirty_days_before() {
        let since = Some(day("2026-01-05"));
        let today = day("2026-10-01");
        assert_eq!(earliest_end(since, today), day("2026-10-31"));
        assert!(is_in_time(since, today, day("2026-10-31")) && !is_in_time(since, today, day("2026-10-30")));
        let short = Some(day("2026-08-01"));
        assert_eq!(earliest_end(short, today), today);
        assert!(is_in_time(short, today, today) && is_in_time(None, today, today));
        assert!(!is_in_time(None, today, day("2026-09-30")), "nothing ends in the past");
        // Two months old today; at the end of January it comes to six: thirty days are far behind by then.
        assert!(is_in_time(short, today, day("2027-01-31")));
    }

    proptest! {
        /// Merging is the same in any order, loses no day and leaves no two spans that belong together.
        #[test]
        fn spans_hold_every_order_and_lie_apart(orders in prop::collection::vec((0_u64..2_000, 0_u64..200), 0..40)) {
            let epoch = day("2024-01-01");
            let orders: Vec<Span> = orders
                .into_iter()
                .map(|(from, days)| Span { from: epoch + Days::new(from), to: epoch + Days::new(from + days) })
                .collect();
            let spans = merged(orders.clone());
            prop_assert_eq!(&spans, &merged(orders.iter().rev().copied()));
            for order in &orders {
                let held = spans.iter().filter(|span| span.from <= order.from && order.to <= span.to).count();
                prop_assert_eq!(held, 1);
            }
            for pair in spans.windows(2) {
                prop_assert!(!pair[0].goes_on(pair[1].from));
            }
        }
    }
}
