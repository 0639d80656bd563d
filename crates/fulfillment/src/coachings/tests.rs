//! The rework cap and what comes after it, against a real database.

use diesel::prelude::*;
use kernel::{Code, Coded, Paging};

use super::*;
use crate::checks::{self, ChecksInput};
use crate::events::UnitReturned;
use crate::quality::{self, Quality, QualityInput};
use crate::reviews::{self, ReviewInput};
use crate::testing::{Town, changed_specification, returned};

#[test]
fn after_the_cap_somebody_sits_down_with_them_instead() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let goes_back = || {
        let version = town.hands_in(aoki, unit);
        town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("typo"))).coaching
    };
    assert_eq!([goes_back(), goes_back(), goes_back()], [false, false, true]);
    let told: Vec<bool> = town.facts::<UnitReturned>().iter().map(|one| one.coaching).collect();
    assert_eq!(told, [false, false, true]);
    let open = town.act(town.director, |tx| waiting(tx, &Paging::first(5))).items;
    assert_eq!((open.len(), open[0].coaching.person_id), (1, aoki));
    let id = open[0].coaching.id;
    let held = HeldInput { held_on: String::new().into(), note: "見本を並べて直しました".into() };
    let own = town.attempt(aoki, |tx| close(tx, id, &held)).unwrap_err();
    assert_eq!(own.code(), Code::OwnWork);
    let early = HeldInput { held_on: town.day(1).to_string().into(), ..held.clone() };
    let refused = town.attempt(town.director, |tx| close(tx, id, &early)).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::TooLate);
    let closed = town.act(town.director, |tx| close(tx, id, &held));
    assert_eq!((closed.held_on, closed.coach_id), (Some(town.day(0)), Some(town.director)));
    assert_eq!(town.attempt(town.director, |tx| close(tx, id, &held)).unwrap_err().code(), Code::Conflict);
    assert_eq!(town.act(town.director, count_open), 0);
    assert_eq!(town.act(aoki, |tx| notes(tx, unit))[0].note, held.note.as_str());
    let version = town.hands_in(aoki, unit);
    assert!(!town.passes(&version).coaching);
}

#[test]
fn the_jobs_cap_goes_before_the_towns_and_a_changed_specification_does_not_count() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    town.act(town.director, |tx| {
        quality::change(tx, &QualityInput::of(Quality { rework_cap: 5, ..Quality::default() }))
    });
    let capped = ChecksInput { based_on: "0".into(), rework_cap: "1".into(), ..ChecksInput::default() };
    town.act(town.director, |tx| checks::change(tx, job, &capped));
    let unit = town.claims(aoki, job, 1).units[0];
    let goes_back = |input: ReviewInput| {
        let version = town.hands_in(aoki, unit);
        town.act(town.checker, |tx| reviews::decide(tx, version.id, input)).coaching
    };
    assert!(!goes_back(changed_specification()), "no fault of theirs");
    assert!(!goes_back(returned("typo")));
    assert!(goes_back(returned("typo")));
}

#[test]
fn the_database_itself_refuses_a_return_without_end() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    for _ in 0..2 {
        let version = town.hands_in(aoki, unit);
        town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("typo")));
    }
    let version = town.hands_in(aoki, unit);
    let forced = town.attempt(town.checker, |tx| {
        let sql = format!(
            "INSERT INTO reviews (unit_id, submission_id, checker_id, verdict, reason, fault, comment, reviewed_at) \
             VALUES ({unit}, {}, {}, 'return', 'typo', 'worker', 'x', now())",
            version.id, town.checker
        );
        diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
    });
    assert!(forced.unwrap_err().violates("reviews_rework_cap"));
}
