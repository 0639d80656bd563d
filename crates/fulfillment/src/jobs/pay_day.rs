//! When work is paid: on one day of the month after the month it was received in. No database here.
//!
//! Invariant: whatever day work is received on, it is paid within 60 days, the day of receipt being the first
//! (Freelance Act art. 4 para. 1; test `no_day_of_receipt_is_paid_after_the_sixtieth_day`). A day counted from the
//! deadline would break it for everybody who hands in early.

use chrono::{Datelike, Days, Months, NaiveDate};
use kernel::Holidays;
use schemars::JsonSchema;
use serde::Serialize;

/// The day of the month on which work received in the month before is paid (月末締め翌月払い). Where banks are closed, it is
/// the last day before on which they are open: never later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct PayDay(i16);

impl PayDay {
    /// Earlier days could fall before the work was received once banks are closed, and before it is inspected.
    pub const EARLIEST: i64 = 10;
    /// Work received on the first of a month of 31 days is paid on this day of the next as the fifty-ninth day.
    pub const LATEST: i64 = 28;
    /// What a form proposes.
    pub const USUAL: i64 = 25;

    /// From what [`PayDay::EARLIEST`] and [`PayDay::LATEST`] allow; anything beyond is brought to the nearer of them.
    pub(super) fn within(day: i64) -> Self {
        Self(i16::try_from(day.clamp(Self::EARLIEST, Self::LATEST)).unwrap_or(25))
    }

    /// As the database keeps it, whose CHECK allows no other.
    pub(crate) fn stored(day: i16) -> Self {
        Self::within(day.into())
    }

    /// The number of the day.
    pub fn number(self) -> i16 {
        self.0
    }

    /// The one day on which re-entrusted work is paid: this day of the month as it comes first on or after `original`, the
    /// day on which the original client pays the town, and by [`last_pay_day_re_entrusted`] at the latest.
    pub(super) fn of_original(self, original: NaiveDate, holidays: &Holidays) -> NaiveDate {
        let number = u32::try_from(self.0).unwrap_or(25);
        let same = original.with_day(number).filter(|day| *day >= original);
        let next = || {
            let first = original.with_day(1).unwrap_or(original);
            first.checked_add_months(Months::new(1)).and_then(|first| first.with_day(number))
        };
        let day = same.or_else(next).unwrap_or(original);
        holidays.bank_day_on_or_before(day.min(last_pay_day_re_entrusted(original)))
    }

    /// The day on which work received on `receipt` is paid.
    pub fn of_receipt(self, receipt: NaiveDate, holidays: &Holidays) -> NaiveDate {
        let first = receipt.with_day(1).unwrap_or(receipt);
        let next = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        let day = u32::try_from(self.0).ok().and_then(|number| next.with_day(number)).unwrap_or(next);
        holidays.bank_day_on_or_before(day)
    }
}

/// When work is paid: on its job's agreed day of the month, or on the one day that re-entrusted work has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PayRule {
    day: PayDay,
    fixed: Option<NaiveDate>,
}

impl PayRule {
    pub(crate) fn new(day: PayDay, fixed: Option<NaiveDate>) -> Self {
        Self { day, fixed }
    }

    /// As the database keeps it.
    pub(crate) fn stored(day: i16, fixed: Option<NaiveDate>) -> Self {
        Self::new(PayDay::stored(day), fixed)
    }

    /// The one day, for what was received before it. Later work is paid as any other: the exception cannot count for a day
    /// that has passed.
    pub(crate) fn fixed_for(self, receipt: NaiveDate) -> Option<NaiveDate> {
        self.fixed.filter(|on| *on > receipt)
    }

    /// The day on which work received on `receipt` is paid.
    pub(crate) fn of_receipt(self, receipt: NaiveDate) -> NaiveDate {
        self.fixed_for(receipt).unwrap_or_else(|| self.day.of_receipt(receipt, Holidays::published()))
    }

    /// The last day the law allows for work received on `receipt` (Freelance Act art. 4): the sixtieth, or for re-entrusted work, paid on
    /// its one day, the thirtieth from `original`, the day on which the original client pays.
    pub(crate) fn last_of_receipt(self, receipt: NaiveDate, original: Option<NaiveDate>) -> NaiveDate {
        match (self.fixed_for(receipt), original) {
            (Some(_), Some(original)) => last_pay_day_re_entrusted(original),
            (Some(fixed), None) => fixed,
            (None, _) => last_pay_day(receipt),
        }
    }
}

/// The last day on which re-entrusted work may be paid: within 30 days, the day on which the original client pays the town
/// being the first (Freelance Act art. 4 para. 3), so that 2026-06-30 leads to 2026-07-29.
pub fn last_pay_day_re_entrusted(original: NaiveDate) -> NaiveDate {
    plus(original, MOST_DAYS_RE_ENTRUSTED)
}

/// How long after the original due date re-entrusted work is paid at the latest, in days; that date is the first of thirty.
const MOST_DAYS_RE_ENTRUSTED: u64 = 29;

/// How long after its receipt work is paid at the latest, in days; the day of receipt is the first of the sixty.
pub(crate) const MOST_DAYS: u64 = 59;

/// The last day on which work received on `receipt` may be paid: within 60 days, the day of receipt being the first, so
/// that 2026-05-15 leads to 2026-07-13.
pub fn last_pay_day(receipt: NaiveDate) -> NaiveDate {
    plus(receipt, MOST_DAYS)
}

pub(crate) fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_sixtieth_day_counts_the_day_of_receipt() {
        // domain.md 3.1: two public posts print 7/14 and are wrong.
        assert_eq!(last_pay_day(day("2026-05-15")), day("2026-07-13"));
    }

    #[test]
    fn the_thirtieth_day_counts_the_original_due_date() {
        // domain.md 3.1 (Freelance Act art. 4 para. 3): thirty days counting the original due date as day 1, that is +29.
        for (original, last) in [
            ("2026-06-30", "2026-07-29"),
            ("2026-05-15", "2026-06-13"),
            ("2027-01-31", "2027-03-01"),
            ("2028-01-31", "2028-02-29"),
        ] {
            assert_eq!(last_pay_day_re_entrusted(day(original)), day(last), "{original}");
        }
    }

    #[test]
    fn re_entrusted_work_is_paid_on_the_agreed_day_that_follows_the_original_due_date() {
        let on = |number, original| PayDay::within(number).of_original(day(original), Holidays::published());
        assert_eq!(on(25, "2026-11-20"), day("2026-11-25"));
        assert_eq!(on(25, "2026-11-25"), day("2026-11-25"));
        assert_eq!(on(25, "2026-11-30"), day("2026-12-25"));
        // The 25th of January would be the thirty-first day counted from the 26th of December.
        assert_eq!(on(25, "2026-12-26"), day("2027-01-22"), "24 January 2027 is a Sunday");
        let rule = PayRule::new(PayDay::within(25), Some(day("2026-12-25")));
        assert_eq!(
            rule.of_receipt(day("2026-10-01")),
            day("2026-12-25"),
            "longer than sixty days, as the law allows"
        );
        assert_eq!(rule.of_receipt(day("2026-12-25")), day("2027-01-25"), "late work is paid as any other");
    }

    proptest! {
        #[test]
        fn no_original_due_date_is_paid_after_the_thirtieth_day(
            offset in 0u64..3000,
            number in PayDay::EARLIEST..=PayDay::LATEST,
        ) {
            let original = plus(day("2024-01-01"), offset);
            let paid = PayDay::within(number).of_original(original, Holidays::published());
            prop_assert!(paid <= last_pay_day_re_entrusted(original), "due {original}, paid {paid}");
            prop_assert!(plus(paid, 14) > original, "due {original}, paid {paid}");
        }
    }

    #[test]
    fn work_is_paid_in_the_month_after_its_receipt_and_before_a_day_without_banks() {
        let on = |number, receipt| PayDay::within(number).of_receipt(day(receipt), Holidays::published());
        assert_eq!(on(25, "2026-11-02"), day("2026-12-25"));
        assert_eq!(on(25, "2026-11-30"), day("2026-12-25"));
        assert_eq!(on(25, "2026-12-01"), day("2027-01-25"));
        // 25 July 2026 is a Saturday; 20 to 23 September 2026 are closed, and the 19th is a Saturday.
        assert_eq!(on(25, "2026-06-10"), day("2026-07-24"));
        assert_eq!(on(22, "2026-08-31"), day("2026-09-18"));
    }

    proptest! {
        #[test]
        fn no_day_of_receipt_is_paid_after_the_sixtieth_day(
            offset in 0u64..3000,
            number in PayDay::EARLIEST..=PayDay::LATEST,
        ) {
            let receipt = plus(day("2024-01-01"), offset);
            let paid = PayDay::within(number).of_receipt(receipt, Holidays::published());
            prop_assert!(paid <= last_pay_day(receipt), "received {receipt}, paid {paid}");
            prop_assert!(paid > receipt, "received {receipt}, paid {paid}");
        }
    }

    #[test]
    fn one_day_later_would_be_too_late_for_some_receipt() {
        let receipt = day("2026-07-01");
        assert_eq!(PayDay::within(28).of_receipt(receipt, &Holidays::default()), day("2026-08-28"));
        assert!(day("2026-08-30") > last_pay_day(receipt), "the thirtieth would be the sixty-first day");
    }
}
