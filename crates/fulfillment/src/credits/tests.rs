//! Returns of invoices, against a real database.

use super::*;
use crate::invoices::{BillInput, Invoice, InvoiceError, InvoiceState, PaymentInput};
use crate::testing::Town;

/// An order of so many yen, wholly accepted and asked for.
fn asked(town: &Town, amount: i64) -> Invoice {
    let (aoki, _) = town.worker("Aoki");
    let order = town.order_of(amount, 1).id;
    let job = town.job(order, 1).id;
    let units = town.finishes(aoki, job, 1);
    town.accepted(order, &units);
    bills(town).unwrap()
}

fn bills(town: &Town) -> Result<Invoice, InvoiceError> {
    let input = BillInput {
        company_id: town.company.to_string().into(),
        closed_on: town.day(0).to_string().as_str().into(),
    };
    town.attempt(town.director, |tx| invoices::bill(tx, &input))
}

fn returns(town: &Town, invoice: &Invoice, amount: Option<i64>) -> Result<WholeCredit, CreditError> {
    let line = |amount: i64| CreditLineInput { position: "1".into(), amount: amount.to_string().into() };
    let input = CreditInput {
        reason: "数量のまちがい".into(),
        whole: if amount.is_none() { "yes" } else { "" }.into(),
        lines: amount.map(line).into_iter().collect(),
    };
    town.attempt(town.director, |tx| issue(tx, invoice.id, &input))
}

fn now(town: &Town, invoice: &Invoice) -> Invoice {
    town.act(town.director, |tx| invoices::find(tx, invoice.id))
}

fn pays(town: &Town, invoice: &Invoice, amount: i64) {
    let note = if amount < 0 { "返金" } else { "" };
    let input =
        PaymentInput { amount: amount.to_string().into(), note: note.into(), ..PaymentInput::default() };
    town.act(town.director, |tx| invoices::receive(tx, invoice.id, &input));
}

#[test]
fn a_part_that_is_returned_is_not_asked_for_any_more_and_the_rest_is_paid() {
    let town = Town::new();
    let invoice = asked(&town, 1_005);
    assert_eq!((invoice.tax, invoice.total), (Yen(100), Yen(1_105)));
    let credit = returns(&town, &invoice, Some(5)).unwrap();
    assert_eq!((credit.credit.number, credit.credit.tax, credit.credit.total), (1, Yen::ZERO, Yen(5)));
    assert_eq!((credit.credit.invoice_number, credit.credit.supplied_from), (invoice.number, town.day(0)));
    let left = now(&town, &invoice);
    assert_eq!((left.rest(), left.state(town.day(0))), (Yen(1_100), InvoiceState::Issued));
    assert!(
        matches!(bills(&town).unwrap_err(), InvoiceError::NothingToBill),
        "a part is never asked for anew"
    );
    pays(&town, &invoice, 1_100);
    assert_eq!(now(&town, &invoice).state(town.day(0)), InvoiceState::Paid);
    let beyond = returns(&town, &invoice, Some(1_001)).unwrap_err();
    assert_eq!(beyond.fields()[0].field, "line_1");
}

#[test]
fn what_was_paid_and_is_returned_goes_back_to_the_client_and_counts_in_this_months_cash() {
    let town = Town::new();
    let invoice = asked(&town, 2_000);
    pays(&town, &invoice, 2_200);
    returns(&town, &invoice, Some(500)).unwrap();
    let over = now(&town, &invoice);
    assert_eq!((over.rest(), over.state(town.day(0))), (Yen(-550), InvoiceState::Overpaid));
    assert_eq!(town.act(town.director, invoices::count_overpaid), (1, Yen(550)));
    let returned = |town: &Town| -> i64 {
        town.act(town.director, invoices::cash).iter().map(|month| month.returned.0).sum()
    };
    assert_eq!(returned(&town), 550);
    pays(&town, &invoice, -550);
    assert_eq!(now(&town, &invoice).state(town.day(0)), InvoiceState::Paid);
    assert_eq!(returned(&town), 0);
}

#[test]
fn a_wholly_returned_invoice_is_asked_for_anew_once() {
    let town = Town::new();
    let first = asked(&town, 1_005);
    returns(&town, &first, Some(5)).unwrap();
    let rest = returns(&town, &first, None).unwrap();
    assert_eq!((rest.credit.number, rest.credit.amount, rest.credit.tax), (2, Yen(1_000), Yen(100)));
    let gone = now(&town, &first);
    assert_eq!((gone.rest(), gone.state(town.day(0))), (Yen::ZERO, InvoiceState::Credited));
    assert!(matches!(returns(&town, &first, None).unwrap_err(), CreditError::NothingLeft));
    let unbilled = town.act(town.director, invoices::unbilled);
    assert_eq!(unbilled.iter().map(|one| one.amount.0).collect::<Vec<_>>(), [1_005]);
    let second = bills(&town).unwrap();
    assert_eq!((second.number, second.amount, second.tax), (2, Yen(1_005), Yen(100)));
    assert!(matches!(bills(&town).unwrap_err(), InvoiceError::NothingToBill));
    // And once more, should that one be wrong as well.
    returns(&town, &second, None).unwrap();
    assert_eq!(bills(&town).unwrap().number, 3);
    let of_first = town.act(town.director, |tx| of_invoice(tx, first.id));
    assert_eq!(of_first.iter().map(|one| one.credit.number).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn of_two_who_return_the_whole_at_once_one_does() {
    let town = Town::new();
    let invoice = asked(&town, 1_000);
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| returns(&town, &invoice, None).is_ok());
        let other = scope.spawn(|| returns(&town, &invoice, None).is_ok());
        (one.join().unwrap(), other.join().unwrap())
    });
    assert!(one != other);
    assert_eq!(now(&town, &invoice).credited, Yen(1_100));
}

#[test]
fn the_database_itself_keeps_returns_within_their_invoice() {
    use diesel::RunQueryDsl as _;
    let town = Town::new();
    let invoice = asked(&town, 1_000);
    returns(&town, &invoice, Some(600)).unwrap();
    let run = |sql: &[&str]| {
        town.attempt(town.director, |tx| -> Result<(), DbError> {
            for one in sql {
                diesel::sql_query(*one).execute(tx.conn())?;
            }
            Ok(())
        })
    };
    let copied = |amount: i64, tax: i64| {
        [
            format!(
                "INSERT INTO client_credits (number, invoice_id, reason, issuer_name, issuer_address, registration_number, \
                 issued_on, amount, tax, total, sha256, issued_by, issued_at) SELECT 2, invoice_id, reason, issuer_name, \
                 issuer_address, registration_number, issued_on, {amount}, {tax}, {amount} + {tax}, sha256, issued_by, issued_at \
                 FROM client_credits WHERE number = 1"
            ),
            format!(
                "INSERT INTO client_credit_rates (credit_id, invoice_id, tax_rate, amount, tax) \
                 SELECT id, invoice_id, 10, {amount}, {tax} FROM client_credits WHERE number = 2"
            ),
            format!(
                "INSERT INTO client_credit_lines (credit_id, invoice_id, position, tax_rate, amount) \
                 SELECT id, invoice_id, 1, 10, {amount} FROM client_credits WHERE number = 2"
            ),
        ]
    };
    let tried = |amount, tax, steps: usize| {
        let statements = copied(amount, tax);
        run(&statements.iter().take(steps).map(String::as_str).collect::<Vec<_>>()).unwrap_err()
    };
    assert!(tried(401, 40, 3).violates("client_credits_within"));
    assert!(tried(300, 30, 2).violates("client_credits_sum"), "no line");
    assert!(tried(305, 31, 3).violates("client_credits_sum"), "together rounded up");
    assert!(tried(305, 32, 3).violates("client_credit_rates_once"));
    assert!(tried(400, 40, 3).violates("client_credits_release"), "all is returned and nothing is free");
    let free = run(&["UPDATE client_invoice_amounts SET credit_id = (SELECT min(id) FROM client_credits)"]);
    assert!(free.unwrap_err().violates("client_credits_release"), "a part is returned and all is free");
    returns(&town, &invoice, None).unwrap();
    let again = bills(&town).unwrap();
    let twice =
        format!("UPDATE client_invoice_amounts SET credit_id = NULL WHERE invoice_id <> {}", again.id);
    assert!(run(&[&twice]).unwrap_err().violates("client_invoice_amounts_once"));
    for forbidden in ["UPDATE client_credits SET amount = 1", "DELETE FROM client_credit_lines"] {
        assert!(run(&[forbidden]).unwrap_err().to_string().contains("permission denied"), "{forbidden}");
    }
}
