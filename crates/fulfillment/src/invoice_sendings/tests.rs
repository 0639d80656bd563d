//! Sending invoices and opening their links, against a real database.

use super::*;
use crate::credits::CreditInput;
use crate::invoices::BillInput;
use crate::testing::Town;

fn asked(town: &Town) -> Invoice {
    let (aoki, _) = town.worker("Aoki");
    let order = town.order_of(1_000, 1).id;
    let job = town.job(order, 1).id;
    let units = town.finishes(aoki, job, 1);
    town.accepted(order, &units);
    let input = BillInput {
        company_id: town.company.to_string().into(),
        closed_on: town.day(0).to_string().as_str().into(),
    };
    town.act(town.director, |tx| invoices::bill(tx, &input))
}

fn to_their_contact(invoice: &Invoice) -> SendInput {
    let contact = invoice.contact_id.map(|contact| contact.to_string()).unwrap_or_default();
    SendInput { contact_id: contact.as_str().into(), message: "ご確認ください。".into() }
}

#[test]
fn an_invoice_goes_out_by_a_link_that_stands_nowhere() {
    use diesel::prelude::*;
    let town = Town::new();
    let invoice = asked(&town);
    let sending = town.act(town.director, |tx| send(tx, &town.key, invoice.id, &to_their_contact(&invoice)));
    let secret = link_secret(&town.key, town.id, sending.id, sending.sent_at);
    let stored: Vec<Vec<u8>> = town.act(town.director, |tx| -> Result<_, DbError> {
        let rows = crate::schema::invoice_sendings::table;
        Ok(rows.select(crate::schema::invoice_sendings::secret_hash).load(tx.conn())?)
    });
    assert_eq!(stored, [secret.hash().to_vec()]);
    let told: Vec<InvoiceSent> = town.facts();
    assert_eq!((told.len(), told[0].number, told[0].total), (1, invoice.number, invoice.total));
    let looked = |town: &Town| town.act(town.director, |tx| of_invoice(tx, invoice.id));
    assert_eq!(looked(&town)[0].first_opened_at, None, "nobody looked");
    let shown = town.outside(|tx| open(tx, &secret)).unwrap();
    assert_eq!((shown.whole.invoice.id, shown.credits.len()), (invoice.id, 0));
    let first = looked(&town)[0].last_opened_at.unwrap();
    town.wait(chrono::Duration::minutes(10));
    town.outside(|tx| open(tx, &secret)).unwrap();
    assert_eq!(looked(&town)[0].last_opened_at, Some(first), "one look");
    town.wait(chrono::Duration::hours(2));
    town.outside(|tx| open(tx, &secret)).unwrap();
    assert!(looked(&town)[0].last_opened_at > Some(first));
}

#[test]
fn a_link_ends_when_it_is_withdrawn_or_old_and_a_next_sending_opens_a_new_one() {
    let town = Town::new();
    let invoice = asked(&town);
    let sends = || {
        let sent = town.act(town.director, |tx| send(tx, &town.key, invoice.id, &to_their_contact(&invoice)));
        link_secret(&town.key, town.id, sent.id, sent.sent_at)
    };
    let gone = |secret: &OrgSecret| {
        town.outside(|tx| open(tx, secret)).err().is_some_and(|error| error.code() == Code::LinkGone)
    };
    let first = sends();
    assert!(!gone(&first));
    assert!(town.act(town.director, |tx| withdraw(tx, invoice.id)));
    assert!(gone(&first));
    assert!(!town.act(town.director, |tx| withdraw(tx, invoice.id)), "none is open");
    town.wait(chrono::Duration::minutes(1));
    let second = sends();
    assert!(gone(&first) && !gone(&second));
    town.wait(chrono::Duration::days(400));
    assert!(gone(&second));
}

#[test]
fn a_return_lies_behind_its_link_with_the_invoice_and_goes_to_nobody_elses_contact() {
    let town = Town::new();
    let invoice = asked(&town);
    let whole =
        CreditInput { reason: "数量のまちがい".into(), whole: "yes".into(), lines: Vec::new() };
    let credit = town.act(town.director, |tx| credits::issue(tx, invoice.id, &whole)).credit;
    let input = to_their_contact(&invoice);
    let sent = town.act(town.director, |tx| send_credit(tx, &town.key, credit.id, &input));
    let secret = link_secret(&town.key, town.id, sent.id, sent.sent_at);
    let shown = town.outside(|tx| open(tx, &secret)).unwrap();
    assert_eq!((shown.credits[0].credit.id, shown.whole.invoice.rest().0), (credit.id, 0));
    let nobody = SendInput { contact_id: "999999".into(), ..SendInput::default() };
    let refused = town.attempt(town.director, |tx| send(tx, &town.key, invoice.id, &nobody)).unwrap_err();
    assert_eq!(
        (refused.fields()[0].field.as_str(), refused.fields()[0].code),
        ("contact_id", Code::UnknownChoice)
    );
}
