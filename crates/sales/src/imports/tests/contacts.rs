//! Contacts: the companies they go to, and what they have refused.

use ::clients::contacts as clients_contacts;

use super::*;

#[test]
fn contacts_go_to_companies_that_are_there() {
    let office = Office::new();
    let text = "会社名,氏名,フリガナ,メールアドレス,電話番号,役職\n\
        米子建設株式会社,鈴木　花子,スズキ ハナコ,hanako@example.jp,090-1111-2222,課長\n\
        無い会社,佐藤,,,,\n\
        ㈱米子建設,山田 太郎,,yamada@example.jp,,部長\n\
        米子建設株式会社,田中 一郎,,まちがい,,\n";
    let applied = office.import(ImportKind::Contacts, text);
    assert_eq!((applied.rows_created, applied.rows_updated, applied.rows_bad), (1, 0, 3));
    assert_eq!(
        office.problems(&applied).iter().map(|(line, field, _)| (*line, field.as_str())).collect::<Vec<_>>(),
        [(3, "company"), (4, "company"), (5, "email")],
        "㈱ before the name is another company than 株式会社 after it"
    );
    let everybody = office.act(|tx| clients_contacts::of_company(tx, office.bench.company)).unwrap();
    let hanako = everybody.iter().find(|contact| contact.family_name == "鈴木").unwrap();
    assert_eq!((hanako.given_name.as_str(), hanako.given_kana.as_str()), ("花子", "ハナコ"));
    let again = office.import(ImportKind::Contacts, text);
    assert_eq!((counts(&again), again.rows_created), ((0, 0, 1, 3), 0));
    let promoted = office.import(
        ImportKind::Contacts,
        "会社名,姓,名,メール,役職\n米子建設株式会社,鈴木,花子,HANAKO@example.jp,部長\n",
    );
    assert_eq!(promoted.rows_updated, 1);
    assert_eq!(
        (office.undo(&promoted).rows_undone, office.undo(&applied).rows_undone),
        (1, 0),
        "changed since"
    );
}

#[test]
fn a_file_adds_refusals_and_takes_none_back() {
    #[derive(diesel::QueryableByName)]
    struct Told {
        #[diesel(sql_type = diesel::sql_types::Text)]
        contacts: String,
    }

    let office = Office::new();
    office.import(ImportKind::Companies, "会社名\n甲\n");
    let with = |family: &str, calls: &str, news: &str| {
        format!("会社名,姓,電話,電話のお断り,ご案内メールのお断り\n甲,{family},0267-00-0000,{calls},{news}\n")
    };
    let find = || {
        let company = office.company("甲").unwrap().id;
        office.act(|tx| clients_contacts::of_company(tx, company)).unwrap()
    };
    let refused = || -> Vec<String> {
        let told = "SELECT payload ->> 'contacts' AS contacts FROM events WHERE kind = 'invitations.refused' ORDER BY id";
        let rows: Vec<Told> =
            diesel::RunQueryDsl::load(diesel::sql_query(told), &mut office.bench.db.owner()).unwrap();
        rows.into_iter().map(|told| told.contacts).collect()
    };
    let new = office.import(ImportKind::Contacts, &with("田中", "断り", "はい"));
    assert_eq!((new.rows_created, new.rows_bad), (1, 0), "{new:?}");
    let contact = find().remove(0);
    assert!(!contact.may_be_called);
    assert_eq!(refused(), [format!("[{}]", contact.id)]);

    let again = office.import(ImportKind::Contacts, &with("田中", "", "いいえ"));
    assert_eq!((again.rows_same, again.rows_updated), (1, 0));
    assert!(!find()[0].may_be_called, "an empty column says nothing");
    assert_eq!(refused().len(), 1);
    let record = || office.act(|tx| clients::call_wishes::history(tx, contact.id)).unwrap().len();
    office.import(ImportKind::Contacts, &with("田中", "yes", ""));
    assert_eq!(record(), 1, "what is known already is not noted twice");

    let unclear =
        office.check(&office.read(ImportKind::Contacts, "unclear.csv", with("田中", "×", "").as_bytes()));
    assert_eq!(office.problems(&unclear), [(2, "refuses_calls".to_owned(), "unknown-choice".to_owned())]);
    let undone = office.undo(&new);
    assert_eq!((undone.rows_undone, undone.rows_kept), (0, 1), "who refused stays, or would be called again");
    assert!(!find()[0].may_be_called);
}
