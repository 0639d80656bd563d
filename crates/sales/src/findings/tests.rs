//! The verbs against a real database.

use kernel::{Code, Coded, Paging};

use super::*;
use crate::advice::{self, SessionInput};
use crate::testing::Bench;

fn slow() -> FindingInput {
    FindingInput { title: "見積が遅い".into(), ..FindingInput::default() }
}

#[test]
fn a_finding_is_open_until_it_is_settled_once() {
    let bench = Bench::new();
    let raised = bench.act(|tx| raise(tx, &slow())).unwrap();
    assert_eq!(bench.act(open_count).unwrap(), 1);
    let settled = bench.act(|tx| settle(tx, raised.id, raised.version)).unwrap();
    assert_eq!(settled.state.status(), FindingStatus::Settled);
    let twice = bench.act(|tx| settle(tx, raised.id, settled.version)).unwrap_err();
    assert_eq!(twice.code(), Code::Stale);
    let open = bench.act(|tx| list(tx, FindingStatus::Open, &Paging::first(9))).unwrap();
    assert!(open.items.is_empty());
    assert_eq!(bench.act(|tx| list(tx, FindingStatus::Settled, &Paging::first(9))).unwrap().items, [settled]);
}

#[test]
fn a_finding_of_a_session_is_decided_seen_to_settled_and_opened_again() {
    let bench = Bench::new();
    let session = SessionInput {
        held_on: "2026-11-20".into(),
        way: "on_site".into(),
        adviser: "アドバイザー 01".into(),
        asked: "営業".into(),
        ..SessionInput::default()
    };
    let session = bench.act(|tx| advice::plan(tx, &session)).unwrap().id;
    let whole = |owner: &str| FindingInput {
        kind: "process".into(),
        evidence: "10月の平均は3日".into(),
        owner_id: owner.into(),
        due_on: "2027-02-26".into(),
        session_id: session.to_string().into(),
        ..slow()
    };
    let owner = bench.colleague.to_string();
    let raised = bench.act(|tx| raise(tx, &whole(&owner))).unwrap();
    assert_eq!(bench.act(|tx| of_session(tx, session)).unwrap(), std::slice::from_ref(&raised));
    for (field, input) in [
        ("owner_id", whole("999999")),
        ("session_id", FindingInput { session_id: "999999".into(), ..whole(&owner) }),
    ] {
        let refused = bench.act(|tx| raise(tx, &input)).unwrap_err();
        assert_eq!(refused.fields()[0].field, field);
    }
    let nothing = bench.act(|tx| decide(tx, raised.id, 1, &DecisionInput::default())).unwrap_err();
    assert_eq!(nothing.fields()[0].field, "decision");
    let same_day = DecisionInput { decision: "定型の見積は当日に出す".into() };
    let decided = bench.act(|tx| decide(tx, raised.id, 1, &same_day)).unwrap();
    assert_eq!(decided.state.status(), FindingStatus::Decided);
    assert_eq!(decided.decided.as_ref().map(|one| one.decided_by), Some(bench.sales));
    assert_eq!(bench.act(open_count).unwrap(), 1, "what is decided is not settled");
    let moved = FindingInput { due_on: "2027-03-31".into(), ..FindingInput::from(&decided) };
    let moved = bench.act(|tx| correct(tx, raised.id, 2, &moved)).unwrap();
    assert_eq!(
        (moved.session_id, moved.owner_id),
        (Some(session), Some(bench.colleague)),
        "only its day moved"
    );
    let settled = bench.act(|tx| settle(tx, raised.id, 3)).unwrap();
    assert_eq!(settled.decided, decided.decided, "what was decided stays");
    let late = bench.act(|tx| correct(tx, raised.id, 4, &slow())).unwrap_err();
    assert_eq!(late.code(), Code::Stale);
    let again = bench.act(|tx| reopen(tx, raised.id, 4)).unwrap();
    assert_eq!((again.state.status(), again.decided), (FindingStatus::Open, None));
}
