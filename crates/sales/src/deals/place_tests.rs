//! Cards in the order people put them in, against a list that a program can see to be right.

use std::sync::Barrier;
use std::thread;

use diesel::RunQueryDsl;
use kernel::{Code, Coded, Paging};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::*;
use crate::testing::Bench;

/// The cards of a column from the top, page by page.
fn column(bench: &Bench, stage: BoardStageId) -> Vec<DealId> {
    let mut paging = Paging::first(3);
    let mut cards = Vec::new();
    loop {
        let page = bench.act(|tx| more(tx, stage, &paging)).unwrap();
        cards.extend(page.items.into_iter().map(|card| card.id));
        match page.next {
            Some(key) => paging.after = Some(key),
            None => return cards,
        }
    }
}

fn titles(bench: &Bench, stage: BoardStageId) -> Vec<String> {
    column(bench, stage).into_iter().map(|id| bench.deal(id).title).collect()
}

fn under(card: DealId) -> ReorderInput {
    ReorderInput { after: card.to_string().into(), ..ReorderInput::default() }
}

#[test]
fn a_card_goes_up_down_to_the_top_and_under_another() {
    let bench = Bench::new();
    let stage = bench.stage("接触");
    let [one, two, three] = ["一", "二", "三"].map(|title| bench.open(title));
    assert_eq!(titles(&bench, stage), ["三", "二", "一"], "the newest comes in on top");
    let go = |deal: &Deal, input: ReorderInput| {
        bench.act(|tx| reorder(tx, deal.id, deal.version, input)).unwrap();
        titles(&bench, stage)
    };
    assert_eq!(go(&one, ReorderInput::by(Step::Up)), ["三", "一", "二"]);
    assert_eq!(go(&three, ReorderInput::by(Step::Down)), ["一", "三", "二"]);
    assert_eq!(go(&two, ReorderInput::by(Step::Top)), ["二", "一", "三"]);
    assert_eq!(go(&two, under(one.id)), ["一", "二", "三"]);
    assert_eq!(go(&one, ReorderInput::by(Step::Up)), ["一", "二", "三"], "it stands on top already");
    assert_eq!(go(&three, ReorderInput::by(Step::Down)), ["一", "二", "三"], "and it below all");
    assert_eq!(bench.deal(two.id).version, two.version, "nobody's form is out of date for it");
}

#[test]
fn a_card_that_was_changed_meanwhile_stays_and_a_closed_one_has_no_place() {
    let bench = Bench::new();
    let (deal, other) = (bench.open("名刺"), bench.open("封筒"));
    bench.act(|tx| advance(tx, deal.id, 1, AdvanceInput::to(bench.stage("提案")))).unwrap();
    let stale = bench.act(|tx| reorder(tx, deal.id, 1, under(other.id))).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    bench.act(|tx| sleep(tx, deal.id, 2)).unwrap();
    let closed = bench.act(|tx| reorder(tx, deal.id, 3, ReorderInput::by(Step::Top))).unwrap_err();
    assert_eq!(closed.code(), Code::DealNotOpen);
    let wrong = ReorderInput { step: "sideways".into(), ..ReorderInput::default() };
    let wrong = bench.act(|tx| reorder(tx, other.id, 1, wrong)).unwrap_err();
    assert_eq!(wrong.code(), Code::Invalid);
}

#[test]
fn a_card_is_dropped_into_another_column_under_the_card_that_was_seen_there() {
    let bench = Bench::new();
    let stage = bench.stage("提案");
    let [one, two, three] = ["一", "二", "三"].map(|title| bench.open(title));
    for deal in [&one, &two] {
        bench.act(|tx| advance(tx, deal.id, 1, AdvanceInput::to(stage))).unwrap();
    }
    let input = AdvanceInput { after: two.id.to_string().into(), ..AdvanceInput::to(stage) };
    bench.act(|tx| advance(tx, three.id, 1, input)).unwrap();
    assert_eq!(titles(&bench, stage), ["二", "三", "一"]);
    let gone = bench.open("四");
    let input = AdvanceInput { after: gone.id.to_string().into(), ..AdvanceInput::to(bench.stage("接触")) };
    bench.act(|tx| advance(tx, two.id, 2, input)).unwrap();
    let input = AdvanceInput { after: two.id.to_string().into(), ..AdvanceInput::to(stage) };
    bench.act(|tx| advance(tx, gone.id, 1, input)).unwrap();
    assert_eq!(titles(&bench, stage), ["四", "三", "一"], "the card it was dropped under had gone: on top");
}

#[test]
fn two_people_who_move_cards_to_the_same_place_both_succeed() {
    let bench = Bench::new();
    let stage = bench.stage("接触");
    let place = bench.open("ここ");
    let deals: Vec<Deal> = (0..8).map(|number| bench.open(&format!("{number}"))).collect();
    let together = Barrier::new(deals.len());
    thread::scope(|scope| {
        for deal in &deals {
            let (bench, together) = (&bench, &together);
            scope.spawn(move || {
                together.wait();
                bench.act(|tx| reorder(tx, deal.id, deal.version, under(place.id))).unwrap();
            });
        }
    });
    let cards = column(&bench, stage);
    assert_eq!((cards.len(), cards[0]), (9, place.id), "{cards:?}");
    // Some have the same rank now: what comes between them still finds room.
    let (first, last) = (cards[1], cards[8]);
    bench.act(|tx| reorder(tx, last, 1, under(first))).unwrap();
    assert_eq!(column(&bench, stage)[..3], [place.id, first, last]);
}

#[test]
fn a_place_without_room_moves_a_few_neighbours_apart_and_no_others() {
    let bench = Bench::new();
    let stage = bench.stage("接触");
    let deals: Vec<DealId> = (0..60).map(|number| bench.open(&format!("{number}")).id).collect();
    diesel::sql_query("UPDATE deals SET rank = 'V' WHERE title::int >= 30")
        .execute(&mut bench.db.owner())
        .unwrap();
    let mut expected = column(&bench, stage);
    let before = ranks(&bench);
    let moving = deals[0];
    expected.retain(|id| *id != moving);
    expected.insert(5, moving);
    bench.act(|tx| reorder(tx, moving, 1, under(expected[4]))).unwrap();
    assert_eq!(column(&bench, stage), expected);
    let changed = ranks(&bench).into_iter().zip(before).filter(|(now, then)| now != then).count();
    assert!(changed <= 40, "{changed} rows were written");
}

fn ranks(bench: &Bench) -> Vec<String> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        rank: String,
    }
    let rows: Vec<Row> =
        diesel::sql_query("SELECT rank FROM deals ORDER BY id").load(&mut bench.db.owner()).unwrap();
    rows.into_iter().map(|row| row.rank).collect()
}

#[derive(Debug, Clone)]
enum Act {
    Open,
    Step(usize, Step),
    Under(usize, usize),
    Away(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let step = prop_oneof![Just(Step::Up), Just(Step::Down), Just(Step::Top)];
    let act = prop_oneof![
        2 => Just(Act::Open),
        4 => (0..64usize, step).prop_map(|(card, step)| Act::Step(card, step)),
        5 => (0..64usize, 0..64usize).prop_map(|(card, place)| Act::Under(card, place)),
        1 => (0..64usize).prop_map(Act::Away),
    ];
    prop::collection::vec(act, 1..30)
}

/// What a list of cards would become.
fn follow(bench: &Bench, cards: &mut Vec<DealId>, act: &Act) {
    let version = |id: DealId| bench.deal(id).version;
    match *act {
        Act::Open => cards.insert(0, bench.open("名刺").id),
        _ if cards.is_empty() => {}
        Act::Step(at, step) => {
            let at = at % cards.len();
            let id = cards.remove(at);
            let to = match step {
                Step::Up => at.saturating_sub(1),
                Step::Down => (at + 1).min(cards.len()),
                Step::Top => 0,
            };
            cards.insert(to, id);
            bench.act(|tx| reorder(tx, id, version(id), ReorderInput::by(step))).unwrap();
        }
        Act::Under(card, place) => {
            let id = cards.remove(card % cards.len());
            let place = place % (cards.len() + 1);
            let input = if place == 0 { ReorderInput::default() } else { under(cards[place - 1]) };
            cards.insert(place, id);
            bench.act(|tx| reorder(tx, id, version(id), input)).unwrap();
        }
        Act::Away(card) => {
            let id = cards.remove(card % cards.len());
            bench.act(|tx| advance(tx, id, version(id), AdvanceInput::to(bench.stage("提案")))).unwrap();
        }
    }
}

#[test]
fn whatever_people_do_with_cards_the_column_is_in_the_order_they_put_it_in() {
    let config = Config { cases: 12, failure_persistence: None, max_shrink_iters: 100, ..Config::default() };
    let bench = Bench::new();
    let stage = bench.stage("接触");
    TestRunner::new(config)
        .run(&acts(), |acts| {
            let mut cards = column(&bench, stage);
            for act in &acts {
                follow(&bench, &mut cards, act);
            }
            prop_assert_eq!(column(&bench, stage), cards);
            Ok::<(), TestCaseError>(())
        })
        .unwrap();
}
