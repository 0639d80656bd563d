//! Units against a real database: pages, history, offering again, calling off.

use kernel::{Code, Coded, Paging};

use super::*;
use crate::events::UnitRejected;
use crate::reviews::ReviewInput;
use crate::testing::{Town, called_off, returned};
use crate::{reviews, submissions};

#[test]
fn a_units_history_is_every_move_with_who_and_why() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(worker, job.id, 1).units[0];
    let first = town.hands_in(worker, unit);
    town.act(town.checker, |tx| reviews::decide(tx, first.id, returned("typo")));
    let second = town.hands_in(worker, unit);
    town.passes(&second);
    let events = town.act(town.director, |tx| history(tx, unit));
    let moves: Vec<_> = events.iter().map(|event| event.to_state.as_str()).collect();
    assert_eq!(moves, ["draft", "offered", "claimed", "submitted", "returned", "submitted", "passed"]);
    assert_eq!((events[0].from_state, events[4].from_state), (None, Some(UnitState::Submitted)));
    assert_eq!(events[4].reason.as_deref(), Some("typo"));
    assert_eq!(events[4].actor, format!("person:{}", town.checker));
    assert_eq!(town.unit(unit).passed_basis, Some(PassedBasis::Reviewed));
}

#[test]
fn a_rejected_unit_is_offered_to_others_and_its_maker_stays_its_maker() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let version = town.hands_in(aoki, unit);
    let reject = ReviewInput { verdict: "reject".into(), ..returned("unreadable") };
    town.act(town.checker, |tx| reviews::decide(tx, version.id, reject));
    assert_eq!((town.unit(unit).state, town.facts::<UnitRejected>().len()), (UnitState::Rejected, 1));
    let again = town.act(town.director, |tx| reoffer(tx, unit));
    assert_eq!((again.state, again.holder_id), (UnitState::Offered, None));
    let twice = town.attempt(town.director, |tx| reoffer(tx, unit)).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    assert_eq!(town.claims(baba, job.id, 1).units, [unit]);
    let second = town.hands_in(baba, unit);
    assert_eq!(second.number, 2);
    let own = ReviewInput { verdict: "pass".into(), ..ReviewInput::default() };
    let refused = town.attempt(aoki, |tx| reviews::decide(tx, second.id, own)).unwrap_err();
    assert_eq!(refused.code(), Code::OwnWork, "the first version was Aoki's");
    assert_eq!(town.act(town.director, |tx| submissions::of_unit(tx, unit)).len(), 2);
}

#[test]
fn calling_off_what_nobody_holds_owes_nothing() {
    let town = Town::new();
    let job = town.job(town.order(1000).id, 2);
    let page = town.act(town.director, |tx| of_job(tx, job.id, UnitFilter::default(), &Paging::first(1)));
    let first = page.items[0].id;
    let unit = town.act(town.director, |tx| cancel(tx, first, called_off("town", "80")));
    assert_eq!((unit.state, unit.compensation.unwrap().0), (UnitState::Cancelled, 0));
    let next = Paging { after: page.next, limit: 1 };
    let page = town.act(town.director, |tx| of_job(tx, job.id, UnitFilter::default(), &next));
    assert_eq!((page.items[0].position, page.next), (2, None));
    let offered = UnitFilter { state: Some(UnitState::Offered) };
    let left = town.act(town.director, |tx| of_job(tx, job.id, offered, &Paging::first(5)));
    assert_eq!(left.items.len(), 1);
}
