//! Checks against a real database.

use kernel::{Code, Coded, Paging};

use super::*;
use crate::testing::Town;

fn input(based_on: i32, items: &str) -> ChecksInput {
    ChecksInput { based_on: based_on.to_string().into(), items: items.into(), ..ChecksInput::default() }
}

#[test]
fn each_wording_stays_and_nobodys_is_replaced_unread() {
    let town = Town::new();
    let job = town.job(town.order(1000).id, 1).id;
    let cap = || town.act(town.director, |tx| newest(tx, job).and_then(|now| rework_cap(tx, now.as_ref())));
    assert_eq!(town.act(town.director, |tx| newest(tx, job)), None);
    assert_eq!(cap(), 2, "the town's value");
    let first = town.act(town.director, |tx| change(tx, job, &input(0, "見出し\n空らん")));
    assert_eq!((first.number, first.items.len()), (1, 2));
    let blind = town.attempt(town.checker, |tx| change(tx, job, &input(0, "別のもの"))).unwrap_err();
    assert_eq!(blind.code(), Code::Stale);
    let same = town.act(town.checker, |tx| change(tx, job, &input(1, "見出し\n空らん")));
    assert_eq!(same, first, "nothing changed");
    let capped = ChecksInput { rework_cap: "4".into(), ..input(1, "見出し") };
    let second = town.act(town.checker, |tx| change(tx, job, &capped));
    assert_eq!((second.number, second.changed_by), (2, town.checker));
    assert_eq!(cap(), 4);
    let all = town.act(town.director, |tx| of_job(tx, job, &Paging::first(1)));
    assert_eq!((all.items, all.next), (vec![second], Some(ChecksKey(2))));
    assert_eq!(town.act(town.director, |tx| find(tx, job, 1)), first);
}
