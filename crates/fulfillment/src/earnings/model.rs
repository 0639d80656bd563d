//! What is earned and what it adds up to by the day it is paid. No database here.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{PersonId, UnitId, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::jobs::{PayDay, PayRule};
use crate::terms::TermsNoticeId;

text_enum!(
    /// What an amount is earned with.
    EarningKind {
        /// The unit: its work was received and not sent back through its maker's own fault.
        Unit = "unit",
        /// A fix that is paid beside the unit, because the specification changed.
        Fix = "fix",
        /// The share owed for work under way that was called off.
        Compensation = "compensation",
        /// The share of a part that was handed over.
        Share = "share",
    }
);

/// An amount a worker is owed, whatever becomes of the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earning {
    /// The unit it was earned with.
    pub unit: UnitId,
    /// Who earned it.
    pub person: PersonId,
    /// What with.
    pub kind: EarningKind,
    /// How much, before tax.
    pub amount: Yen,
    /// The day its payment is counted from: the receipt of the work, or the day it was called off.
    pub received_on: NaiveDate,
    /// The agreed day of the month after.
    pub pay_day: PayDay,
    /// The one day on which it is paid, where it was re-entrusted work.
    pub fixed_pay_on: Option<NaiveDate>,
    /// The terms it was earned under.
    pub terms_notice: TermsNoticeId,
    /// When it was certain.
    pub earned_at: DateTime<Utc>,
}

impl Earning {
    /// When it is paid.
    pub fn pay_on(&self) -> NaiveDate {
        PayRule::new(self.pay_day, self.fixed_pay_on).of_receipt(self.received_on)
    }
}

/// An amount on a pay day, with the unit it was earned with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PayLine {
    /// The unit.
    pub unit: UnitId,
    /// What the unit is called.
    pub label: String,
    /// The job it is of.
    pub job_title: String,
    /// What the amount is earned with.
    pub kind: EarningKind,
    /// How much, before tax.
    pub amount: Yen,
    /// The day its payment is counted from.
    pub received_on: NaiveDate,
    /// When it is paid.
    pub pay_on: NaiveDate,
    /// Whether whoever earned it holds the unit still, and may open it.
    pub is_held: bool,
}

/// Where a page of [`PayLine`]s ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayLineKey(pub(super) i64);

/// What is paid on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayOfPay {
    /// What is certain.
    pub earned: Yen,
    /// How many units that is for.
    pub earned_units: i64,
    /// What was handed in and is not checked yet.
    pub unchecked: Yen,
    /// How many units that is for.
    pub unchecked_units: i64,
}

/// What a town pays on one day, as far as it is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaidTotal {
    /// The day.
    pub on: NaiveDate,
    /// To how many people.
    pub people: i64,
    /// For how many units.
    pub units: i64,
    /// How much, before tax.
    pub amount: Yen,
}

/// What one person is paid on one day, as far as it is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaidPerson {
    /// Who.
    pub person: PersonId,
    /// For how many units.
    pub units: i64,
    /// How much, before tax.
    pub amount: Yen,
}

/// Pay days with what is paid on each, the earliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PayDays(pub BTreeMap<NaiveDate, DayOfPay>);

impl PayDays {
    pub(super) fn earn(&mut self, on: NaiveDate, amount: Yen, units: i64) {
        let day = self.0.entry(on).or_default();
        day.earned = Yen(day.earned.0 + amount.0);
        day.earned_units += units;
    }

    pub(super) fn expect(&mut self, on: NaiveDate, amount: Yen, units: i64) {
        let day = self.0.entry(on).or_default();
        day.unchecked = Yen(day.unchecked.0 + amount.0);
        day.unchecked_units += units;
    }

    /// The next day from `today` on on which something certain is paid, with its amount.
    pub fn next_from(&self, today: NaiveDate) -> Option<(NaiveDate, Yen)> {
        self.0.range(today..).find(|(_, day)| day.earned.0 > 0).map(|(on, day)| (*on, day.earned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_pay_day_is_the_first_with_something_certain() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut days = PayDays::default();
        days.earn(date("2026-11-10"), Yen(400), 2);
        days.expect(date("2026-12-10"), Yen(200), 1);
        days.earn(date("2027-01-10"), Yen(400), 2);
        assert_eq!(days.next_from(date("2026-11-11")), Some((date("2027-01-10"), Yen(400))));
        assert_eq!(days.next_from(date("2026-11-10")), Some((date("2026-11-10"), Yen(400))), "on its day");
        assert_eq!(days.next_from(date("2027-01-11")), None);
    }
}
