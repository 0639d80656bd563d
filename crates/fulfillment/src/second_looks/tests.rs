//! Second looks against a real database.

use chrono::Duration;
use diesel::prelude::*;
use kernel::{Code, Coded, Paging, PersonId, UnitId};

use super::*;
use crate::quality::QualityInput;
use crate::testing::{Town, changed_specification, returned};
use crate::units::UnitState;

/// A town that gives so many of a hundred verdicts twice, with a worker and some units of theirs.
fn town(percent: &str, units: usize) -> (Town, PersonId, Vec<UnitId>) {
    let town = Town::new();
    let input =
        QualityInput { second_look_percent: percent.into(), ..QualityInput::of(quality::Quality::default()) };
    town.act(town.director, |tx| quality::change(tx, &input));
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order_of(8000, 80).id, units).id;
    let units = town.claims(aoki, job, i64::try_from(units).unwrap()).units;
    (town, aoki, units)
}

fn open(town: &Town, person: PersonId) -> Vec<SecondLookId> {
    let page = town.act(person, |tx| waiting(tx, &Paging::first(50)));
    assert_eq!(town.act(person, count_open), i64::try_from(page.items.len()).unwrap());
    page.items.into_iter().map(|one| one.id).collect()
}

fn word(verdict: &str) -> SecondLookInput {
    SecondLookInput { verdict: verdict.into(), comment: "見ました".into() }
}

#[test]
fn another_reviewer_judges_without_knowing_and_only_once() {
    let (town, aoki, units) = town("100", 2);
    let version = town.hands_in(aoki, units[0]);
    town.passes(&version);
    assert_eq!(
        (open(&town, town.checker), open(&town, aoki)),
        (Vec::new(), Vec::new()),
        "neither judge nor maker"
    );
    let id = open(&town, town.director)[0];
    let shown = town.act(town.director, |tx| find(tx, id));
    assert_eq!((shown.submission_id, shown.result_text.as_str()), (version.id, "出来ました"));
    assert!(town.attempt(town.checker, |tx| find(tx, id)).is_err());
    for (person, code) in [(town.checker, Code::SameReviewer), (aoki, Code::OwnWork)] {
        let refused = town.attempt(person, |tx| say(tx, id, &word("pass"))).unwrap_err();
        assert_eq!(refused.code(), code);
        let forced = town.attempt(person, |tx| {
            let sql = format!(
                "UPDATE second_looks SET looker_id = {}, is_good = true, looked_at = now()",
                person.0
            );
            diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
        });
        assert!(forced.unwrap_err().violates("second_looks_other_eyes"));
    }
    let said = town.act(town.director, |tx| say(tx, id, &word("fail")));
    assert_eq!((said.looker_id, said.is_good), (Some(town.director), Some(false)));
    assert_eq!(town.unit(units[0]).state, UnitState::Passed, "it changes nothing of the unit");
    let again = town.attempt(town.director, |tx| say(tx, id, &word("pass"))).unwrap_err();
    assert_eq!((again.code(), open(&town, town.director)), (Code::Conflict, Vec::new()));
    let known = town.act(town.director, agreement);
    assert_eq!((known.counts.only_first, known.counts.count(), known.counts.alike()), (1, 1, 0));
}

#[test]
fn verdicts_fall_together_in_a_table_and_old_ones_are_left() {
    let (town, aoki, units) = town("100", 4);
    for (unit, second) in units.iter().zip(["pass", "pass", "fail"]) {
        let version = town.hands_in(aoki, *unit);
        if second == "fail" {
            town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("typo")));
        } else {
            town.passes(&version);
        }
        let id = open(&town, town.director)[0];
        town.act(town.director, |tx| say(tx, id, &word(second)));
    }
    let known = town.act(town.director, agreement);
    assert_eq!((known.counts.both_good, known.counts.both_bad), (2, 1));
    assert!(known.kappa.is_some_and(|kappa| kappa.low < 0.5 && kappa.value > 0.99), "{known:?}");
    let version = town.hands_in(aoki, units[3]);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, changed_specification()));
    assert_eq!(open(&town, town.director), [], "a changed specification says nothing of the work");
    let again = town.hands_in(aoki, units[3]);
    town.passes(&again);
    assert_eq!(open(&town, town.director).len(), 1);
    town.wait(Duration::days(31));
    assert_eq!(open(&town, town.director), [], "what nobody looked at for a month is left");
    town.wait(Duration::days(365));
    assert_eq!(town.act(town.director, agreement).counts.count(), 0);
}

#[test]
fn a_town_that_wants_none_has_none() {
    let (town, aoki, units) = town("0", 10);
    for unit in units {
        let version = town.hands_in(aoki, unit);
        town.passes(&version);
    }
    assert_eq!(open(&town, town.director), []);
}
