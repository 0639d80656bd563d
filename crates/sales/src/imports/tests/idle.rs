//! What would do nothing is not offered to be done.

use super::*;

#[test]
fn what_says_only_what_is_there_would_do_nothing_unless_it_brings_an_id_or_a_refusal() {
    let office = Office::new();
    let plain = "会社名,法人番号\n甲商店,7000012050002\n";
    assert!(office.would_do_anything(&office.checked(ImportKind::Companies, plain)));
    office.import(ImportKind::Companies, plain);
    assert!(!office.would_do_anything(&office.checked(ImportKind::Companies, plain)));
    assert!(
        !office.would_do_anything(&office.checked(ImportKind::Companies, "会社名,法人番号\n甲商店,123\n")),
        "bad"
    );

    let named = "会社名,法人番号,外部ID\n甲商店,7000012050002,A-1\n";
    let checked = office.checked(ImportKind::Companies, named);
    assert_eq!(
        (counts(&checked), office.would_do_anything(&checked)),
        ((0, 0, 1, 0), true),
        "an id of its own"
    );
    office.import(ImportKind::Companies, named);
    assert!(!office.would_do_anything(&office.checked(ImportKind::Companies, named)), "which is known now");

    let person = |calls: &str| format!("会社名,姓,電話のお断り\n甲商店,田中,{calls}\n");
    office.import(ImportKind::Contacts, &person(""));
    assert!(!office.would_do_anything(&office.checked(ImportKind::Contacts, &person("いいえ"))));
    let refuses = office.checked(ImportKind::Contacts, &person("断り"));
    assert_eq!((counts(&refuses), office.would_do_anything(&refuses)), ((0, 0, 1, 0), true));
}
