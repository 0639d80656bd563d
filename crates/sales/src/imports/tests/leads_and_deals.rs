//! Leads and deals go in by their own rules: days, stages, pipelines, what was decided elsewhere.

use std::collections::BTreeMap;

use super::*;
use crate::{deals as sales_deals, leads as sales_leads, pipelines};

#[test]
fn leads_and_deals_follow_their_own_rules() {
    let office = Office::new();
    let text = "会社名,担当者名,電話,経路,内容,営業担当\n\
        鳥取商事,田中,0857-00-0000,展示会,名簿,tanaka@example.jp\n\
        岩美商店,,,,,\n\
        倉吉工業,,,霊感,,\n\
        米子運輸,,,,,だれか\n";
    let applied = office.import(ImportKind::Leads, text);
    assert_eq!((applied.rows_created, applied.rows_bad), (2, 2));
    let all = office.act(|tx| sales_leads::list(tx, None, &Paging::first(10))).unwrap().items;
    let sources: BTreeMap<&str, sales_leads::LeadSource> =
        all.iter().map(|lead| (lead.company_name.as_str(), lead.source)).collect();
    assert_eq!(sources["鳥取商事"], sales_leads::LeadSource::Event);
    assert_eq!(sources["岩美商店"], sales_leads::LeadSource::Other);
    assert!(all.iter().all(|lead| lead.owner_id == Some(office.bench.sales)));
    assert_eq!(counts(&office.import(ImportKind::Leads, text)), (0, 0, 2, 2));

    let text = "案件名,取引先,担当者,フェーズ,状態,金額（円）,次回アクション,期日,受注予定日\n\
        名簿の入力,米子建設株式会社,山田 太郎,提案,,\"１，２００，０００円\",見積を送る,R8.12.1,令和8年12月31日\n\
        受注済み,米子建設株式会社,,受注,失注,,x,2026/12/1,\n\
        交渉から,米子建設株式会社,,交渉,,¥1000,x,2026/12/1,\n\
        昔の話,米子建設株式会社,,,,,x,令和99年4月1日,\n\
        行動なし,米子建設株式会社,,,,,,,2026-02-31\n";
    let checked = office.check(&office.read(ImportKind::Deals, "d.csv", text.as_bytes()));
    let problems = office.problems(&checked);
    let named: Vec<(i64, &str, &str)> =
        problems.iter().map(|(line, field, code)| (*line, field.as_str(), code.as_str())).collect();
    assert_eq!(
        named,
        [
            (3, "state", "conflict"),
            (4, "quote", "required"),
            (5, "next_action_on", "not-a-date"),
            (6, "expected_close_on", "not-a-date"),
            (6, "next_action", "next-action-missing"),
            (6, "next_action_on", "required"),
        ]
    );
    let applied = office.apply(&checked);
    assert_eq!(applied.rows_created, 1);
    let found = office.act(|tx| sales_deals::search(tx, "名簿の入力", 5)).unwrap();
    let deal = office.bench.deal(found[0].id);
    assert_eq!((deal.amount.0, deal.stage_id), (1_200_000, office.bench.stage("提案")));
    assert_eq!(
        office.act(|tx| sales_deals::history(tx, deal.id)).unwrap().len(),
        1,
        "opened where it stands"
    );
    assert_eq!(counts(&office.import(ImportKind::Deals, text)), (0, 0, 1, 4));
    let quote = office.bench.quote(deal.id, 10);
    let dearer = "商談名,企業名,金額\n名簿の入力,米子建設株式会社,9999999\n";
    let refused = office.check(&office.read(ImportKind::Deals, "d.csv", dearer.as_bytes()));
    assert_eq!(office.problems(&refused)[0].2, "quote-stands", "{quote:?}");
    assert_eq!(office.undo(&applied).rows_kept, 1, "a quote was issued for it");
    let other = office.import(
        ImportKind::Deals,
        "商談名,企業名,次の行動,次の行動日\n別件,米子建設株式会社,電話,2026-12-01\n",
    );
    assert_eq!(office.undo(&other).rows_undone, 1, "with the one line of its history");
}

#[test]
fn a_list_of_inquiries_keeps_the_days_on_which_they_asked() {
    let office = Office::new();
    let text = "会社名,問い合わせ日時,内容\n\
        鳥取商事,2026/11/18 9:05,名簿\n\
        岩美商店,,\n\
        倉吉工業,2026-11-23,\n\
        米子運輸,先週,\n";
    let checked = office.check(&office.read(ImportKind::Leads, "a.csv", text.as_bytes()));
    let wrong = |line: i64, code: &str| (line, "asked_on".to_owned(), code.to_owned());
    assert_eq!(office.problems(&checked), [wrong(4, "too-late"), wrong(5, "not-a-date")]);
    assert_eq!(counts(&office.apply(&checked)), (2, 0, 0, 2));
    let asked = || -> BTreeMap<String, Option<String>> {
        let all = office.act(|tx| sales_leads::list(tx, None, &Paging::first(10))).unwrap().items;
        assert!(all.iter().all(|lead| lead.answer_by.is_none()), "nobody here promised them anything");
        all.into_iter().map(|lead| (lead.company_name, lead.asked_on.map(|day| day.to_string()))).collect()
    };
    assert_eq!((asked()["鳥取商事"].as_deref(), asked()["岩美商店"].as_deref()), (Some("2026-11-18"), None));
    assert_eq!(counts(&office.import(ImportKind::Leads, text)), (0, 0, 2, 2));

    let later = "Company,Created Date\n岩美商店,2026-11-19T20:00:00Z\n鳥取商事,\n";
    assert_eq!(counts(&office.import(ImportKind::Leads, later)), (0, 1, 1, 0));
    assert_eq!(asked()["岩美商店"].as_deref(), Some("2026-11-20"), "the day in Japan");
    assert_eq!(asked()["鳥取商事"].as_deref(), Some("2026-11-18"), "what a file leaves out stays");
    let rows = office.exported(&Exported::Leads(None), Language::Ja);
    for written in ["お問い合わせ日", "2026-11-18", "2026-11-20"] {
        assert!(rows.iter().flatten().any(|cell| cell == written), "{written}: {rows:?}");
    }
}

#[test]
fn many_are_opened_by_the_rules_of_one() {
    let bench = Bench::new();
    let first = bench.stage("接触");
    let one = bench.input("一つ");
    let alone = bench.act(|tx| sales_deals::open(tx, one.clone())).unwrap();
    let many =
        bench.act(|tx| sales_deals::open_many(tx, &[(first, one.clone()), (first, one.clone())])).unwrap();
    for deal in many {
        let same = sales_deals::Deal { id: alone.id, ..deal };
        assert_eq!(same, alone);
    }
    for wrong in [
        sales_deals::DealInput { title: "".into(), ..one.clone() },
        sales_deals::DealInput { next_action_on: "2026-11-01".into(), ..one.clone() },
        sales_deals::DealInput {
            company_id: bench.another_client("他社").0.to_string().into(),
            ..one.clone()
        },
        sales_deals::DealInput { amount: "-1".into(), ..one.clone() },
        sales_deals::DealInput { company_id: "999999".into(), contact_id: "".into(), ..one.clone() },
    ] {
        let alone = bench.act(|tx| sales_deals::open(tx, wrong.clone())).unwrap_err();
        let many = bench.act(|tx| sales_deals::open_many(tx, &[(first, wrong.clone())])).unwrap_err();
        assert_eq!((alone.code(), alone.fields()), (many.code(), many.fields()), "{wrong:?}");
    }
}

#[test]
fn deals_go_to_the_pipeline_their_row_names_and_never_to_one_out_of_use() {
    let office = Office::new();
    let bench = &office.bench;
    let add = |name: &str| {
        let input = pipelines::PipelineInput { name: name.into(), ..Default::default() };
        bench.act(|tx| pipelines::add(tx, &input)).unwrap()
    };
    let (old, new) = (bench.pipeline(), add("町の事業"));
    let row = |title: &str, pipeline: &str, stage: &str| {
        format!(
            "商談名,企業名,商談の流れ,段階,次の行動,次の行動日\n{title},米子建設株式会社,{pipeline},{stage},電話,2026-12-01\n"
        )
    };
    let pipeline_of = |title: &str| {
        let found = bench.act(|tx| sales_deals::search(tx, title, 5)).unwrap();
        let (stage, stages) = (bench.deal(found[0].id).stage_id, bench.act(crate::stages::list).unwrap());
        stages.into_iter().find(|one| one.id == stage).unwrap().pipeline_id
    };
    office.import(ImportKind::Deals, &row("流れを言わない", "", ""));
    office.import(ImportKind::Deals, &row("流れを言う", "町の事業", "ヒアリング"));
    assert_eq!((pipeline_of("流れを言わない"), pipeline_of("流れを言う")), (old, new.id));
    for (pipeline, problem) in [("無い流れ", "unknown-choice"), ("町の事業", "other-pipeline")] {
        let refused = office.import(ImportKind::Deals, &row("流れを言わない", pipeline, ""));
        assert_eq!(office.problems(&refused)[0].2, problem);
    }
    let rows = office.exported(&Exported::Deals(sales_deals::DealFilter::default()), Language::Ja);
    let bytes = written(&rows, Encoding::Utf8Marked);
    let back = office.apply(&office.check(&office.read(ImportKind::Deals, "back.csv", &bytes)));
    assert_eq!(counts(&back), (0, 0, 2, 0), "{:?}", office.problems(&back));

    let everything = sales_deals::DealFilter::default();
    for card in bench.act(|tx| sales_deals::list(tx, &everything, &Paging::first(10))).unwrap().items {
        if pipeline_of(&card.title) == old {
            let (version, lose) = (
                bench.deal(card.id).version,
                sales_deals::LoseInput { reason: "price".into(), ..Default::default() },
            );
            bench.act(|tx| sales_deals::lose(tx, card.id, version, lose)).unwrap();
        }
    }
    let version = bench.act(|tx| pipelines::find(tx, old)).unwrap().version;
    bench.act(|tx| pipelines::archive(tx, old, version)).unwrap();
    office.import(ImportKind::Deals, &row("しまったあと", "", "ヒアリング"));
    assert_eq!(pipeline_of("しまったあと"), new.id);
}

#[test]
fn what_was_decided_elsewhere_is_history_and_orders_nothing() {
    let office = Office::new();
    let bench = &office.bench;
    let text = "案件名,取引先,フェーズ,状態,金額,完了予定日,失注理由,次回アクション\n\
        昔の受注,米子建設株式会社,受注,,120000,2026-04-10 14:30,,お礼\n\
        昔の失注,米子建設株式会社,提案,失注,80000,2026/5/1 0:00:00,価格,\n\
        町外の失注,米子建設株式会社,Closed Lost,,50000,2026-05-02,社長の交代,\n\
        理由のない失注,米子建設株式会社,,Lost,50000,2026-05-03,,\n\
        日のない受注,米子建設株式会社,,Won,1,,,\n\
        明日の受注,米子建設株式会社,,Won,1,2026-11-23,,\n\
        食い違い,米子建設株式会社,受注,失注,1,2026-05-03,,\n";
    let checked = office.check(&office.read(ImportKind::Deals, "crm.csv", text.as_bytes()));
    let problems = office.problems(&checked);
    let named: Vec<(i64, &str, &str)> =
        problems.iter().map(|(line, field, code)| (*line, field.as_str(), code.as_str())).collect();
    let missing = [(6, "closed_on", "required"), (7, "closed_on", "too-late"), (8, "state", "conflict")];
    assert_eq!(named[..2], missing[..2]);
    assert!(named.contains(&missing[2]), "{named:?}");
    let applied = office.apply(&checked);
    assert_eq!((applied.rows_created, applied.rows_bad), (4, 3));

    let all = bench.act(|tx| sales_deals::list(tx, &sales_deals::DealFilter::default(), &Paging::first(10)));
    let deals: BTreeMap<String, sales_deals::Deal> =
        all.unwrap().items.into_iter().map(|card| (card.title.clone(), bench.deal(card.id))).collect();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let won = &deals["昔の受注"];
    assert!(matches!(won.state, sales_deals::DealState::Won { won_at }
        if date_in_japan(won_at) == day("2026-04-10")));
    assert_eq!((won.amount.0, won.stage_id), (120_000, bench.stage("受注")));
    let why = |title: &str| match &deals[title].state {
        sales_deals::DealState::Lost { loss, .. } => (loss.lost_reason, loss.lost_note.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(why("昔の失注").0, sales_deals::LostReason::Price);
    assert_eq!(why("町外の失注"), (sales_deals::LostReason::Other, "社長の交代".to_owned()));
    assert_eq!(why("理由のない失注").0, sales_deals::LostReason::Other);
    let history = bench.act(|tx| sales_deals::history(tx, deals["昔の失注"].id)).unwrap();
    assert!(sales_deals::is_past(&history));
    assert_eq!(history[0].from_stage_id, Some(bench.stage("提案")), "the stage it was lost in");
    assert_eq!(date_in_japan(history[0].happened_at), day("2026-05-01"));
    assert!(bench.told::<crate::events::DealWon>().is_empty(), "nobody is to deliver it");

    let april = crate::chances::of_one;
    let open = bench.open("いまの商談");
    let chance = bench.act(|tx| april(tx, open.id)).unwrap();
    assert_eq!((chance.decided.won, chance.decided.lost), (1, 3), "rates count it");

    assert_eq!(counts(&office.import(ImportKind::Deals, text)), (0, 0, 4, 3), "once more changes nothing");
    let changed = text.replace("120000", "130000");
    let refused = office.check(&office.read(ImportKind::Deals, "crm.csv", changed.as_bytes()));
    assert!(office.problems(&refused).iter().any(|(line, _, code)| *line == 2 && code == "deal-not-open"));
    assert_eq!(office.undo(&applied).rows_undone, 4, "with the one line of its history");
}
