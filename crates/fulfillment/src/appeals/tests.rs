//! Appeals against a real database.

use chrono::Duration;
use diesel::prelude::*;
use kernel::{Code, Coded, Paging, PersonId, UnitId, Yen};

use super::*;
use crate::reviews::ReviewInput;
use crate::testing::{Town, returned};

/// A unit of Aoki's that the checker refused through Aoki's fault.
fn refused(town: &Town) -> (PersonId, UnitId) {
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let version = town.hands_in(aoki, unit);
    let reject = ReviewInput { verdict: "reject".into(), ..returned("unreadable") };
    town.act(town.checker, |tx| reviews::decide(tx, version.id, reject));
    (aoki, unit)
}

fn asks(town: &Town, person: PersonId, unit: UnitId) -> MyAppeal {
    let input = AppealInput { text: "開けました".into() };
    town.act(person, |tx| appeal(tx, unit, &input))
}

fn word(outcome: &str) -> DecideAppealInput {
    DecideAppealInput { outcome: outcome.into(), comment: "もう一度見ました".into() }
}

#[test]
fn an_appeal_is_decided_by_other_eyes() {
    let town = Town::new();
    let (aoki, unit) = refused(&town);
    let (baba, _) = town.worker("Baba");
    let input = AppealInput { text: "開けました".into() };
    let others = town.attempt(baba, |tx| appeal(tx, unit, &input)).unwrap_err();
    assert_eq!(others.code(), Code::NotFound, "nothing of theirs was refused");
    let asked = asks(&town, aoki, unit);
    assert_eq!(town.attempt(aoki, |tx| appeal(tx, unit, &input)).unwrap_err().code(), Code::Conflict, "once");
    let told = town.facts::<AppealMade>().remove(0);
    assert_eq!((told.person, told.first_checker, told.decide_by), (aoki, town.checker, asked.decide_by));
    let decides = |person| town.attempt(person, |tx| decide(tx, asked.id, &word("paid")));
    assert_eq!(decides(town.checker).unwrap_err().code(), Code::SameReviewer);
    assert_eq!(decides(aoki).unwrap_err().code(), Code::OwnWork);
    for person in [town.checker, aoki] {
        let forced = town.attempt(town.director, |tx| {
            let sql = format!(
                "UPDATE review_appeals SET outcome = 'upheld', decided_by = {person}, comment = 'x', decided_at = now()"
            );
            diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
        });
        assert!(forced.unwrap_err().violates("review_appeals_other_eyes"), "{person}");
    }
    assert_eq!(decides(town.director).unwrap().decided_by, Some(town.director));
    assert_eq!(decides(town.director).unwrap_err().code(), Code::Conflict, "once");
    assert_eq!(town.act(town.director, count_open), 0);
}

#[test]
fn whoever_upheld_a_refusal_does_not_make_the_unit_then() {
    let town = Town::new();
    let (aoki, unit) = refused(&town);
    let (upholder, _) = town.worker("Baba");
    let asked = asks(&town, aoki, unit);
    town.act(upholder, |tx| decide(tx, asked.id, &word("upheld")));
    town.act(town.director, |tx| units::reoffer(tx, unit));
    let job = town.unit(unit).job_id;
    let closed = town.act(town.director, |tx| units::closed_to(tx, job));
    assert_eq!(closed.get(&upholder), Some(&1));
}

#[test]
fn what_passes_on_appeal_is_paid_from_its_receipt_and_goes_out() {
    let town = Town::new();
    let (aoki, unit) = refused(&town);
    let received = town.day(0);
    town.wait(Duration::days(1));
    let asked = asks(&town, aoki, unit);
    let waiting = town.act(aoki, |tx| earnings::days_from(tx, None));
    let expected: Vec<_> = waiting.0.values().map(|day| (day.unchecked, day.earned)).collect();
    assert_eq!(expected, [(Yen(400), Yen(0))], "kept until it is decided");
    let passed = town.act(town.director, |tx| decide(tx, asked.id, &word("passed")));
    assert_eq!(passed.outcome, Some(AppealOutcome::Passed));
    let now = town.unit(unit);
    assert_eq!((now.state, now.holder_id), (UnitState::Passed, Some(aoki)));
    let earned = town.act(town.director, |tx| earnings::of_unit(tx, unit));
    assert_eq!((earned.len(), earned[0].amount, earned[0].received_on), (1, Yen(400), received));
    let told = town.facts::<AppealDecided>().remove(0);
    assert_eq!((told.unit_pay, told.pay_on), (Some(Yen(400)), Some(earned[0].pay_on())));
    town.accepted(now.order_id, &[unit]);
    assert_eq!(town.unit(unit).state, UnitState::Accepted);
}

#[test]
fn a_refusal_that_stands_pays_nothing_and_one_without_fault_pays_the_unit() {
    for (outcome, pays) in [("upheld", 0), ("paid", 400)] {
        let town = Town::new();
        let (aoki, unit) = refused(&town);
        let asked = asks(&town, aoki, unit);
        let early = town.attempt(town.director, |tx| units::reoffer(tx, unit)).unwrap_err();
        assert_eq!(early.code(), Code::Appealed, "it does not go to others meanwhile");
        town.act(town.director, |tx| decide(tx, asked.id, &word(outcome)));
        assert_eq!(town.unit(unit).state, UnitState::Rejected);
        let earned = town.act(town.director, |tx| earnings::of_unit(tx, unit));
        assert_eq!(earned.iter().map(|one| one.amount.0).sum::<i64>(), pays, "{outcome}");
        town.act(town.director, |tx| units::reoffer(tx, unit));
        let after = town.act(aoki, |tx| mine(tx, unit));
        assert_eq!(after.appeal.unwrap().outcome.unwrap().as_str(), outcome, "they read it still");
    }
}

#[test]
fn what_others_went_on_with_is_paid_and_does_not_pass_any_more() {
    let town = Town::new();
    let (aoki, unit) = refused(&town);
    town.act(town.director, |tx| units::reoffer(tx, unit));
    let asked = asks(&town, aoki, unit);
    let late = town.attempt(town.director, |tx| decide(tx, asked.id, &word("passed"))).unwrap_err();
    assert_eq!(late.code(), Code::Conflict);
    town.act(town.director, |tx| decide(tx, asked.id, &word("paid")));
    let earned = town.act(town.director, |tx| earnings::of_unit(tx, unit));
    assert_eq!((earned.len(), earned[0].person, earned[0].amount), (1, aoki, Yen(400)));
}

#[test]
fn days_are_business_days_and_the_last_one_counts() {
    let town = Town::new();
    let (aoki, unit) = refused(&town);
    // Refused on Friday 1 May 2026; 3 to 6 May are holidays.
    let refusal = town.act(aoki, |tx| mine(tx, unit));
    assert_eq!(refusal.appeal_by, "2026-05-13".parse().unwrap());
    // What the town says later moves no day that was told.
    let shorter = quality::QualityInput {
        appeal_days: "1".into(),
        ..quality::QualityInput::of(quality::Quality::default())
    };
    town.act(town.director, |tx| quality::change(tx, &shorter));
    assert_eq!(town.act(aoki, |tx| mine(tx, unit)).appeal_by, refusal.appeal_by);
    town.act(town.director, |tx| {
        quality::change(tx, &quality::QualityInput::of(quality::Quality::default()))
    });
    town.wait(Duration::days(12));
    let asked = asks(&town, aoki, unit);
    assert_eq!(asked.decide_by, "2026-05-20".parse().unwrap());
    let open = town.act(town.director, |tx| waiting(tx, &Paging::first(5))).items;
    assert_eq!((open.len(), open[0].first_checker), (1, town.checker));

    let town = Town::new();
    let (aoki, unit) = refused(&town);
    town.wait(Duration::days(13));
    let input = AppealInput { text: "開けました".into() };
    let late = town.attempt(aoki, |tx| appeal(tx, unit, &input)).unwrap_err();
    assert_eq!(late.code(), Code::AppealOver);
}
