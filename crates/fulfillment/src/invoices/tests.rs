//! Invoices to clients, what comes in for them and money by month, against a real database.

use clients::terms::{self, ClientTermsInput};
use kernel::Paging;

use super::*;
use crate::statements::{self, CloseInput, PaidDayInput};
use crate::testing::Town;
use crate::withholdings::{self, WithholdingInput};

fn bills(town: &Town, day: &str) -> Result<Invoice, InvoiceError> {
    let input = BillInput { company_id: town.company.to_string().into(), closed_on: day.into() };
    town.attempt(town.director, |tx| bill(tx, &input))
}

fn comes_in(town: &Town, id: InvoiceId, amount: i64) -> Result<Invoice, InvoiceError> {
    let note = if amount < 0 { "入力まちがい" } else { "" };
    let input =
        PaymentInput { amount: amount.to_string().into(), note: note.into(), ..PaymentInput::default() };
    town.attempt(town.director, |tx| receive(tx, id, &input))
}

/// An order of so many yen and two pieces, one of which is accepted.
fn half_accepted(town: &Town, amount: i64) -> (OrderId, kernel::UnitId, kernel::PersonId) {
    let (aoki, _) = town.worker("Aoki");
    let order = town.order_of(amount, 2).id;
    let job = town.job(order, 2).id;
    let units = town.finishes(aoki, job, 2);
    town.accepted(order, &units[..1]);
    (order, units[1], aoki)
}

#[test]
fn what_a_client_accepted_is_asked_for_once_with_their_day_and_the_towns_number() {
    let town = Town::new();
    let agreed = ClientTermsInput {
        closing_day: "20".into(),
        months_later: "1".into(),
        pay_day: "31".into(),
        ..ClientTermsInput::default()
    };
    town.act(town.director, |tx| terms::agree(tx, town.company, 0, &agreed));
    let (order, second, _) = half_accepted(&town, 1_001 * 2);
    let today = town.day(0).to_string();
    let waiting = town.act(town.director, unbilled);
    assert_eq!((waiting.len(), waiting[0].amount), (1, Yen(1_001)));
    let first = bills(&town, &today).unwrap();
    assert_eq!((first.number, first.amount, first.tax, first.total), (1, Yen(1_001), Yen(100), Yen(1_101)));
    // Accepted on 1 May: closed on the 20th, paid at the end of June.
    assert_eq!(first.due_on, "2026-06-30".parse().unwrap());
    assert_eq!(bills(&town, &today).unwrap_err().code(), Code::NothingToBill);
    assert!(town.act(town.director, unbilled).is_empty());
    town.accepted(order, &[second]);
    let rest = bills(&town, &today).unwrap();
    assert_eq!((rest.number, rest.amount), (2, Yen(1_001)));
    let both = town.act(town.director, |tx| of_order(tx, order));
    assert_eq!(both.iter().map(|one| one.amount.0).sum::<i64>(), 2_002, "the order's amount, once");
    let paper = town.act(town.director, |tx| whole(tx, rest.id));
    assert_eq!((paper.lines.len(), paper.rates.len(), paper.rates[0].tax), (1, 1, Yen(100)));
    let ahead = bills(&town, &town.day(1).to_string()).unwrap_err();
    assert_eq!(ahead.fields()[0].field, "closed_on");
}

#[test]
fn money_comes_in_in_parts_and_too_much_is_seen() {
    let town = Town::new();
    half_accepted(&town, 2_000);
    let asked = bills(&town, &town.day(0).to_string()).unwrap();
    let state = |invoice: &Invoice| invoice.state(town.day(0));
    assert_eq!((asked.total, state(&asked)), (Yen(1_100), InvoiceState::Issued));
    let part = comes_in(&town, asked.id, 100).unwrap();
    assert_eq!((part.rest(), state(&part)), (Yen(1_000), InvoiceState::Part));
    assert_eq!(comes_in(&town, asked.id, -101).unwrap_err().fields()[0].field, "amount", "more than came in");
    assert_eq!(state(&comes_in(&town, asked.id, -100).unwrap()), InvoiceState::Issued);
    assert_eq!(town.act(town.director, count_open), (1, Yen(1_100)));
    assert_eq!(state(&comes_in(&town, asked.id, 1_100).unwrap()), InvoiceState::Paid);
    assert_eq!(town.act(town.director, count_open), (0, Yen::ZERO));
    let more = comes_in(&town, asked.id, 10).unwrap();
    assert_eq!((state(&more), more.rest()), (InvoiceState::Overpaid, Yen(-10)));
    assert_eq!(comes_in(&town, asked.id, 0).unwrap_err().fields()[0].field, "amount");
    let listed = |filter| {
        town.act(town.director, |tx| list(tx, filter, Some(town.company), &Paging::first(10))).items.len()
    };
    assert_eq!(
        (listed(InvoiceFilter::Open), listed(InvoiceFilter::Paid), listed(InvoiceFilter::All)),
        (0, 1, 1)
    );
    assert_eq!(town.act(town.director, |tx| whole(tx, asked.id)).payments.len(), 4);
}

#[test]
fn a_late_client_delays_no_workers_pay_and_is_pointed_out() {
    let town = Town::new();
    let (order, _, _) = half_accepted(&town, 2_000);
    let job = town.act(town.director, |tx| crate::jobs::of_order(tx, order))[0].job.id;
    let kind = WithholdingInput { kind: "data_entry".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    let today = town.day(0).to_string();
    let asked = bills(&town, &today).unwrap();
    assert_eq!(asked.due_on, "2026-06-30".parse().unwrap(), "no terms: the end of the next month");
    town.act(town.director, |tx| statements::close(tx, &CloseInput { closed_on: today.as_str().into() }));
    let before = town.act(town.director, cash);
    let june: chrono::NaiveDate = "2026-06-01".parse().unwrap();
    let of_june = before.iter().find(|month| month.month == june).unwrap();
    assert_eq!((of_june.expected, of_june.paid, of_june.gap()), (Yen(1_100), Yen(880), Yen(220)));
    town.wait(chrono::Duration::days(61));
    let day = PaidDayInput {
        pay_on: "2026-06-25".into(),
        statements: "1".into(),
        payable: "880".into(),
        paid_on: "2026-06-25".into(),
    };
    assert_eq!(town.act(town.director, |tx| statements::pay_all(tx, &day)), 1);
    let late = town.act(town.director, overdue);
    assert_eq!((late.len(), late[0].invoice.id, late[0].advanced), (1, asked.id, Yen(800)));
    assert_eq!(late[0].invoice.state(town.day(0)), InvoiceState::Overdue);
    let after = town.act(town.director, cash);
    let of_june = after.iter().find(|month| month.month == june).unwrap();
    assert_eq!(
        (of_june.expected, of_june.gap()),
        (Yen::ZERO, Yen(-880)),
        "what is late is no money of June's"
    );
    comes_in(&town, asked.id, 1_100).unwrap();
    assert!(town.act(town.director, overdue).is_empty());
}

#[test]
fn the_database_itself_keeps_an_invoices_sums() {
    use diesel::RunQueryDsl as _;
    let town = Town::new();
    half_accepted(&town, 2_000);
    let asked = bills(&town, &town.day(0).to_string()).unwrap();
    let run = |sql: &str| {
        town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(sql).execute(tx.conn())?;
            Ok(())
        })
    };
    let more = format!(
        "INSERT INTO client_invoice_lines SELECT organization_id, invoice_id, 2, order_id, title, tax_rate, 1 \
         FROM client_invoice_lines WHERE invoice_id = {}",
        asked.id
    );
    assert!(run(&more).unwrap_err().violates("client_invoices_sum"));
    for forbidden in [
        "UPDATE client_invoices SET due_on = '2030-01-01'",
        "DELETE FROM client_payments",
        "DELETE FROM client_invoice_amounts",
    ] {
        assert!(run(forbidden).unwrap_err().to_string().contains("permission denied"), "{forbidden}");
    }
}
