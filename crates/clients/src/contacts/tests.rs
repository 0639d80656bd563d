//! Adding, correcting and finding contacts against a real database.

use db::testing::TestDb;
use kernel::{Code, Coded, CompanyId, ContactId, Language, OrganizationId, Paging, PersonId};

use super::*;
use crate::companies::{self, CompanyInput};

const SALES: PersonId = PersonId(1);

fn company(db: &TestDb, town: OrganizationId) -> CompanyId {
    let input = CompanyInput { name: "米子建設株式会社".into(), ..CompanyInput::default() };
    db.acting(town, SALES, |tx| companies::enter(tx, input)).unwrap().id
}

fn input(family_name: &str, family_kana: &str) -> ContactInput {
    ContactInput {
        family_name: family_name.into(),
        family_kana: family_kana.into(),
        ..ContactInput::default()
    }
}

#[test]
fn a_contact_comes_back_as_it_was_entered() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    let typed = ContactInput {
        family_name: "𠮷田".into(),
        given_name: "花子".into(),
        family_kana: "ヨシダ".into(),
        given_kana: "ハナコ".into(),
        department: "総務課".into(),
        title: "課長".into(),
        email: "ｈａｎａｋｏ＠Example.JP".into(),
        phone: "0267-56-0000".into(),
        language: "en".into(),
        ..ContactInput::default()
    };
    let added = db.acting(town, SALES, |tx| add(tx, company, typed)).unwrap();
    let read = db.acting(town, SALES, |tx| find(tx, added.id)).unwrap();
    assert_eq!(read, added);
    assert_eq!((read.company_id, read.version, read.language), (company, 1, Language::En));
    assert_eq!(read.display_name(), "𠮷田 花子");
    assert_eq!(read.display_kana(), "ヨシダ ハナコ");
    assert_eq!(read.salutation(Language::Ja), "𠮷田 花子 様");
    assert_eq!(read.email.unwrap().as_str(), "hanako@example.jp");
}

#[test]
fn a_companys_people_stand_in_gojuon_order() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    for (family_name, kana) in [("渡辺", "ワタナベ"), ("安藤", "あんどう"), ("加藤", "ｶﾄｳ")]
    {
        db.acting(town, SALES, |tx| add(tx, company, input(family_name, kana))).unwrap();
    }
    let people = db.acting(town, SALES, |tx| of_company(tx, company)).unwrap();
    let names: Vec<_> = people.iter().map(Contact::display_name).collect();
    assert_eq!(names, ["安藤", "加藤", "渡辺"]);
    let nobody = db.acting(town, SALES, |tx| of_company(tx, CompanyId(999_999))).unwrap();
    assert_eq!(nobody, []);
}

#[test]
fn an_edit_based_on_an_old_version_changes_nothing() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    let with_mail = ContactInput { email: "kato@example.jp".into(), ..input("加藤", "") };
    let contact = db.acting(town, SALES, |tx| add(tx, company, with_mail)).unwrap();
    let moved = db.acting(town, SALES, |tx| correct(tx, contact.id, 1, input("加籐", ""))).unwrap();
    assert_eq!((moved.version, moved.email), (2, None));
    let stale = db.acting(town, SALES, |tx| correct(tx, contact.id, 1, input("佐藤", ""))).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    assert_eq!(db.acting(town, SALES, |tx| find(tx, contact.id)).unwrap().family_name, "加籐");
}

#[test]
fn another_towns_people_and_companies_are_not_there() {
    let db = TestDb::new();
    let (ours, theirs) = (db.town("tateshina"), db.town("shiojiri"));
    let company = company(&db, theirs);
    let contact = db.acting(theirs, SALES, |tx| add(tx, company, input("加藤", ""))).unwrap();
    let refused = [
        db.acting(ours, SALES, |tx| find(tx, contact.id).map_err(ContactError::from)),
        db.acting(ours, SALES, |tx| correct(tx, contact.id, 1, input("佐藤", ""))),
        db.acting(ours, SALES, |tx| add(tx, company, input("佐藤", ""))),
        db.acting(theirs, SALES, |tx| correct(tx, ContactId(999_999), 1, input("佐藤", ""))),
    ];
    for error in refused {
        assert_eq!(error.unwrap_err().code(), Code::NotFound);
    }
    assert_eq!(db.acting(ours, SALES, |tx| of_company(tx, company)).unwrap(), []);
}

#[test]
fn a_contact_without_a_family_name_is_refused_and_nothing_is_written() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    let refused = db.acting(town, SALES, |tx| add(tx, company, input("　", "カトウ"))).unwrap_err();
    assert_eq!(refused.code(), Code::Invalid);
    assert_eq!(refused.fields()[0].field, "family_name");
    assert_eq!(db.acting(town, SALES, |tx| of_company(tx, company)).unwrap(), []);
}

#[test]
fn two_characters_of_a_name_find_a_contact_of_this_town_alone() {
    let db = TestDb::new();
    let (town, elsewhere) = (db.town("tateshina"), db.town("shiojiri"));
    let (ours, theirs) = (company(&db, town), company(&db, elsewhere));
    for (family, kana) in [("𠮷田", "ヨシダ"), ("宮﨑", "ﾐﾔｻﾞｷ"), ("吉田", "ヨシダ"), ("宮崎", "みやざき")]
    {
        db.acting(town, SALES, |tx| add_knowingly(tx, ours, input(family, kana))).unwrap();
        db.acting(elsewhere, SALES, |tx| add_knowingly(tx, theirs, input(family, kana))).unwrap();
    }
    let found = |query: &str| -> Vec<String> {
        let people = db.acting(town, SALES, |tx| search(tx, query, 20)).unwrap();
        people.into_iter().map(|contact| contact.family_name).collect()
    };
    for query in ["𠮷田", "吉田"] {
        let mut both = found(query);
        both.sort();
        assert_eq!(
            both,
            ["吉田", "𠮷田"],
            "nobody remembers how somebody writes 吉, and each is shown as it is written"
        );
    }
    assert_eq!(found("﨑").len(), 2);
    assert_eq!(found("ﾔｻﾞ").len(), 2, "half width, hiragana and katakana are one");
    assert_eq!(found("よしだ").len(), 2);
    assert_eq!(found("田𠮷"), [] as [String; 0]);
    assert_eq!(db.acting(town, SALES, |tx| search(tx, "だ", 1)).unwrap().len(), 1, "no more than asked for");
}

#[test]
fn all_contacts_stand_family_name_first_and_page_without_gaps() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    for (family, given) in
        [("おかだ", "あい"), ("オカ", "ゆみ"), ("ｶﾞﾄｳ", "けん"), ("かとう", "りょう"), ("かとう", "りよ")]
    {
        let typed = ContactInput { given_kana: given.into(), ..input(family, family) };
        db.acting(town, SALES, |tx| add_knowingly(tx, company, typed)).unwrap();
    }
    let mut paging = Paging::first(2);
    let mut names = Vec::new();
    loop {
        let page = db.acting(town, SALES, |tx| list(tx, ContactFilter::Everybody, &paging)).unwrap();
        names.extend(page.items.into_iter().map(|row| row.contact.display_kana()));
        match page.next {
            Some(key) => paging.after = Some(key),
            None => break,
        }
    }
    assert_eq!(names, ["オカ ゆみ", "おかだ あい", "かとう りよ", "かとう りょう", "ｶﾞﾄｳ けん"]);
}

#[test]
fn a_number_and_an_address_find_their_contact_however_they_are_written() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    let typed = ContactInput {
        phone: "０９０ー００００ー００００".into(),
        email: "Sato.Naoko@Example.JP".into(),
        ..input("佐藤", "")
    };
    let contact = db.acting(town, SALES, |tx| add(tx, company, typed)).unwrap();
    assert_eq!(contact.phone, "０９０ー００００ー００００");
    for query in ["090-0000", "+81 90 0000 0000", "sato.naoko@example.jp", "ＮＡＯＫＯ"] {
        let found = db.acting(town, SALES, |tx| search(tx, query, 20)).unwrap();
        assert_eq!(found.len(), 1, "{query}");
    }
}

#[test]
fn a_number_at_which_somebody_refused_is_known_however_it_is_written() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    let add_at = |family: &str, phone: &str| {
        let typed = ContactInput { phone: phone.into(), ..input(family, "") };
        db.acting(town, SALES, |tx| add_knowingly(tx, company, typed)).unwrap().id
    };
    let (refusing, _welcome) =
        (add_at("佐藤", "０９０ー００００ー０００１"), add_at("鈴木", "090-0000-0002"));
    db.arrange(town, |tx| set_may_be_called(tx, refusing, false));
    let asked = ["+81 90 0000 0001", "09000000002", "090-0000-0003", ""];
    let refused = db.arrange(town, |tx| refused_phones(tx, asked));
    assert_eq!(refused.into_iter().collect::<Vec<_>>(), ["09000000001"]);
    let _same_number = add_at("高橋", "+81 90 0000 0001");
    let to_call = db.arrange(town, |tx| list(tx, ContactFilter::ToBeCalled, &Paging::first(9)));
    let names: Vec<String> = to_call.items.iter().map(|one| one.contact.display_name()).collect();
    assert_eq!(names, ["鈴木"], "a number that refused is not called under another name");
}

#[test]
fn a_person_who_looks_like_another_is_shown_first_and_added_on_purpose() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let ours = company(&db, town);
    let other = CompanyInput { name: "立科印刷".into(), ..CompanyInput::default() };
    let other = db.acting(town, SALES, |tx| companies::enter(tx, other)).unwrap().id;
    let known = ContactInput {
        given_name: "直子".into(),
        email: "sato@example.jp".into(),
        phone: "090-0000-0000".into(),
        ..input("齋藤", "")
    };
    let known = db.acting(town, SALES, |tx| add(tx, ours, known)).unwrap();
    let by_name = ContactInput { given_name: "直子".into(), ..input("斎藤", "") };
    let by_mail = ContactInput { email: "SATO@example.jp".into(), ..input("佐藤", "") };
    let by_phone = ContactInput { phone: "０９０００００００００".into(), ..input("佐藤", "") };
    for (company, typed, sign) in [
        (ours, by_name.clone(), Likeness::Name),
        (other, by_mail, Likeness::Email),
        (other, by_phone, Likeness::Phone),
    ] {
        let refused = db.acting(town, SALES, |tx| add(tx, company, typed.clone())).unwrap_err();
        assert_eq!(refused.code(), Code::LooksAlike);
        let told = refused.candidates();
        let ContactError::LooksAlike(alike) = refused else { panic!("expected LooksAlike") };
        let named: Vec<(i64, String)> =
            alike.iter().map(|one| (one.contact.id.0, one.contact.display_name())).collect();
        assert_eq!(told.iter().map(|one| (one.id, one.name.clone())).collect::<Vec<_>>(), named);
        assert!(told.iter().all(|one| !one.by.is_empty()), "and why");
        assert_eq!((alike[0].contact.id, alike[0].by.as_slice()), (known.id, [sign].as_slice()));
        assert_eq!(alike[0].company, "米子建設株式会社");
        let asked = db.acting(town, SALES, |tx| look_alikes(tx, company, &typed, None)).unwrap();
        assert_eq!(asked, alike);
    }
    db.acting(town, SALES, |tx| add(tx, other, by_name.clone())).unwrap();
    let on_purpose = ContactInput { apart_from: vec![known.id.to_string().into()], ..by_name };
    let added = db.acting(town, SALES, |tx| add(tx, ours, on_purpose)).unwrap();
    let titled = ContactInput { title: "課長".into(), ..ContactInput::from(&added) };
    db.acting(town, SALES, |tx| correct(tx, added.id, 1, titled.clone())).unwrap();
    let mailed = ContactInput { email: "sato@example.jp".into(), ..titled };
    let refused = db.acting(town, SALES, |tx| correct(tx, added.id, 2, mailed)).unwrap_err();
    assert_eq!(refused.code(), Code::LooksAlike);
}

#[test]
fn people_behind_one_switchboard_are_not_alike() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    let at_the_desk = |name: &str| ContactInput { phone: "0267-56-0000".into(), ..input(name, "") };
    db.acting(town, SALES, |tx| add(tx, company, at_the_desk("佐藤"))).unwrap();
    db.acting(town, SALES, |tx| add(tx, company, at_the_desk("鈴木"))).unwrap();
}

#[test]
fn who_looks_alike_is_found_through_indexes_alone() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    let many = format!(
        "INSERT INTO contacts (organization_id, company_id, family_name, email, phone) \
         SELECT {town}, {company}, '佐藤' || n, n || '@example.jp', '090-' || n FROM generate_series(1, 3000) n",
    );
    diesel::RunQueryDsl::execute(diesel::sql_query(many), &mut db.owner()).unwrap();
    diesel::RunQueryDsl::execute(diesel::sql_query("ANALYZE contacts"), &mut db.owner()).unwrap();
    for plan in db.arrange(town, |tx| look_alikes::explaining::plans(tx, company)) {
        assert!(plan.contains("Index") && !plan.contains("Seq Scan"), "{plan}");
    }
}

#[test]
fn a_later_page_is_read_from_where_the_one_before_ended() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = company(&db, town);
    let many = format!(
        "INSERT INTO contacts (organization_id, company_id, family_name, phone) \
         SELECT {town}, {company}, '佐藤' || n, '090-' || n FROM generate_series(1, 3000) n",
    );
    diesel::RunQueryDsl::execute(diesel::sql_query(many), &mut db.owner()).unwrap();
    diesel::RunQueryDsl::execute(diesel::sql_query("ANALYZE contacts"), &mut db.owner()).unwrap();
    let after = ContactKey("佐藤5".into(), ContactId(1));
    for plan in db.arrange(town, |tx| lists::explaining::plans(tx, &after)) {
        let reads = |line: &str| line.contains("Index Cond") && line.contains("kana_key >=");
        assert!(plan.lines().any(reads) && !plan.contains("Sort"), "{plan}");
    }
}
