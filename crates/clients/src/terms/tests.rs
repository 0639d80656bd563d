//! Clients' terms, against a real database.

use db::testing::TestDb;
use kernel::{OrganizationId, PersonId};

use super::*;
use crate::companies::CompanyInput;

const SALES: PersonId = PersonId(1);

fn company(db: &TestDb, town: OrganizationId) -> CompanyId {
    let input = CompanyInput { name: "米子建設株式会社".into(), ..CompanyInput::default() };
    db.acting(town, SALES, |tx| companies::enter(tx, input)).unwrap().id
}

fn paying_on(pay_day: &str) -> ClientTermsInput {
    ClientTermsInput {
        closing_day: "31".into(),
        months_later: "1".into(),
        pay_day: pay_day.into(),
        inspection_days: "7".into(),
        silence_accepts: "".into(),
        remarks: "注文番号を納品書に記載".into(),
    }
}

#[test]
fn terms_agreed_anew_are_the_next_version_and_the_older_ones_stay() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    assert_eq!(db.acting(town, SALES, |tx| standing(tx, company)).unwrap(), None);
    let first = db.acting(town, SALES, |tx| agree(tx, company, 0, &paying_on("31"))).unwrap();
    let second = db.acting(town, SALES, |tx| agree(tx, company, 1, &paying_on("10"))).unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    let stale = db.acting(town, SALES, |tx| agree(tx, company, 1, &paying_on("5"))).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    assert_eq!(db.acting(town, SALES, |tx| standing(tx, company)).unwrap().as_ref(), Some(&second));
    assert_eq!(db.acting(town, SALES, |tx| history(tx, company)).unwrap(), [second, first]);
}

#[test]
fn another_towns_company_has_no_terms_here() {
    let db = TestDb::new();
    let (ours, theirs) = (db.town("tateshina"), db.town("shiojiri"));
    let company = company(&db, theirs);
    db.acting(theirs, SALES, |tx| agree(tx, company, 0, &paying_on("31"))).unwrap();
    let refused = db.acting(ours, SALES, |tx| agree(tx, company, 0, &paying_on("31"))).unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert_eq!(db.acting(ours, SALES, |tx| history(tx, company)).unwrap(), []);
}
