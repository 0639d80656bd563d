//! The verbs against a real database.

use accounts::Role;
use kernel::{Code, Coded};

use super::*;
use crate::testing::Bench;

#[test]
fn an_address_that_was_replaced_or_ended_opens_nothing() {
    let bench = Bench::new();
    let (_, first) = bench.act(renew).unwrap();
    assert_eq!(bench.act(|tx| open(tx, &first)).unwrap(), bench.sales);
    assert!(bench.act(|tx| of(tx, bench.sales)).unwrap().unwrap().read_at.is_some());
    let (_, second) = bench.act(renew).unwrap();
    assert_eq!(bench.act(|tx| open(tx, &first)).unwrap_err().code(), Code::LinkGone);
    assert_eq!(bench.act(|tx| open(tx, &second)).unwrap(), bench.sales);
    assert!(bench.act(|tx| of(tx, bench.sales)).unwrap().unwrap().read_at.is_some());
    bench.act(end).unwrap();
    assert_eq!(bench.act(|tx| open(tx, &second)).unwrap_err().code(), Code::LinkGone);
    assert_eq!(bench.act(|tx| of(tx, bench.sales)).unwrap(), None);
}

#[test]
fn an_address_read_without_pause_makes_its_reader_wait() {
    let bench = Bench::new();
    let (_, secret) = bench.act(renew).unwrap();
    for _ in 0..30 {
        bench.act(|tx| open(tx, &secret)).unwrap();
    }
    assert_eq!(bench.act(|tx| open(tx, &secret)).unwrap_err().code(), Code::TooManyTries);
    bench.at("2026-11-22T05:10:00Z");
    assert_eq!(bench.act(|tx| open(tx, &secret)).unwrap(), bench.sales);
}

#[test]
fn nobody_reads_the_calendar_of_somebody_who_no_longer_sells() {
    let bench = Bench::new();
    let renewed = || bench.db.acting(bench.town, bench.colleague, renew).unwrap().1;
    let secret = renewed();
    let set = |roles: &[Role]| {
        let roles = roles.iter().copied().collect();
        bench.act(|tx| persons::set_roles(tx, bench.colleague, &roles)).unwrap()
    };
    let worker = set(&[Role::Worker]);
    assert_eq!(bench.act(|tx| open(tx, &secret)).unwrap_err().code(), Code::LinkGone);
    bench.act(|tx| end_unless_selling(tx, &worker)).unwrap();
    let seller = set(&[Role::Worker, Role::Sales]);
    assert_eq!(bench.act(|tx| open(tx, &secret)).unwrap_err().code(), Code::LinkGone, "it stays ended");
    let secret = renewed();
    bench.act(|tx| end_unless_selling(tx, &seller)).unwrap();
    assert_eq!(bench.act(|tx| open(tx, &secret)).unwrap(), bench.colleague);
    bench.act(|tx| persons::disable(tx, bench.colleague)).unwrap();
    assert_eq!(bench.act(|tx| open(tx, &secret)).unwrap_err().code(), Code::LinkGone);
    bench.act(|tx| end_of(tx, bench.colleague)).unwrap();
    assert_eq!(bench.act(|tx| of(tx, bench.colleague)).unwrap(), None);
}

#[test]
fn of_two_addresses_asked_for_at_once_the_second_stands() {
    let bench = Bench::new();
    let (first, second) = std::thread::scope(|threads| {
        let renews = || bench.act(renew);
        let (first, running) = bench
            .act(|tx| -> Result<_, DbError> {
                let (_, first) = renew(tx)?;
                Ok((first, bench.db.meanwhile(threads, renews)))
            })
            .unwrap();
        (first, running.join().unwrap())
    });
    let (_, second) = second.expect("nobody is refused");
    assert_eq!(bench.act(|tx| open(tx, &first)).unwrap_err().code(), Code::LinkGone);
    assert_eq!(bench.act(|tx| open(tx, &second)).unwrap(), bench.sales);
}
