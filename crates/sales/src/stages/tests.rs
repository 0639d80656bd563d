//! The verbs against a real database.

use kernel::{Code, Coded};

use super::*;
use crate::testing::Bench;

fn input(name: &str) -> StageInput {
    StageInput { name: name.into(), probability: "50".into(), idle_days: "7".into(), ..StageInput::default() }
}

#[test]
fn a_town_begins_with_the_usual_seven_and_keeps_what_it_has() {
    let bench = Bench::new();
    bench.act(pipelines::install_usual).unwrap();
    let stages = bench.act(list).unwrap();
    let seen: Vec<_> =
        stages.iter().map(|stage| (stage.name.as_str(), stage.kind, stage.probability)).collect();
    let expected = [
        ("接触", StageKind::Open, 10),
        ("ヒアリング", StageKind::Open, 20),
        ("提案", StageKind::Open, 40),
        ("見積", StageKind::Open, 60),
        ("交渉", StageKind::Open, 80),
        ("受注", StageKind::Won, 100),
        ("失注", StageKind::Lost, 0),
    ];
    assert_eq!(seen, expected, "the second installation adds nothing");
    assert_eq!(stages[4].requires, [Requirement::Quote]);
}

#[test]
fn a_stage_is_renamed_and_retuned_but_its_kind_stays() {
    let bench = Bench::new();
    let id = bench.stage("提案");
    let asking = StageInput { requires: vec!["contact".into(), "amount".into()], ..input("受注見込み") };
    let stage = bench.act(|tx| change(tx, id, 1, &asking)).unwrap();
    assert_eq!((stage.name.as_str(), stage.kind, stage.probability), ("受注見込み", StageKind::Open, 50));
    assert_eq!(stage.requires, [Requirement::Amount, Requirement::Contact]);
    assert_eq!(bench.act(|tx| find(tx, id)).unwrap(), stage);
    let again = bench.act(|tx| change(tx, id, 1, &input("別"))).unwrap_err();
    assert_eq!(again.code(), Code::Stale);
}

#[test]
fn two_stages_never_share_a_name() {
    let bench = Bench::new();
    let id = bench.stage("提案");
    let taken = bench.act(|tx| change(tx, id, 1, &input("見積"))).unwrap_err();
    assert_eq!((taken.fields()[0].field.as_str(), taken.fields()[0].code), ("name", Code::Taken));
    assert!(bench.act(|tx| change(tx, id, 1, &input("提案"))).is_ok(), "its own name is free");
}
