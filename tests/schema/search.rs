//! Searching names: the database folds them as the program does, and every search goes through its index.

use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use kernel::{likeness, reach, text};

#[derive(QueryableByName)]
struct Folded {
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Array<Text>)]
    grams: Vec<String>,
    #[diesel(sql_type = Text)]
    name_key: String,
    #[diesel(sql_type = Text)]
    kana_key: String,
    #[diesel(sql_type = Text)]
    phone_key: String,
    #[diesel(sql_type = Text)]
    postal_key: String,
    #[diesel(sql_type = Text)]
    site_key: String,
}

/// Every character of the blocks Japanese names are written in, and spellings of whole names.
fn samples() -> Vec<String> {
    let blocks = [
        0x20..=0x17f,      // Latin
        0x370..=0x4ff,     // Greek, Cyrillic
        0x2000..=0x206f,   // punctuation, marks of direction
        0x2460..=0x24ff,   // enclosed numbers
        0x3000..=0x33ff,   // kana, enclosed and squared words
        0x4e00..=0x9fa5,   // ideographs
        0xf900..=0xfaff,   // compatibility ideographs
        0xfe00..=0xfe0f,   // variation selectors
        0xff00..=0xffef,   // half and full width
        0x20b00..=0x20bff, // 𠮷 and its neighbours
        0xe0100..=0xe01ef, // more variation selectors
    ];
    let names = [
        "㈱米子ケンセツ",
        "（株）米子ｹﾝｾﾂ",
        "株式会社　米子けんせつ",
        "(有)𠮷野商店",
        "㈲宮﨑製作所",
        "神社",
        "神社",
        "葛\u{e0100}飾印刷",
        "Ｙｏｎａｇｏ　ＣＯ．，ＬＴＤ．",
        "ガ\u{3099}",
        "ｶﾞｷﾞ",
        "は\u{309a}",
        "㍿鳥取",
        "ヴァイオリン",
        "ー",
        " \t\u{200b}",
        "",
        "合同会社髙﨑・ラーメン本舗",
        "有限会社株式会社",
        "一般社団法人",
        "コーーヒー、アンー",
        "かぶしきがいしゃ　がーでん",
        "ｷｬﾉﾝﾏｰｹﾃｨﾝｸﾞ",
        "0267-56-0000",
        "０２６７－５６－００００（内線１２）",
        "+81 (0)267 56 0000 ext. 12",
        " (＋81)267560000#3",
        "+1 212 555 0100",
        "＋",
        "〒３８９ー２３０５",
        "ＨＴＴＰＳ://taro@www.Example.JP:8080/a@b?c#d",
        " www.example.jp. ",
        "example.jp?q=://x",
    ];
    let single = blocks.into_iter().flatten().filter_map(char::from_u32).map(String::from);
    // U+0130 is two characters in small letters for Rust and one for C: no Japanese name has it.
    single.filter(|one| one != "\u{130}").chain(names.map(String::from)).collect()
}

#[test]
fn the_database_folds_names_as_the_program_does() {
    let db = TestDb::new();
    let rows: Vec<Folded> = diesel::sql_query(
        "SELECT t AS text, search_key_of(t) AS key, search_grams_of(t) AS grams, name_key_of(t) AS name_key, \
             gojuon_key_of(t) AS kana_key, phone_key_of(t) AS phone_key, postal_key_of(t) AS postal_key, \
             site_key_of(t) AS site_key FROM unnest($1) t",
    )
    .bind::<Array<Text>, _>(samples())
    .load(&mut db.owner())
    .unwrap();
    assert!(rows.len() > 20_000);
    for row in rows {
        assert_eq!(row.key, text::search_key(&row.text), "{:?}", row.text);
        let mut grams = row.grams;
        grams.sort();
        grams.dedup();
        assert_eq!(grams, text::search_grams(&row.text), "{:?}", row.text);
        assert_eq!(row.name_key, likeness::name_key(&row.text), "{:?}", row.text);
        assert_eq!(row.kana_key, likeness::kana_key(&row.text), "{:?}", row.text);
        assert_eq!(row.phone_key, reach::phone_key(&row.text), "{:?}", row.text);
        assert_eq!(row.postal_key, reach::postal_key(&row.text), "{:?}", row.text);
        assert_eq!(row.site_key, reach::site_key(&row.text), "{:?}", row.text);
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What each search function looks for beside the town, with a query in place of its arguments: an empty table would be
/// read by the town's own index, whatever else is there.
fn bodies(db: &TestDb) -> Vec<(String, String)> {
    let rows: Vec<Line> = diesel::sql_query(
        "SELECT proname || '|' || prosrc AS line FROM pg_proc WHERE proname LIKE 'search\\_%\\_ids' ORDER BY 1",
    )
    .load(&mut db.owner())
    .unwrap();
    let filled = |line: &str| {
        let (name, body) = line.split_once('|').unwrap();
        let (head, conditions) = body.split_once("organization_id = current_organization()").unwrap();
        let conditions = conditions.trim_start().trim_start_matches("AND").split(" ORDER BY").next().unwrap();
        let conditions = conditions.replace("$1", "ARRAY['建設']").replace("$2", "'%建設%'");
        (name.to_owned(), format!("{head}{conditions}"))
    };
    rows.iter().map(|row| filled(&row.line)).collect()
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    line: String,
}

#[test]
fn every_search_goes_through_its_index() {
    let db = TestDb::new();
    let bodies = bodies(&db);
    assert_eq!(bodies.len(), 8, "one for each kind that is searched");
    for (name, body) in bodies {
        let mut owner = db.owner();
        diesel::sql_query("SET enable_seqscan = off").execute(&mut owner).unwrap();
        let plan: Vec<Plan> = diesel::sql_query(format!("EXPLAIN {body}")).load(&mut owner).unwrap();
        let plan: Vec<String> = plan.into_iter().map(|step| step.line).collect();
        assert!(
            plan.iter().any(|step| step.contains("_grams")),
            "{name} reads the whole table:\n{}",
            plan.join("\n")
        );
    }
}
