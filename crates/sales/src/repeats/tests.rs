//! Repeats against a real database.

use kernel::{Code, Coded};

use super::*;
use crate::deals::{AmountBasis, DealStatus};
use crate::lines::{LineInput, LinesInput};
use crate::quotes::QuoteStatus;
use crate::stages::StageInput;
use crate::testing::Bench;

fn again() -> SameAgainInput {
    SameAgainInput {
        next_action: "見積を送る".into(),
        next_action_on: "2026-12-01".into(),
        valid_until: "2026-12-31".into(),
        deliver_on: "2027-01-31".into(),
        ..SameAgainInput::default()
    }
}

#[test]
fn the_same_again_is_a_new_deal_with_its_lines_and_its_quote_and_new_dates() {
    let bench = Bench::new();
    let won = bench.won("名刺", 10);
    let events = bench.act(|tx| deals::history(tx, won.id)).unwrap();
    bench.at("2026-11-25T05:00:00Z");
    let deal = bench.act(|tx| same_again(tx, won.id, &again())).unwrap();
    assert_eq!((deal.state.status(), deal.repeats), (DealStatus::Open, Some(won.id)));
    assert_eq!(
        (deal.stage_id, deal.company_id, deal.contact_id),
        (bench.stage("接触"), won.company_id, won.contact_id)
    );
    assert_eq!(
        (deal.title.as_str(), deal.amount, deal.amount_basis),
        ("名刺", won.amount, AmountBasis::Quote)
    );
    let (old, new) = (
        bench.act(|tx| quotes::standing(tx, won.id)).unwrap().unwrap(),
        bench.act(|tx| quotes::standing(tx, deal.id)).unwrap().unwrap(),
    );
    assert_eq!((&new.lines, &new.terms, new.number), (&old.lines, &old.terms, 1));
    assert_eq!(
        (new.valid_until.to_string().as_str(), new.deliver_on.to_string().as_str()),
        ("2026-12-31", "2027-01-31")
    );
    assert_eq!(old.state.status(), QuoteStatus::Accepted);
    let lines = bench.act(|tx| lines::of_deal(tx, deal.id)).unwrap();
    assert_eq!((lines.lines.len(), lines.total), (1, won.amount), "of the quote, where the won one had none");
    assert_eq!(bench.act(|tx| deals::history(tx, won.id)).unwrap(), events, "nothing of the won one changed");
}

#[test]
fn a_deals_own_lines_are_repeated_where_it_has_some() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let line = LineInput {
        job_kind: "名刺の入力".into(),
        quantity: "7".into(),
        unit_price: "100".into(),
        unit_minutes: "3".into(),
    };
    let input = LinesInput { lines: vec![line], ..LinesInput::default() };
    bench.act(|tx| lines::set(tx, deal.id, 1, &input)).unwrap();
    bench.quote(deal.id, 10);
    let version = bench.deal(deal.id).version;
    bench.act(|tx| deals::win(tx, deal.id, version, deals::WinInput::default())).unwrap();
    let named = SameAgainInput { title: "名刺 二回目".into(), ..again() };
    let repeat = bench.act(|tx| same_again(tx, deal.id, &named)).unwrap();
    let lines = bench.act(|tx| lines::of_deal(tx, repeat.id)).unwrap();
    assert_eq!((lines.lines[0].quantity, repeat.title.as_str()), (7, "名刺 二回目"));
}

#[test]
fn only_what_was_won_is_ordered_again_and_dates_are_asked_for() {
    let bench = Bench::new();
    let open = bench.open("名刺");
    assert_eq!(bench.act(|tx| same_again(tx, open.id, &again())).unwrap_err().code(), Code::Conflict);
    let won = bench.won("封筒", 10);
    let refused = bench.act(|tx| same_again(tx, won.id, &SameAgainInput::default())).unwrap_err();
    let fields: Vec<&str> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["next_action", "next_action_on", "valid_until", "deliver_on"]);
    let (deals, _) = bench
        .act(|tx| -> Result<_, db::DbError> {
            let all = deals::totals(tx, &deals::DealFilter::default())?;
            Ok((all.count, all.amount))
        })
        .unwrap();
    assert_eq!(deals, 2, "nothing was written");
}

#[test]
fn the_first_stage_may_ask_for_an_amount_and_a_quote_because_a_repeat_has_both() {
    let bench = Bench::new();
    let won = bench.won("名刺", 10);
    let asking = |version: i32, requires: &[&str]| {
        let input = StageInput {
            name: "接触".into(),
            probability: "5".into(),
            idle_days: "14".into(),
            requires: requires.iter().map(|one| (*one).into()).collect(),
            ..StageInput::default()
        };
        bench.act(|tx| stages::change(tx, bench.stage("接触"), version, &input)).unwrap();
    };
    asking(1, &["amount", "quote"]);
    let deal = bench.act(|tx| same_again(tx, won.id, &again())).unwrap();
    assert_eq!((deal.stage_id, deal.amount), (bench.stage("接触"), won.amount));
    asking(2, &["expected_close"]);
    let refused = bench.act(|tx| same_again(tx, won.id, &again())).unwrap_err();
    assert_eq!(
        (refused.code(), refused.fields()[0].field.as_str()),
        (Code::StageRequirement, "expected_close_on")
    );
    let dated = SameAgainInput { expected_close_on: "2026-12-24".into(), ..again() };
    bench.act(|tx| same_again(tx, won.id, &dated)).unwrap();
}

#[test]
fn a_month_at_the_end_of_a_title_becomes_that_of_the_new_delivery_and_nothing_else_does() {
    for (before, typed, becomes) in [
        ("商品写真の切り抜き（2025年12月分）", "", "商品写真の切り抜き（2027年3月分）"),
        (
            "商品写真の切り抜き（2025年12月分）",
            "商品写真の切り抜き（2025年12月分）",
            "商品写真の切り抜き（2027年3月分）",
        ),
        ("商品写真の切り抜き（2025年12月分）", "年末の分", "年末の分"),
        ("名刺（12月分）", "", "名刺（12月分）"),
        ("名刺（2025年13月分）", "", "名刺（2025年13月分）"),
        ("名刺（2025年012月分）", "", "名刺（2025年012月分）"),
        ("名刺（2025年12月分）追加", "", "名刺（2025年12月分）追加"),
        ("名刺(2025年12月分)", "", "名刺(2025年12月分)"),
    ] {
        assert_eq!(titled(before, &typed.into(), &"2027-03-31".into()).as_str(), becomes, "{before} {typed}");
    }
    assert_eq!(titled("名刺（2025年12月分）", &"".into(), &"いつか".into()).as_str(), "名刺（2025年12月分）");
}
