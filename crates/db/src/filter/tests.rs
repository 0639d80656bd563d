//! What people may ask, without a database; that the SQL agrees is tested where there are rows (`sales::views`).

use kernel::{Code, Typed};

use super::*;

const AMOUNT: Kind = Kind::Yen { column: "amount" };
const DUE: Kind = Kind::Day { column: "due_on" };
const TITLE: Kind = Kind::Text { key: "title_key", finder: None };
const OWNER: Kind = Kind::Choice { column: "owner_id", of: Of::People };

fn read(kind: Kind, operator: Operator, values: &[&str]) -> Result<Test, Code> {
    let values: Vec<Typed> = values.iter().map(|value| (*value).into()).collect();
    Test::read(kind, operator, &values).map_err(|problem| problem.code)
}

#[test]
fn what_is_stored_reads_as_what_was_meant() {
    let asked = [
        (TITLE, Operator::Contains, vec!["名刺"]),
        (TITLE, Operator::Is, vec!["名刺の入力"]),
        (TITLE, Operator::Empty, vec![]),
        (AMOUNT, Operator::AtLeast, vec!["１０万".trim_end_matches('万')]),
        (AMOUNT, Operator::AtMost, vec!["100,000円"]),
        (AMOUNT, Operator::Between, vec!["1", "2"]),
        (DUE, Operator::On, vec!["令和8年11月22日"]),
        (DUE, Operator::Between, vec!["2026-11-22", "2026-11-22"]),
        (DUE, Operator::Within, vec!["７"]),
        (DUE, Operator::Older, vec!["30"]),
        (OWNER, Operator::Mine, vec![]),
        (OWNER, Operator::NotAmong, vec!["7", "3", "7"]),
    ];
    for (kind, operator, values) in asked {
        let test = read(kind, operator, &values).unwrap();
        assert_eq!(test.operator(), operator);
        let stored: Vec<String> = test.values();
        let stored: Vec<&str> = stored.iter().map(String::as_str).collect();
        assert_eq!(read(kind, operator, &stored).unwrap(), test);
    }
}

#[test]
fn what_makes_no_sense_is_refused_where_it_was_typed() {
    assert_eq!(read(AMOUNT, Operator::Contains, &["1"]), Err(Code::UnknownChoice));
    assert_eq!(read(AMOUNT, Operator::AtLeast, &[]), Err(Code::Required));
    assert_eq!(read(AMOUNT, Operator::AtLeast, &["many"]), Err(Code::NotANumber));
    assert_eq!(read(AMOUNT, Operator::Between, &["2", "1"]), Err(Code::OutOfRange));
    assert_eq!(read(DUE, Operator::On, &["2026-02-31"]), Err(Code::NotADate));
    assert_eq!(read(DUE, Operator::Within, &["-1"]), Err(Code::OutOfRange));
    assert_eq!(read(TITLE, Operator::Contains, &["\u{3000}\u{200b}"]), Err(Code::Required));
    assert_eq!(read(OWNER, Operator::Among, &["me"]), Err(Code::UnknownChoice));
    assert_eq!(read(OWNER, Operator::Among, &[""]), Err(Code::Required));
}

#[test]
fn a_page_key_of_another_order_is_not_followed() {
    let sort = Sort { name: "amount", column: "amount", by: SortBy::Number, descending: true };
    assert!(SortKey::Number(1).fits(&sort));
    assert!(!SortKey::Text(String::new()).fits(&sort));
}
