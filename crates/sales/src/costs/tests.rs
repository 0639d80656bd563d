//! The verbs against a real database.

use kernel::Yen;

use super::*;
use crate::quotes;
use crate::testing::{Bench, quote_of};

fn rates(based_on: &str, hourly: &str) -> CostRatesInput {
    CostRatesInput {
        based_on: based_on.into(),
        hourly_yen: hourly.into(),
        check_percent: "15".into(),
        redo_percent: "5".into(),
        fixed_yen: "2000".into(),
        margin_percent: "20".into(),
        source: "県の最低賃金を目安にした仮定".into(),
        as_of: "2026-10-01".into(),
    }
}

#[test]
fn rates_are_versions_and_whoever_read_an_older_one_is_told() {
    let bench = Bench::new();
    assert_eq!(bench.act(standing).unwrap(), None);
    let first = bench.act(|tx| assume(tx, &rates("", "1100"))).unwrap();
    assert_eq!((first.version, first.hourly_yen), (1, Yen(1_100)));
    assert_eq!(bench.act(|tx| assume(tx, &rates("0", "900"))).unwrap_err().code(), Code::Stale);
    bench.act(|tx| assume(tx, &rates("1", "1200"))).unwrap();
    let versions: Vec<i32> = bench.act(history).unwrap().iter().map(|rates| rates.version).collect();
    assert_eq!(versions, [2, 1]);
    let refused = bench.act(|tx| assume(tx, &CostRatesInput::default())).unwrap_err();
    let fields: Vec<&str> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["hourly_yen", "source", "as_of"]);
    let tomorrow = CostRatesInput { as_of: "2030-01-01".into(), ..rates("2", "1200") };
    assert_eq!(bench.act(|tx| assume(tx, &tomorrow)).unwrap_err().fields()[0].code, Code::TooLate);
}

#[test]
fn whoever_sells_below_the_floor_says_why() {
    let bench = Bench::new();
    let deal = bench.open("名刺").id;
    bench.act(|tx| assume(tx, &rates("0", "1100"))).unwrap();
    let with =
        |price, reason: &str| quotes::QuoteInput { floor_reason: reason.into(), ..quote_of(&[(100, price)]) };
    for silent in ["", " 　"] {
        let refused = bench.issue(deal, with(50, silent)).unwrap_err();
        let problem = &refused.fields()[0];
        assert_eq!((problem.field.as_str(), problem.code), ("floor_reason", Code::Required));
    }
    bench.issue(deal, with(50, "はじめてのお客さまのため")).unwrap();
    bench.issue(deal, with(500, "")).unwrap();
}

#[test]
fn what_a_quote_was_reckoned_to_cost_stays() {
    let bench = Bench::new();
    let deal = bench.open("名刺").id;
    let before = bench.quote(deal, 10);
    assert_eq!(bench.act(|tx| of_quote(tx, before.id)).unwrap(), None, "nothing was assumed yet");
    bench.act(|tx| assume(tx, &rates("0", "1100"))).unwrap();
    let input = quotes::QuoteInput {
        floor_reason: "はじめてのお客さまのため".into(),
        ..quote_of(&[(100, 50)])
    };
    let quote = bench.issue(deal, input).unwrap();
    let kept = bench.act(|tx| of_quote(tx, quote.id)).unwrap().unwrap();
    assert_eq!((kept.minutes, kept.cost, kept.floor_price), (360, Yen(8_600), Yen(10_750)));
    assert_eq!(
        (kept.margin(quote.subtotal), kept.reason.as_str()),
        ((Yen(-3_600), Some(-720)), "はじめてのお客さまのため")
    );
    bench.act(|tx| assume(tx, &rates("1", "3000"))).unwrap();
    assert_eq!(bench.act(|tx| of_quote(tx, quote.id)).unwrap().unwrap(), kept);
    let input = quotes::QuoteInput { floor_reason: "要らない理由".into(), ..quote_of(&[(100, 500)]) };
    let costly = bench.issue(deal, input).unwrap();
    let kept = bench.act(|tx| of_quote(tx, costly.id)).unwrap().unwrap();
    assert_eq!(
        (kept.rates_version, kept.reason.as_str()),
        (2, ""),
        "above the floor there is nothing to explain"
    );
}
