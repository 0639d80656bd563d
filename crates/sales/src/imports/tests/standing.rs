//! Who stands there already: found by name, number or id, alike or in doubt, and after a merge.

use super::*;

#[test]
fn the_same_file_once_more_changes_nothing() {
    let office = Office::new();
    office.import(ImportKind::Companies, COMPANIES);
    let again = office.import(ImportKind::Companies, COMPANIES);
    assert_eq!(counts(&again), (0, 0, 2, 2));
    assert_eq!((again.rows_created, again.rows_updated), (0, 0));
    let spelt = "企業名,法人番号,電話\n株式会社 岩美商店,,0857-22-2222\n別の名前,7123456789012,\n";
    let changed = office.import(ImportKind::Companies, spelt);
    assert_eq!((counts(&changed), changed.rows_updated), ((0, 2, 0, 0), 2), "one by name, one by number");
    let renamed = office.company("別の名前").unwrap();
    assert_eq!(renamed.phone, "０８５７－００－００００", "an empty cell erases nothing");
}

#[test]
fn a_running_number_is_nobodys_id() {
    let office = Office::new();
    office.import(ImportKind::Companies, "No,会社名\n1,四月商会\n2,四月工業\n");
    let next = office.import(ImportKind::Companies, "No,会社名\n1,五月商会\n2,四月工業\n");
    assert_eq!((next.rows_created, next.rows_updated, next.rows_same), (1, 0, 1), "nobody is renamed");
}

#[test]
fn look_alikes_go_in_and_are_shown() {
    let office = Office::new();
    office.import(
        ImportKind::Companies,
        "会社名,電話,URL\n株式会社高沢,0267-56-0000,https://takazawa.example.jp\n",
    );
    let text = "会社名,電話,URL\n髙澤有限会社,,\n別の社,+81 267 56 0000,\nもう一社,,takazawa.example.jp/x\n遠い社,,\n";
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    assert_eq!((counts(&checked), checked.rows_alike), ((4, 0, 0, 0), 3));
    let alike = office.rows(&checked, RowFilter { alike: true, ..RowFilter::default() });
    assert_eq!(alike.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn outside_ids_and_our_own_follow_a_merge() {
    let office = Office::new();
    office.import(ImportKind::Companies, "外部ID,会社名\nX-1,株式会社まえ\nX-2,のち商店\n");
    let (gone, kept) = (office.company("株式会社まえ").unwrap(), office.company("のち商店").unwrap());
    office
        .act(|tx| {
            let input = ::clients::merges::CompanyMergeInput {
                other: gone.id.to_string().into(),
                other_version: gone.version.to_string().into(),
                ..Default::default()
            };
            ::clients::merges::merge_companies(tx, kept.id, kept.version, &input, |tx, from, into| {
                crate::merging::move_company(tx, from, into, None)
            })
        })
        .unwrap();
    let again = office.import(ImportKind::Companies, "外部ID,会社名,電話\nX-1,のち商店,0857-00-0009\n");
    assert_eq!((again.rows_created, again.rows_updated), (0, 1), "{:?}", office.problems(&again));
    assert_eq!(office.company("のち商店").unwrap().phone, "0857-00-0009");
    let by_id = format!("Yui ID,会社名,電話\n{},のち商店,0857-00-0010\n", gone.id);
    assert_eq!(office.import(ImportKind::Companies, &by_id).rows_updated, 1);
    let person = format!("企業のYui ID,姓\n{},佐藤\n", gone.id);
    assert_eq!(office.import(ImportKind::Contacts, &person).rows_created, 1);
}

#[test]
fn what_rows_may_be_about_is_found_through_indexes_alone() {
    #[derive(diesel::QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let office = Office::new();
    let mut owner = office.bench.db.owner();
    let town = office.bench.town;
    for sql in [
        format!(
            "INSERT INTO leads (organization_id, company_name, source) SELECT {town}, '企業' || n, 'web' FROM generate_series(1, 3000) n"
        ),
        "ANALYZE leads, deals".to_owned(),
    ] {
        diesel::RunQueryDsl::execute(diesel::sql_query(sql), &mut owner).unwrap();
    }
    let explain = "EXPLAIN SELECT id FROM leads WHERE company_key = ANY (ARRAY['企業1', '企業2']) ORDER BY id LIMIT 5000";
    let plan: Vec<Line> = office
        .act(|tx| Ok::<_, DbError>(diesel::RunQueryDsl::load(diesel::sql_query(explain), tx.conn())?))
        .unwrap();
    let plan: String = plan.into_iter().map(|line| line.line).collect();
    assert!(plan.contains("leads_by_company") && !plan.contains("Seq Scan"), "{plan}");
}

#[test]
fn a_company_that_could_be_two_is_refused_with_both() {
    let office = Office::new();
    office.import(ImportKind::Companies, "会社名,外部ID\n双子商店,A-1\n双子商店,A-2\n");
    let twins: Vec<kernel::CompanyId> = office
        .act(|tx| clients_companies::with_names(tx, ["双子商店"], 10))
        .unwrap()
        .into_iter()
        .map(|company| company.id)
        .collect();
    assert_eq!(twins.len(), 2);
    for (kind, text) in [
        (ImportKind::Contacts, "会社名,姓\n双子商店,佐藤\n"),
        (ImportKind::Companies, "会社名,電話\n双子商店,0857-00-0001\n"),
    ] {
        let checked = office.check(&office.read(kind, "a.csv", text.as_bytes()));
        let bad = office.rows(&checked, RowFilter { verdict: Some(Verdict::Bad), ..RowFilter::default() });
        let mut named = bad[0].problems[0].among.clone();
        named.sort();
        let mut twins = twins.clone();
        twins.sort();
        assert_eq!(named, twins, "{kind}");
    }
}
