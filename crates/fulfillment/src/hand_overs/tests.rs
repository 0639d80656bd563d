//! Hand-overs against a real database: the share, the pack, and who may do what with it.

use std::sync::Barrier;

use chrono::Duration;
use kernel::{Code, Coded, Paging, Yen};

use super::*;
use crate::claims::{hand_back, start};
use crate::earnings::of_unit as earned;
use crate::reviews;
use crate::submissions::{SubmitInput, submit};
use crate::testing::{Town, changed_specification, returned};
use crate::units::{self, UnitState};

fn part(tenths: &str, text: &str) -> HandOverInput {
    HandOverInput { tenths: tenths.into(), result_text: text.into(), ..HandOverInput::default() }
}

fn decided(tenths: &str, reason: &str) -> DecideInput {
    DecideInput { tenths: tenths.into(), reason: reason.into() }
}

#[test]
fn a_part_is_paid_once_by_its_share_and_the_next_person_sees_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(100_000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    town.act(aoki, |tx| start(tx, unit));
    let file = town.file(aoki);
    let input =
        HandOverInput { file_ids: vec![file], memo: "61件目から".into(), ..part("6", "60件まで") };
    let made = town.act(aoki, |tx| hand_over(tx, unit, input));
    assert_eq!((made.tenths, made.unit_pay, made.file_ids.clone()), (6, Yen(400), vec![file]));
    let told = town.act(town.director, |tx| units::history(tx, unit)).pop().unwrap();
    assert_eq!((told.to_state, told.reason.as_deref()), (UnitState::Offered, Some(HANDED_OVER)));
    let waiting = town.act(town.director, |tx| open(tx, &Paging::first(10))).items;
    assert_eq!((waiting.len(), waiting[0].part.id, town.act(town.director, count_open)), (1, made.id, 1));
    let mine = town.act(aoki, |tx| waiting_of(tx, aoki));
    assert_eq!(mine.iter().map(|one| one.part.id).collect::<Vec<_>>(), [made.id]);
    assert!(town.act(baba, |tx| waiting_of(tx, baba)).is_empty());
    let expected = || town.act(aoki, |tx| earnings::days_from(tx, None)).0.remove(&made.pay_on());
    let before = expected().unwrap();
    assert_eq!((before.unchecked, before.unchecked_units, before.earned), (Yen(240), 1, Yen(0)));
    assert!(!town.act(baba, |tx| is_packed(tx, file, baba)), "not before it is theirs");
    town.claims(baba, job, 1);
    let pack = town.act(baba, |tx| pack_of(tx, unit)).unwrap();
    assert_eq!((pack.result_text.as_str(), pack.memo.as_str()), ("60件まで", "61件目から"));
    assert!(town.act(baba, |tx| is_packed(tx, file, baba)));
    town.wait(Duration::days(40));
    town.act(town.director, |tx| decide(tx, made.id, &decided("6", "")));
    let lines = town.act(aoki, |tx| earned(tx, unit));
    assert_eq!(
        (lines.len(), lines[0].person, lines[0].kind, lines[0].amount),
        (1, aoki, EarningKind::Share, Yen(240))
    );
    assert_eq!(
        lines[0].received_on,
        "2026-05-01".parse().unwrap(),
        "counted from the receipt, whenever it is decided"
    );
    let after = expected().unwrap();
    assert_eq!((after.unchecked, after.earned), (Yen(0), Yen(240)), "what is decided waits no longer");
    assert!(town.act(aoki, |tx| waiting_of(tx, aoki)).is_empty());
    let again = town.attempt(town.director, |tx| decide(tx, made.id, &decided("10", ""))).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
    let told = &town.facts::<HandOverDecided>()[0];
    assert_eq!((told.person, told.tenths, told.amount), (aoki, 6, Yen(240)));
    let version = town.hands_in(baba, unit);
    town.passes(&version);
    let lines = town.act(baba, |tx| earned(tx, unit));
    assert_eq!(
        lines.iter().map(|line| line.amount.0).collect::<Vec<_>>(),
        [240, 400],
        "whoever finishes has the whole pay"
    );
}

#[test]
fn less_than_proposed_needs_a_reason_and_nothing_is_no_line() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    for (tenths, text) in [("0", "x"), ("10", "x"), ("", "x"), ("5", "")] {
        assert!(town.attempt(aoki, |tx| hand_over(tx, unit, part(tenths, text))).is_err(), "{tenths} {text}");
    }
    let made = town.act(aoki, |tx| hand_over(tx, unit, part("5", "半分")));
    let unsaid = town.attempt(town.director, |tx| decide(tx, made.id, &decided("2", ""))).unwrap_err();
    assert_eq!((unsaid.fields()[0].field.as_str(), unsaid.fields()[0].code), ("reason", Code::Required));
    town.act(town.director, |tx| decide(tx, made.id, &decided("0", "ほかの仕事のファイルでした")));
    assert!(town.act(aoki, |tx| earned(tx, unit)).is_empty());
    assert_eq!(town.facts::<HandOverDecided>()[0].reason, "ほかの仕事のファイルでした");
}

#[test]
fn whoever_made_a_part_neither_takes_the_unit_again_nor_checks_or_decides_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(100_000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let made = town.act(aoki, |tx| hand_over(tx, unit, part("5", "半分")));
    let own = town.attempt(aoki, |tx| decide(tx, made.id, &decided("5", ""))).unwrap_err();
    assert_eq!(own.code(), Code::OwnWork);
    let input = town.informed(aoki, job, 1);
    assert!(town.attempt(aoki, |tx| claims::claim(tx, job, input)).is_err(), "nobody is paid one and a half");
    town.claims(baba, job, 1);
    let version = town.hands_in(baba, unit);
    let checked = town.attempt(aoki, |tx| reviews::decide(tx, version.id, returned("typo"))).unwrap_err();
    assert_eq!(checked.code(), Code::OwnWork);
    assert_eq!(town.act(aoki, |tx| reviews::waiting(tx, &Paging::first(10))).items, [], "nor is it shown it");
    assert_eq!(town.act(aoki, reviews::waiting_count), 0);
    assert_eq!(town.act(aoki, |tx| reviews::next(tx, version.id)), None);
}

#[test]
fn what_is_earned_whole_has_no_share_and_handing_back_without_a_part_stays_as_it_was() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 2).id;
    let units = town.claims(aoki, job, 2).units;
    let version = town.hands_in(aoki, units[0]);
    let changed = changed_specification();
    town.act(town.checker, |tx| reviews::decide(tx, version.id, changed));
    let refused = town.attempt(aoki, |tx| hand_over(tx, units[0], part("5", "半分"))).unwrap_err();
    assert_eq!((refused.code(), town.unit(units[0]).holder_id), (Code::Conflict, Some(aoki)));
    town.act(aoki, |tx| hand_back(tx, units[0]));
    assert_eq!(town.act(aoki, |tx| earned(tx, units[0]))[0].amount, Yen(400));
    town.act(aoki, |tx| hand_back(tx, units[1]));
    assert_eq!((town.act(town.director, count_open), town.facts::<UnitHandedOver>().len()), (0, 0));
}

#[test]
fn two_decisions_at_once_pay_one_share() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 20).id;
    let units = town.claims(aoki, job, 20).units;
    let gate = Barrier::new(2);
    for unit in units {
        let made = town.act(aoki, |tx| hand_over(tx, unit, part("3", "少し")));
        let decides = |person| {
            gate.wait();
            town.attempt(person, |tx| decide(tx, made.id, &decided("3", ""))).is_ok()
        };
        let both = std::thread::scope(|scope| {
            let first = scope.spawn(|| decides(town.director));
            let second = scope.spawn(|| decides(town.checker));
            [first.join().unwrap(), second.join().unwrap()]
        });
        assert_eq!(both.iter().filter(|decided| **decided).count(), 1);
        assert_eq!(town.act(aoki, |tx| earned(tx, unit)).len(), 1);
    }
}

#[test]
fn a_draft_goes_with_the_part_it_became() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let file = town.file(aoki);
    let draft = drafts::DraftInput {
        result_text: "書きかけ".into(),
        file_ids: vec![file],
        draft_version: "0".into(),
        ..drafts::DraftInput::default()
    };
    town.act(aoki, |tx| drafts::save(tx, unit, &draft));
    let input = HandOverInput { draft_version: "1".into(), ..part("4", "ここまで") };
    let made = town.act(aoki, |tx| hand_over(tx, unit, input));
    assert_eq!(made.file_ids, [file]);
    assert_eq!(town.act(aoki, |tx| drafts::find(tx, unit)), None);
    let late = SubmitInput { result_text: "ぜんぶ".into(), ..SubmitInput::default() };
    assert!(town.attempt(aoki, |tx| submit(tx, unit, late)).is_err());
}
