//! What an invoice to a client is, what it comes to, and how it stands. No database here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use clients::terms::PaymentRule;
use kernel::{
    Bound, Checks, Code, CompanyId, ContactId, Invalid, OrderId, PersonId, TaxRate, Typed, Yen, text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statements::last_month_end;
use crate::tax;
use crate::terms::TermsDigest;

kernel::id!(
    /// One invoice to a client (請求書).
    InvoiceId
);

text_enum!(
    /// How an invoice stands.
    InvoiceState {
        /// It is asked for, and its day is to come.
        Issued = "issued",
        /// A part of it came in, and its day is to come.
        Part = "part",
        /// Its day has passed and not all of it came in.
        Overdue = "overdue",
        /// All of it came in.
        Paid = "paid",
        /// More came in than is asked for: it is to be returned.
        Overpaid = "overpaid",
        /// All of it was returned and nothing came in: nothing is asked for any more.
        Credited = "credited",
    }
);

text_enum!(
    /// Which invoices a list shows.
    InvoiceFilter {
        /// Those of which something is still to come in.
        Open = "open",
        /// Those of them whose day has passed.
        Overdue = "overdue",
        /// Those of which nothing is to come in: paid, or more than that, or returned.
        Paid = "paid",
        /// Every one.
        All = "all",
    }
);

/// An invoice with what came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// Its number in the town.
    pub number: i32,
    /// The client.
    pub company_id: CompanyId,
    /// Whom it is for there.
    pub contact_id: Option<ContactId>,
    /// The client's name when it was issued.
    pub company_name: String,
    /// The town's legal name.
    pub issuer_name: String,
    /// Its postal address.
    pub issuer_address: String,
    /// The town's 登録番号; empty where it has none, and then this is no qualified invoice.
    pub registration_number: String,
    /// The account it is paid to (振込先) as it was at its issue; empty where the town had said none.
    pub bank_account: String,
    /// Everything on it was accepted by this day.
    pub closed_on: NaiveDate,
    /// The first day on which something on it was accepted: from here to `supplied_to` is the period of supply.
    pub supplied_from: NaiveDate,
    /// The last one.
    pub supplied_to: NaiveDate,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// The day by which it is paid, by the client's terms.
    pub due_on: NaiveDate,
    /// Before tax.
    pub amount: Yen,
    /// Consumption tax, rounded down once for each rate.
    pub tax: Yen,
    /// What is asked for.
    pub total: Yen,
    /// What came in so far.
    pub received: Yen,
    /// What was returned of it by documents of their own, with tax.
    pub credited: Yen,
    /// The same before tax.
    pub credited_before_tax: Yen,
    /// SHA-256 of everything it says, hexadecimal.
    pub sha256: String,
    /// By whom it was issued.
    pub issued_by: PersonId,
    /// When.
    pub issued_at: DateTime<Utc>,
}

impl Invoice {
    /// How it stands on `today`.
    pub fn state(&self, today: NaiveDate) -> InvoiceState {
        let asked = Yen(self.total.0 - self.credited.0);
        if self.received > asked {
            InvoiceState::Overpaid
        } else if asked == Yen::ZERO {
            InvoiceState::Credited
        } else if self.received == asked {
            InvoiceState::Paid
        } else if today > self.due_on {
            InvoiceState::Overdue
        } else if self.received > Yen::ZERO {
            InvoiceState::Part
        } else {
            InvoiceState::Issued
        }
    }

    /// What is still to come in; below zero where too much did, which is to be returned.
    pub fn rest(&self) -> Yen {
        Yen(self.total.0 - self.credited.0 - self.received.0)
    }
}

/// A line: what was accepted of one order at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvoiceLine {
    /// The order.
    pub order_id: OrderId,
    /// What it was called.
    pub title: String,
    /// The rate of consumption tax.
    pub tax_rate: TaxRate,
    /// Before tax.
    pub amount: Yen,
    /// Whether the order's share was split over its rates by proportion, because not all of its jobs say of which line they are.
    pub by_proportion: bool,
}

/// What an invoice comes to at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvoiceRate {
    /// The rate.
    pub tax_rate: TaxRate,
    /// Before tax.
    pub amount: Yen,
    /// The tax on that, rounded down once.
    pub tax: Yen,
}

/// Money that came in for an invoice, or an entry that takes another back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Payment {
    /// Its id.
    pub id: i64,
    /// On which day.
    pub received_on: NaiveDate,
    /// How much; below zero where it takes an entry back.
    pub amount: Yen,
    /// A remark.
    pub note: String,
    /// Who wrote it down.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// An invoice with its lines, rates and payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WholeInvoice {
    /// The invoice.
    #[serde(flatten)]
    pub invoice: Invoice,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// What it comes to at each rate.
    pub rates: Vec<InvoiceRate>,
    /// What came in, the oldest first.
    pub payments: Vec<Payment>,
}

/// What a client accepted and was not asked for yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unbilled {
    /// The client.
    pub company_id: CompanyId,
    /// How much, before tax.
    pub amount: Yen,
    /// The first day on which something of it was accepted.
    pub since: NaiveDate,
}

/// What waits for an invoice of its own, because it is paid on a day of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaitingDay {
    /// The day by which it would be paid, were it asked for today.
    pub due_on: NaiveDate,
    /// How much, before tax.
    pub amount: Yen,
}

/// An invoice as it was issued, and what its call left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Issued {
    /// The invoice.
    #[serde(flatten)]
    pub invoice: Invoice,
    /// What was accepted by the same closing day and waits for the next call, one invoice for each day of payment, the earliest first;
    /// empty where nothing does.
    pub waits: Vec<WaitingDay>,
}

/// What comes in and goes out in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CashMonth {
    /// The first day of the month.
    pub month: NaiveDate,
    /// What came in from clients.
    pub received: Yen,
    /// What is still to come in by the days of invoices in it.
    pub expected: Yen,
    /// What clients paid beyond what is asked of them, by returns or by mistake, and get back; it counts for this month.
    pub returned: Yen,
    /// What was paid to workers in it, or is to be by its days; what is late counts for this month.
    pub paid: Yen,
    /// Income tax withheld from what was paid in the month before, which goes to the tax office by its tenth (所得税法204条).
    pub withheld: Yen,
    /// What stands on no statement yet and is paid in it, with the consumption tax that comes on top.
    pub unclosed: Yen,
}

impl CashMonth {
    /// A month in which nothing comes in or goes out.
    pub(super) fn nothing(month: NaiveDate) -> Self {
        let none = Yen::ZERO;
        Self {
            month,
            received: none,
            expected: none,
            returned: none,
            paid: none,
            withheld: none,
            unclosed: none,
        }
    }

    /// What is left, or short where it is below zero.
    pub fn gap(&self) -> Yen {
        let out = self.returned.0 + self.paid.0 + self.withheld.0 + self.unclosed.0;
        Yen(self.received.0 + self.expected.0 - out)
    }
}

/// Where a page of invoices ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceKey(pub InvoiceId);

/// Splits `more`, which was accepted of an order, over the rates of its lines: `lines` is what the order comes to at each
/// rate, `billed` what was asked for at each before. Every rate's share follows what is accepted of the order in all, so an
/// order that is accepted in full is asked for at each rate with what its lines say (parts of a yen or two may move a yen between
/// rates); what is rounded stands with the largest.
pub(super) fn split(
    lines: &BTreeMap<TaxRate, Yen>,
    billed: &BTreeMap<TaxRate, Yen>,
    more: Yen,
) -> Vec<(TaxRate, Yen)> {
    let whole: i64 = lines.values().map(|amount| amount.0).sum();
    let largest = lines.iter().max_by_key(|(_, amount)| **amount).map(|(rate, _)| *rate);
    let (Some(largest), true) = (largest, whole > 0) else { return vec![(TaxRate::STANDARD, more)] };
    let reached = billed.values().map(|amount| amount.0).sum::<i64>() + more.0;
    let mut left = more.0;
    let mut shares = Vec::new();
    for (rate, amount) in lines.iter().filter(|(rate, _)| **rate != largest) {
        let before = billed.get(rate).map_or(0, |amount| amount.0);
        let due = i128::from(amount.0) * i128::from(reached) / i128::from(whole);
        let share = (i64::try_from(due).unwrap_or(i64::MAX) - before).clamp(0, left);
        left -= share;
        shares.push((*rate, Yen(share)));
    }
    shares.push((largest, Yen(left)));
    shares.retain(|(_, amount)| amount.0 > 0);
    shares.sort_by_key(|(rate, _)| *rate);
    shares
}

/// When an order is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pays {
    /// On the day that the town which entrusted it named, and agreed to by that.
    On(NaiveDate),
    /// By its client's terms, where some were agreed.
    By(Option<PaymentRule>),
}

impl Pays {
    /// When what was accepted on a day is paid, asked for on `today`.
    pub(super) fn due_on(self, accepted_on: NaiveDate, today: NaiveDate) -> NaiveDate {
        match self {
            Self::On(day) => day.max(today),
            Self::By(terms) => due_on(terms, accepted_on, today),
        }
    }
}

/// When a client pays what they accepted on a day: by the terms of the order, and at the end of the next month where none were
/// agreed. Where that day is over on `today`, because they are asked late, the terms' next day that is not.
pub(super) fn due_on(terms: Option<PaymentRule>, accepted_on: NaiveDate, today: NaiveDate) -> NaiveDate {
    let usual = |day: NaiveDate| day.with_day(1)?.checked_add_months(Months::new(2))?.pred_opt();
    let of = |day: NaiveDate| terms.and_then(|rule| rule.pays_on(day)).or_else(|| usual(day));
    let months = (0..).map_while(|late| accepted_on.checked_add_months(Months::new(late)));
    months.map_while(of).find(|due| *due >= today).unwrap_or(today)
}

/// What lines come to at each rate.
pub(super) fn rates(lines: &[InvoiceLine]) -> Vec<InvoiceRate> {
    tax::by_rate(lines.iter().map(|line| (line.tax_rate, line.amount)))
        .into_iter()
        .map(|(tax_rate, (amount, tax))| InvoiceRate { tax_rate, amount, tax })
        .collect()
}

/// The digest of everything an invoice says.
pub(super) fn digest(said: &[String], lines: &[InvoiceLine], rates: &[InvoiceRate]) -> TermsDigest {
    let mut text = said.join("\n");
    for line in lines {
        let _never_fails = text.write_fmt(format_args!(
            "\n{} {} {} % {}",
            line.order_id, line.title, line.tax_rate.0, line.amount.0
        ));
    }
    for rate in rates {
        let _never_fails =
            text.write_fmt(format_args!("\n{} %: {} + {}", rate.tax_rate.0, rate.amount.0, rate.tax.0));
    }
    TermsDigest::of(&text)
}

/// What is asked of a client, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "company_id": 1, "closed_on": "2026-10-31" }]))]
pub struct BillInput {
    /// The client's id; required.
    pub company_id: Typed,
    /// Everything accepted by this day, and no day to come; empty means the last day of the month before.
    pub closed_on: Typed,
}

impl BillInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<(CompanyId, NaiveDate), Invalid> {
        let mut checks = Checks::new();
        let company = CompanyId(checks.number("company_id", &self.company_id, 1..=i64::MAX));
        let closed_on =
            checks.optional_date("closed_on", &self.closed_on).unwrap_or_else(|| last_month_end(today));
        if closed_on > today {
            checks.bounded("closed_on", Code::TooLate, today);
        }
        checks.done((company, closed_on))
    }
}

/// Money that came in, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "received_on": "2026-11-25", "amount": 1000, "note": "振込" }]))]
pub struct PaymentInput {
    /// The day it came in, and no day to come; empty means today.
    pub received_on: Typed,
    /// Yen; below zero takes an entry back that was wrong, or notes that money was returned. Required.
    pub amount: Typed,
    /// A remark; required with an amount below zero.
    pub note: Typed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PaymentFields {
    pub(super) received_on: NaiveDate,
    pub(super) amount: Yen,
    pub(super) note: String,
}

impl PaymentInput {
    /// Nothing is taken back that did not come in: `received` is what came in so far.
    pub(super) fn checked(&self, today: NaiveDate, received: Yen) -> Result<PaymentFields, Invalid> {
        let mut checks = Checks::new();
        let received_on = checks.optional_date("received_on", &self.received_on).unwrap_or(today);
        if received_on > today {
            checks.bounded("received_on", Code::TooLate, today);
        }
        let (amount, note) = entry(&mut checks, &self.amount, &self.note, received, Yen::MOST);
        checks.done(PaymentFields { received_on, amount, note })
    }
}

/// The amount and the remark of money that came or went: at most `most`, or below zero, which takes back of what was entered
/// `so_far` and wants its reason.
pub(crate) fn entry(
    checks: &mut Checks,
    amount: &Typed,
    note: &Typed,
    so_far: Yen,
    most: Yen,
) -> (Yen, String) {
    let least = if so_far > Yen::ZERO { -so_far.0 } else { 1 };
    let typed = checks.optional_number("amount", amount, least..=most.0);
    match typed {
        Some(0) => checks.bounded("amount", Code::OutOfRange, Bound::Least(1)),
        None if amount.as_str().trim().is_empty() => checks.problem("amount", Code::Required),
        _ => {}
    }
    let amount = typed.unwrap_or_default();
    let note =
        if amount < 0 { checks.required_line("note", note, 500) } else { checks.line("note", note, 500) };
    (Yen(amount), note)
}

/// The first day of `day`'s month.
pub(super) fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or_else(|| day - chrono::Days::new(u64::from(day.day0())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yen(pairs: &[(u8, i64)]) -> BTreeMap<TaxRate, Yen> {
        pairs.iter().map(|(rate, amount)| (TaxRate(*rate), Yen(*amount))).collect()
    }

    #[test]
    fn an_amount_that_cannot_have_come_in_is_refused_once() {
        let today: NaiveDate = "2026-11-02".parse().unwrap();
        let of = |received, amount: &str| {
            let input =
                PaymentInput {
                    amount: amount.into(), note: "取り消し".into(), ..PaymentInput::default()
                };
            let problems = input.checked(today, Yen(received)).err().unwrap_or_default().0;
            problems.iter().map(|one| (one.field.clone(), one.code, one.bound)).collect::<Vec<_>>()
        };
        let refused = |amount: &str| of(500, amount);
        let amount = |code, bound| vec![("amount".to_owned(), code, bound)];
        let least = |bound| amount(Code::OutOfRange, Some(Bound::Least(bound)));
        assert_eq!(refused("-501"), least(-500), "more than came in");
        assert_eq!(refused("0"), least(1));
        assert_eq!((of(0, "-1"), of(0, "0")), (least(1), least(1)), "nothing came in yet");
        assert_eq!(refused("abc"), amount(Code::NotANumber, None));
        assert_eq!(refused(" "), amount(Code::Required, None));
        assert_eq!((refused("-500"), refused("−500"), refused("1000")), (vec![], vec![], vec![]));
    }

    #[test]
    fn a_client_pays_by_their_terms_or_at_the_end_of_the_next_month() {
        let on = |text: &str| text.parse::<NaiveDate>().unwrap();
        let due = |terms, accepted, today| due_on(terms, on(accepted), on(today));
        let terms = Some(PaymentRule { closing_day: 20, months_later: 1, pay_day: 31 });
        // Closed on 20 October and on 20 November, whenever the town makes up its books.
        assert_eq!(due(terms, "2026-10-20", "2026-11-02"), on("2026-11-30"));
        assert_eq!(due(terms, "2026-10-21", "2026-11-02"), on("2026-12-31"));
        assert_eq!(due(None, "2026-10-31", "2026-11-02"), on("2026-11-30"));
        assert_eq!(due(None, "2026-12-10", "2026-12-11"), on("2027-01-31"));
        // Asked for half a year late, and on the very day.
        assert_eq!(due(terms, "2026-10-20", "2027-04-30"), on("2027-04-30"));
        assert_eq!(due(terms, "2026-10-20", "2027-05-01"), on("2027-05-31"));
        assert_eq!(due(None, "2026-10-31", "2026-12-01"), on("2026-12-31"));
    }

    #[test]
    fn a_part_of_an_order_is_split_over_its_rates_and_the_whole_comes_out_as_its_lines_say() {
        let lines = yen(&[(10, 7_000), (8, 3_001)]);
        let first = split(&lines, &BTreeMap::new(), Yen(5_000));
        assert_eq!(first, [(TaxRate(8), Yen(1_500)), (TaxRate(10), Yen(3_500))]);
        let rest = split(&lines, &yen(&[(8, 1_500), (10, 3_500)]), Yen(5_001));
        assert_eq!(rest, [(TaxRate(8), Yen(1_501)), (TaxRate(10), Yen(3_500))]);
        assert_eq!(split(&BTreeMap::new(), &BTreeMap::new(), Yen(9)), [(TaxRate(10), Yen(9))]);
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_in_whatever_parts_each_part_is_split_without_a_yen_lost(
            whole in proptest::collection::vec(1i64..50_000, 1..4),
            cuts in proptest::collection::vec(1i64..20_000, 0..6),
        ) {
            let lines: BTreeMap<TaxRate, Yen> =
                [10u8, 8, 0].into_iter().zip(&whole).map(|(rate, amount)| (TaxRate(rate), Yen(*amount))).collect();
            let (mut billed, mut left) = (BTreeMap::new(), whole.iter().sum::<i64>());
            for cut in cuts.into_iter().chain([i64::MAX]) {
                let part = cut.min(left);
                if part == 0 { break }
                left -= part;
                let shares = split(&lines, &billed, Yen(part));
                prop_assert_eq!(shares.iter().map(|(_, share)| share.0).sum::<i64>(), part);
                for (rate, share) in shares {
                    prop_assert!(share.0 > 0);
                    billed.entry(rate).or_insert(Yen::ZERO).0 += share.0;
                }
            }
            for (rate, amount) in lines {
                let got = billed.get(&rate).copied().unwrap_or_default();
                prop_assert!((got.0 - amount.0).abs() <= 2, "{} instead of {} at {} %", got, amount, rate.0);
            }
        }
    }
}
