//! The verbs against a real database.

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
fn nobody_reads_the_calendar_of_somebody_who_may_not_sign_in_any_more() {
    let bench = Bench::new();
    let (_, secret) = bench.db.acting(bench.town, bench.colleague, renew).unwrap();
    bench.act(|tx| persons::disable(tx, bench.colleague)).unwrap();
    assert_eq!(bench.act(|tx| open(tx, &secret)).unwrap_err().code(), Code::LinkGone);
}
