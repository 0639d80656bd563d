//! What an import did is taken back, where nobody has touched it since.

use ::clients::companies::CompanyInput;
use ::clients::contacts as clients_contacts;

use super::*;

#[test]
fn one_click_takes_back_what_nobody_has_touched_since() {
    let office = Office::new();
    let first =
        office.import(ImportKind::Companies, "会社名,電話\n甲商店,0857-11-1111\n乙商店,\n丙商店,\n丁商店,\n");
    assert_eq!(first.rows_created, 4);
    let second = office.import(ImportKind::Companies, "会社名,電話\n甲商店,0857-22-2222\n戊商店,\n");
    assert_eq!((second.rows_created, second.rows_updated), (1, 1));
    let undone = office.undo(&second);
    assert_eq!((undone.state, undone.rows_undone, undone.rows_kept), (ImportState::Undone, 2, 0));
    assert_eq!(office.company("甲商店").unwrap().phone, "0857-11-1111", "the former value");
    assert_eq!(office.company("戊商店"), None);
    let (second, third) = (office.company("乙商店").unwrap(), office.company("丙商店").unwrap());
    office
        .act(|tx| {
            let noted = CompanyInput { note: "電話した".into(), ..CompanyInput::from(&second) };
            clients_companies::correct(tx, second.id, second.version, noted)
        })
        .unwrap();
    let sato = clients_contacts::ContactInput { family_name: "佐藤".into(), ..Default::default() };
    office.act(|tx| clients_contacts::add(tx, third.id, sato)).unwrap();
    let undone = office.undo(&first);
    assert_eq!(
        (undone.rows_undone, undone.rows_kept),
        (1, 3),
        "甲 has another version since, 乙 a note, 丙 a contact"
    );
    assert_eq!(office.company("丁商店"), None);
    let kept = office.rows(&first, RowFilter { outcome: Some(Outcome::Kept), ..RowFilter::default() });
    assert_eq!(kept.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4]);
    let late = office.act(|tx| undo(tx, first.id)).unwrap_err();
    assert_eq!(late.code(), Code::Conflict);
}

#[test]
fn taken_back_outside_ids_lead_where_they_led_before() {
    let office = Office::new();
    office.import(ImportKind::Companies, "外部ID,会社名\nK-1,はじめ商店\n");
    let first = office.company("はじめ商店").unwrap();
    // The id moves on to another, and one that changes nothing is called something for the first time.
    let text = format!("外部ID,Yui ID,会社名\nK-1,{},米子建設株式会社\n", office.bench.company);
    let moved = office.import(ImportKind::Companies, &text);
    assert_eq!(counts(&moved), (0, 0, 1, 0));
    let named = |company: i64| {
        office.act(|tx| external_ids(tx, ImportKind::Companies, &[company])).unwrap().remove(&company)
    };
    assert_eq!((named(first.id.0), named(office.bench.company.0)), (None, Some("K-1".to_owned())));
    let changing =
        office.import(ImportKind::Companies, "外部ID,会社名,電話\nK-1,米子建設株式会社,0859-00-0001\n");
    assert_eq!(changing.rows_updated, 1);
    assert_eq!(office.undo(&changing).rows_undone, 1);
    assert_eq!(named(office.bench.company.0), Some("K-1".to_owned()), "said before it");
}
