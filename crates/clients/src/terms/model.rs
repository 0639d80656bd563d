//! What a client's terms say, and the day a payment rule comes to. No database here.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use kernel::{Checks, Code, Invalid, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a client pays: `20日締め翌月末払い` is 20, 1, 31. A day a month does not have is its last one, so 31 is month's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaymentRule {
    /// The day of the month their books close on, 1 to 31.
    #[schemars(range(min = 1, max = 31))]
    pub closing_day: i16,
    /// How many months after the closing they pay, 0 to 3.
    #[schemars(range(min = 0, max = 3))]
    pub months_later: i16,
    /// The day of that month, 1 to 31.
    #[schemars(range(min = 1, max = 31))]
    pub pay_day: i16,
}

impl PaymentRule {
    /// The day on which work accepted on `accepted` is paid; `None` beyond the calendar's end.
    pub fn pays_on(self, accepted: NaiveDate) -> Option<NaiveDate> {
        let mut closing = day_of_month(accepted, self.closing_day)?;
        if closing < accepted {
            closing =
                day_of_month(first_of(accepted)?.checked_add_months(Months::new(1))?, self.closing_day)?;
        }
        let months = Months::new(u32::try_from(self.months_later).ok()?);
        day_of_month(first_of(closing)?.checked_add_months(months)?, self.pay_day)
    }
}

fn first_of(date: NaiveDate) -> Option<NaiveDate> {
    date.with_day(1)
}

/// The `day` of `date`'s month, or the month's last where it has no such day.
fn day_of_month(date: NaiveDate, day: i16) -> Option<NaiveDate> {
    let last = first_of(date)?.checked_add_months(Months::new(1))?.pred_opt()?;
    last.with_day(u32::try_from(day).ok()?.min(last.day()))
}

/// One version of a company's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClientTerms {
    /// 1 for the first.
    pub version: i32,
    /// When they pay, where that is agreed.
    pub payment: Option<PaymentRule>,
    /// Within how many days of a delivery they inspect, where that is agreed.
    pub inspection_days: Option<i16>,
    /// Whether silence beyond that day accepts a delivery, where that is agreed.
    pub silence_accepts: bool,
    /// What stands on their own order sheet.
    pub remarks: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// By whom: `person:42`.
    pub recorded_by: String,
}

/// Terms as typed; empty means "not agreed".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "closing_day": 20, "months_later": 1, "pay_day": 31, "inspection_days": 7, "silence_accepts": "false", "remarks": "注文番号を納品書に記載" }]))]
pub struct ClientTermsInput {
    /// The day their books close on; 31 is month's end. The three of the payment come together or not at all.
    pub closing_day: Typed,
    /// How many months later they pay.
    pub months_later: Typed,
    /// The day of that month; 31 is month's end.
    pub pay_day: Typed,
    /// Within how many days of a delivery they inspect.
    pub inspection_days: Typed,
    /// `true` where silence beyond that day accepts a delivery; takes the number of days.
    pub silence_accepts: Typed,
    /// What stands on their own order sheet.
    pub remarks: Typed,
}

impl From<&ClientTerms> for ClientTermsInput {
    /// What the next version's form starts with.
    fn from(terms: &ClientTerms) -> Self {
        let said = |value: Option<i16>| value.map(|value| value.to_string()).unwrap_or_default().into();
        Self {
            closing_day: said(terms.payment.map(|rule| rule.closing_day)),
            months_later: said(terms.payment.map(|rule| rule.months_later)),
            pay_day: said(terms.payment.map(|rule| rule.pay_day)),
            inspection_days: said(terms.inspection_days),
            silence_accepts: if terms.silence_accepts { "true" } else { "" }.into(),
            remarks: terms.remarks.as_str().into(),
        }
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TermsFields {
    pub(super) payment: Option<PaymentRule>,
    pub(super) inspection_days: Option<i16>,
    pub(super) silence_accepts: bool,
    pub(super) remarks: String,
}

impl ClientTermsInput {
    pub(super) fn checked(&self) -> Result<TermsFields, Invalid> {
        let mut checks = Checks::new();
        let payment = self.payment(&mut checks);
        let inspection_days = small(checks.optional_number("inspection_days", &self.inspection_days, 0..=90));
        let silence_accepts = self.silence_accepts.is_yes();
        if silence_accepts && self.inspection_days.as_str().trim().is_empty() {
            checks.problem("inspection_days", Code::Required);
        }
        let remarks = checks.lines("remarks", &self.remarks, 2000);
        checks.done(TermsFields { payment, inspection_days, silence_accepts, remarks })
    }

    fn payment(&self, checks: &mut Checks) -> Option<PaymentRule> {
        let closing = small(checks.optional_number("closing_day", &self.closing_day, 1..=31));
        let months = small(checks.optional_number("months_later", &self.months_later, 0..=3));
        let pay = small(checks.optional_number("pay_day", &self.pay_day, 1..=31));
        let is_empty = |typed: &Typed| typed.as_str().trim().is_empty();
        let parts = [
            ("closing_day", is_empty(&self.closing_day)),
            ("months_later", is_empty(&self.months_later)),
            ("pay_day", is_empty(&self.pay_day)),
        ];
        if parts.iter().any(|(_, empty)| !empty) {
            for (field, _) in parts.iter().filter(|(_, empty)| *empty) {
                checks.problem(field, Code::Required);
            }
        }
        let rule = PaymentRule { closing_day: closing?, months_later: months?, pay_day: pay? };
        // Nobody pays before the books are closed.
        if rule.months_later == 0 && rule.pay_day < rule.closing_day {
            checks.problem("pay_day", Code::NotLater);
        }
        Some(rule)
    }
}

fn small(number: Option<i64>) -> Option<i16> {
    number.and_then(|number| i16::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_payment_day_is_counted_from_the_closing_that_follows() {
        let rule = |closing_day, months_later, pay_day| PaymentRule { closing_day, months_later, pay_day };
        for (rule, accepted, paid) in [
            (rule(20, 1, 31), "2026-11-20", "2026-12-31"),
            (rule(20, 1, 31), "2026-11-21", "2027-01-31"),
            (rule(31, 1, 31), "2027-01-31", "2027-02-28"),
            (rule(31, 1, 31), "2028-02-29", "2028-03-31"),
            (rule(30, 0, 31), "2027-02-28", "2027-02-28"),
            (rule(15, 2, 5), "2026-12-16", "2027-03-05"),
        ] {
            assert_eq!(rule.pays_on(on(accepted)), Some(on(paid)), "{rule:?} {accepted}");
        }
    }

    #[test]
    fn the_three_of_a_payment_come_together_and_in_order() {
        let input = ClientTermsInput { closing_day: "２０".into(), ..ClientTermsInput::default() };
        let fields: Vec<_> = input.checked().unwrap_err().0.into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["months_later", "pay_day"]);
        let backwards = ClientTermsInput { months_later: "0".into(), pay_day: "10".into(), ..input };
        assert_eq!(backwards.checked().unwrap_err().0[0].code, Code::NotLater);
        assert_eq!(ClientTermsInput::default().checked().unwrap().payment, None);
    }

    #[test]
    fn silence_accepts_only_after_a_number_of_days() {
        let silent = ClientTermsInput { silence_accepts: "on".into(), ..ClientTermsInput::default() };
        let problem = silent.checked().unwrap_err().0.remove(0);
        assert_eq!((problem.field.as_str(), problem.code), ("inspection_days", Code::Required));
        let fields = ClientTermsInput { inspection_days: "7".into(), ..silent }.checked().unwrap();
        assert!(fields.silence_accepts);
        assert!(
            !ClientTermsInput::default().checked().unwrap().silence_accepts,
            "nobody's, unless it is said"
        );
    }

    proptest! {
        #[test]
        fn nobody_is_paid_before_the_work_is_accepted(
            closing_day in 1i16..=31, months_later in 0i16..=3, pay_day in 1i16..=31, day in 0i64..4000,
        ) {
            let rule = PaymentRule { closing_day, months_later, pay_day };
            let accepted = on("2026-01-01") + chrono::TimeDelta::days(day);
            if months_later > 0 || pay_day >= closing_day {
                let paid = rule.pays_on(accepted).unwrap();
                prop_assert!(paid >= accepted);
                prop_assert!(paid <= accepted + chrono::TimeDelta::days(31 * (2 + i64::from(months_later))));
            }
        }
    }
}
