//! What a quote is, what may be entered for one, and how its totals are made. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, DealId, Invalid, MoneyError, PersonId, QuoteId, TaxRate, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::problems_of;

/// The most lines a quote may have.
pub(super) const MOST_LINES: usize = 50;

kernel::text_enum!(
    /// The word for a quote's [`QuoteState`].
    QuoteStatus {
        /// It stands.
        Issued = "issued",
        /// A newer version stands instead.
        Superseded = "superseded",
        /// The client ordered on it.
        Accepted = "accepted",
    }
);

/// Whether a version of a quote stands. Exactly one of a deal's versions does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum QuoteState {
    /// It stands.
    Issued,
    /// A newer version stands instead.
    Superseded {
        /// Since when.
        superseded_at: DateTime<Utc>,
    },
    /// The client ordered on it.
    Accepted {
        /// When.
        accepted_at: DateTime<Utc>,
    },
}

impl QuoteState {
    /// The word for this state.
    pub const fn status(&self) -> QuoteStatus {
        match self {
            Self::Issued => QuoteStatus::Issued,
            Self::Superseded { .. } => QuoteStatus::Superseded,
            Self::Accepted { .. } => QuoteStatus::Accepted,
        }
    }
}

/// A line of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QuoteLine {
    /// What is done.
    pub description: String,
    /// How many units.
    pub quantity: i32,
    /// The price of one, before tax.
    pub unit_price: Yen,
    /// How long one takes, in minutes.
    pub unit_minutes: i32,
    /// Its tax rate.
    pub tax_rate: TaxRate,
    /// Quantity × unit price.
    pub amount: Yen,
}

/// A trial batch (試し): so many units at that price, for whoever asks for them until that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "QuoteTrial")]
pub struct Trial {
    /// How many units.
    pub quantity: i32,
    /// The price of one, before tax.
    pub unit_price: Yen,
    /// The last day on which it may be asked for.
    pub until: NaiveDate,
}

impl Trial {
    /// Quantity × unit price, before tax.
    pub fn amount(&self) -> Yen {
        Yen(self.unit_price.0.saturating_mul(i64::from(self.quantity)))
    }
}

/// One version of a quote (見積); never changed once issued, but for its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// The deal it is for.
    pub deal_id: DealId,
    /// The version: 1, 2, 3 within the deal.
    pub number: i32,
    /// Whether it stands.
    #[serde(flatten)]
    pub state: QuoteState,
    /// The last day the offer holds.
    pub valid_until: NaiveDate,
    /// The day everything is delivered.
    pub deliver_on: NaiveDate,
    /// The client's terms.
    pub terms: String,
    /// What the price does not include; empty where nothing was said.
    pub excluded: String,
    /// A small batch the client may order first, beside what is quoted; in no total.
    pub trial: Option<Trial>,
    /// What is done, and for how much.
    pub lines: Vec<QuoteLine>,
    /// The lines' total before tax.
    pub subtotal: Yen,
    /// Tax, rounded down once per rate.
    pub tax: Yen,
    /// Subtotal and tax.
    pub total: Yen,
    /// Who issued it.
    pub person_id: PersonId,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// For whom, as the town's settings said that day; later changes leave the document as it is.
    pub issuer: Issuer,
}

/// The organization that issues a document, as it printed itself that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "QuoteIssuer")]
pub struct Issuer {
    /// Its legal name.
    pub name: String,
    /// Its postal address in one line; empty where the town has entered none, as are the others.
    pub address: String,
    /// Its phone number.
    pub phone: String,
    /// Its mail address.
    pub email: String,
    /// Its 登録番号 for qualified invoices.
    pub registration_number: String,
}

impl From<accounts::organizations::Organization> for Issuer {
    fn from(town: accounts::organizations::Organization) -> Self {
        Self {
            name: town.legal_name,
            address: town.postal_address,
            phone: town.contact_phone,
            email: town.contact_email,
            registration_number: town.registration_number,
        }
    }
}

/// A quote that has not been issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The last day the offer would hold.
    pub valid_until: NaiveDate,
    /// The day everything would be delivered.
    pub deliver_on: NaiveDate,
    /// The client's terms.
    pub terms: String,
    /// What the price would not include.
    pub excluded: String,
    /// The trial batch that would be offered.
    pub trial: Option<Trial>,
    /// What would be done, and for how much.
    pub lines: Vec<QuoteLine>,
    /// The lines' total before tax.
    pub subtotal: Yen,
    /// Tax, rounded down once per rate.
    pub tax: Yen,
    /// Subtotal and tax.
    pub total: Yen,
}

impl Draft {
    /// The totals by tax rate, as the document would print them.
    pub fn by_rate(&self) -> Vec<RateTotal> {
        by_rate(&self.lines)
    }
}

impl From<QuoteFields> for Draft {
    fn from(fields: QuoteFields) -> Self {
        let Totals { subtotal, tax, total } = fields.totals;
        let QuoteFields { valid_until, deliver_on, terms, excluded, trial, lines, .. } = fields;
        Self { valid_until, deliver_on, terms, excluded, trial, lines, subtotal, tax, total }
    }
}

impl Quote {
    /// The totals by tax rate, as the document prints them.
    pub fn by_rate(&self) -> Vec<RateTotal> {
        by_rate(&self.lines)
    }

    /// The next version with the same lines and terms and another day; an offer that has run out holds today, and a trial
    /// that has is offered no more.
    pub(super) fn promising(&self, deliver_on: Typed, today: NaiveDate) -> QuoteInput {
        let next = QuoteInput {
            based_on: self.id.to_string().into(),
            ..self.once_more(self.valid_until.max(today).to_string().as_str().into(), deliver_on)
        };
        let Some(trial) = self.trial.filter(|trial| trial.until >= today) else { return next };
        QuoteInput {
            trial_quantity: trial.quantity.to_string().as_str().into(),
            trial_unit_price: trial.unit_price.0.to_string().as_str().into(),
            trial_until: trial.until.to_string().as_str().into(),
            ..next
        }
    }

    /// A quote with the same lines and terms and other days. Whoever orders once more needs no trial.
    pub(crate) fn once_more(&self, valid_until: Typed, deliver_on: Typed) -> QuoteInput {
        let line = |line: &QuoteLine| QuoteLineInput {
            description: line.description.as_str().into(),
            quantity: line.quantity.to_string().as_str().into(),
            unit_price: line.unit_price.0.to_string().as_str().into(),
            unit_minutes: line.unit_minutes.to_string().as_str().into(),
            tax_rate: line.tax_rate.0.to_string().as_str().into(),
        };
        QuoteInput {
            valid_until,
            deliver_on,
            terms: self.terms.as_str().into(),
            excluded: self.excluded.as_str().into(),
            lines: self.lines.iter().map(line).collect(),
            ..QuoteInput::default()
        }
    }
}

/// What a document charges at one tax rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RateTotal {
    /// The rate.
    pub rate: TaxRate,
    /// The total of its lines, before tax.
    pub base: Yen,
    /// The tax on that total, rounded down once.
    pub tax: Yen,
}

/// A document's totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) subtotal: Yen,
    pub(super) tax: Yen,
    pub(super) total: Yen,
}

impl Totals {
    /// Refused beyond [`Yen::MOST`].
    pub(super) fn of(lines: &[QuoteLine]) -> Result<Self, MoneyError> {
        let subtotal = lines.iter().try_fold(Yen::ZERO, |sum, line| sum.plus(line.amount))?;
        let tax = by_rate(lines).iter().map(|rate| rate.tax).sum();
        Ok(Self { subtotal, tax, total: subtotal.plus(tax)? })
    }
}

/// Lines summed per rate, highest rate first; the tax of each is rounded once.
fn by_rate(lines: &[QuoteLine]) -> Vec<RateTotal> {
    let mut rates: Vec<TaxRate> = lines.iter().map(|line| line.tax_rate).collect();
    rates.sort_unstable_by(|one, other| other.cmp(one));
    rates.dedup();
    let total_at = |rate: TaxRate| -> RateTotal {
        let base: Yen = lines.iter().filter(|line| line.tax_rate == rate).map(|line| line.amount).sum();
        RateTotal { rate, base, tax: rate.tax_on(base) }
    };
    rates.into_iter().map(total_at).collect()
}

/// A line as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QuoteLineInput {
    /// What is done; required.
    pub description: Typed,
    /// How many units, 1 to a million.
    pub quantity: Typed,
    /// Yen before tax for one, up to a thousand million.
    pub unit_price: Typed,
    /// Minutes for one, up to 100 hours.
    pub unit_minutes: Typed,
    /// 10, 8 or 0 percent; 10 where empty.
    pub tax_rate: Typed,
}

/// A quote as typed into the form or sent to the API. Problems of line `n` (from 0) are told as `lines.n.FIELD`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "valid_until": "2027-02-28", "deliver_on": "2027-03-31", "terms": "月末締め翌月末払い", "floor_reason": "はじめてのお客さまのため", "lines": [{ "description": "名刺の入力", "quantity": 1000, "unit_price": 30, "unit_minutes": 2, "tax_rate": 10 }] }]))]
pub struct QuoteInput {
    /// The last day the offer holds; required, today or later.
    pub valid_until: Typed,
    /// The day everything is delivered; required, today or later.
    pub deliver_on: Typed,
    /// The client's terms.
    pub terms: Typed,
    /// What the price does not include, up to 2,000 characters.
    pub excluded: Typed,
    /// How many units of a trial batch, 1 to a million; all three of its fields or none.
    pub trial_quantity: Typed,
    /// Yen before tax for one unit of the trial.
    pub trial_unit_price: Typed,
    /// The last day on which the trial may be asked for; today or later, and not after the offer's last day.
    pub trial_until: Typed,
    /// Why it is issued although its price is below the town's floor, up to 500 characters; required then. The client
    /// never sees it.
    pub floor_reason: Typed,
    /// 1 to 50 lines.
    pub lines: Vec<QuoteLineInput>,
    /// The id of the version this one is written over; `0` or nothing where none stands.
    pub based_on: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QuoteFields {
    pub(super) valid_until: NaiveDate,
    pub(super) deliver_on: NaiveDate,
    pub(super) terms: String,
    pub(super) excluded: String,
    pub(super) trial: Option<Trial>,
    pub(super) floor_reason: String,
    pub(super) lines: Vec<QuoteLine>,
    pub(super) totals: Totals,
    /// The version that was read; none where none stood.
    pub(super) based_on: Option<QuoteId>,
}

impl QuoteInput {
    /// Checks every field of every line and reports all problems at once.
    pub(super) fn checked(&self, today: NaiveDate) -> Result<QuoteFields, Invalid> {
        let mut checks = Checks::new();
        let valid_until = not_past(&mut checks, "valid_until", &self.valid_until, today);
        let deliver_on = not_past(&mut checks, "deliver_on", &self.deliver_on, today);
        let terms = checks.lines("terms", &self.terms, 4000);
        let excluded = checks.lines("excluded", &self.excluded, 2000);
        let trial = self.trial(&mut checks, today, valid_until);
        let floor_reason = checks.line("floor_reason", &self.floor_reason, 500);
        let based_on = checks.optional_number("based_on", &self.based_on, 0..=i64::MAX);
        if self.lines.is_empty() {
            checks.problem("lines", Code::Required);
        }
        if self.lines.len() > MOST_LINES {
            checks.bounded("lines", Code::TooMany, i64::try_from(MOST_LINES).unwrap_or(i64::MAX));
            return Err(problems_of(checks));
        }
        let lines: Vec<QuoteLine> =
            self.lines.iter().enumerate().map(|(index, line)| line.read(&mut checks, index)).collect();
        let ordered: i64 = lines.iter().map(|line| i64::from(line.quantity)).sum();
        if trial.is_some_and(|trial| ordered > 0 && i64::from(trial.quantity) > ordered) {
            checks.bounded("trial_quantity", Code::OutOfRange, ordered);
        }
        if let Ok(totals) = Totals::of(&lines) {
            return checks.done(QuoteFields {
                valid_until,
                deliver_on,
                terms,
                excluded,
                trial,
                floor_reason,
                lines,
                totals,
                based_on: based_on.filter(|id| *id != 0).map(QuoteId),
            });
        }
        checks.bounded("lines", Code::OutOfRange, Yen::MOST.0);
        Err(problems_of(checks))
    }

    /// The trial batch, where any of its fields is filled in: then all are asked for.
    fn trial(&self, checks: &mut Checks, today: NaiveDate, valid_until: NaiveDate) -> Option<Trial> {
        let typed = [&self.trial_quantity, &self.trial_unit_price, &self.trial_until];
        if typed.iter().all(|typed| typed.as_str().trim().is_empty()) {
            return None;
        }
        let quantity = small(checks.number("trial_quantity", &self.trial_quantity, 1..=1_000_000));
        let unit_price = Yen(checks.number("trial_unit_price", &self.trial_unit_price, 0..=1_000_000_000));
        let until = not_past(checks, "trial_until", &self.trial_until, today);
        if valid_until != NaiveDate::default() && until > valid_until {
            checks.bounded("trial_until", Code::TooLate, valid_until);
        }
        Some(Trial { quantity, unit_price, until })
    }
}

impl QuoteLineInput {
    fn read(&self, checks: &mut Checks, index: usize) -> QuoteLine {
        let field = |name: &str| format!("lines.{index}.{name}");
        let description = checks.required_line(&field("description"), &self.description, 200);
        let quantity = small(checks.number(&field("quantity"), &self.quantity, 1..=1_000_000));
        let unit_price = checks.yen(&field("unit_price"), &self.unit_price, Yen(1_000_000_000));
        let unit_minutes = small(checks.number(&field("unit_minutes"), &self.unit_minutes, 1..=6000));
        let tax_rate = read_tax_rate(checks, &field("tax_rate"), &self.tax_rate);
        let amount = unit_price.times(i64::from(quantity)).unwrap_or_else(|_too_large| {
            checks.bounded(&field("unit_price"), Code::OutOfRange, Yen::MOST.0 / i64::from(quantity));
            Yen::ZERO
        });
        QuoteLine { description, quantity, unit_price, unit_minutes, tax_rate, amount }
    }
}

fn not_past(checks: &mut Checks, field: &str, typed: &Typed, today: NaiveDate) -> NaiveDate {
    let date = checks.date(field, typed);
    // A date that could not be read stands at 1970 and has its own problem already.
    if date != NaiveDate::default() && date < today {
        checks.problem(field, Code::InThePast);
    }
    date
}

/// One of the rates in force; the standard one where nothing was typed.
fn read_tax_rate(checks: &mut Checks, field: &str, typed: &Typed) -> TaxRate {
    match checks.optional_number(field, typed, 0..=100) {
        Some(0) => TaxRate(0),
        Some(8) => TaxRate(8),
        Some(10) | None => TaxRate::STANDARD,
        Some(_) => {
            checks.problem(field, Code::UnknownChoice);
            TaxRate::STANDARD
        }
    }
}

/// A number that its range has already kept small.
fn small(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(quantity: i64, unit_price: i64, rate: &str) -> QuoteLineInput {
        QuoteLineInput {
            description: "名刺1枚の入力".into(),
            quantity: quantity.into_typed(),
            unit_price: unit_price.into_typed(),
            unit_minutes: "3".into(),
            tax_rate: rate.into(),
        }
    }

    trait IntoTyped {
        fn into_typed(self) -> Typed;
    }
    impl IntoTyped for i64 {
        fn into_typed(self) -> Typed {
            self.to_string().into()
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn quote(lines: Vec<QuoteLineInput>) -> QuoteInput {
        QuoteInput {
            valid_until: "2026-12-31".into(),
            deliver_on: "2027-01-31".into(),
            lines,
            ..QuoteInput::default()
        }
    }

    fn problems(input: &QuoteInput) -> Vec<(String, Code)> {
        let invalid = input.checked(today()).unwrap_err();
        invalid.0.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn tax_is_rounded_once_per_rate_not_per_line() {
        let fields = quote(vec![line(1, 195, "10"), line(1, 195, ""), line(1, 12, "8"), line(3, 7, "0")]);
        let fields = fields.checked(today()).unwrap();
        assert_eq!(fields.totals, Totals { subtotal: Yen(423), tax: Yen(39), total: Yen(462) });
        let rates: Vec<_> =
            by_rate(&fields.lines).iter().map(|rate| (rate.rate.0, rate.base.0, rate.tax.0)).collect();
        assert_eq!(rates, [(10, 390, 39), (8, 12, 0), (0, 21, 0)]);
    }

    #[test]
    fn each_line_tells_its_own_problems() {
        let input = quote(vec![line(1, 100, "10"), QuoteLineInput::default(), line(0, -1, "5")]);
        let expected = [
            ("lines.1.description", Code::Required),
            ("lines.1.quantity", Code::Required),
            ("lines.1.unit_price", Code::Required),
            ("lines.1.unit_minutes", Code::Required),
            ("lines.2.quantity", Code::OutOfRange),
            ("lines.2.unit_price", Code::OutOfRange),
            ("lines.2.tax_rate", Code::UnknownChoice),
        ];
        let found = problems(&input);
        assert_eq!(found.iter().map(|(field, code)| (field.as_str(), *code)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_quote_has_one_to_fifty_lines_and_no_past_dates() {
        assert_eq!(problems(&quote(Vec::new())), [("lines".to_owned(), Code::Required)]);
        assert!(quote(vec![line(1, 1, "10"); MOST_LINES]).checked(today()).is_ok());
        assert_eq!(problems(&quote(vec![line(1, 1, "10"); 51])), [("lines".to_owned(), Code::TooMany)]);
        let late = QuoteInput { valid_until: "2026-11-21".into(), ..quote(vec![line(1, 1, "10")]) };
        assert_eq!(problems(&late), [("valid_until".to_owned(), Code::InThePast)]);
    }

    #[test]
    fn a_trial_is_no_larger_than_the_order_it_tries() {
        let tried = |quantity: &str| QuoteInput {
            trial_quantity: quantity.into(),
            trial_unit_price: "40".into(),
            trial_until: "2026-12-01".into(),
            ..quote(vec![line(60, 50, "10"), line(40, 50, "10")])
        };
        assert!(tried("100").checked(today()).is_ok());
        assert_eq!(problems(&tried("101")), [("trial_quantity".to_owned(), Code::OutOfRange)]);
    }

    #[test]
    fn totals_beyond_a_trillion_are_refused_by_line_and_by_sum() {
        let line_too_large = quote(vec![line(1_000_000, 1_000_001, "0")]);
        assert_eq!(problems(&line_too_large), [("lines.0.unit_price".to_owned(), Code::OutOfRange)]);
        let sum_too_large = quote(vec![line(1000, 1_000_000_000, "0"), line(1, 1, "0")]);
        assert_eq!(problems(&sum_too_large), [("lines".to_owned(), Code::OutOfRange)]);
        let with_tax_too_large = quote(vec![line(1000, 1_000_000_000, "10")]);
        assert_eq!(problems(&with_tax_too_large), [("lines".to_owned(), Code::OutOfRange)]);
    }

    proptest! {
        #[test]
        fn totals_agree_with_their_lines(
            lines in prop::collection::vec((1i64..1000, 0i64..100_000, prop::sample::select(vec![0i64, 8, 10])), 1..20)
        ) {
            let typed = lines.iter().map(|(quantity, price, rate)| line(*quantity, *price, &rate.to_string())).collect();
            let fields = quote(typed).checked(today()).unwrap();
            let Totals { subtotal, tax, total } = fields.totals;
            prop_assert_eq!(subtotal.0, lines.iter().map(|(quantity, price, _)| quantity * price).sum::<i64>());
            prop_assert_eq!(total, Yen(subtotal.0 + tax.0));
            let rates = by_rate(&fields.lines);
            prop_assert_eq!(rates.iter().map(|rate| rate.base).sum::<Yen>(), subtotal);
            prop_assert_eq!(rates.iter().map(|rate| rate.tax).sum::<Yen>(), tax);
            // Rounded down once per rate: less than one yen is lost per rate, whatever the number of lines.
            let exact_hundredths: i64 = lines.iter().map(|(quantity, price, rate)| quantity * price * rate).sum();
            let lost = exact_hundredths - tax.0 * 100;
            prop_assert!((0..100 * i64::try_from(rates.len()).unwrap()).contains(&lost));
        }

        #[test]
        fn the_order_of_lines_does_not_change_a_total(
            lines in prop::collection::vec((1i64..1000, 0i64..100_000, prop::sample::select(vec![0i64, 8, 10])), 1..20)
        ) {
            let typed = |lines: &[(i64, i64, i64)]| {
                quote(lines.iter().map(|(quantity, price, rate)| line(*quantity, *price, &rate.to_string())).collect())
            };
            let reversed: Vec<_> = lines.iter().rev().copied().collect();
            let (one, other) = (typed(&lines).checked(today()).unwrap(), typed(&reversed).checked(today()).unwrap());
            prop_assert_eq!(one.totals, other.totals);
        }
    }
}
