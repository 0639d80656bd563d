//! Deliveries against a real database.

use clients::companies::CompanyInput;
use clients::contacts::ContactInput;
use diesel::prelude::*;
use kernel::{Code, Coded};

use super::*;
use crate::acceptance;
use crate::testing::Town;

#[test]
fn a_delivery_holds_passed_units_and_goes_out_with_a_link_that_stands_nowhere() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    let job = town.job(order.id, 3);
    let units = town.finishes(worker, job.id, 2);
    let (delivery, secret) = town.delivers(order.id, &[]);
    assert_eq!((delivery.number, delivery.inspect_until), (1, town.day(5)));
    let held: Vec<_> = town
        .act(town.director, |tx| super::units(tx, delivery.id))
        .into_iter()
        .map(|unit| unit.unit)
        .collect();
    assert_eq!(held, units);
    let sent = town.facts::<DeliverySent>().remove(0);
    assert_eq!((sent.count, sent.contact), (2, town.contact));
    let hashes: Vec<Vec<u8>> = crate::schema::delivery_links::table
        .select(crate::schema::delivery_links::secret_hash)
        .load(&mut town.db.owner())
        .unwrap();
    assert_eq!(hashes, [secret.hash().to_vec()]);
    let nothing =
        town.attempt(town.director, |tx| assemble(tx, &town.key, order.id, DeliverInput::default()));
    assert_eq!(nothing.unwrap_err().code(), Code::Conflict, "the third unit is not ready");
}

#[test]
fn no_unreviewed_and_no_foreign_unit_is_delivered() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let (order, other) = (town.order(1000), town.order(1000));
    let job = town.job(order.id, 2);
    let passed = town.finishes(worker, job.id, 1)[0];
    let open = town.claims(worker, job.id, 1).units[0];
    town.hands_in(worker, open);
    let foreign = town.finishes(worker, town.job(other.id, 1).id, 1)[0];
    let code = |unit_ids: Vec<UnitId>| {
        let input = DeliverInput { unit_ids, ..DeliverInput::default() };
        town.attempt(town.director, |tx| assemble(tx, &town.key, order.id, input)).unwrap_err().code()
    };
    assert_eq!(code(vec![passed, open]), Code::UnreviewedUnit);
    assert_eq!(code(vec![passed, foreign]), Code::NotOfThisOrder);
    let (delivery, _) = town.delivers(order.id, &[passed]);
    let forced = town.attempt(town.director, |tx| {
        let sql = format!(
            "INSERT INTO delivery_units (delivery_id, unit_id, submission_id) SELECT {}, {open}, id \
             FROM submissions WHERE unit_id = {open}",
            delivery.id
        );
        diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
    });
    assert!(forced.unwrap_err().violates("delivery_units_reviewed"), "the database refuses it as well");
}

#[test]
fn mail_goes_to_somebody_of_the_client_whom_it_can_reach() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    town.finishes(worker, town.job(order.id, 1).id, 1);
    let contact = |name: &str, company: kernel::CompanyId, email: &str| {
        let input = ContactInput { family_name: name.into(), email: email.into(), ..ContactInput::default() };
        town.act(town.director, |tx| clients::contacts::add(tx, company, input)).id
    };
    let elsewhere = town.act(town.director, |tx| {
        clients::companies::enter(tx, CompanyInput { name: "別会社".into(), ..CompanyInput::default() })
    });
    let unreachable = contact("鈴木", town.company, "");
    let foreign = contact("佐藤", elsewhere.id, "sato@example.com");
    let send = |contact: String| {
        let input = DeliverInput { contact_id: contact.into(), ..DeliverInput::default() };
        town.attempt(town.director, |tx| assemble(tx, &town.key, order.id, input))
    };
    let code = |contact: String| send(contact).unwrap_err().fields()[0].code;
    assert_eq!(code(unreachable.to_string()), Code::NotAnEmail);
    assert_eq!(code(foreign.to_string()), Code::UnknownChoice);
    assert_eq!(code("9999".to_owned()), Code::UnknownChoice);
    assert_eq!(send(String::new()).unwrap().contact_id, town.contact);
}

#[test]
fn a_link_sent_again_ends_the_one_before() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    town.finishes(worker, town.job(order.id, 1).id, 1);
    let (delivery, first) = town.delivers(order.id, &[]);
    town.act(town.director, |tx| send_again(tx, &town.key, delivery.id));
    let second = town.link();
    let gone = town.outside(|tx| acceptance::open_link(tx, &first)).unwrap_err();
    assert_eq!(gone.code(), Code::LinkGone);
    assert!(town.outside(|tx| acceptance::open_link(tx, &second)).is_ok());
    assert_eq!(town.act(town.director, |tx| of_order(tx, order.id)).len(), 1);
}
