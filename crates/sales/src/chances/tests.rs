//! Reading chances from a real database.

use super::*;
use crate::deals::{self, LoseInput};
use crate::testing::Bench;

fn lost(bench: &Bench, title: &str) {
    let deal = bench.open(title);
    let input = LoseInput { reason: "price".into(), ..LoseInput::default() };
    bench.act(|tx| deals::lose(tx, deal.id, deal.version, input)).unwrap();
}

#[test]
fn with_few_decided_deals_nothing_is_said() {
    let bench = Bench::new();
    let open = bench.open("名刺の入力");
    for count in 0..LEAST - 1 {
        if count == 1 {
            bench.at("2026-11-23T05:00:00Z");
        }
        if count % 3 == 0 {
            bench.won("受注", 100);
        } else {
            lost(&bench, "失注");
        }
    }
    let thin = bench.act(|tx| of_one(tx, open.id)).unwrap();
    assert_eq!((thin.hundredths, thin.factors.len(), thin.decided.won + thin.decided.lost), (None, 0, 29));
    assert_eq!(thin.stage_percent, 10, "what the stage says is said all the same");
    lost(&bench, "失注");
    let told = bench.act(|tx| of_one(tx, open.id)).unwrap();
    assert_eq!((told.decided, told.of_every_pipeline), (Count { won: 10, lost: 20 }, false));
    // The company had ordered before all of them but the first, a day earlier.
    let client = told.factors.iter().find(|factor| factor.variable == Variable::Client).unwrap();
    assert_eq!(
        (client.value.as_str(), client.count, client.lifts),
        ("returning", Count { won: 9, lost: 20 }, false)
    );
    assert!(told.hundredths.is_some_and(|share| share < 3_334), "{told:?}");
    assert_eq!(
        (told.at_stage, thin.at_stage),
        (Some(told.decided), None),
        "all of them came as far as the first"
    );
}

#[test]
fn one_lost_deal_says_nothing_of_losing() {
    let bench = Bench::new();
    let open = bench.open("名刺の入力");
    for _ in 0..LEAST {
        bench.won("受注", 100);
    }
    for count in 1..=LEAST_OF_EACH {
        let told = bench.act(|tx| of_one(tx, open.id)).unwrap();
        assert_eq!((told.hundredths, told.factors.len()), (None, 0), "{:?}", told.decided);
        assert_eq!(told.decided.lost, count - 1);
        lost(&bench, "失注");
    }
    let told = bench.act(|tx| of_one(tx, open.id)).unwrap();
    assert!(told.hundredths.is_some());
    assert!(told.factors.iter().all(|factor| factor.count.won + factor.count.lost >= LEAST_ALIKE));
}

#[test]
fn an_order_that_was_entered_directly_says_nothing_of_selling() {
    let bench = Bench::new();
    bench.won("受注", 10);
    let before = bench.act(|tx| of_one(tx, bench.open("次").id)).unwrap().decided;
    let owner = &mut bench.db.owner();
    diesel::RunQueryDsl::execute(
        diesel::sql_query("UPDATE deals SET direct_source = 'phone' WHERE state = 'won'"),
        owner,
    )
    .unwrap();
    let after = bench.act(|tx| of_one(tx, bench.open("次").id)).unwrap().decided;
    assert_eq!((before.won, after.won), (1, 0));
}
