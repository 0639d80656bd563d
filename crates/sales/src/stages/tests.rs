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

fn way(way: &str) -> ShiftInput {
    ShiftInput { way: way.into() }
}

fn names(bench: &Bench) -> Vec<String> {
    bench.act(list).unwrap().into_iter().map(|stage| stage.name).collect()
}

#[test]
fn open_stages_change_places_and_the_closing_ones_stay_at_the_end() {
    let bench = Bench::new();
    let (first, last) = (bench.stage("接触"), bench.stage("交渉"));
    let moved = bench.act(|tx| shift(tx, first, 1, &way("right"))).unwrap();
    assert_eq!(names(&bench)[..3], ["ヒアリング", "接触", "提案"]);
    let stale = bench.act(|tx| shift(tx, first, 1, &way("right"))).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    bench.act(|tx| shift(tx, first, moved.version, &way("left"))).unwrap();
    bench.act(|tx| shift(tx, last, 1, &way("right"))).unwrap();
    assert_eq!(names(&bench), ["接触", "ヒアリング", "提案", "見積", "交渉", "受注", "失注"]);
    let won = bench.act(|tx| shift(tx, bench.stage("受注"), 1, &way("left"))).unwrap_err();
    assert_eq!(won.code(), Code::StageStays);
}

#[test]
fn a_stage_that_is_taken_away_leaves_its_deals_in_another_and_its_name_in_their_history() {
    let bench = Bench::new();
    let (gone, into) = (bench.stage("提案"), bench.stage("見積"));
    let [alive, asleep] = ["一", "二"].map(|title| {
        let deal = bench.open(title);
        bench.act(|tx| deals::advance(tx, deal.id, deal.version, deals::AdvanceInput::to(gone))).unwrap()
    });
    let asleep = bench.act(|tx| deals::sleep(tx, asleep.id, asleep.version)).unwrap();
    let nowhere = bench.act(|tx| remove(tx, gone, 1, &RemoveInput::default())).unwrap_err();
    assert_eq!((nowhere.fields()[0].field.as_str(), nowhere.fields()[0].code), ("into", Code::Required));
    let closing = RemoveInput { into: bench.stage("失注").to_string().into() };
    let closing = bench.act(|tx| remove(tx, gone, 1, &closing)).unwrap_err();
    assert_eq!(closing.fields()[0].code, Code::UnknownChoice);
    let to = RemoveInput { into: into.to_string().into() };
    assert_eq!(bench.act(|tx| remove(tx, gone, 1, &to)).unwrap(), 2);
    assert_eq!(names(&bench), ["接触", "ヒアリング", "見積", "交渉", "受注", "失注"]);
    let now = bench.deal(alive.id);
    assert_eq!((now.stage_id, now.version), (into, alive.version + 1));
    let history = bench.act(|tx| deals::history(tx, alive.id)).unwrap();
    assert_eq!((history[0].from_stage_id, history[0].to_stage_id), (Some(gone), into));
    let ever = bench.act(ever).unwrap();
    assert!(ever.iter().any(|stage| stage.id == gone && stage.name == "提案" && stage.removed_at.is_some()));
    let asleep = bench.deal(asleep.id);
    let again = deals::ReopenInput {
        next_action: "電話".into(),
        next_action_on: "2026-12-01".into(),
        ..Default::default()
    };
    let awake = bench.act(|tx| deals::reopen(tx, asleep.id, asleep.version, again)).unwrap();
    assert_eq!(awake.stage_id, into);
    let back = deals::AdvanceInput::to(gone);
    let refused = bench.act(|tx| deals::advance(tx, now.id, now.version, back)).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::UnknownChoice);
    let twice = bench.act(|tx| remove(tx, gone, 2, &to)).unwrap_err();
    assert_eq!(twice.code(), Code::NotFound);
    let named_again = bench.act(|tx| add(tx, bench.pipeline(), &input("提案"))).unwrap();
    assert_ne!(named_again.id, gone, "its name is free");
}

#[test]
fn a_stage_that_is_taken_away_leaves_no_dead_end() {
    // First, second and third of a chain; the second goes away, its deals into the first, or there are none.
    for into_first in [true, false] {
        let bench = Bench::new();
        let chain = ["接触", "ヒアリング", "提案", "見積"].map(|name| bench.stage(name));
        for (at, next) in [(0, Some(1)), (1, Some(2)), (2, None)] {
            let current = bench.act(|tx| find(tx, chain[at])).unwrap();
            let next = next.map(|next: usize| chain[next].to_string().into());
            let steps = if next.is_some() { "named" } else { "any" };
            let named =
                StageInput { steps: steps.into(), next: next.into_iter().collect(), ..input(&current.name) };
            bench.act(|tx| change(tx, current.id, current.version, &named)).unwrap();
        }
        let into = if into_first { chain[0].to_string() } else { String::new() };
        bench.act(|tx| remove(tx, chain[1], 2, &RemoveInput { into: into.into() })).unwrap();
        assert_eq!(bench.act(|tx| find(tx, chain[0])).unwrap().next, Some(vec![chain[2]]));
        // The third may be followed by any, and so may now the first.
        bench.act(|tx| remove(tx, chain[2], 2, &RemoveInput::default())).unwrap();
        let next = bench.act(|tx| find(tx, chain[0])).unwrap().next.unwrap();
        assert!(next.contains(&chain[3]) && !next.contains(&chain[0]), "{next:?}");
    }
}

#[test]
fn of_two_who_shift_neighbours_at_once_the_second_looks_again() {
    let bench = Bench::new();
    let (first, second) = (bench.stage("接触"), bench.stage("ヒアリング"));
    let late = std::thread::scope(|threads| {
        let shifts = || bench.act(|tx| shift(tx, second, 1, &way("right"))).map_err(|error| error.code());
        let late = bench
            .act(|tx| -> Result<_, StageError> {
                shift(tx, first, 1, &way("right"))?;
                Ok(bench.db.meanwhile(threads, shifts))
            })
            .unwrap();
        late.join().unwrap()
    });
    assert_eq!(late.map(|_stage| ()), Err(Code::Stale));
    assert_eq!(names(&bench)[..3], ["ヒアリング", "接触", "提案"]);
}
