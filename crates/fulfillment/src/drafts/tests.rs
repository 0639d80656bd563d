//! Drafts against a real database: pages that compete, claims that end, submissions that consume.

use std::sync::Barrier;

use chrono::Duration;
use kernel::{Code, Coded};

use super::*;
use crate::claims::{hand_back, is_asked, keep};
use crate::submissions::{SubmitInput, of_unit, submit};
use crate::testing::Town;

fn typed(text: &str, version: i32, page: &str) -> DraftInput {
    DraftInput {
        result_text: text.into(),
        draft_version: version.to_string().into(),
        saved_in: page.into(),
        ..DraftInput::default()
    }
}

fn handed_in(text: &str, version: i32, page: &str) -> SubmitInput {
    SubmitInput {
        result_text: text.into(),
        draft_version: version.to_string().into(),
        saved_in: page.into(),
        ..SubmitInput::default()
    }
}

#[test]
fn two_pages_never_overwrite_each_other_unseen() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = town.claims(aoki, town.job(town.order(1000).id, 1).id, 1).units[0];
    let saves =
        |input: DraftInput| town.attempt(aoki, |tx| save(tx, unit, &input)).map_err(|error| error.code());
    assert_eq!(town.act(aoki, |tx| find(tx, unit)), None);
    assert_eq!(saves(typed("左で書く", 0, "left")).unwrap().version, 1);
    assert_eq!(saves(typed("左で書く", 1, "left")).unwrap().version, 1, "nothing changed");
    assert_eq!(saves(typed("右で書く", 0, "right")), Err(Code::DraftMoved));
    assert_eq!(town.act(aoki, |tx| find(tx, unit)).unwrap().result_text, "左で書く");
    assert_eq!(saves(typed("左で続ける", 0, "left")).unwrap().version, 2, "its own save was on the way");
    assert_eq!(saves(typed("右が見てから書く", 2, "right")).unwrap().version, 3);
    let unseen = town.attempt(aoki, |tx| submit(tx, unit, handed_in("左で出す", 2, "left"))).unwrap_err();
    assert_eq!(unseen.code(), Code::DraftMoved);
    assert!(town.act(aoki, |tx| of_unit(tx, unit)).is_empty(), "nothing was handed in");
    town.act(aoki, |tx| submit(tx, unit, handed_in("右で出す", 3, "right")));
    assert_eq!(town.act(aoki, |tx| find(tx, unit)), None, "it was handed in");
    assert_eq!(saves(typed("遅れて届く", 3, "right")), Err(Code::Conflict));
}

#[test]
fn saves_that_race_lose_nothing() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 40).id;
    let units = town.claims(aoki, job, 40).units;
    let gate = Barrier::new(2);
    for unit in units {
        let race = |page: &'static str| {
            gate.wait();
            town.attempt(aoki, |tx| save(tx, unit, &typed(page, 0, page))).map_err(|error| error.code())
        };
        let (left, right) = std::thread::scope(|scope| {
            let (left, right) = (scope.spawn(|| race("left")), scope.spawn(|| race("right")));
            (left.join().unwrap(), right.join().unwrap())
        });
        let stands = town.act(aoki, |tx| find(tx, unit)).unwrap().result_text;
        match (left, right) {
            (Ok(_), Err(Code::DraftMoved)) => assert_eq!(stands, "left"),
            (Err(Code::DraftMoved), Ok(_)) => assert_eq!(stands, "right"),
            both => panic!("{both:?}"),
        }
    }
}

#[test]
fn a_draft_with_its_files_is_a_sign_and_is_handed_in_once() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let (first, second, foreign) = (town.file(aoki), town.file(aoki), town.file(baba));
    let with = |files: &[kernel::FileId], dropped: &[kernel::FileId], version| DraftInput {
        file_ids: files.to_vec(),
        dropped_file_ids: dropped.to_vec(),
        ..typed("半分", version, "")
    };
    let refused = town.attempt(aoki, |tx| save(tx, unit, &with(&[foreign], &[], 0))).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::NotFound);
    town.act(aoki, |tx| save(tx, unit, &with(&[first], &[], 0)));
    town.wait(Duration::days(6));
    town.tends_claims();
    assert!(town.act(aoki, |tx| is_asked(tx, job, aoki)));
    let draft = town.act(aoki, |tx| save(tx, unit, &with(&[second], &[first], 1)));
    assert_eq!((draft.file_ids, draft.version), (vec![second], 2));
    assert!(!town.act(aoki, |tx| is_asked(tx, job, aoki)), "whoever writes goes on");
    assert!(town.attempt(baba, |tx| save(tx, unit, &typed("わたしの", 0, ""))).is_err());
    assert_eq!(town.act(baba, |tx| find(tx, unit)), None, "nobody reads another's draft");
    let version = town.act(aoki, |tx| submit(tx, unit, handed_in("ぜんぶ", 2, "")));
    assert_eq!(version.file_ids, [second]);
    town.act(aoki, |tx| submissions::retract(tx, unit));
    town.act(aoki, |tx| save(tx, unit, &typed("もう一度", 0, "")));
    let other = SubmitInput { result_text: "下書きを見ずに".into(), ..SubmitInput::default() };
    let version = town.act(aoki, |tx| submit(tx, unit, other));
    assert_eq!(version.file_ids, [second], "of the version before");
    assert!(town.act(aoki, |tx| find(tx, unit)).is_some(), "what was not named is not lost");
}

#[test]
fn a_draft_outlives_its_claim_for_its_person_and_goes_after_half_a_year() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 2).id;
    let units = town.claims(aoki, job, 2).units;
    town.act(aoki, |tx| save(tx, units[0], &typed("返すまでに書いた分", 0, "")));
    town.act(aoki, |tx| hand_back(tx, units[0]));
    town.act(aoki, |tx| save(tx, units[1], &typed("休むまでに書いた分", 0, "")));
    town.lets_expire(job, aoki);
    let late = town.act(aoki, |tx| save(tx, units[1], &typed("休んでから書いた分", 1, "")));
    assert_eq!(late.version, 2);
    assert!(town.attempt(aoki, |tx| keep(tx, units[1])).is_err());
    let returned = town.attempt(aoki, |tx| save(tx, units[0], &typed("もう書けない", 1, ""))).unwrap_err();
    assert_eq!(returned.code(), Code::NotFound, "what was handed back is others'");
    assert!(town.act(aoki, |tx| find(tx, units[0])).is_some());
    assert_eq!(town.act(baba, |tx| find(tx, units[0])), None);
    town.wait(Duration::days(180));
    assert_eq!(town.act(town.director, sweep), 0);
    town.wait(Duration::days(1));
    assert_eq!(town.act(town.director, sweep), 2);
    assert_eq!(town.act(aoki, |tx| find(tx, units[1])), None);
}
