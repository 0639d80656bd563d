//! What a line is and what a deal's lines come to. No database here.

use kernel::{Checks, Code, Invalid, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::problems_of;

/// The most lines a deal may have, as a quote.
const MOST_LINES: usize = 50;

/// A line of a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DealLine {
    /// The kind of job: what is done for one unit.
    pub job_kind: String,
    /// How many units.
    pub quantity: i32,
    /// The price of one, before tax.
    pub unit_price: Yen,
    /// How long one is expected to take, in minutes.
    pub unit_minutes: i32,
    /// Quantity × unit price.
    pub amount: Yen,
}

/// A deal's lines and what they come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DealLines {
    /// The lines in their order.
    pub lines: Vec<DealLine>,
    /// The sum of their amounts, before tax.
    pub total: Yen,
    /// The minutes that all units together are expected to take.
    pub minutes: i64,
}

impl DealLines {
    pub(super) fn of(lines: Vec<DealLine>) -> Self {
        let minutes = |line: &DealLine| i64::from(line.quantity) * i64::from(line.unit_minutes);
        Self {
            total: lines.iter().map(|line| line.amount).sum(),
            minutes: lines.iter().map(minutes).sum(),
            lines,
        }
    }
}

/// A line as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "DealLineInput")]
pub struct LineInput {
    /// The kind of job; required.
    pub job_kind: Typed,
    /// How many units, 1 to a million.
    pub quantity: Typed,
    /// Yen before tax for one, up to a thousand million.
    pub unit_price: Typed,
    /// Minutes for one, up to 100 hours.
    pub unit_minutes: Typed,
}

/// A deal's lines as typed into the form or sent to the API. Problems of line `n` (from 0) are told as `lines.n.FIELD`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "DealLinesInput", extend("examples" = [{ "lines": [{ "job_kind": "名刺の入力", "quantity": 1000, "unit_price": 30, "unit_minutes": 2 }] }]))]
pub struct LinesInput {
    /// Up to 50 lines; none takes away those that were there.
    pub lines: Vec<LineInput>,
    /// Yen before tax, where the deal is worth something else than the sum of its lines.
    pub amount: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinesFields {
    pub(super) lines: DealLines,
    pub(super) by_hand: Option<Yen>,
}

impl LinesInput {
    /// Checks every field of every line and reports all problems at once.
    pub(super) fn checked(&self) -> Result<LinesFields, Invalid> {
        let mut checks = Checks::new();
        if self.lines.len() > MOST_LINES {
            checks.bounded("lines", Code::TooMany, i64::try_from(MOST_LINES).unwrap_or(i64::MAX));
            return Err(problems_of(checks));
        }
        let lines =
            self.lines.iter().enumerate().map(|(index, line)| line.read(&mut checks, index)).collect();
        let lines = DealLines::of(lines);
        if lines.total > Yen::MOST {
            checks.bounded("lines", Code::OutOfRange, Yen::MOST.0);
        }
        let by_hand = checks.optional_number("amount", &self.amount, 0..=Yen::MOST.0).map(Yen);
        checks.done(LinesFields { lines, by_hand })
    }
}

impl LineInput {
    fn read(&self, checks: &mut Checks, index: usize) -> DealLine {
        let field = |name: &str| format!("lines.{index}.{name}");
        let job_kind = checks.required_line(&field("job_kind"), &self.job_kind, 200);
        let quantity = small(checks.number(&field("quantity"), &self.quantity, 1..=1_000_000));
        let unit_price = Yen(checks.number(&field("unit_price"), &self.unit_price, 0..=1_000_000_000));
        let unit_minutes = small(checks.number(&field("unit_minutes"), &self.unit_minutes, 1..=6_000));
        let amount = Yen(unit_price.0.saturating_mul(i64::from(quantity)));
        DealLine { job_kind, quantity, unit_price, unit_minutes, amount }
    }
}

/// A number that its range has already kept small.
fn small(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: &str, unit_price: &str) -> LineInput {
        LineInput {
            job_kind: "名刺の入力".into(),
            quantity: quantity.into(),
            unit_price: unit_price.into(),
            unit_minutes: "２".into(),
        }
    }

    #[test]
    fn lines_sum_in_yen_and_minutes() {
        let input =
            LinesInput { lines: vec![line("1,000", "３０円"), line("5", "0")], ..LinesInput::default() };
        let fields = input.checked().unwrap();
        assert_eq!((fields.lines.total, fields.lines.minutes, fields.by_hand), (Yen(30_000), 2_010, None));
    }

    #[test]
    fn every_problem_of_every_line_is_reported_at_once() {
        let input = LinesInput { lines: vec![line("0", "30"), LineInput::default()], amount: "-1".into() };
        let found = input.checked().unwrap_err();
        let fields: Vec<&str> = found.0.iter().map(|problem| problem.field.as_str()).collect();
        let second = ["lines.1.job_kind", "lines.1.quantity", "lines.1.unit_price", "lines.1.unit_minutes"];
        assert_eq!(fields, [&["lines.0.quantity"][..], &second, &["amount"]].concat());
        let most = LinesInput { lines: vec![line("1000000", "1000000000")], ..LinesInput::default() };
        assert_eq!(most.checked().unwrap_err().0[0].code, Code::OutOfRange);
        let many = LinesInput { lines: vec![line("1", "1"); 51], ..LinesInput::default() };
        assert_eq!(many.checked().unwrap_err().0[0].code, Code::TooMany);
    }
}
