//! Rows of one file that are about the same thing, or look as if they were.

use std::fmt::Write as _;

use super::*;

#[test]
fn rows_of_one_file_about_the_same_thing_are_refused_but_the_first() {
    let office = Office::new();
    let text = "会社名,外部ID,電話\n甲商店,,\n甲商店,,0857-00-0001\n甲 商店,A-1,\n乙商店,A-1,\n";
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    let twice = |line: i64, field: &str| (line, field.to_owned(), Code::TwiceInFile.as_str().to_owned());
    assert_eq!(office.problems(&checked), [twice(3, "name"), twice(5, "external_id")], "told at its column");
    let applied = office.apply(&checked);
    assert_eq!(applied.rows_created, 2, "an id of its own makes another company of the same name");
    let renamed = office.import(ImportKind::Companies, "会社名,外部ID\n丙商店,A-1\n");
    assert_eq!((renamed.rows_created, renamed.rows_updated), (0, 1), "found by the id it has elsewhere");
    let unclear = office.check(&office.read(
        ImportKind::Companies,
        "b.csv",
        "Yui ID,会社名\n999999999,丁商店\n".as_bytes(),
    ));
    assert_eq!(office.problems(&unclear)[0].1, "yui_id");
}

#[test]
fn a_row_that_says_no_more_than_one_before_it_is_passed_over() {
    let office = Office::new();
    let mut text = "会社名,住所,電話\n".to_owned();
    for number in 0..1000 {
        writeln!(text, "多人数商店{number},鳥取市本町{number},0857-00-{number:04}").unwrap();
    }
    // The first company's other people, beyond the first chunk of rows: with less, as wide as it may be, and with something else.
    text.push_str("多人数商店0,,\n多人数商店１,鳥取市本町1,０８５７-00-0001\n多人数商店2,鳥取市西町2,\n");
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    assert_eq!(counts(&checked), (1000, 0, 2, 1));
    assert_eq!(office.problems(&checked), [(1004, "name".to_owned(), "twice-in-file".to_owned())]);
    let same = RowFilter { verdict: Some(Verdict::Same), ..RowFilter::default() };
    let repeated: Vec<_> =
        office.rows(&checked, same).iter().map(|row| (row.line, row.repeats_line)).collect();
    assert_eq!(repeated, [(1002, Some(2)), (1003, Some(3))]);
    let applied = office.apply(&checked);
    assert_eq!((applied.rows_created, applied.rows_same), (1000, 2));

    // The file comes back with its last row mended: nobody above it is accused.
    let mended = text.replace("多人数商店2,鳥取市西町2,", "多人数商店2,鳥取市本町2,");
    let again = office.import(ImportKind::Companies, &mended);
    assert_eq!((counts(&again), again.rows_updated), ((0, 0, 1003, 0), 0));
    assert_eq!(office.undo(&applied).rows_undone, 1000);
}

#[test]
fn a_row_that_says_what_is_there_is_not_accused_of_what_one_before_it_changes() {
    let office = Office::new();
    let text = "会社名,法人番号\n甲商店,123\n甲商店,\n";
    let first = office.import(ImportKind::Companies, text);
    assert_eq!(counts(&first), (1, 0, 0, 1));
    let mended = office.check(&office.read(
        ImportKind::Companies,
        "mended.csv",
        "会社名,法人番号,電話\n甲商店,7000012050002,\n甲商店,,\n甲商店,,0857-00-0001\n".as_bytes(),
    ));
    assert_eq!(counts(&mended), (0, 1, 1, 1));
    assert_eq!(office.problems(&mended)[0].0, 4, "which says more than either");
}

#[test]
fn one_corporate_number_under_two_outside_ids_is_told_before_anything_is_done() {
    let office = Office::new();
    let text = "外部ID,会社名,法人番号\nA-1,甲本社,7000012050002\nA-2,甲支店,7000012050002\nA-3,乙,\n";
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    assert_eq!(counts(&checked), (2, 0, 0, 1));
    assert_eq!(office.problems(&checked)[0].2, "twice-in-file");
    let applied = office.apply(&checked);
    assert_eq!((applied.state, applied.rows_created), (ImportState::Applied, 2));
    assert_eq!(office.undo(&applied).rows_undone, 2);
}

#[test]
fn what_an_import_made_is_not_changed_by_a_later_row_of_its_file() {
    let office = Office::new();
    // By their numbers and names these are two companies when they are looked at.
    let mut text = String::from("会社名,法人番号,電話\n甲商店,7000012050002,0857-00-0001\n");
    for number in 0..1000 {
        writeln!(text, "間の{number},,").unwrap();
    }
    text.push_str("甲商店,,0857-00-0002\n");
    let applied = office.apply(&office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes())));
    assert_eq!((applied.rows_created, applied.rows_updated, applied.rows_bad), (1001, 0, 1));
    assert_eq!(office.company("甲商店").unwrap().phone, "0857-00-0001");
    let undone = office.undo(&applied);
    assert_eq!((undone.rows_undone, undone.rows_kept), (1001, 0));
}

#[test]
fn companies_of_a_file_of_persons_are_made_once_and_its_persons_find_them() {
    let office = Office::new();
    let text = "Contact ID,First Name,Last Name,Account Name\n\
        003A,花子,鈴木,Example Industries Inc.\n003B,太郎,山田,Example Industries Inc.\n";
    let companies = office.read(ImportKind::Companies, "contacts.csv", text.as_bytes());
    assert_eq!(companies.columns, ["", "", "", "name"], "a contact's id is no company's");
    let companies = office.apply(&office.check(&companies));
    assert_eq!((companies.rows_created, counts(&companies)), (1, (1, 0, 1, 0)), "for each person once");
    let contacts = office.import(ImportKind::Contacts, text);
    assert_eq!((contacts.rows_created, contacts.rows_bad), (2, 0), "{:?}", office.problems(&contacts));
}

#[test]
fn rows_of_one_file_that_look_alike_are_shown_before_they_go_in() {
    let office = Office::new();
    let mut text = String::from("Record ID,Company name,Phone,Domain\n1,Hub Spotless KK,03-1111-2222,\n");
    // More than a chunk between them.
    for number in 0..1100 {
        writeln!(text, "a{number},あいだの会社{number},,").unwrap();
    }
    text.push_str(
        "2,Hub Spotless K.K.,+81 3 1111 2222,\n3,別名,,hub.example.jp\n4,もう一つ,,www.hub.example.jp\n",
    );
    let checked = office.check(&office.read(ImportKind::Companies, "hub.csv", text.as_bytes()));
    assert_eq!((counts(&checked).0, checked.rows_alike), (1104, 2));
    let alike = office.rows(&checked, RowFilter { alike: true, ..RowFilter::default() });
    let told: Vec<(i64, &[i64])> = alike.iter().map(|row| (row.line, row.alike_lines.as_slice())).collect();
    assert_eq!(told, [(1103, &[2][..]), (1105, &[1104][..])], "each with the line it looks like");
    assert!(alike.iter().all(|row| row.alike.is_empty()), "nothing of the sort is there");
    assert_eq!(office.check(&checked).rows_alike, 2, "looked at again, nothing looks like itself");
    assert_eq!(office.apply(&office.now(&checked)).rows_created, 1104, "as with what is there, they go in");
}
