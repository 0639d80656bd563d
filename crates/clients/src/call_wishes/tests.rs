//! Refusals to be called, against a real database.

use db::testing::TestDb;
use kernel::{OrganizationId, Paging, PersonId};

use super::*;
use crate::companies::{self, CompanyInput};
use crate::contacts::{ContactFilter, ContactInput};

const SALES: PersonId = PersonId(1);

fn person(db: &TestDb, town: OrganizationId, name: &str, phone: &str) -> ContactId {
    let company = CompanyInput { name: format!("{name}商店").into(), ..CompanyInput::default() };
    let company = db.acting(town, SALES, |tx| companies::enter(tx, company)).unwrap().id;
    let input = ContactInput { family_name: name.into(), phone: phone.into(), ..ContactInput::default() };
    db.acting(town, SALES, |tx| contacts::add(tx, company, input)).unwrap().id
}

fn call_list(db: &TestDb, town: OrganizationId) -> Vec<String> {
    let page = db
        .acting(town, SALES, |tx| contacts::list(tx, ContactFilter::ToBeCalled, &Paging::first(50)))
        .unwrap();
    page.items.into_iter().map(|row| row.contact.family_name).collect()
}

fn said(wish: &str, note: &str) -> CallWishInput {
    CallWishInput { wish: wish.into(), note: note.into() }
}

#[test]
fn who_refuses_to_be_called_stands_on_no_call_list() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let sato = person(&db, town, "佐藤", "0267-56-0001");
    person(&db, town, "加藤", "0267-56-0002");
    person(&db, town, "無電", "");
    assert_eq!(
        call_list(&db, town),
        ["佐藤", "加藤"],
        "without readings by code point; nobody without a number"
    );
    let refused =
        db.acting(town, SALES, |tx| record(tx, sato, &said("refused", "11/20の電話で本人から"))).unwrap();
    assert!(!refused.may_be_called);
    assert_eq!(call_list(&db, town), ["加藤"]);
    let everybody = db
        .acting(town, SALES, |tx| contacts::list(tx, ContactFilter::Everybody, &Paging::first(50)))
        .unwrap();
    assert_eq!(everybody.items.len(), 3, "deliveries still need them");
    db.acting(town, SALES, |tx| record(tx, sato, &said("welcome", "先方から問い合わせ"))).unwrap();
    assert_eq!(call_list(&db, town), ["佐藤", "加藤"]);
    let record = db.acting(town, SALES, |tx| history(tx, sato)).unwrap();
    let lines: Vec<_> = record.iter().map(|line| (line.wish, line.note.as_str())).collect();
    assert_eq!(lines, [(Wish::Welcome, "先方から問い合わせ"), (Wish::Refused, "11/20の電話で本人から")]);
    assert!(record.iter().all(|line| line.recorded_by == "person:1"));
}

#[test]
fn a_refusal_says_how_we_know_and_belongs_to_this_town() {
    let db = TestDb::new();
    let (town, elsewhere) = (db.town("tateshina"), db.town("shiojiri"));
    let sato = person(&db, town, "佐藤", "0267-56-0001");
    let unproven = db.acting(town, SALES, |tx| record(tx, sato, &said("refused", " "))).unwrap_err();
    assert_eq!(unproven.fields()[0].code, Code::Required);
    let missing = db.acting(elsewhere, SALES, |tx| record(tx, sato, &said("refused", "x"))).unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    assert_eq!(call_list(&db, town), ["佐藤"]);
}
