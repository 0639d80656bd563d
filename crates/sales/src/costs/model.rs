//! What work costs, the least it may be sold for, and what a price leaves. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, Invalid, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::quotes::QuoteLine;

/// What a town reckons costs from: assumptions, with where they come from. A version is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CostRates {
    /// 1 for the first.
    pub version: i32,
    /// What an hour of a resident's work costs at least.
    pub hourly_yen: Yen,
    /// Percent of the working time that checking takes.
    #[schemars(range(min = 0, max = 100))]
    pub check_percent: i16,
    /// Percent of the working time that is done twice.
    #[schemars(range(min = 0, max = 100))]
    pub redo_percent: i16,
    /// What an order costs beside the work, whatever its size.
    pub fixed_yen: Yen,
    /// Percent of a price that has to remain at least.
    #[schemars(range(min = 0, max = 90))]
    pub margin_percent: i16,
    /// Where the numbers come from.
    pub source: String,
    /// The day they are of.
    pub as_of: NaiveDate,
    /// When they were recorded.
    pub recorded_at: DateTime<Utc>,
    /// By whom: `person:42`.
    pub recorded_by: String,
}

/// What is known of work to come, beside what a salesperson expects. Whoever measures and plans work fills it in; what is
/// unknown is said to be so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The minutes that all units together take by measurement, without checking and redoing.
    pub measured_minutes: Option<i64>,
    /// The day by which everybody's free hours get it done.
    pub promise_on: Option<NaiveDate>,
}

/// What a quote costs and leaves. For the town alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Costing {
    /// The minutes of work with checking and redoing.
    pub minutes: i64,
    /// Whether they were measured, and not only expected.
    pub is_measured: bool,
    /// Those minutes by the hour, and the fixed cost.
    pub cost: Yen,
    /// The least price that leaves the margin, before tax.
    pub floor_price: Yen,
    /// The price before tax.
    pub price: Yen,
    /// What remains of the price; negative where it does not cover the cost.
    pub margin: Yen,
    /// The same in thousandths of the price, rounded down; none where the price is nothing.
    pub margin_permille: Option<i64>,
    /// The day by which everybody's free hours get it done; none while nobody has computed it.
    pub promise_on: Option<NaiveDate>,
}

impl Costing {
    /// What `lines` cost by `rates`.
    pub fn of(lines: &[QuoteLine], rates: &CostRates, outlook: Outlook) -> Self {
        let expected: i64 =
            lines.iter().map(|line| i64::from(line.quantity) * i64::from(line.unit_minutes)).sum();
        let price: Yen = lines.iter().map(|line| line.amount).sum();
        let worked = outlook.measured_minutes.unwrap_or(expected);
        let shares = 100 + i64::from(rates.check_percent) + i64::from(rates.redo_percent);
        let minutes = portion(worked, shares, 100);
        let cost = Yen(portion(minutes, rates.hourly_yen.0, 60).saturating_add(rates.fixed_yen.0));
        let floor_price = Yen(portion(cost.0, 100, 100 - i64::from(rates.margin_percent)));
        let margin = Yen(price.0.saturating_sub(cost.0));
        Self {
            minutes,
            is_measured: outlook.measured_minutes.is_some(),
            cost,
            floor_price,
            price,
            margin,
            margin_permille: permille(margin, price),
            promise_on: outlook.promise_on,
        }
    }

    /// Whether the price leaves less than the town wants to remain.
    pub fn is_below_floor(&self) -> bool {
        self.price < self.floor_price
    }

    /// Whether the price is so far from what the work costs that a digit was typed too often or left out: over a hundred times
    /// the cost, or under a hundredth of the least price.
    pub fn is_hardly_meant(&self) -> bool {
        let (price, cost, floor) =
            (i128::from(self.price.0), i128::from(self.cost.0), i128::from(self.floor_price.0));
        (cost > 0 && price > cost * 100) || price * 100 < floor
    }
}

/// What an issued quote was reckoned to cost, kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeptCost {
    /// The version of the rates it was reckoned by.
    pub rates_version: i32,
    /// The minutes of work with checking and redoing.
    pub minutes: i64,
    /// Those minutes by the hour, and the fixed cost.
    pub cost: Yen,
    /// The least price that leaves the margin, before tax.
    pub floor_price: Yen,
    /// Why it was issued below that; empty where it was not, or nobody said.
    pub reason: String,
}

impl KeptCost {
    /// What remains of `price`, and that in thousandths of it.
    pub fn margin(&self, price: Yen) -> (Yen, Option<i64>) {
        let margin = Yen(price.0.saturating_sub(self.cost.0));
        (margin, permille(margin, price))
    }
}

/// `amount × part / whole`, rounded up: a cost is never reckoned too small. `whole` is above zero.
fn portion(amount: i64, part: i64, whole: i64) -> i64 {
    let exact = i128::from(amount) * i128::from(part);
    let rounded = (exact + i128::from(whole) - 1).div_euclid(i128::from(whole));
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

fn permille(margin: Yen, price: Yen) -> Option<i64> {
    let exact = i128::from(margin.0) * 1000;
    (price > Yen::ZERO).then(|| i64::try_from(exact.div_euclid(i128::from(price.0))).unwrap_or(i64::MIN))
}

/// Rates as typed into the form or sent to the API; all but the three percentages and the fixed cost are required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "based_on": 0, "hourly_yen": 1100, "check_percent": 15, "redo_percent": 5, "fixed_yen": 2000, "margin_percent": 20, "source": "長野県の最低賃金（2026年10月）を目安にした仮定", "as_of": "2026-10-01" }]))]
pub struct CostRatesInput {
    /// The version that was read before; 0 where there was none.
    pub based_on: Typed,
    /// Yen for an hour of work, 1 to 100,000.
    pub hourly_yen: Typed,
    /// Percent of the working time that checking takes, up to 100; 0 where empty.
    pub check_percent: Typed,
    /// Percent of the working time that is done twice, up to 100; 0 where empty.
    pub redo_percent: Typed,
    /// Yen for an order beside the work, up to ten million; 0 where empty.
    pub fixed_yen: Typed,
    /// Percent of a price that has to remain, up to 90; 0 where empty.
    pub margin_percent: Typed,
    /// Where the numbers come from, up to 500 characters.
    pub source: Typed,
    /// The day they are of.
    pub as_of: Typed,
}

/// Rates that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RatesFields {
    pub(super) based_on: i32,
    pub(super) hourly_yen: Yen,
    pub(super) check_percent: i16,
    pub(super) redo_percent: i16,
    pub(super) fixed_yen: Yen,
    pub(super) margin_percent: i16,
    pub(super) source: String,
    pub(super) as_of: NaiveDate,
}

impl CostRatesInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<RatesFields, Invalid> {
        let mut checks = Checks::new();
        let based_on = checks.optional_number("based_on", &self.based_on, 0..=i64::from(i32::MAX));
        let hourly_yen = Yen(checks.number("hourly_yen", &self.hourly_yen, 1..=100_000));
        let mut percent = |field: &str, typed: &Typed, most: i64| {
            let number = checks.optional_number(field, typed, 0..=most).unwrap_or(0);
            i16::try_from(number).unwrap_or(i16::MAX)
        };
        let check_percent = percent("check_percent", &self.check_percent, 100);
        let redo_percent = percent("redo_percent", &self.redo_percent, 100);
        let margin_percent = percent("margin_percent", &self.margin_percent, 90);
        let fixed_yen =
            Yen(checks.optional_number("fixed_yen", &self.fixed_yen, 0..=10_000_000).unwrap_or(0));
        let source = checks.required_line("source", &self.source, 500);
        let as_of = checks.date("as_of", &self.as_of);
        if as_of > today {
            checks.bounded("as_of", Code::TooLate, today);
        }
        checks.done(RatesFields {
            based_on: i32::try_from(based_on.unwrap_or(0)).unwrap_or(i32::MAX),
            hourly_yen,
            check_percent,
            redo_percent,
            fixed_yen,
            margin_percent,
            source,
            as_of,
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::TaxRate;
    use proptest::prelude::*;

    use super::*;

    fn rates(hourly: i64, check: i16, redo: i16, fixed: i64, margin: i16) -> CostRates {
        CostRates {
            version: 1,
            hourly_yen: Yen(hourly),
            check_percent: check,
            redo_percent: redo,
            fixed_yen: Yen(fixed),
            margin_percent: margin,
            source: "仮定".to_owned(),
            as_of: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap(),
            recorded_at: DateTime::UNIX_EPOCH,
            recorded_by: "person:1".to_owned(),
        }
    }

    fn line(quantity: i32, unit_price: i64, unit_minutes: i32) -> QuoteLine {
        QuoteLine {
            description: "入力".to_owned(),
            quantity,
            unit_price: Yen(unit_price),
            unit_minutes,
            tax_rate: TaxRate::STANDARD,
            amount: Yen(unit_price * i64::from(quantity)),
        }
    }

    #[test]
    fn minutes_checks_and_redoing_come_to_hours_a_cost_and_a_floor() {
        let rates = rates(1_100, 15, 5, 2_000, 20);
        let costing = Costing::of(&[line(1_000, 50, 2)], &rates, Outlook::default());
        assert_eq!(costing.minutes, 2_400, "2,000 minutes and a fifth more");
        assert_eq!(costing.cost, Yen(46_000), "40 hours at 1,100 and 2,000 for the order");
        assert_eq!((costing.floor_price, costing.price), (Yen(57_500), Yen(50_000)));
        assert_eq!((costing.margin, costing.margin_permille), (Yen(4_000), Some(80)));
        assert!(costing.is_below_floor() && !costing.is_measured);
        assert_eq!(costing.promise_on, None, "nobody has computed it");
        let measured = Outlook { measured_minutes: Some(1_000), promise_on: None };
        let costing = Costing::of(&[line(1_000, 50, 2)], &rates, measured);
        assert_eq!((costing.cost, costing.is_below_floor()), (Yen(24_000), false));
    }

    #[test]
    fn a_price_of_nothing_and_the_largest_numbers_are_reckoned_too() {
        let costing = Costing::of(&[line(1, 0, 1)], &rates(1, 0, 0, 0, 0), Outlook::default());
        assert_eq!((costing.cost, costing.margin, costing.margin_permille), (Yen(1), Yen(-1), None));
        let most = line(1_000_000, 1_000_000_000, 6_000);
        let costing =
            Costing::of(&vec![most; 50], &rates(100_000, 100, 100, 10_000_000, 90), Outlook::default());
        assert!(costing.cost > Yen::ZERO && costing.floor_price >= costing.cost);
    }

    #[test]
    fn a_price_with_a_digit_too_many_or_too_few_is_hardly_meant() {
        let rates = rates(1_200, 0, 0, 0, 0);
        let hardly_meant = |unit_price| {
            let lines = [line(10, unit_price, 60)];
            Costing::of(&lines, &rates, Outlook::default()).is_hardly_meant()
        };
        // Ten hours cost 12,000 yen.
        for (unit_price, expected) in
            [(11, true), (12, false), (1_500, false), (120_000, false), (120_001, true)]
        {
            assert_eq!(hardly_meant(unit_price), expected, "{unit_price}");
        }
    }

    proptest! {
        #[test]
        fn the_floor_leaves_the_margin_and_one_yen_less_does_not(
            hourly in 1i64..5_000, check in 0i16..100, redo in 0i16..100, fixed in 0i64..50_000,
            margin in 0i16..90, minutes in 1i32..600, quantity in 1i32..2_000,
        ) {
            let rates = rates(hourly, check, redo, fixed, margin);
            let floor = Costing::of(&[line(quantity, 0, minutes)], &rates, Outlook::default()).floor_price;
            let cost = Costing::of(&[line(quantity, 0, minutes)], &rates, Outlook::default()).cost;
            let leaves = |price: i64| (price - cost.0) * 100 >= price * i64::from(margin);
            prop_assert!(leaves(floor.0));
            prop_assert!(!leaves(floor.0 - 1));
        }
    }
}
