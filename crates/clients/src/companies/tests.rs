//! Entering, correcting and finding companies against a real database.

use db::testing::TestDb;
use kernel::{Code, Coded, CompanyId, Paging};

use super::*;

fn input(name: &str, furigana: &str) -> CompanyInput {
    CompanyInput { name: name.into(), furigana: furigana.into(), ..CompanyInput::default() }
}

#[test]
fn names_survive_byte_for_byte() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), kernel::PersonId(1));
    for name in ["𠮷野商店", "宮﨑製作所", "葛\u{e0100}飾印刷", "ﾖﾅｺﾞ㈱"] {
        let entered = db.acting(town, sales, |tx| enter(tx, input(name, ""))).unwrap();
        let read = db.acting(town, sales, |tx| find(tx, entered.id)).unwrap();
        assert_eq!(read.name, name);
    }
}

#[test]
fn two_characters_find_a_company_and_signs_are_literal() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), kernel::PersonId(1));
    for (name, kana) in [("米子建設株式会社", "ヨナゴケンセツ"), ("建米設子", ""), ("100%果汁", "")]
    {
        db.acting(town, sales, |tx| enter(tx, input(name, kana))).unwrap();
    }
    let found = |query: &str| -> Vec<String> {
        let rows = db.acting(town, sales, |tx| search(tx, query, 20)).unwrap();
        rows.into_iter().map(|row| row.name).collect()
    };
    assert_eq!(found("建設"), ["米子建設株式会社"]);
    assert_eq!(found("けんせつ"), ["米子建設株式会社"]);
    assert_eq!(found("0%"), ["100%果汁"]);
    assert_eq!(found("0_"), [] as [String; 0]);
}

#[test]
fn the_list_is_in_gojuon_order_and_pages_without_gaps() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), kernel::PersonId(1));
    for (name, kana) in [("丙", "ハ"), ("甲", "あ"), ("乙", "カ"), ("丁", "が")] {
        db.acting(town, sales, |tx| enter(tx, input(name, kana))).unwrap();
    }
    let mut paging = Paging::first(2);
    let mut names = Vec::new();
    loop {
        let page = db.acting(town, sales, |tx| list(tx, &paging)).unwrap();
        names.extend(page.items.into_iter().map(|row| row.name));
        match page.next {
            Some(key) => paging.after = Some(key),
            None => break,
        }
    }
    assert_eq!(names, ["甲", "乙", "丁", "丙"]);
}

#[test]
fn an_edit_based_on_an_old_version_changes_nothing() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), kernel::PersonId(1));
    let company = db.acting(town, sales, |tx| enter(tx, input("甲", ""))).unwrap();
    db.acting(town, sales, |tx| correct(tx, company.id, 1, input("乙", ""))).unwrap();
    let stale = db.acting(town, sales, |tx| correct(tx, company.id, 1, input("丙", ""))).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    assert_eq!(db.acting(town, sales, |tx| find(tx, company.id)).unwrap().name, "乙");
}

#[test]
fn another_towns_company_is_not_there() {
    let db = TestDb::new();
    let (ours, theirs) = (db.town("tateshina"), db.town("shiojiri"));
    let company = db.acting(theirs, kernel::PersonId(1), |tx| enter(tx, input("甲", ""))).unwrap();
    let missing = db.acting(ours, kernel::PersonId(1), |tx| find(tx, company.id)).unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    let refused = db.acting(ours, kernel::PersonId(1), |tx| correct(tx, company.id, 1, input("乙", "")));
    assert_eq!(refused.unwrap_err().code(), Code::NotFound);
    let nothing = db.acting(ours, kernel::PersonId(1), |tx| find(tx, CompanyId(999_999)));
    assert_eq!(nothing.unwrap_err().code(), Code::NotFound);
}

#[test]
fn one_corporate_number_belongs_to_one_company() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), kernel::PersonId(1));
    let numbered = |name: &str| CompanyInput { corporate_number: "7123456789012".into(), ..input(name, "") };
    let first = db.acting(town, sales, |tx| enter(tx, numbered("甲"))).unwrap();
    match db.acting(town, sales, |tx| enter(tx, numbered("乙"))) {
        Err(CompanyError::NumberTaken(id)) => assert_eq!(id, first.id),
        other => panic!("expected NumberTaken, got {other:?}"),
    }
}
