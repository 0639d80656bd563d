//! The verbs against a real database.

use kernel::{Code, Coded, Paging};

use super::*;
use crate::testing::Bench;

#[test]
fn a_finding_is_open_until_it_is_settled_once() {
    let bench = Bench::new();
    let input = FindingInput { title: "見積が遅い".into() };
    let raised = bench.act(|tx| raise(tx, &input)).unwrap();
    assert_eq!(bench.act(open_count).unwrap(), 1);
    let settled = bench.act(|tx| settle(tx, raised.id, raised.version)).unwrap();
    assert_eq!(settled.state.status(), FindingStatus::Settled);
    let twice = bench.act(|tx| settle(tx, raised.id, settled.version)).unwrap_err();
    assert_eq!(twice.code(), Code::Stale);
    let open = bench.act(|tx| list(tx, FindingStatus::Open, &Paging::first(9))).unwrap();
    assert!(open.items.is_empty());
    assert_eq!(bench.act(|tx| list(tx, FindingStatus::Settled, &Paging::first(9))).unwrap().items, [settled]);
}
