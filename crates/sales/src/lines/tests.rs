//! Lines against a real database.

use kernel::{Code, Coded, Yen};

use super::*;
use crate::deals::{DealEventKind, DealInput};
use crate::testing::Bench;

fn lines(of: &[(i64, i64)]) -> LinesInput {
    let line = |(quantity, unit_price): &(i64, i64)| LineInput {
        job_kind: "名刺の入力".into(),
        quantity: quantity.to_string().into(),
        unit_price: unit_price.to_string().into(),
        unit_minutes: "2".into(),
    };
    LinesInput { lines: of.iter().map(line).collect(), ..LinesInput::default() }
}

fn worth(bench: &Bench, deal: DealId) -> (Yen, AmountBasis) {
    let deal = bench.deal(deal);
    (deal.amount, deal.amount_basis)
}

#[test]
fn the_amount_is_the_sum_of_the_lines_until_somebody_says_otherwise() {
    let bench = Bench::new();
    let deal = bench.open("名刺").id;
    bench.act(|tx| set(tx, deal, 1, &lines(&[(1000, 30), (5, 200)]))).unwrap();
    assert_eq!(worth(&bench, deal), (Yen(31_000), AmountBasis::Lines));
    let stored = bench.act(|tx| of_deal(tx, deal)).unwrap();
    assert_eq!((stored.lines.len(), stored.total, stored.minutes), (2, Yen(31_000), 2_010));
    let by_hand = LinesInput { amount: "30000".into(), ..lines(&[(1000, 30), (5, 200)]) };
    bench.act(|tx| set(tx, deal, 2, &by_hand)).unwrap();
    assert_eq!(worth(&bench, deal), (Yen(30_000), AmountBasis::Hand));
    bench.act(|tx| set(tx, deal, 3, &lines(&[(10, 30)]))).unwrap();
    assert_eq!(worth(&bench, deal), (Yen(300), AmountBasis::Lines));
    let typed = DealInput { amount: "500".into(), ..bench.input("名刺") };
    bench.act(|tx| deals::correct(tx, deal, 4, typed)).unwrap();
    assert_eq!(worth(&bench, deal), (Yen(500), AmountBasis::Hand), "typed over");
    bench.act(|tx| set(tx, deal, 5, &lines(&[]))).unwrap();
    assert_eq!(worth(&bench, deal), (Yen(500), AmountBasis::Hand), "no lines say nothing of the amount");
    assert!(bench.act(|tx| of_deal(tx, deal)).unwrap().lines.is_empty());
    let events = bench.act(|tx| deals::history(tx, deal)).unwrap();
    let revalued = events.iter().filter(|event| event.kind == DealEventKind::Revalued).count();
    assert_eq!(revalued, 4, "each change of the amount is remembered");
}

#[test]
fn while_a_quote_stands_the_amount_is_the_quotes() {
    let bench = Bench::new();
    let deal = bench.open("名刺").id;
    bench.quote(deal, 10);
    assert_eq!(worth(&bench, deal), (Yen(1_950), AmountBasis::Quote));
    bench.act(|tx| set(tx, deal, 2, &lines(&[(1, 1)]))).unwrap();
    assert_eq!(worth(&bench, deal), (Yen(1_950), AmountBasis::Quote));
    let by_hand = LinesInput { amount: "1".into(), ..lines(&[]) };
    let refused = bench.act(|tx| set(tx, deal, 3, &by_hand)).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("amount", Code::QuoteStands));
}

#[test]
fn lines_are_set_on_what_was_read_and_only_while_the_deal_is_open() {
    let bench = Bench::new();
    let deal = bench.open("名刺").id;
    bench.act(|tx| set(tx, deal, 1, &lines(&[(1, 1)]))).unwrap();
    assert_eq!(bench.act(|tx| set(tx, deal, 1, &lines(&[(2, 2)]))).unwrap_err().code(), Code::Stale);
    bench.act(|tx| deals::sleep(tx, deal, 2)).unwrap();
    assert_eq!(bench.act(|tx| set(tx, deal, 3, &lines(&[(2, 2)]))).unwrap_err().code(), Code::DealNotOpen);
    assert_eq!(bench.act(|tx| of_deal(tx, deal)).unwrap().total, Yen(1), "nothing was written");
}
