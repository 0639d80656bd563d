//! Samples against a real database.

use std::slice::from_ref;

use kernel::{Code, Coded, FileId};

use super::*;
use crate::testing::Town;

fn sample(kind: &str, file: FileId) -> SampleInput {
    SampleInput { kind: kind.into(), file_id: file.to_string().into(), note: "見出しの位置".into() }
}

#[test]
fn samples_are_for_those_on_the_job_and_gone_when_taken_away() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 2).id;
    let (stranger, _) = town.worker("Stranger");
    let file = town.file(town.director);
    let good = town.act(town.director, |tx| add(tx, job, &sample("good", file)));
    assert_eq!((good.kind, good.note.as_str()), (SampleKind::Good, "見出しの位置"));
    assert_eq!(town.act(aoki, |tx| mine(tx, job)), from_ref(&good), "offered is enough");
    assert!(town.act(aoki, |tx| is_shown(tx, file)));
    assert!(!town.act(stranger, |tx| is_shown(tx, file)), "it was never put before them");
    let unknown = town.attempt(stranger, |tx| mine(tx, job)).unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    town.act(town.checker, |tx| remove(tx, good.id));
    assert!(!town.act(aoki, |tx| is_shown(tx, file)));
    assert!(town.act(town.director, |tx| of_job(tx, job)).is_empty());
    let twice = town.attempt(town.checker, |tx| remove(tx, good.id)).unwrap_err();
    assert_eq!(twice.code(), Code::NotFound);
}

#[test]
fn only_an_own_file_of_a_known_kind_becomes_a_sample_and_twenty_are_enough() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 2).id;
    let (theirs, own) = (town.file(aoki), town.file(town.director));
    let problem = |input: SampleInput| {
        let refused = town.attempt(town.director, |tx| add(tx, job, &input)).unwrap_err();
        let problem = &refused.fields()[0];
        (problem.field.clone(), problem.code)
    };
    assert_eq!(problem(sample("good", theirs)), ("file_id".to_owned(), Code::NotFound));
    assert_eq!(problem(sample("ugly", own)), ("kind".to_owned(), Code::UnknownChoice));
    assert_eq!(problem(sample("", own)), ("kind".to_owned(), Code::Required));
    for _ in 0..MOST_SAMPLES {
        town.act(town.director, |tx| add(tx, job, &sample("template", own)));
    }
    assert_eq!(problem(sample("bad", own)), ("file_id".to_owned(), Code::OutOfRange));
    town.act(town.director, |tx| jobs::call_off(tx, job));
    let over = town.attempt(town.director, |tx| add(tx, job, &sample("good", own))).unwrap_err();
    assert_eq!(over.code(), Code::NotOpen);
}
