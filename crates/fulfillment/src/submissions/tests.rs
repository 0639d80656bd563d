//! Submissions against a real database.

use kernel::{Code, Coded};

use super::*;
use crate::events::UnitSubmitted;
use crate::testing::{Town, returned};
use crate::{reviews, units::UnitState};

#[test]
fn only_the_holder_hands_in_and_versions_are_numbered() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let input = || SubmitInput { note: "横取り".into(), ..SubmitInput::default() };
    let foreign = town.attempt(baba, |tx| submit(tx, unit, input())).unwrap_err();
    assert_eq!(foreign.code(), Code::UnitTaken);
    let first = town.hands_in(aoki, unit);
    let twice = town.attempt(aoki, |tx| submit(tx, unit, input())).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict, "the first version is being looked at");
    town.act(town.checker, |tx| reviews::decide(tx, first.id, returned("typo")));
    let second = town.hands_in(aoki, unit);
    assert_eq!((first.number, second.number), (1, 2));
    let versions = town.act(town.director, |tx| of_unit(tx, unit));
    assert_eq!((versions.len(), versions[0].review.is_some(), versions[1].review.is_none()), (2, true, true));
    let told: Vec<_> = town.facts::<UnitSubmitted>().into_iter().map(|fact| fact.number).collect();
    assert_eq!((told, town.unit(unit).state), (vec![1, 2], UnitState::Submitted));
}

#[test]
fn nothing_and_an_unknown_file_are_refused() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let empty = town.attempt(aoki, |tx| submit(tx, unit, SubmitInput::default())).unwrap_err();
    assert_eq!((empty.fields()[0].field.as_str(), empty.fields()[0].code), ("note", Code::Required));
    let unknown = SubmitInput { file_id: "99".into(), ..SubmitInput::default() };
    let refused = town.attempt(aoki, |tx| submit(tx, unit, unknown)).unwrap_err();
    assert_eq!((refused.code(), refused.fields()[0].field.as_str()), (Code::Invalid, "file_id"));
    assert_eq!(town.unit(unit).state, UnitState::Claimed);
}

#[test]
fn a_file_is_handed_in_by_whoever_uploaded_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let with = |file: FileId| SubmitInput { file_id: file.to_string().into(), ..SubmitInput::default() };
    let (own, foreign) = (town.file(aoki), town.file(baba));
    let refused = town.attempt(aoki, |tx| submit(tx, unit, with(foreign))).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("file_id", Code::NotFound));
    let version = town.act(aoki, |tx| submit(tx, unit, with(own)));
    assert_eq!(version.file_id, Some(own));
}
