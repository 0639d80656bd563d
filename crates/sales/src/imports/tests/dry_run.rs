//! Every row is looked at before anything is done: its problems are named, and what it would change is told.

use super::*;

#[test]
fn a_bad_row_does_nothing_and_is_named() {
    let office = Office::new();
    let read = office.read(ImportKind::Companies, "list.csv", COMPANIES.as_bytes());
    assert_eq!(
        read.columns,
        ["name", "furigana", "corporate_number", "phone", "postal_code", "note", ""],
        "guessed"
    );
    let checked = office.check(&read);
    assert_eq!((checked.state, counts(&checked)), (ImportState::Checked, (2, 0, 0, 2)));
    assert_eq!(office.company("鳥取印刷株式会社"), None, "nothing was changed");
    let named = |line: i64, field: &str, code: Code| (line, field.to_owned(), code.as_str().to_owned());
    assert_eq!(
        office.problems(&checked),
        [
            named(3, "name", Code::Required),
            named(5, "corporate_number", Code::CheckDigit),
            named(5, "furigana", Code::NotFurigana),
            named(5, "postal_code", Code::NotAPostalCode),
            named(5, "phone", Code::NotAPhone),
        ]
    );
    let applied = office.apply(&checked);
    assert_eq!((applied.state, applied.rows_created, applied.rows_bad), (ImportState::Applied, 2, 2));
    let printer = office.company("鳥取印刷株式会社").unwrap();
    assert_eq!(printer.phone, "０８５７－００－００００", "kept as typed");
    assert_eq!(printer.note, "一行目\n二行目");
    assert_eq!(office.company("㈱岩美商店").unwrap().note, "=1+1", "the guard of a formula is no part of it");
    assert_eq!(office.company("悪い番号社"), None);
}

#[test]
fn a_row_that_changes_something_says_what() {
    let office = Office::new();
    office.import(ImportKind::Companies, "会社名,外部ID,電話\n四月商会,A-1,0857-00-0001\n四月工業,A-2,\n");
    let text = "会社名,外部ID,電話\n五月商会,A-1,0857-00-0001\n四月工業,A-2,0857-00-0002\n";
    let checked = office.check(&office.read(ImportKind::Companies, "b.csv", text.as_bytes()));
    let told: Vec<Vec<(String, String, String)>> = office
        .rows(&checked, RowFilter::default())
        .into_iter()
        .map(|row| row.changes.into_iter().map(|one| (one.field, one.from, one.to)).collect())
        .collect();
    let change = |field: &str, from: &str, to: &str| vec![(field.to_owned(), from.to_owned(), to.to_owned())];
    assert_eq!(told, [change("name", "四月商会", "五月商会"), change("phone", "", "0857-00-0002")]);
    let applied = office.apply(&checked);
    let kept = office.rows(&applied, RowFilter::default());
    assert!(kept.iter().all(|row| row.changes.len() == 1), "afterwards it says what was changed");
}
