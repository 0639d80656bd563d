//! Appeals against a real database.

use chrono::Duration;
use diesel::prelude::*;
use kernel::{Code, Coded, Paging, PersonId, UnitId, Yen};

use super::*;
use crate::jobs::{JobEditInput, JobInput};
use crate::reviews::{RemarkInput, ReviewInput, Verdict};
use crate::testing::{Town, returned};
use crate::{acceptance, defects};

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
    DecideAppealInput {
        outcome: outcome.into(),
        comment: "もう一度見ました".into(),
        ..DecideAppealInput::default()
    }
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
fn what_an_appeal_gives_is_what_was_agreed_whatever_else_is_corrected() {
    let town = Town::new();
    let (aoki, unit) = refused(&town);
    town.act(town.director, |tx| units::reoffer(tx, unit));
    let job = town.act(town.director, |tx| jobs::find(tx, town.unit(unit).job_id));
    let edits = |version, input| town.attempt(town.director, |tx| jobs::edit(tx, job.id, version, input));
    let asked_for = JobEditInput { pay_day: "28".into(), ..JobEditInput::of(&job) };
    for pay in ["300", "500"] {
        let other = JobEditInput { unit_pay: pay.into(), ..asked_for.clone() };
        let stands = edits(job.version, other).unwrap_err();
        let fields: Vec<_> = stands.fields().iter().map(|one| (one.field.as_str(), one.code)).collect();
        assert_eq!(fields, [("unit_pay", Code::WorkHeld), ("pay_day", Code::WorkHeld)], "Aoki accepted it");
    }
    let worded = JobEditInput { rules: "別のきまり".into(), ..JobEditInput::of(&job) };
    assert_eq!(edits(job.version, worded).unwrap().rules, "別のきまり", "how others do it may change");
    // Other pay is another job's.
    let instead =
        JobInput { unit_pay: "300".into(), in_place_of: job.id.to_string().into(), ..town.job_input(1) };
    town.act(town.director, |tx| jobs::split(tx, job.order_id, instead));
    assert_eq!(town.unit(unit).state, UnitState::Cancelled);
    let asked = asks(&town, aoki, unit);
    town.act(town.director, |tx| decide(tx, asked.id, &word("paid")));
    let earned = town.act(town.director, |tx| earnings::of_unit(tx, unit));
    let agreed = (Yen(400), job.pay_day);
    assert_eq!(earned.iter().map(|one| (one.amount, one.pay_day)).collect::<Vec<_>>(), [agreed]);
}

#[test]
fn a_client_reads_of_no_fault_that_an_appeal_removed_and_when_it_was_looked_at() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let version = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::begin(tx, version.id));
    let kind = town.act(town.checker, defects::kinds).remove(0);
    let remark = RemarkInput {
        kind_id: kind.id.to_string().into(),
        text: "読めません".into(),
        ..RemarkInput::default()
    };
    let reject = ReviewInput { verdict: "reject".into(), remarks: vec![remark], ..returned("unreadable") };
    town.act(town.checker, |tx| reviews::decide(tx, version.id, reject));
    town.wait(Duration::days(1));
    let asked = asks(&town, aoki, unit);
    let passed = town.act(town.director, |tx| decide(tx, asked.id, &word("passed")));
    let (_, secret) = town.delivers(town.unit(unit).order_id, &[unit]);
    let view = town.outside(|tx| acceptance::open_link(tx, &secret)).unwrap();
    let check = &view.units[0].check;
    assert_eq!((check.checked_at, check.by_different_people), (passed.decided_at, true));
    let counted: Vec<_> = view.inspection.faults.iter().map(|one| (one.found, one.left)).collect();
    assert_eq!(counted, [(0, 0); 3]);
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

/// A unit of Aoki's that the checker sent back through Aoki's fault.
fn sent_back(town: &Town) -> (PersonId, UnitId) {
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let version = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("rule_broken")));
    (aoki, unit)
}

#[test]
fn the_clock_of_a_return_stands_while_it_is_appealed_against() {
    let town = Town::new();
    let (aoki, unit) = sent_back(&town);
    let told = town.facts::<crate::events::UnitReturned>().remove(0);
    let shown = town.act(aoki, |tx| mine(tx, unit));
    assert_eq!(
        (shown.against, shown.may_appeal, told.appeal_by),
        (Verdict::Return, true, Some(shown.appeal_by))
    );
    town.wait(Duration::days(11));
    let asked = asks(&town, aoki, unit);
    assert!(town.act(aoki, |tx| claims::find_mine(tx, unit)).appealed);
    for refused in [
        town.attempt(aoki, |tx| claims::start(tx, unit)).unwrap_err().code(),
        town.attempt(aoki, |tx| {
            submissions::submit(tx, unit, submissions::SubmitInput { memo: "x".into(), ..Default::default() })
        })
        .unwrap_err()
        .code(),
    ] {
        assert_eq!(refused, Code::Appealed, "nothing is done again meanwhile");
    }
    // Days on which nothing is heard of them, and after the day it was due on.
    let late = || {
        let order = town.unit(unit).order_id;
        town.act(town.director, |tx| crate::orders::people(tx, order)).iter().map(|one| one.late).sum::<i64>()
    };
    for _ in 0..3 {
        town.wait(Duration::days(3));
        town.tends_claims();
        assert_eq!((town.unit(unit).state, late()), (UnitState::Returned, 0));
    }
    let upheld = town.act(town.director, |tx| decide(tx, asked.id, &word("upheld")));
    // Due on 15 May, appealed against on the 12th with three days left, decided on the 21st: a Thursday.
    assert_eq!(upheld.due_on, Some("2026-05-26".parse().unwrap()), "three business days at least");
    let back = town.act(aoki, |tx| claims::find_mine(tx, unit));
    assert_eq!(
        (back.state, back.work_due_on, back.appealed),
        (UnitState::Returned, upheld.due_on.unwrap(), false)
    );
    let told = town.facts::<AppealDecided>().remove(0);
    assert_eq!((told.against, told.due_on, told.unit_pay), (Verdict::Return, upheld.due_on, None));
    town.act(aoki, |tx| claims::start(tx, unit));
    let after = town.act(aoki, |tx| mine(tx, unit));
    assert!(!after.may_appeal && after.appeal.is_some(), "they read it still");
}

#[test]
fn a_return_that_was_wrong_lets_the_unit_pass_and_counts_as_none() {
    let town = Town::new();
    let (aoki, unit) = sent_back(&town);
    let received = town.day(0);
    let asked = asks(&town, aoki, unit);
    for (person, code) in [(town.checker, Code::SameReviewer), (aoki, Code::OwnWork)] {
        let refused = town.attempt(person, |tx| decide(tx, asked.id, &word("passed"))).unwrap_err();
        assert_eq!(refused.code(), code);
    }
    assert_eq!(
        town.attempt(town.director, |tx| decide(tx, asked.id, &word("paid"))).unwrap_err().code(),
        Code::Invalid,
        "it is still theirs to be passed or done again"
    );
    town.act(town.director, |tx| decide(tx, asked.id, &word("passed")));
    let now = town.unit(unit);
    assert_eq!((now.state, now.holder_id), (UnitState::Passed, Some(aoki)));
    let earned = town.act(town.director, |tx| earnings::of_unit(tx, unit));
    assert_eq!((earned.len(), earned[0].received_on), (1, received), "from its receipt");
    assert_eq!(town.act(aoki, |tx| reviews::returns_of(tx, unit, aoki)), 0);
    town.accepted(now.order_id, &[unit]);
    assert_eq!(town.unit(unit).state, UnitState::Accepted);
}

#[test]
fn what_was_not_agreed_is_a_line_of_its_own_paid_beside_the_unit() {
    let town = Town::new();
    let (aoki, unit) = sent_back(&town);
    let received = town.day(0);
    let asked = asks(&town, aoki, unit);
    let unpaid = town.attempt(town.director, |tx| decide(tx, asked.id, &word("changed"))).unwrap_err();
    assert_eq!(unpaid.fields()[0].field, "extra_pay");
    let changed = DecideAppealInput { extra_pay: "200".into(), ..word("changed") };
    let decided = town.act(town.director, |tx| decide(tx, asked.id, &changed));
    assert_eq!((decided.due_on, town.unit(unit).state), (Some(town.day(14)), UnitState::Returned));
    let told = town.facts::<AppealDecided>().remove(0);
    assert!(told.terms_notice.is_some(), "under terms of its own");
    let held = town.act(aoki, |tx| claims::find_mine(tx, unit));
    assert_eq!((held.extra_pay.len(), held.extra_pay[0].pay), (1, Yen(200)));
    town.wait(Duration::days(1));
    let again = town.hands_in(aoki, unit);
    town.passes(&again);
    let mut earned = town.act(town.director, |tx| earnings::of_unit(tx, unit));
    earned.sort_by_key(|one| one.received_on);
    let lines: Vec<_> = earned.iter().map(|one| (one.amount, one.received_on)).collect();
    assert_eq!(lines, [(Yen(400), received), (Yen(200), town.day(0))], "each from its own receipt");
    crate::interleavings::check_promises(&town);
}

#[test]
fn whoever_begins_again_has_taken_the_return_and_what_was_given_back_is_paid_at_most() {
    let town = Town::new();
    let (aoki, unit) = sent_back(&town);
    town.act(aoki, |tx| claims::start(tx, unit));
    let input = AppealInput { text: "見本のとおりです".into() };
    let late = town.attempt(aoki, |tx| appeal(tx, unit, &input)).unwrap_err();
    assert_eq!(late.code(), Code::Conflict);

    let town = Town::new();
    let (aoki, unit) = sent_back(&town);
    let asked = asks(&town, aoki, unit);
    town.act(aoki, |tx| claims::hand_back(tx, unit));
    let passes = town.attempt(town.director, |tx| decide(tx, asked.id, &word("passed"))).unwrap_err();
    assert_eq!(passes.code(), Code::Invalid, "others may have it");
    town.act(town.director, |tx| decide(tx, asked.id, &word("paid")));
    let earned = town.act(town.director, |tx| earnings::of_unit(tx, unit));
    assert_eq!((earned.len(), earned[0].person, earned[0].amount), (1, aoki, Yen(400)));
    let closed = town.act(town.director, |tx| units::closed_to(tx, town.unit(unit).job_id));
    assert_eq!(closed.get(&aoki), Some(&1), "nobody is paid twice");
}
