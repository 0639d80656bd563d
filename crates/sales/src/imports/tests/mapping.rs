//! What a person says of a file: what its columns are, and what its stages, pipelines and owners are here. It is
//! remembered for files of the same shape.

use super::*;
use crate::deals as sales_deals;

#[test]
fn columns_are_remembered_for_files_of_the_same_shape() {
    let office = Office::new();
    let text = "なまえ,れんらくさき\n甲商店,0857-00-0000\n";
    let read = office.read(ImportKind::Companies, "a.csv", text.as_bytes());
    let choose = |columns: &[&str]| {
        let columns = columns.iter().map(|column| (*column).into()).collect();
        office.act(|tx| choose_columns(tx, read.id, &ColumnsInput { columns, ..ColumnsInput::default() }))
    };
    for (columns, code) in [
        (vec!["", "phone"], Code::ColumnMissing),
        (vec!["name", "name"], Code::ColumnTwice),
        (vec!["name", "colour"], Code::Invalid),
        (vec!["name"], Code::Invalid),
    ] {
        assert_eq!(choose(&columns).unwrap_err().code(), code, "{columns:?}");
    }
    choose(&["name", "phone"]).unwrap();
    office.runner.run_all().unwrap();
    let again = office.read(ImportKind::Companies, "b.csv", text.replace("なまえ", "ナマエ").as_bytes());
    assert_eq!(again.columns, ["name", "phone"]);
    let others = office.read(ImportKind::Leads, "b.csv", text.as_bytes());
    assert_eq!(others.columns, ["", ""], "of the same kind");
}

#[test]
fn a_file_that_comes_back_mended_has_the_columns_it_was_said_to_have() {
    let office = Office::new();
    let columns = |import: &Import| import.columns.clone();
    let first = office.read(ImportKind::Companies, "a.csv", "会社名,謎の列\n鳥取商会,0857\n".as_bytes());
    assert_eq!(columns(&first), ["name", ""]);
    let said = ColumnsInput { columns: vec!["name".into(), "phone".into()], ..ColumnsInput::default() };
    office.act(|tx| choose_columns(tx, first.id, &said)).unwrap();
    office.runner.run_all().unwrap();
    for language in Language::ALL {
        let mended = format!("会社名,謎の列,{}\n鳥取商会,0857,x\n", reason_header(*language));
        let back = office.read(ImportKind::Companies, "a.csv", mended.as_bytes());
        assert_eq!(columns(&back), ["name", "phone", ""]);
    }
}

#[test]
fn open_deals_of_another_system_come_in_with_their_stages_and_a_next_action_for_all() {
    let office = Office::new();
    let text = "Opportunity Name,Account Name,Stage,Next Step\n\
        名簿,米子建設株式会社,Qualified,\n封入,米子建設株式会社,Discovery,電話する\n";
    let read = office.read(ImportKind::Deals, "sf.csv", text.as_bytes());
    let names = office.act(|tx| unknown_names(tx, &read, Language::Ja)).unwrap();
    let [stages] = names.as_slice() else { panic!("{names:?}") };
    assert_eq!((stages.field, stages.unknown.join(" ")), ("stage", "Discovery Qualified".to_owned()));
    assert!(stages.ours.iter().any(|one| one.name == "ヒアリング"), "{names:?}");
    let columns: Vec<kernel::Typed> = read.columns.iter().map(|column| column.as_str().into()).collect();
    let said = ColumnsInput {
        columns: columns.clone(),
        stages: [("Qualified", "ヒアリング"), ("Discovery", "接触")]
            .map(|(theirs, ours)| (theirs.to_owned(), kernel::Typed::from(ours)))
            .into(),
        next_action: "様子を聞く".into(),
        next_action_on: "2026-12-01".into(),
        ..ColumnsInput::default()
    };
    office.act(|tx| choose_columns(tx, read.id, &said)).unwrap();
    office.runner.run_all().unwrap();
    let applied = office.apply(&office.now(&read));
    assert_eq!((applied.rows_created, applied.rows_bad), (2, 0), "{:?}", office.problems(&applied));
    let deal = |title: &str| {
        let found = office.act(|tx| sales_deals::search(tx, title, 5)).unwrap();
        office.bench.deal(found[0].id)
    };
    let next = |title: &str| deal(title).state.next_action().unwrap().next_action.clone();
    assert_eq!(deal("名簿").stage_id, office.bench.stage("ヒアリング"));
    assert_eq!((next("名簿"), next("封入")), ("様子を聞く".to_owned(), "電話する".to_owned()));

    let again = office.read(ImportKind::Deals, "sf.csv", text.as_bytes());
    assert_eq!(again.beside, office.now(&read).beside, "remembered with the columns");
    let bare = ColumnsInput { columns, ..ColumnsInput::default() };
    office.act(|tx| choose_columns(tx, again.id, &bare)).unwrap();
    office.runner.run_all().unwrap();
    let problems = office.problems(&office.now(&again));
    assert!(
        problems.iter().all(|(_, field, code)| field == "stage" && code == "unknown-choice"),
        "{problems:?}"
    );
    let late = office.read(ImportKind::Deals, "late.csv", text.as_bytes());
    assert_eq!(late.beside, Beside::default(), "what was said last counts");
}

#[test]
fn pipelines_and_owners_of_another_system_are_asked_for_and_remembered() {
    let office = Office::new();
    let text = "Deal Name,Company,Pipeline,Deal Stage,Deal owner,Amount,Close Date\n\
        名簿,米子建設株式会社,Sales Pipeline,closedwon,Jane Doe,\"JPY 300,000\",2026-03-04\n";
    let read = office.read(ImportKind::Deals, "hubspot.csv", text.as_bytes());
    let checked = office.check(&read);
    let fields: Vec<String> = office.problems(&checked).into_iter().map(|(_, field, _)| field).collect();
    assert_eq!(fields, ["pipeline", "owner"], "and no next action of a deal that may be over");
    let names = office.act(|tx| unknown_names(tx, &checked, Language::En)).unwrap();
    let asked: Vec<_> = names.iter().map(|one| (one.field, one.unknown.join(" "))).collect();
    assert_eq!(asked, [("pipeline", "Sales Pipeline".to_owned()), ("owner", "Jane Doe".to_owned())]);
    let colleague = refs::number_of(office.bench.colleague);
    assert!(names[1].ours.iter().any(|one| one.value == colleague), "{names:?}");
    let answer = |theirs: &str, ours: &str| [(theirs.to_owned(), kernel::Typed::from(ours))].into();
    let said = ColumnsInput {
        columns: read.columns.iter().map(|column| column.as_str().into()).collect(),
        pipelines: answer("Sales Pipeline", &names[0].ours[0].value),
        owners: answer("Jane Doe", &colleague),
        ..ColumnsInput::default()
    };
    office.act(|tx| choose_columns(tx, read.id, &said)).unwrap();
    office.runner.run_all().unwrap();
    let applied = office.apply(&office.now(&read));
    assert_eq!((applied.rows_created, applied.rows_bad), (1, 0), "{:?}", office.problems(&applied));
    let found = office.act(|tx| sales_deals::search(tx, "名簿", 5)).unwrap();
    let deal = office.bench.deal(found[0].id);
    assert_eq!((deal.owner_id, deal.amount), (office.bench.colleague, kernel::Yen(300_000)));
    let again = office.read(ImportKind::Deals, "next month.csv", text.as_bytes());
    assert_eq!(again.beside, office.now(&read).beside, "remembered with the columns");
}
