//! Earnings against a real database: what stays earned, when it is paid, and that nothing is earned twice.

use chrono::Duration;
use diesel::prelude::*;
use kernel::{Paging, PersonId, UnitId, Yen};

use super::*;
use crate::acceptance::Answer;
use crate::appeals::{self, AppealInput, DecideAppealInput};
use crate::claims::{self, Mine, mine};
use crate::fixes::{self, FixInput};
use crate::hand_overs::{self, HandOverInput};
use crate::reviews::{self, ReviewInput};
use crate::testing::{Town, called_off, changed_specification, returned};
use crate::units;

fn earned(town: &Town, unit: UnitId) -> Vec<(PersonId, EarningKind, Yen)> {
    let all = town.act(town.director, |tx| of_unit(tx, unit));
    all.into_iter().map(|one| (one.person, one.kind, one.amount)).collect()
}

fn refused_for(fault: &str) -> ReviewInput {
    ReviewInput { verdict: "reject".into(), fault: fault.into(), ..returned("unreadable") }
}

/// One unit that passed and was delivered, and that the client wants mended.
fn asked(town: &Town, worker: PersonId) -> UnitId {
    let order = town.order_of(1000, 1).id;
    let unit = town.finishes(worker, town.job(order, 1).id, 1)[0];
    let (_, secret) = town.delivers(order, &[]);
    let code = town.code(&secret);
    let answer = town.answers(&secret, &code, &[(unit, "fix", "産地も書いてください")]).unwrap();
    assert!(matches!(answer, Answer::Taken(_)));
    unit
}

#[test]
fn a_mended_version_sent_back_moves_no_pay_day() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    town.wait(Duration::days(28));
    let unit = asked(&town, worker);
    let paid = || {
        let all = town.act(town.director, |tx| of_unit(tx, unit));
        all.iter().map(|one| (one.kind, one.pay_on())).collect::<Vec<_>>()
    };
    let before = paid();
    assert_eq!(before.len(), 1);
    town.mends(unit);
    let mended = town.hands_in(worker, unit);
    town.act(town.checker, |tx| reviews::decide(tx, mended.id, returned("typo")));
    town.wait(Duration::days(40));
    let seen = town.act(worker, |tx| mine(tx, Mine::ToDo, &Paging::first(5))).items.remove(0);
    assert_eq!(vec![(EarningKind::Unit, seen.pay_on)], before, "its worker sees the same day");
    let last = town.hands_in(worker, unit);
    town.passes(&last);
    assert_eq!(paid(), before);
}

#[test]
fn what_was_received_stays_earned_whatever_becomes_of_the_unit() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let whole = vec![(aoki, EarningKind::Unit, Yen(400))];
    // Mended by others.
    let unit = asked(&town, aoki);
    let others = FixInput { mender: "others".into(), ..town.fix_input("specification", "") };
    town.act(town.director, |tx| fixes::decide(tx, unit, others));
    assert_eq!(earned(&town, unit), whole);
    // Given back, or taken back, after a fix was asked for.
    for back in [true, false] {
        let unit = asked(&town, aoki);
        town.mends(unit);
        if back {
            town.act(aoki, |tx| claims::hand_back(tx, unit));
        } else {
            town.act(town.director, |tx| claims::take_back(tx, unit, claims::TakeBackInput::default()));
        }
        assert_eq!(earned(&town, unit), whole);
    }
    // Sent back or refused because the specification changed, then called off at nothing.
    for verdict in ["return", "reject"] {
        let unit = town.claims(aoki, town.job(town.order(1000).id, 1).id, 1).units[0];
        let version = town.hands_in(aoki, unit);
        let input = ReviewInput { verdict: verdict.into(), ..refused_for("specification") };
        town.act(town.checker, |tx| reviews::decide(tx, version.id, input));
        town.act(town.director, |tx| units::cancel(tx, unit, called_off("client", "0")));
        assert_eq!((earned(&town, unit), town.unit(unit).compensation), (whole.clone(), Some(Yen(400))));
    }
}

#[test]
fn what_was_sent_back_through_the_makers_own_fault_earns_only_the_agreed_share() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let units = town.claims(aoki, town.job(town.order(1000).id, 4).id, 4).units;
    let version = town.hands_in(aoki, units[0]);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("typo")));
    town.act(town.director, |tx| units::cancel(tx, units[0], called_off("client", "30")));
    assert_eq!(earned(&town, units[0]), [(aoki, EarningKind::Compensation, Yen(120))]);
    town.hands_in(aoki, units[1]);
    town.act(town.director, |tx| units::cancel(tx, units[1], called_off("worker", "50")));
    assert_eq!(earned(&town, units[1]), [(aoki, EarningKind::Compensation, Yen(200))]);
    let version = town.hands_in(aoki, units[2]);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, refused_for("worker")));
    town.act(town.director, |tx| units::cancel(tx, units[2], called_off("client", "100")));
    assert_eq!(earned(&town, units[2]), [], "it was refused, and the refusal stands");
    town.act(aoki, |tx| claims::hand_back(tx, units[3]));
    assert_eq!(earned(&town, units[3]), [], "nothing was handed in");
}

#[test]
fn a_paid_fix_called_off_under_way_earns_its_share_beside_the_unit() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = asked(&town, aoki);
    let paid = town.fix_input("specification", "300");
    town.act(town.director, |tx| fixes::decide(tx, unit, paid));
    town.act(town.director, |tx| units::cancel(tx, unit, called_off("client", "50")));
    let expected = [(aoki, EarningKind::Unit, Yen(400)), (aoki, EarningKind::Compensation, Yen(150))];
    assert_eq!((earned(&town, unit), town.unit(unit).compensation), (expected.to_vec(), Some(Yen(550))));
    let on = town.act(aoki, |tx| days_from(tx, None));
    let total: i64 = on.0.values().map(|day| day.earned.0).sum();
    let units: i64 = on.0.values().map(|day| day.earned_units).sum();
    assert_eq!((total, units), (550, 1), "the fix is paid beside a unit that is counted already");
}

/// What waits for the town's word by its pay day.
fn waits(town: &Town) -> Vec<(chrono::NaiveDate, i64, Yen)> {
    let days = town.act(town.director, unchecked_days);
    days.into_iter().map(|day| (day.pay_on, day.units, day.amount)).collect()
}

#[test]
fn what_the_town_has_to_look_at_is_what_its_workers_expect() {
    let town = Town::new();
    let [aoki, baba, chiba] = ["Aoki", "Baba", "Chiba"].map(|name| town.worker(name).0);
    let mended = asked(&town, aoki);
    let paid = town.fix_input("specification", "300");
    town.act(town.director, |tx| fixes::decide(tx, mended, paid));
    assert_eq!(waits(&town), [], "nothing is received of it");
    town.hands_in(aoki, mended);
    let on: chrono::NaiveDate = "2026-06-25".parse().unwrap();
    assert_eq!(waits(&town), [(on, 1, Yen(300))], "the unit's own pay is certain");
    let job = town.job(town.order_of(1000, 4).id, 4).id;
    let units = town.claims(baba, job, 2).units;
    town.act(baba, |tx| claims::start(tx, units[0]));
    let part =
        HandOverInput { tenths: "6".into(), result_text: "60件まで".into(), ..HandOverInput::default() };
    town.act(baba, |tx| hand_overs::hand_over(tx, units[0], part));
    town.hands_in(baba, units[1]);
    let unit = town.claims(chiba, job, 1).units[0];
    let version = town.hands_in(chiba, unit);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, refused_for("worker")));
    let before = waits(&town);
    let again = AppealInput { text: "見本のとおりです".into() };
    let made = town.act(chiba, |tx| appeals::appeal(tx, unit, &again));
    assert_eq!((before, waits(&town)), (vec![(on, 3, Yen(940))], vec![(on, 4, Yen(1_340))]));
    let expected = |person| town.act(town.director, |tx| days_of(tx, person, None)).0[&on].unchecked;
    assert_eq!([aoki, baba, chiba].map(expected).into_iter().sum::<Yen>(), Yen(1_340));
    town.wait(Duration::days(45));
    town.act(town.director, crate::statements::warn);
    let told = town.facts::<crate::statements::events::PaymentsNear>().pop().unwrap();
    assert_eq!((told.pay_on, told.unchecked, told.unchecked_units), (on, Yen(1_340), 4));
    let word =
        DecideAppealInput { outcome: "upheld".into(), comment: "x".into(), ..DecideAppealInput::default() };
    town.act(town.director, |tx| appeals::decide(tx, made.id, &word));
    assert_eq!(waits(&town), [(on, 3, Yen(940))]);
}

/// What a person expects by its pay day.
fn expects(town: &Town, person: PersonId) -> Vec<(chrono::NaiveDate, i64, Yen)> {
    let days = town.act(town.director, |tx| days_of(tx, person, None)).0.into_iter();
    let waits = days.filter(|(_, day)| day.unchecked != Yen::ZERO);
    waits.map(|(on, day)| (on, day.unchecked_units, day.unchecked)).collect()
}

/// Refuses a version through its maker's fault, who appeals against it.
fn refused_and_appealed(town: &Town, version: &crate::submissions::Submission) -> appeals::MyAppeal {
    town.act(town.checker, |tx| reviews::decide(tx, version.id, refused_for("worker")));
    let again = AppealInput { text: "見本のとおりです".into() };
    town.act(version.maker_id, |tx| appeals::appeal(tx, version.unit_id, &again))
}

fn decided(town: &Town, appeal: &appeals::MyAppeal, outcome: &str) {
    let word = DecideAppealInput {
        outcome: outcome.into(),
        comment: "見直しました".into(),
        ..DecideAppealInput::default()
    };
    town.act(town.director, |tx| appeals::decide(tx, appeal.id, &word));
}

#[test]
fn a_fix_that_was_refused_is_paid_when_its_appeal_is_won() {
    for outcome in ["passed", "paid", "upheld"] {
        let town = Town::new();
        let (aoki, _) = town.worker("Aoki");
        let unit = asked(&town, aoki);
        let paid = town.fix_input("specification", "300");
        town.act(town.director, |tx| fixes::decide(tx, unit, paid));
        town.wait(Duration::days(1));
        let (version, received) = (town.hands_in(aoki, unit), town.day(0));
        let made = refused_and_appealed(&town, &version);
        let on: chrono::NaiveDate = "2026-06-25".parse().unwrap();
        assert_eq!((waits(&town), expects(&town, aoki)), (vec![(on, 1, Yen(300))], vec![(on, 0, Yen(300))]));
        decided(&town, &made, outcome);
        let own = (aoki, EarningKind::Unit, Yen(400));
        if outcome == "upheld" {
            assert_eq!(earned(&town, unit), [own]);
            continue;
        }
        assert_eq!(earned(&town, unit), [own, (aoki, EarningKind::Fix, Yen(300))], "{outcome}");
        let fix = town.act(town.director, |tx| of_unit(tx, unit)).pop().unwrap();
        assert_eq!((fix.received_on, fix.pay_on()), (received, on));
        assert_eq!((waits(&town), expects(&town, aoki)), (vec![], vec![]));
        if outcome == "passed" {
            town.accepted(town.unit(unit).order_id, &[unit]);
            assert_eq!(earned(&town, unit).len(), 2, "and once");
        }
    }
}

#[test]
fn what_an_appeal_would_give_is_what_it_gives() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    // The 29th of May; the second version comes in June.
    town.wait(Duration::days(28));
    let unit = town.claims(aoki, town.job(town.order(1000).id, 1).id, 1).units[0];
    let first = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::decide(tx, first.id, changed_specification()));
    town.wait(Duration::days(4));
    let made = refused_and_appealed(&town, &town.hands_in(aoki, unit));
    let shown = waits(&town);
    let of_may: chrono::NaiveDate = "2026-06-25".parse().unwrap();
    assert_eq!(
        shown.iter().map(|(_, units, amount)| (*units, *amount)).collect::<Vec<_>>(),
        [(1, Yen(400)), (0, Yen(200))]
    );
    assert_eq!(
        shown[0].0, of_may,
        "its first version was received in May, and nobody sent it back for a fault"
    );
    assert_eq!(expects(&town, aoki), shown);
    decided(&town, &made, "paid");
    let given = town.act(town.director, |tx| of_unit(tx, unit));
    let given: Vec<_> = given.iter().map(|one| (one.pay_on(), one.amount)).collect();
    assert_eq!(given, shown.iter().map(|(on, _, amount)| (*on, *amount)).collect::<Vec<_>>());
}

#[test]
fn a_unit_with_two_paid_fixes_is_to_be_looked_at_once() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = asked(&town, aoki);
    let paid = town.fix_input("specification", "300");
    town.act(town.director, |tx| fixes::decide(tx, unit, paid));
    let second = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::decide(tx, second.id, changed_specification()));
    let third = town.hands_in(aoki, unit);
    let on: chrono::NaiveDate = "2026-06-25".parse().unwrap();
    assert_eq!((waits(&town), expects(&town, aoki)), (vec![(on, 1, Yen(500))], vec![(on, 0, Yen(500))]));
    let made = refused_and_appealed(&town, &third);
    assert_eq!((waits(&town), expects(&town, aoki)), (vec![(on, 1, Yen(500))], vec![(on, 0, Yen(500))]));
    decided(&town, &made, "passed");
    let fixes = [(aoki, EarningKind::Fix, Yen(300)), (aoki, EarningKind::Fix, Yen(200))];
    assert_eq!(earned(&town, unit)[1..], fixes);
}

#[test]
fn nobody_elses_fault_takes_what_an_appeal_gives() {
    let town = Town::new();
    let [aoki, baba] = ["Aoki", "Baba"].map(|name| town.worker(name).0);
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let version = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, refused_for("worker")));
    town.act(town.director, |tx| units::reoffer(tx, unit));
    town.claims(baba, job, 1);
    let theirs = town.hands_in(baba, unit);
    town.act(town.checker, |tx| reviews::decide(tx, theirs.id, returned("typo")));
    let again = AppealInput { text: "見本のとおりです".into() };
    let made = town.act(aoki, |tx| appeals::appeal(tx, unit, &again));
    assert_eq!(expects(&town, aoki).iter().map(|(.., amount)| *amount).sum::<Yen>(), Yen(400));
    decided(&town, &made, "paid");
    assert_eq!(earned(&town, unit), [(aoki, EarningKind::Unit, Yen(400))]);
}

#[test]
fn whoever_earned_a_unit_or_was_refused_it_is_not_offered_it_again() {
    let town = Town::new();
    let (aoki, aoki_worker) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let version = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, refused_for("worker")));
    town.act(town.director, |tx| units::reoffer(tx, unit));
    let offers = |person, worker| {
        town.act(person, |tx| crate::offers::fitting(tx, worker, &Paging::first(5))).items.len()
    };
    let (baba, baba_worker) = town.worker("Baba");
    town.act(town.director, |tx| crate::jobs::offer(tx, job.id));
    assert_eq!((offers(aoki, aoki_worker), offers(baba, baba_worker)), (0, 1));
    let again = town.informed(aoki, job.id, 1);
    assert!(town.attempt(aoki, |tx| claims::claim(tx, job.id, again)).is_err());
}

#[test]
fn a_new_holder_of_a_mended_unit_expects_nothing_before_handing_in() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let unit = asked(&town, aoki);
    let (baba, _) = town.worker("Baba");
    let others = FixInput { mender: "others".into(), ..town.fix_input("worker", "") };
    town.act(town.director, |tx| fixes::decide(tx, unit, others));
    town.claims(baba, town.unit(unit).job_id, 1);
    let days = || town.act(baba, |tx| days_from(tx, None)).0;
    assert!(days().is_empty());
    let version = town.hands_in(baba, unit);
    let sums = |days: std::collections::BTreeMap<_, DayOfPay>| {
        days.into_values().map(|day| (day.earned.0, day.unchecked.0)).collect::<Vec<_>>()
    };
    assert_eq!(sums(days()), [(0, 400)]);
    town.passes(&version);
    assert_eq!(sums(days()), [(400, 0)]);
    assert_eq!(earned(&town, unit).len(), 2, "both made a version that passed");
}

#[test]
fn only_what_is_paid_from_a_day_on_is_read_when_asked_for() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    town.finishes(aoki, town.job(town.order(1000).id, 1).id, 1);
    let all = || town.act(aoki, |tx| days_from(tx, None)).0;
    let coming = |days| town.act(aoki, |tx| days_from(tx, Some(town.day(days)))).0;
    assert_eq!((coming(0), all().len()), (all(), 1));
    let paid_on = *all().keys().next().unwrap();
    town.wait(Duration::days((paid_on - town.day(0)).num_days()));
    assert_eq!(coming(0).len(), 1, "on its day");
    assert_eq!(coming(1).len(), 0);
}

/// What the migration finds in what happened before it is what the program writes while it happens.
#[test]
fn the_migration_earns_what_the_program_earns() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let mended = asked(&town, aoki);
    let paid = town.fix_input("specification", "300");
    town.act(town.director, |tx| fixes::decide(tx, mended, paid));
    town.wait(Duration::days(20));
    let sent_back = town.hands_in(aoki, mended);
    town.act(town.checker, |tx| reviews::decide(tx, sent_back.id, returned("typo")));
    town.wait(Duration::days(20));
    town.passes(&town.hands_in(aoki, mended));
    let units = town.claims(baba, town.job(town.order(1000).id, 3).id, 3).units;
    let version = town.hands_in(baba, units[0]);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("typo")));
    town.wait(Duration::days(1));
    town.passes(&town.hands_in(baba, units[0]));
    town.act(town.director, |tx| units::cancel(tx, units[1], called_off("client", "50")));
    let written = rows(&town);
    assert_eq!(written.len(), 4);
    let mut owner = town.db.owner();
    diesel::sql_query("DELETE FROM earnings").execute(&mut owner).unwrap();
    let migration = include_str!("../../../../migrations/2026-11-26-024000_earnings/up.sql");
    let (from, to) =
        (migration.find("-- What has been earned").unwrap(), migration.find("-- A later day").unwrap());
    diesel::connection::SimpleConnection::batch_execute(&mut owner, &migration[from..to]).unwrap();
    assert_eq!(rows(&town), written);
}

type Row = (i64, i64, String, Option<i64>, i64, i64, chrono::NaiveDate, i16);

fn rows(town: &Town) -> Vec<Row> {
    use crate::schema::earnings::dsl::*;
    let all = earnings.select((
        unit_id,
        person_id,
        kind,
        fix_decision_id,
        terms_notice_id,
        amount,
        received_on,
        pay_day,
    ));
    let mut all: Vec<Row> = all.load(&mut town.db.owner()).unwrap();
    all.sort();
    all
}

#[test]
fn a_towns_pay_days_are_the_sum_of_what_each_person_is_paid() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order_of(6000, 6).id;
    let job = town.job(order, 3).id;
    town.finishes(aoki, job, 2);
    town.finishes(baba, job, 1);
    town.wait(Duration::days(35));
    let later = town.job(order, 1).id;
    town.finishes(aoki, later, 1);
    let totals = town.act(town.director, |tx| pay_days(tx, None));
    assert_eq!(totals.iter().map(|day| (day.people, day.units)).collect::<Vec<_>>(), [(2, 3), (1, 1)]);
    for total in &totals {
        let people = town.act(town.director, |tx| paid_on(tx, total.on));
        let (units, amount) = (
            people.iter().map(|one| one.units).sum::<i64>(),
            people.iter().map(|one| one.amount).sum::<Yen>(),
        );
        assert_eq!(
            (i64::try_from(people.len()).unwrap(), units, amount),
            (total.people, total.units, total.amount)
        );
        for one in people {
            let own = town.act(town.director, |tx| days_of(tx, one.person, None));
            assert_eq!((own.0[&total.on].earned, own.0[&total.on].earned_units), (one.amount, one.units));
        }
    }
    let later = town.act(town.director, |tx| pay_days(tx, Some(totals[1].on)));
    assert_eq!(later, totals[1..]);
}

#[test]
fn the_lines_of_a_pay_day_add_up_to_it_and_page_by_key() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 4).id;
    let done = town.finishes(worker, job, 3);
    let days = town.act(worker, |tx| days_from(tx, None)).0;
    let (on, day) = days.first_key_value().unwrap();
    let page = |paging: &Paging<PayLineKey>| town.act(worker, |tx| lines(tx, Some(*on), paging));
    let first = page(&Paging::first(2));
    let rest = page(&Paging { after: first.next, ..Paging::first(2) });
    let all: Vec<_> = first.items.into_iter().chain(rest.items).collect();
    assert_eq!(all.iter().map(|line| line.unit).collect::<Vec<_>>(), done);
    assert_eq!(all.iter().map(|line| line.amount.0).sum::<i64>(), day.earned.0);
    assert!(all.iter().all(|line| line.pay_on == *on && line.is_held) && rest.next.is_none());
    let other_day = on.succ_opt();
    assert!(town.act(worker, |tx| lines(tx, other_day, &Paging::first(9))).items.is_empty());
    let (stranger, _) = town.worker("Baba");
    assert!(town.act(stranger, |tx| lines(tx, None, &Paging::first(9))).items.is_empty());
}
