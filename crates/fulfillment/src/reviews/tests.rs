//! Reviews against a real database: four eyes, one verdict per version, the newest version only.

mod findings;
mod levels;

use db::DbError;
use diesel::prelude::*;
use kernel::{AssignmentId, Code, Coded, JobId, Paging, PersonId, UnitId};

use super::*;
use crate::events::{UnitPassed, UnitReturned};
use crate::offers;
use crate::orders::{self, OpenOrder};
use crate::testing::{Town, changed_specification, returned};
use crate::units::UnitState;

fn pass() -> ReviewInput {
    ReviewInput { verdict: "pass".into(), ..ReviewInput::default() }
}

#[test]
fn a_return_goes_to_its_holder_and_a_pass_ends_the_review() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(worker, job.id, 1).units[0];
    let first = town.hands_in(worker, unit);
    town.act(town.checker, |tx| begin(tx, first.id));
    assert_eq!(town.unit(unit).state, UnitState::Checking);
    town.act(town.checker, |tx| decide(tx, first.id, returned("wrong_format")));
    let back = town.unit(unit);
    assert_eq!((back.state, back.holder_id), (UnitState::Returned, Some(worker)));
    let told = town.facts::<UnitReturned>().remove(0);
    assert_eq!((told.due_on, told.job_title.as_str()), (town.day(14), "回答の入力"));
    assert_eq!((told.reason, told.fault, told.person), (ReviewReason::WrongFormat, Fault::Worker, worker));
    let second = town.hands_in(worker, unit);
    let old = town.attempt(town.checker, |tx| decide(tx, first.id, pass())).unwrap_err();
    assert_eq!(old.code(), Code::Stale, "the first version is no longer the one");
    town.act(town.checker, |tx| decide(tx, second.id, pass()));
    assert_eq!((town.unit(unit).state, town.facts::<UnitPassed>().len()), (UnitState::Passed, 1));
    let told = town.facts::<UnitPassed>().remove(0);
    assert_eq!((told.unit_pay.0, told.pay_on, told.person), (400, "2026-06-25".parse().unwrap(), worker));
    let again = town.attempt(town.director, |tx| decide(tx, second.id, pass())).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
}

#[test]
fn what_comes_back_on_its_day_has_three_business_days() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(worker, job.id, 1).units[0];
    // Its day is Friday, 15 May 2026.
    town.wait(chrono::Duration::days(14));
    let first = town.hands_in(worker, unit);
    town.act(town.checker, |tx| decide(tx, first.id, returned("wrong_format")));
    let told = town.facts::<UnitReturned>().remove(0);
    assert_eq!((told.due_on, town.unit(unit).due_on), (town.day(5), Some(town.day(5))));
    assert_eq!(told.due_on, "2026-05-20".parse().unwrap());
}

#[test]
fn nobody_checks_a_unit_of_which_they_made_any_version() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let first = town.hands_in(aoki, unit);
    let own = town.attempt(aoki, |tx| decide(tx, first.id, pass())).unwrap_err();
    assert_eq!(own.code(), Code::OwnWork);
    assert_eq!(town.attempt(aoki, |tx| begin(tx, first.id)).unwrap_err().code(), Code::OwnWork);
    town.act(town.checker, |tx| decide(tx, first.id, returned("typo")));
    town.act(aoki, |tx| claims::hand_back(tx, unit));
    town.claims(baba, job.id, 1);
    let second = town.hands_in(baba, unit);
    let earlier = town.attempt(aoki, |tx| decide(tx, second.id, pass())).unwrap_err();
    assert_eq!(earlier.code(), Code::OwnWork, "another version was theirs");
    assert_eq!(town.unit(unit).state, UnitState::Submitted);
}

#[test]
fn whoever_sent_work_back_does_not_get_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, worker) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let version = town.hands_in(aoki, unit);
    town.act(baba, |tx| decide(tx, version.id, returned("typo")));
    town.act(aoki, |tx| claims::hand_back(tx, unit));
    let cards = town.act(baba, |tx| offers::fitting(tx, worker, &Paging::first(5)));
    assert!(cards.items.is_empty());
    let input = town.informed(baba, job.id, 1);
    let refused = town.attempt(baba, |tx| claims::claim(tx, job.id, input)).unwrap_err();
    assert_eq!(refused.code(), Code::UnitTaken);
    assert_eq!(town.claims(aoki, job.id, 1).units, [unit]);
}

#[test]
fn the_database_itself_refuses_a_makers_review() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let version = town.hands_in(aoki, unit);
    let forced = town.attempt(aoki, |tx| {
        let sql = format!(
            "INSERT INTO reviews (unit_id, submission_id, checker_id, verdict, reviewed_at) \
             VALUES ({unit}, {}, {aoki}, 'pass', now())",
            version.id
        );
        diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
    });
    let error = forced.unwrap_err();
    assert!(error.violates("reviews_four_eyes"));
    assert_eq!(ReviewError::from(error).code(), Code::OwnWork);
}

#[test]
fn the_queue_holds_what_the_acting_person_may_check_by_the_clients_day_and_then_oldest_first() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 3);
    let first = town.claims(aoki, job.id, 2).units;
    let second = town.claims(baba, job.id, 1).units;
    let versions = [
        town.hands_in(aoki, first[0]).id,
        town.hands_in(baba, second[0]).id,
        town.hands_in(aoki, first[1]).id,
    ];
    let seen = |person| -> Vec<_> {
        let page = town.act(person, |tx| waiting(tx, &Paging::first(10)));
        page.items.into_iter().map(|row| row.submission).collect()
    };
    assert_eq!(seen(town.checker), versions);
    assert_eq!(seen(aoki), [versions[1]]);
    let page = town.act(town.checker, |tx| waiting(tx, &Paging::first(2)));
    let rest = Paging { after: page.next, limit: 2 };
    let page = town.act(town.checker, |tx| waiting(tx, &rest));
    assert_eq!((page.items[0].submission, page.next), (versions[2], None));
    town.act(town.checker, |tx| decide(tx, versions[0], pass()));
    assert_eq!(seen(town.director), versions[1..]);
    let sooner = town.act(town.director, |tx| {
        orders::open_from_deal(tx, OpenOrder { due_on: town.day(20), ..town.won(1000) })
    });
    town.act(town.director, |tx| orders::start(tx, sooner.id));
    let urgent = town.claims(baba, town.job(sooner.id, 1).id, 1).units[0];
    let urgent = town.hands_in(baba, urgent).id;
    assert_eq!(seen(town.director), [urgent, versions[1], versions[2]]);
    let page = town.act(town.checker, |tx| waiting(tx, &Paging::first(1)));
    let rest = town.act(town.checker, |tx| waiting(tx, &Paging { after: page.next, limit: 5 }));
    assert_eq!(rest.items.len(), 2, "the pages meet");
}

#[test]
fn a_maker_is_told_how_many_of_their_units_went_back_through_their_own_fault() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 3).id;
    let units = town.claims(aoki, job, 3).units;
    let since = chrono::DateTime::<chrono::Utc>::UNIX_EPOCH;
    let told = || town.act(aoki, |tx| sent_back_of(tx, aoki, since));
    assert_eq!(told(), (0, 0));
    for (unit, verdict) in [(units[0], returned("typo")), (units[1], changed_specification())] {
        let version = town.hands_in(aoki, unit);
        town.act(town.checker, |tx| decide(tx, version.id, verdict));
    }
    assert_eq!(told(), (2, 1), "a specification that changed is nobody's fault");
    let later = town.hands_in(aoki, units[2]);
    town.passes(&later);
    assert_eq!(told(), (3, 1));
}

#[test]
fn two_checkers_at_once_give_one_verdict() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 20);
    let units = town.claims(aoki, job.id, 20).units;
    for unit in units {
        let version = town.hands_in(aoki, unit);
        let verdicts = std::thread::scope(|scope| {
            let (town, id) = (&town, version.id);
            let both = [town.checker, town.director]
                .map(|person| scope.spawn(move || town.attempt(person, |tx| decide(tx, id, pass())).is_ok()));
            both.map(|thread| thread.join().unwrap())
        });
        assert!(verdicts[0] ^ verdicts[1]);
    }
}

#[test]
fn the_tables_hold_a_review_a_version_and_a_delivery_to_one_unit() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let (order, other) = (town.order(1000).id, town.order(1000).id);
    let job = town.job(order, 3).id;
    let (mine, theirs) = (town.claims(aoki, job, 1), town.claims(baba, job, 1));
    let version = town.hands_in(aoki, mine.units[0]);
    let (unit, foreign) = (mine.units[0], theirs.units[0]);
    let (held, foreign_held) = (mine.assignments[0], theirs.assignments[0]);
    let done = town.finishes(baba, town.job(other, 1).id, 1)[0];
    let (delivery, _) = town.delivers(other, &[done]);
    let review = |unit: UnitId| {
        format!(
            "INSERT INTO reviews (unit_id, submission_id, checker_id, verdict, reviewed_at) \
             VALUES ({unit}, {}, {}, 'pass', now())",
            version.id, town.director
        )
    };
    let made = |unit: UnitId, held: AssignmentId, maker: PersonId| {
        format!(
            "INSERT INTO submissions (unit_id, assignment_id, maker_id, number, memo, submitted_at) \
             VALUES ({unit}, {held}, {maker}, 9, 'x', now())"
        )
    };
    let told = "terms_notice_id, claimed_at, due_on, ended_at, end_kind";
    for (sql, rule) in [
        (review(foreign), "reviews_submission_of_their_unit"),
        (made(unit, foreign_held, aoki), "submissions_made_by_the_holder"),
        (made(unit, held, baba), "submissions_made_by_the_holder"),
        (
            format!(
                "INSERT INTO delivery_units VALUES ({}, {}, {unit}, {})",
                town.id, delivery.id, version.id
            ),
            "delivery_units_of_their_order",
        ),
        (
            format!("INSERT INTO units (order_id, job_id, position, label) VALUES ({other}, {job}, 9, 'x')"),
            "units_job_of_their_order",
        ),
        (
            format!(
                "INSERT INTO assignments (unit_id, worker_id, person_id, {told}) SELECT unit_id, \
                 (SELECT worker_id FROM assignments WHERE id = {foreign_held}), person_id, \
                 terms_notice_id, claimed_at, due_on, now(), 'handed_back' FROM assignments WHERE id = {held}"
            ),
            "assignments_terms_of_their_worker",
        ),
    ] {
        let refused = town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(&sql).execute(tx.conn())?;
            Ok(())
        });
        assert!(refused.as_ref().is_err_and(|error| error.violates(rule)), "{rule}: {refused:?}");
    }
    let stored = town.attempt(town.director, |tx| -> Result<(), DbError> {
        diesel::sql_query(review(unit)).execute(tx.conn())?;
        diesel::sql_query(made(unit, held, aoki)).execute(tx.conn())?;
        Ok(())
    });
    assert!(stored.is_ok(), "what belongs together is stored: {stored:?}");
}
