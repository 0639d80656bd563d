//! Submissions against a real database.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
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
    let input = || SubmitInput { result_text: "横取り".into(), ..SubmitInput::default() };
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
fn nothing_for_the_client_and_an_unknown_file_are_refused() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let memo = SubmitInput { memo: "3件目は読めませんでした".into(), ..SubmitInput::default() };
    let empty = town.attempt(aoki, |tx| submit(tx, unit, memo)).unwrap_err();
    assert_eq!((empty.fields()[0].field.as_str(), empty.fields()[0].code), ("result", Code::NoResult));
    let unknown = SubmitInput { file_ids: vec![FileId(99)], ..SubmitInput::default() };
    let refused = town.attempt(aoki, |tx| submit(tx, unit, unknown)).unwrap_err();
    assert_eq!((refused.code(), refused.fields()[0].field.as_str()), (Code::Invalid, "file_ids"));
    assert_eq!(town.unit(unit).state, UnitState::Claimed);
}

#[test]
fn a_file_is_handed_in_by_whoever_uploaded_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let with = |file: FileId| SubmitInput { file_ids: vec![file], ..SubmitInput::default() };
    let (own, foreign) = (town.file(aoki), town.file(baba));
    let refused = town.attempt(aoki, |tx| submit(tx, unit, with(foreign))).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("file_ids", Code::NotFound));
    let version = town.act(aoki, |tx| submit(tx, unit, with(own)));
    assert_eq!(version.file_ids, [own]);
}

#[test]
fn a_file_stays_with_the_next_version_unless_it_is_dropped() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = town.claims(aoki, town.job(town.order(1000).id, 1).id, 1).units[0];
    let (table, picture, better) = (town.file(aoki), town.file(aoki), town.file(aoki));
    let hand_in = |input: SubmitInput| {
        let version = town.act(aoki, |tx| submit(tx, unit, input));
        let back = town.attempt(town.checker, |tx| reviews::decide(tx, version.id, returned("typo")));
        assert!(back.is_ok());
        version
    };
    hand_in(SubmitInput { file_ids: vec![table, picture], ..SubmitInput::default() });
    let mended = hand_in(SubmitInput { memo: "日付を直しました".into(), ..SubmitInput::default() });
    assert_eq!(mended.file_ids, [table, picture], "only a word was mended");
    assert!(mended.has_result());
    let swapped =
        SubmitInput { file_ids: vec![better], dropped_file_ids: vec![table], ..SubmitInput::default() };
    assert_eq!(hand_in(swapped).file_ids, [picture, better]);
    let bare = SubmitInput {
        dropped_file_ids: vec![picture, better],
        result_text: "お客さまのシステムに入力しました".into(),
        ..SubmitInput::default()
    };
    assert_eq!(hand_in(bare).file_ids, []);
}

#[test]
fn what_an_earlier_holder_made_is_not_carried_on() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let file = town.file(aoki);
    let first =
        town.act(aoki, |tx| submit(tx, unit, SubmitInput { file_ids: vec![file], ..Default::default() }));
    town.act(town.checker, |tx| reviews::decide(tx, first.id, returned("typo")));
    town.act(aoki, |tx| claims::hand_back(tx, unit));
    town.claims(baba, job, 1);
    assert_eq!(town.hands_in(baba, unit).file_ids, []);
}

#[test]
fn whoever_mends_anothers_work_reads_what_the_client_has_and_nobody_else_does() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order_of(1000, 1).id;
    let job = town.job(order, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let file = town.file(aoki);
    let made =
        town.act(aoki, |tx| submit(tx, unit, SubmitInput { file_ids: vec![file], ..Default::default() }));
    town.passes(&made);
    let (_, secret) = town.delivers(order, &[]);
    let code = town.code(&secret);
    let answer = town.answers(&secret, &code, &[(unit, "fix", "産地も書いてください")]).unwrap();
    assert!(matches!(answer, crate::acceptance::Answer::Taken(_)));
    assert_eq!(town.act(town.director, |tx| to_mend(tx, unit)), None, "nothing is decided");
    let others = crate::fixes::FixInput { mender: "others".into(), ..town.fix_input("worker", "") };
    town.act(town.director, |tx| crate::fixes::decide(tx, unit, others));
    town.claims(baba, job, 1);
    let may_read = |person| town.act(person, |tx| is_to_mend(tx, file, person));
    assert_eq!(town.act(baba, |tx| to_mend(tx, unit)).map(|version| version.id), Some(made.id));
    assert_eq!((may_read(baba), may_read(town.checker)), (true, false));
    town.hands_in(baba, unit);
    assert!(!may_read(baba), "only while there is something to do");
}

#[test]
fn what_was_taken_back_is_not_received() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 2);
    let units = town.claims(aoki, job.id, 2).units;
    let first = town.hands_in(aoki, units[0]);
    let foreign = town.attempt(baba, |tx| retract(tx, units[0])).unwrap_err();
    assert_eq!(foreign.code(), Code::UnitTaken);
    assert_eq!(town.act(aoki, |tx| retract(tx, units[0])).state, UnitState::Working);
    let twice = town.attempt(aoki, |tx| retract(tx, units[0])).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    let judged = town.attempt(town.checker, |tx| reviews::decide(tx, first.id, returned("typo")));
    assert!(judged.is_err(), "there is nothing to check");
    let versions = town.act(town.director, |tx| of_unit(tx, units[0]));
    assert!(versions[0].retracted_at.is_some() && versions[0].review.is_none());

    town.wait(chrono::Duration::days(3));
    let second = town.hands_in(aoki, units[0]);
    assert_eq!(second.number, 2);
    town.passes(&second);
    let earned = town.act(town.director, |tx| crate::earnings::of_unit(tx, units[0]));
    assert_eq!(earned[0].received_on, kernel::date_in_japan(second.submitted_at));

    town.hands_in(aoki, units[1]);
    town.act(aoki, |tx| retract(tx, units[1]));
    town.act(aoki, |tx| claims::hand_back(tx, units[1]));
    assert_eq!(town.act(town.director, |tx| crate::earnings::of_unit(tx, units[1])), []);
}

#[test]
fn what_somebody_has_begun_to_check_is_not_taken_back() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let version = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::begin(tx, version.id));
    let refused = town.attempt(aoki, |tx| retract(tx, unit)).unwrap_err();
    assert_eq!(refused.code(), Code::Conflict);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("typo")));
    assert_eq!(town.unit(unit).state, UnitState::Returned);
}

#[test]
fn minutes_are_said_by_whoever_likes_and_are_a_median_with_how_many_said_so() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 5).id;
    let units = town.claims(aoki, job, 5).units;
    let said = || town.act(town.director, |tx| said_minutes(tx, job));
    let hands_in = |unit, minutes: &str| {
        let input = SubmitInput {
            result_text: "出来ました".into(),
            minutes: minutes.into(),
            ..SubmitInput::default()
        };
        town.attempt(aoki, |tx| submit(tx, unit, input))
    };
    assert_eq!(said(), None);
    assert_eq!(hands_in(units[0], "").unwrap().minutes, None);
    assert_eq!(said(), None, "nobody has to");
    for (unit, minutes) in units[1..4].iter().zip(["10", "３０", "90"]) {
        hands_in(*unit, minutes).unwrap();
    }
    assert_eq!(said(), Some(SaidMinutes { median: 30, units: 3 }));
    town.act(aoki, |tx| retract(tx, units[3]));
    assert_eq!(said(), Some(SaidMinutes { median: 10, units: 2 }), "the lower of two in the middle");
    hands_in(units[3], "20").unwrap();
    assert_eq!(said(), Some(SaidMinutes { median: 20, units: 3 }), "the newest word of each");
    assert!(hands_in(units[4], "6001").is_err() && hands_in(units[4], "0").is_err());
}

#[test]
fn whoever_hands_in_has_worked_whether_or_not_they_said_so() {
    use UnitState as S;

    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = town.claims(aoki, town.job(town.order(1000).id, 1).id, 1).units[0];
    let first = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::decide(tx, first.id, returned("typo")));
    town.hands_in(aoki, unit);
    let steps = town.act(town.director, |tx| units::history(tx, unit));
    let steps: Vec<_> = steps.into_iter().map(|step| step.to_state).collect();
    let way =
        [S::Draft, S::Offered, S::Claimed, S::Working, S::Submitted, S::Returned, S::Working, S::Submitted];
    assert_eq!(steps, way);
}

#[test]
fn whoever_hands_in_what_rests_goes_on_with_it_first() {
    use UnitState as S;

    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = town.claims(aoki, town.job(town.order(1000).id, 1).id, 1).units[0];
    town.act(aoki, |tx| claims::start(tx, unit));
    town.act(aoki, |tx| claims::pause(tx, unit));
    town.hands_in(aoki, unit);
    let steps = town.act(town.director, |tx| units::history(tx, unit));
    let steps: Vec<_> = steps.into_iter().map(|step| step.to_state).collect();
    assert_eq!(steps, [S::Draft, S::Offered, S::Claimed, S::Working, S::Paused, S::Working, S::Submitted]);
}

#[test]
fn no_version_comes_from_a_unit_nobody_worked_on_whatever_a_verb_forgets() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = town.claims(aoki, town.job(town.order(1000).id, 1).id, 1).units[0];
    let skipped = town.attempt(aoki, |tx| -> Result<(), DbError> {
        let at = tx.now();
        diesel::sql_query(
            "INSERT INTO unit_events (unit_id, from_state, to_state, actor, happened_at) \
             VALUES ($1, 'claimed', 'submitted', 'person:1', $2)",
        )
        .bind::<BigInt, _>(unit)
        .bind::<Timestamptz, _>(at)
        .execute(tx.conn())?;
        Ok(())
    });
    assert!(skipped.unwrap_err().violates("unit_events_submitted_from_work"));
}

#[test]
fn what_came_back_is_not_handed_in_again_unchanged() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = town.claims(aoki, town.job(town.order(1000).id, 1).id, 1).units[0];
    let (table, better) = (town.file(aoki), town.file(aoki));
    let says = |memo: &str| SubmitInput {
        result_text: "120件を入力しました".into(),
        memo: memo.into(),
        ..SubmitInput::default()
    };
    let first = SubmitInput { file_ids: vec![table], ..says("急ぎました") };
    let first = town.act(aoki, |tx| submit(tx, unit, first));
    town.act(aoki, |tx| retract(tx, unit));
    let again = town.act(aoki, |tx| submit(tx, unit, says("急ぎました")));
    assert_eq!(
        (again.number, &again.file_ids),
        (2, &first.file_ids),
        "nobody had looked at what was taken back"
    );

    town.act(town.checker, |tx| reviews::decide(tx, again.id, returned("typo")));
    for memo in ["", "急ぎました"] {
        let refused = town.attempt(aoki, |tx| submit(tx, unit, says(memo))).unwrap_err();
        assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("memo", Code::Unchanged));
    }
    assert_eq!(town.unit(unit).state, UnitState::Returned, "it waits as it did");
    let explained = town.act(aoki, |tx| submit(tx, unit, says("元の名刺のとおりです")));
    town.act(town.checker, |tx| reviews::decide(tx, explained.id, returned("typo")));
    let swapped = SubmitInput { file_ids: vec![better], dropped_file_ids: vec![table], ..says("") };
    assert_eq!(town.act(aoki, |tx| submit(tx, unit, swapped)).file_ids, [better]);
}
