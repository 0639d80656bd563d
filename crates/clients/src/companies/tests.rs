//! Entering, correcting and finding companies against a real database.

use db::testing::TestDb;
use kernel::{Code, Coded, CompanyId, Language, OrganizationId, Paging, PersonId};

use super::*;

fn input(name: &str, furigana: &str) -> CompanyInput {
    CompanyInput { name: name.into(), furigana: furigana.into(), ..CompanyInput::default() }
}

#[test]
fn names_survive_byte_for_byte() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), PersonId(1));
    for name in ["𠮷野商店", "宮﨑製作所", "葛\u{e0100}飾印刷", "ﾖﾅｺﾞ㈱"] {
        let entered = db.acting(town, sales, |tx| enter(tx, input(name, ""))).unwrap();
        let read = db.acting(town, sales, |tx| find(tx, entered.id)).unwrap();
        assert_eq!(read.name, name);
    }
}

#[test]
fn two_characters_find_a_company_and_signs_are_literal() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), PersonId(1));
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
fn a_name_is_found_however_its_characters_are_written() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), PersonId(1));
    for name in ["髙﨑商店", "斉藤印刷", "渡邉農園", "浜田高校前書店"] {
        db.acting(town, sales, |tx| enter(tx, input(name, ""))).unwrap();
    }
    let found = |query: &str| -> Vec<String> {
        let rows = db.acting(town, sales, |tx| search(tx, query, 20)).unwrap();
        rows.into_iter().map(|row| row.name).collect()
    };
    assert_eq!(found("高崎"), ["髙﨑商店"]);
    assert_eq!(found("髙﨑"), ["髙﨑商店"]);
    for spelt in ["斎藤", "齋藤", "齊藤", "斉藤"] {
        assert_eq!(found(spelt), ["斉藤印刷"], "{spelt}");
    }
    assert_eq!(found("渡辺"), ["渡邉農園"]);
    assert_eq!(found("濱田"), ["浜田高校前書店"]);
    assert_eq!(found("高").len(), 2, "one character is enough");
    assert_eq!(found("高埼"), [] as [String; 0], "another character is another name");
}

#[test]
fn the_list_is_in_gojuon_order_and_pages_without_gaps() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), PersonId(1));
    for (name, kana) in [("丙", "ハ"), ("甲", "あ"), ("乙", "カ"), ("丁", "が")] {
        db.acting(town, sales, |tx| enter(tx, input(name, kana))).unwrap();
    }
    let mut paging = Paging::first(2);
    let mut names = Vec::new();
    loop {
        let page = db.acting(town, sales, |tx| list(tx, CompanyFilter::default(), &paging)).unwrap();
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
    let (town, sales) = (db.town("tateshina"), PersonId(1));
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
    let company = db.acting(theirs, PersonId(1), |tx| enter(tx, input("甲", ""))).unwrap();
    let missing = db.acting(ours, PersonId(1), |tx| find(tx, company.id)).unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    let refused = db.acting(ours, PersonId(1), |tx| correct(tx, company.id, 1, input("乙", "")));
    assert_eq!(refused.unwrap_err().code(), Code::NotFound);
    let nothing = db.acting(ours, PersonId(1), |tx| find(tx, CompanyId(999_999)));
    assert_eq!(nothing.unwrap_err().code(), Code::NotFound);
}

#[test]
fn one_corporate_number_belongs_to_one_company() {
    let db = TestDb::new();
    let (town, sales) = (db.town("tateshina"), PersonId(1));
    let numbered = |name: &str| CompanyInput { corporate_number: "7123456789012".into(), ..input(name, "") };
    let first = db.acting(town, sales, |tx| enter(tx, numbered("甲"))).unwrap();
    match db.acting(town, sales, |tx| enter(tx, numbered("乙"))) {
        Err(CompanyError::NumberTaken(id)) => assert_eq!(id, first.id),
        other => panic!("expected NumberTaken, got {other:?}"),
    }
}

const SALES: PersonId = PersonId(1);

/// A company with a telephone number, a postal code and a web site.
fn reachable(db: &TestDb, town: OrganizationId) -> Company {
    let input = CompanyInput {
        phone: "０２６７－５６－００００".into(),
        postal_code: "〒３８４ー２３０５".into(),
        website: "https://www.Example.jp/会社概要".into(),
        ..input("株式会社髙澤", "たかざわ")
    };
    db.acting(town, SALES, |tx| enter(tx, input)).unwrap()
}

#[test]
fn numbers_and_sites_stay_as_typed_and_are_found_however_they_are_written() {
    let db = TestDb::new();
    let (town, elsewhere) = (db.town("tateshina"), db.town("shiojiri"));
    let company = reachable(&db, town);
    reachable(&db, elsewhere);
    assert_eq!(company.phone, "０２６７－５６－００００");
    assert_eq!(company.postal_code, "〒３８４ー２３０５");
    assert_eq!(company.website, "https://www.Example.jp/会社概要");
    for query in ["0267-56-0000", "+81 267 56", "56-0000", "384-2305", "example.jp", "https://example.jp/x"] {
        let found = db.acting(town, SALES, |tx| search(tx, query, 20)).unwrap();
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [company.id], "{query}");
    }
}

#[test]
fn a_company_that_looks_like_another_is_shown_first_and_entered_on_purpose() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let known = reachable(&db, town);
    let other = db.acting(town, SALES, |tx| enter(tx, input("立科印刷", ""))).unwrap();
    let sato = crate::contacts::ContactInput {
        family_name: "佐藤".into(),
        email: "sato@insatsu.example.jp".into(),
        ..Default::default()
    };
    db.acting(town, SALES, |tx| crate::contacts::add(tx, other.id, sato)).unwrap();
    let by_name = input("㈱高沢", "");
    let by_phone = CompanyInput { phone: "+81-267-56-0000".into(), ..input("別の名前", "") };
    let by_site = CompanyInput { website: "example.jp".into(), ..input("別の名前", "") };
    let by_mail = CompanyInput { website: "https://insatsu.example.jp".into(), ..input("別の名前", "") };
    for (typed, expected, sign) in [
        (by_name.clone(), known.id, Likeness::Name),
        (by_phone, known.id, Likeness::Phone),
        (by_site, known.id, Likeness::Site),
        (by_mail, other.id, Likeness::Site),
    ] {
        let refused = db.acting(town, SALES, |tx| enter(tx, typed.clone())).unwrap_err();
        assert_eq!(refused.code(), Code::LooksAlike);
        let CompanyError::LooksAlike(alike) = refused else { panic!("expected LooksAlike") };
        assert_eq!(alike.len(), 1);
        assert_eq!((alike[0].company.id, alike[0].by.as_slice()), (expected, [sign].as_slice()));
        assert_eq!(db.acting(town, SALES, |tx| look_alikes(tx, &typed, None)).unwrap(), alike);
    }
    let on_purpose = CompanyInput { apart_from: vec![known.id.to_string().into()], ..by_name };
    let second = db.acting(town, SALES, |tx| enter(tx, on_purpose.clone())).unwrap();
    let third = db.acting(town, SALES, |tx| enter(tx, on_purpose)).unwrap_err();
    let CompanyError::LooksAlike(alike) = third else { panic!("expected LooksAlike") };
    assert_eq!(alike.iter().map(|one| one.company.id).collect::<Vec<_>>(), [second.id], "not shown yet");
}

#[test]
fn free_mail_makes_nobody_alike_and_another_town_is_not_looked_at() {
    let db = TestDb::new();
    let (town, elsewhere) = (db.town("tateshina"), db.town("shiojiri"));
    let with_page = |name: &str| CompanyInput { website: "https://ameblo.jp/ten".into(), ..input(name, "") };
    db.acting(town, SALES, |tx| enter(tx, with_page("甲商店"))).unwrap();
    db.acting(town, SALES, |tx| enter(tx, with_page("乙商店"))).unwrap();
    db.acting(elsewhere, SALES, |tx| enter(tx, input("甲商店", ""))).unwrap();
}

#[test]
fn a_mail_domain_of_many_companies_says_nothing_about_one() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let asked = CompanyInput { website: "cable.example.jp".into(), ..input("七つ目", "") };
    for (number, expected) in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 0)] {
        let company = db.acting(town, SALES, |tx| enter(tx, input(&format!("加入者{number}"), ""))).unwrap();
        let person = |at: &str| crate::contacts::ContactInput {
            family_name: "加入".into(),
            email: format!("{at}{number}@cable.example.jp").into(),
            ..Default::default()
        };
        // Two people of one company count once.
        for at in ["a", "b"] {
            db.acting(town, SALES, |tx| crate::contacts::add_knowingly(tx, company.id, person(at))).unwrap();
        }
        let alike = db.acting(town, SALES, |tx| look_alikes(tx, &asked, None)).unwrap();
        assert_eq!(alike.len(), expected, "after {number}");
    }
}

#[test]
fn a_correction_warns_of_what_it_makes_alike_and_of_nothing_else() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let known = reachable(&db, town);
    let twin = CompanyInput { apart_from: vec![known.id.to_string().into()], ..input("高沢", "") };
    let twin = db.acting(town, SALES, |tx| enter(tx, twin)).unwrap();
    let noted = CompanyInput { note: "別会社と確認済み".into(), ..CompanyInput::from(&twin) };
    let twin = db.acting(town, SALES, |tx| correct(tx, twin.id, 1, noted)).unwrap();
    let called = CompanyInput { phone: "0267-56-0000".into(), ..CompanyInput::from(&twin) };
    let refused = db.acting(town, SALES, |tx| correct(tx, twin.id, 2, called.clone())).unwrap_err();
    let CompanyError::LooksAlike(alike) = refused else { panic!("expected LooksAlike") };
    assert_eq!((alike[0].company.id, alike[0].by.as_slice()), (known.id, [Likeness::Phone].as_slice()));
    let called = CompanyInput { apart_from: vec![known.id.to_string().into()], ..called };
    db.acting(town, SALES, |tx| correct(tx, twin.id, 2, called)).unwrap();
}

#[test]
fn what_looks_alike_is_found_through_indexes_alone() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    diesel::RunQueryDsl::execute(
        diesel::sql_query(format!(
            "WITH c AS (INSERT INTO companies (organization_id, name, phone, website) \
                 SELECT {town}, '企業' || n, '03-' || n, 'https://' || n || '.example.jp' \
                 FROM generate_series(1, 3000) n RETURNING organization_id, id) \
             INSERT INTO contacts (organization_id, company_id, family_name, email) \
             SELECT organization_id, id, '佐藤', 'a@' || id || '.example.jp' FROM c",
        )),
        &mut db.owner(),
    )
    .unwrap();
    diesel::RunQueryDsl::execute(diesel::sql_query("ANALYZE companies, contacts"), &mut db.owner()).unwrap();
    for plan in db.arrange(town, look_alikes::explaining::plans) {
        assert!(plan.contains("Index") && !plan.contains("Seq Scan"), "{plan}");
    }
}

#[test]
fn a_company_is_addressed_as_one() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = reachable(&db, town);
    assert_eq!(company.addressed(Language::Ja), "株式会社髙澤 御中");
    assert_eq!(company.addressed(Language::En), "株式会社髙澤");
}

#[test]
fn many_are_entered_by_the_rules_of_one() {
    let db = TestDb::new();
    let (alone, together) = (db.town("tateshina"), db.town("shiojiri"));
    let good = [
        input("𠮷野商店", "よしの"),
        CompanyInput {
            phone: "０２６７－５６－００００".into(),
            note: "一\r\n二 ".into(),
            ..input(" 甲 ", "")
        },
        CompanyInput {
            corporate_number: "７１２３４５６７８９０１２".into(), ..input("乙", "")
        },
    ];
    let many = db.acting(together, SALES, |tx| enter_many(tx, &good)).unwrap();
    for (typed, entered) in good.iter().zip(&many) {
        let one = db.acting(alone, SALES, |tx| enter_knowingly(tx, typed.clone())).unwrap();
        let same = Company { id: one.id, created_at: one.created_at, ..entered.clone() };
        assert_eq!(same, one);
        assert_eq!(CompanyInput::from(&one), typed.settled().unwrap(), "what is settled is what is stored");
    }
    let wrong = CompanyInput { phone: "x".into(), ..input("", "漢字") };
    let one = db.acting(alone, SALES, |tx| enter_knowingly(tx, wrong.clone())).unwrap_err();
    let all = db.acting(together, SALES, |tx| enter_many(tx, &[input("丙", ""), wrong.clone()])).unwrap_err();
    assert_eq!(one.fields(), all.fields());
    let taken = db.acting(together, SALES, |tx| enter_many(tx, &[input("丙", ""), good[2].clone()]));
    assert_eq!(taken.unwrap_err().code(), Code::Stale);
    assert_eq!(db.arrange(together, |tx| with_names(tx, ["丙"], 10)), [], "all of them or none");
}

#[test]
fn only_what_nobody_has_touched_is_taken_back() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let inputs = [input("甲", ""), input("乙", ""), input("丙", "")];
    let many = db.acting(town, SALES, |tx| enter_many(tx, &inputs)).unwrap();
    let ids: Vec<CompanyId> = many.iter().map(|company| company.id).collect();
    db.acting(town, SALES, |tx| correct(tx, ids[0], 1, input("丁", ""))).unwrap();
    let sato = crate::contacts::ContactInput { family_name: "佐藤".into(), ..Default::default() };
    db.acting(town, SALES, |tx| crate::contacts::add(tx, ids[1], sato)).unwrap();
    let refused = db.acting(town, SALES, |tx| take_back(tx, &ids)).unwrap_err();
    assert!(refused.is_still_referenced());
    let elsewhere = db.town("shiojiri");
    assert_eq!(db.arrange(elsewhere, |tx| take_back(tx, &ids)), []);
    assert_eq!(db.arrange(town, |tx| take_back(tx, &[ids[0], ids[2]])), [ids[2]]);
}

#[test]
fn a_later_page_is_read_from_where_the_one_before_ended() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let many = format!(
        "INSERT INTO companies (organization_id, name) SELECT {town}, '企業' || n FROM generate_series(1, 3000) n"
    );
    diesel::RunQueryDsl::execute(diesel::sql_query(many), &mut db.owner()).unwrap();
    diesel::RunQueryDsl::execute(diesel::sql_query("ANALYZE companies"), &mut db.owner()).unwrap();
    let plan = db.arrange(town, |tx| lists::explaining::plan(tx, CompanyKey("企業5".into(), CompanyId(1))));
    let reads = |line: &str| line.contains("Index Cond") && line.contains("kana_key >=");
    assert!(plan.lines().any(reads) && !plan.contains("Sort"), "{plan}");
}

#[test]
fn a_number_that_another_takes_at_this_moment_is_a_lost_race() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let company = db.acting(town, SALES, |tx| enter(tx, input("甲", ""))).unwrap();
    let numbered = |name: &str| CompanyInput { corporate_number: "7123456789012".into(), ..input(name, "") };
    let late = std::thread::scope(|threads| {
        let late = || db.acting(town, SALES, |tx| correct(tx, company.id, 1, numbered("甲")));
        let running = db
            .acting(town, SALES, |tx| -> Result<_, CompanyError> {
                enter(tx, numbered("乙"))?;
                Ok(db.meanwhile(threads, late))
            })
            .unwrap();
        running.join().unwrap()
    });
    assert_eq!(late.unwrap_err().code(), Code::Stale);
    let again = db.acting(town, SALES, |tx| correct(tx, company.id, 1, numbered("甲"))).unwrap_err();
    assert_eq!(again.code(), Code::Taken, "asked again, it says whose it is");
}
