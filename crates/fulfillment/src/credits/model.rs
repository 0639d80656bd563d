//! What a return is and what it comes to. No database here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, CompanyId, Invalid, PersonId, TaxRate, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Returned;
use crate::invoices::InvoiceId;
use crate::terms::TermsDigest;

kernel::id!(
    /// One return of what a client was asked for (適格返還請求書).
    CreditId
);

/// A return as it was issued, with the invoice that it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Credit {
    /// Its id.
    pub id: CreditId,
    /// Its number among the town's returns.
    pub number: i32,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// The invoice's number.
    pub invoice_number: i32,
    /// The day the invoice was issued on.
    pub invoice_issued_on: NaiveDate,
    /// The client.
    pub company_id: CompanyId,
    /// The client's name, as on the invoice.
    pub company_name: String,
    /// From when what the invoice asks for was accepted (消費税法57条の4第3項: the day of what the return is of).
    pub supplied_from: NaiveDate,
    /// Until when.
    pub supplied_to: NaiveDate,
    /// Why.
    pub reason: String,
    /// The town's legal name.
    pub issuer_name: String,
    /// Its postal address.
    pub issuer_address: String,
    /// The town's 登録番号; empty where it has none.
    pub registration_number: String,
    /// The day of issue, which is the day of the return.
    pub issued_on: NaiveDate,
    /// Before tax.
    pub amount: Yen,
    /// Consumption tax, rounded once for each rate.
    pub tax: Yen,
    /// What is not asked for any more.
    pub total: Yen,
    /// SHA-256 of everything it says, hexadecimal.
    pub sha256: String,
    /// By whom it was issued.
    pub issued_by: PersonId,
    /// When.
    pub issued_at: DateTime<Utc>,
}

/// What is returned of a line of the invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CreditLine {
    /// Which line of the invoice, from one.
    pub position: i32,
    /// What it is called there.
    pub title: String,
    /// Its rate of consumption tax.
    pub tax_rate: TaxRate,
    /// Before tax.
    pub amount: Yen,
}

/// What a return comes to at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CreditRate {
    /// The rate.
    pub tax_rate: TaxRate,
    /// Before tax.
    pub amount: Yen,
    /// The tax on that, rounded once: up or down, so that the invoice and its returns together are rounded down once.
    pub tax: Yen,
}

/// A return with its lines and rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WholeCredit {
    /// The return.
    #[serde(flatten)]
    pub credit: Credit,
    /// Its lines.
    pub lines: Vec<CreditLine>,
    /// What it comes to at each rate.
    pub rates: Vec<CreditRate>,
}

/// A line of an invoice with what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineLeft {
    /// Which line, from one.
    pub position: i32,
    /// What it is called.
    pub title: String,
    /// Its rate of consumption tax.
    pub tax_rate: TaxRate,
    /// What it asked for, before tax.
    pub amount: Yen,
    /// What of that was not returned yet.
    pub left: Yen,
}

/// Where a page of returns ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditKey(pub CreditId);

/// What is returned of one line, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CreditLineInput {
    /// Which line of the invoice, from one.
    pub position: Typed,
    /// Yen before tax, up to what is left of that line; empty returns nothing of it.
    pub amount: Typed,
}

/// What is returned of an invoice, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "reason": "数量のまちがい", "whole": "", "lines": [{ "position": 1, "amount": 1000 }] }]))]
pub struct CreditInput {
    /// Why, for the client and the books; required.
    pub reason: Typed,
    /// `yes` returns everything that is left, and then no line is named.
    pub whole: Typed,
    /// Otherwise what is returned of which lines.
    pub lines: Vec<CreditLineInput>,
}

impl CreditInput {
    /// The reason and the lines, against what is `left` of the invoice's.
    pub(super) fn checked(&self, left: &[LineLeft]) -> Result<(String, Vec<CreditLine>), Invalid> {
        let mut checks = Checks::new();
        let reason = checks.required_line("reason", &self.reason, 500);
        let found = checks.found();
        let named: Vec<CreditLine> =
            self.lines.iter().filter_map(|line| line_of(&mut checks, line, left)).collect();
        // Whoever typed an amount that is refused chose lines: nobody is advised to return everything.
        let is_refused = checks.found() > found;
        let positions: std::collections::BTreeSet<i32> = named.iter().map(|line| line.position).collect();
        if positions.len() < named.len() {
            checks.problem("lines", Code::UnknownChoice);
        }
        let is_whole = self.whole.is_yes();
        if is_whole && !named.is_empty() {
            checks.problem("whole", Code::SaidTwice);
        }
        let lines = if is_whole { everything(left) } else { named };
        if lines.is_empty() && !is_refused {
            checks.problem("whole", Code::Required);
        }
        checks.done((reason, lines))
    }
}

fn everything(left: &[LineLeft]) -> Vec<CreditLine> {
    let some = left.iter().filter(|line| line.left > Yen::ZERO);
    some.map(|line| line.returning(line.left)).collect()
}

impl LineLeft {
    fn returning(&self, amount: Yen) -> CreditLine {
        CreditLine { position: self.position, title: self.title.clone(), tax_rate: self.tax_rate, amount }
    }
}

/// One named line; none where nothing is returned of it, or it is refused.
fn line_of(checks: &mut Checks, typed: &CreditLineInput, left: &[LineLeft]) -> Option<CreditLine> {
    if typed.amount.as_str().trim().is_empty() {
        return None;
    }
    let position = typed.position.as_str().trim();
    let Some(line) = left.iter().find(|line| line.position.to_string() == position) else {
        checks.problem("lines", Code::UnknownChoice);
        return None;
    };
    let amount = checks.number(&field(line.position), &typed.amount, 0..=line.left.0);
    (amount > 0).then(|| line.returning(Yen(amount)))
}

/// The name of a line's field, in forms and in problems.
pub fn field(position: i32) -> String {
    format!("line_{position}")
}

/// What `lines` come to at each rate, where `before` was returned of the invoice. The tax is what brings everything that is returned to
/// its tax rounded down once, so that of an invoice that is returned bit by bit no yen of tax is left: for the document itself that is
/// one rounding, up or down (消費税法基本通達 1-8-15 leaves the direction open).
pub(super) fn rates(lines: &[CreditLine], before: &Returned) -> Vec<CreditRate> {
    let mut totals: BTreeMap<TaxRate, Yen> = BTreeMap::new();
    for line in lines {
        totals.entry(line.tax_rate).or_default().0 += line.amount.0;
    }
    let of = |(tax_rate, amount): (TaxRate, Yen)| {
        let (returned, taxed) = before.get(&tax_rate).copied().unwrap_or_default();
        let tax = Yen(tax_rate.tax_on(Yen(returned.0 + amount.0)).0 - taxed.0);
        CreditRate { tax_rate, amount, tax }
    };
    totals.into_iter().map(of).collect()
}

/// The digest of everything a return says.
pub(super) fn digest(credit: &Credit, lines: &[CreditLine], rates: &[CreditRate]) -> TermsDigest {
    let mut text = [
        format!("return {}", credit.number),
        format!("of invoice {} of {}", credit.invoice_number, credit.invoice_issued_on),
        credit.company_name.clone(),
        credit.issuer_name.clone(),
        credit.issuer_address.clone(),
        credit.registration_number.clone(),
        format!("{} {}..{}", credit.issued_on, credit.supplied_from, credit.supplied_to),
        credit.reason.clone(),
        format!("{} + {} = {}", credit.amount.0, credit.tax.0, credit.total.0),
    ]
    .join("\n");
    for line in lines {
        let _never_fails = text.write_fmt(format_args!(
            "\n{} {} {} % {}",
            line.position, line.title, line.tax_rate.0, line.amount.0
        ));
    }
    for rate in rates {
        let _never_fails =
            text.write_fmt(format_args!("\n{} %: {} + {}", rate.tax_rate.0, rate.amount.0, rate.tax.0));
    }
    TermsDigest::of(&text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn left(amounts: &[(u8, i64)]) -> Vec<LineLeft> {
        let line = |(position, (rate, amount)): (i32, &(u8, i64))| LineLeft {
            position,
            title: format!("受注 {position}"),
            tax_rate: TaxRate(*rate),
            amount: Yen(*amount),
            left: Yen(*amount),
        };
        (1..).zip(amounts).map(line).collect()
    }

    fn asks(reason: &str, whole: &str, lines: &[(&str, &str)]) -> CreditInput {
        let line = |(position, amount): &(&str, &str)| CreditLineInput {
            position: (*position).into(),
            amount: (*amount).into(),
        };
        CreditInput { reason: reason.into(), whole: whole.into(), lines: lines.iter().map(line).collect() }
    }

    #[test]
    fn a_return_names_its_reason_and_no_more_than_is_left() {
        let left = left(&[(10, 1_000), (8, 500)]);
        let refused = |input: &CreditInput| {
            input.checked(&left).unwrap_err().0.iter().map(|one| one.field.clone()).collect::<Vec<_>>()
        };
        assert_eq!(refused(&asks("", "yes", &[])), ["reason"]);
        assert_eq!(refused(&asks("x", "", &[])), ["whole"]);
        assert_eq!(refused(&asks("x", "", &[("1", "0"), ("2", "")])), ["whole"]);
        assert_eq!(refused(&asks("x", "", &[("1", "1001")])), ["line_1"], "and nothing is said of the whole");
        assert_eq!(refused(&asks("x", "", &[("3", "1"), ("2", "1")])), ["lines"]);
        assert_eq!(refused(&asks("x", "", &[("2", "1"), ("2", "1")])), ["lines"]);
        let both = asks("x", "yes", &[("2", "1")]).checked(&left).unwrap_err().0.remove(0);
        assert_eq!((both.field.as_str(), both.code), ("whole", Code::SaidTwice));
        let (_, lines) = asks("x", "yes", &[]).checked(&left).unwrap();
        assert_eq!(lines.iter().map(|line| line.amount.0).collect::<Vec<_>>(), [1_000, 500]);
        let (reason, lines) = asks("数量", "", &[("2", "499")]).checked(&left).unwrap();
        assert_eq!((reason.as_str(), lines[0].position, lines[0].tax_rate), ("数量", 2, TaxRate(8)));
    }

    proptest! {
        #[test]
        fn whatever_is_returned_bit_by_bit_comes_to_the_invoices_tax_to_the_yen(
            rate in prop_oneof![Just(0u8), Just(8), Just(10)],
            bits in proptest::collection::vec(1i64..5_000, 1..9),
        ) {
            let rate = TaxRate(rate);
            let mut before = Returned::new();
            for bit in &bits {
                let lines = [CreditLine { position: 1, title: String::new(), tax_rate: rate, amount: Yen(*bit) }];
                let of_rate = &rates(&lines, &before)[0];
                let exact = bit * i64::from(rate.0);
                prop_assert!((exact / 100..=(exact + 99) / 100).contains(&of_rate.tax.0), "one rounding");
                let so_far = before.entry(rate).or_default();
                *so_far = (Yen(so_far.0.0 + bit), Yen(so_far.1.0 + of_rate.tax.0));
            }
            let whole = Yen(bits.iter().sum());
            prop_assert_eq!(before[&rate], (whole, rate.tax_on(whole)));
        }
    }
}
