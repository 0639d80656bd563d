//! What is withheld from each kind of work, against a real database.

use super::*;
use crate::tax::WorkKind;
use crate::testing::Town;

#[test]
fn what_was_decided_stays_and_the_newest_counts() {
    let town = Town::new();
    let job = town.job(town.order(1000).id, 2).id;
    assert_eq!(town.act(town.director, |tx| find(tx, job)), None);
    let entry = WithholdingInput { kind: "data_entry".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| decide(tx, job, &entry));
    let other = WithholdingInput {
        kind: "transcription".into(),
        withheld: "yes".into(),
        reason: "税務署に電話で確認(2026-05-01)".into(),
    };
    let decided = town.act(town.checker, |tx| decide(tx, job, &other));
    assert_eq!((decided.number, decided.kind, decided.withheld), (2, WorkKind::Transcription, true));
    assert_eq!(town.act(town.director, |tx| find(tx, job)), Some(decided.clone()));
    let all = town.act(town.director, |tx| of_job(tx, job));
    assert_eq!(all.iter().map(|one| (one.number, one.withheld)).collect::<Vec<_>>(), [(2, true), (1, false)]);
    assert_eq!(WithholdingInput::of(&decided), other);
    let nowhere = town.attempt(town.director, |tx| decide(tx, JobId(999_999), &entry)).unwrap_err();
    assert_eq!(nowhere.code(), Code::NotFound);
}
