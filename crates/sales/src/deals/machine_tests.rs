//! Random walks through the deal's states, against a model small enough to be seen to be right.

use kernel::{Code, Coded, Page, Paging, Yen};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::*;
use crate::testing::{Bench, quote_of};

/// The stages from the left: five open ones, of which the fifth asks for a quote, then won and lost.
const NEGOTIATION: usize = 4;
const WON: usize = 5;
const LOST: usize = 6;

#[derive(Debug, Clone)]
enum Step {
    Advance(usize),
    Correct(i64),
    Quote(i64),
    Win,
    Lose,
    Sleep,
    Reopen,
    TakeBack,
}

/// What should be so.
#[derive(Debug, Clone, PartialEq)]
struct Model {
    status: DealStatus,
    stage: usize,
    closed_from: usize,
    amount: i64,
    quoted: Option<i64>,
    version: i32,
    history: Vec<(DealEventKind, usize, i64)>,
}

impl Model {
    fn new() -> Self {
        Self {
            status: DealStatus::Open,
            stage: 0,
            closed_from: 0,
            amount: 0,
            quoted: None,
            version: 1,
            history: vec![(DealEventKind::Opened, 0, 0)],
        }
    }

    /// The code of the refusal, or what has become of it.
    fn after(&self, step: &Step) -> Result<Self, Code> {
        use DealEventKind as Kind;
        let open = self.status == DealStatus::Open;
        match step {
            Step::Reopen => match self.status {
                DealStatus::Open | DealStatus::Won => Err(Code::Conflict),
                DealStatus::Lost => {
                    Ok(self.turned(DealStatus::Open, self.closed_from, self.amount, Kind::Reopened))
                }
                DealStatus::Dormant => {
                    Ok(self.turned(DealStatus::Open, self.stage, self.amount, Kind::Reopened))
                }
            },
            // What was noted as won by hand stands as it did before: stage, amount and quote.
            Step::TakeBack if self.status == DealStatus::Won => {
                Ok(self.turned(DealStatus::Open, self.closed_from, self.amount, Kind::Reopened))
            }
            Step::TakeBack => Err(Code::Conflict),
            _ if !open => Err(Code::DealNotOpen),
            Step::Advance(WON | LOST) => Err(Code::ClosingStage),
            Step::Advance(to) if *to == self.stage => Ok(self.clone()),
            Step::Advance(NEGOTIATION) if self.quoted.is_none() => Err(Code::StageRequirement),
            Step::Advance(to) => Ok(self.turned(DealStatus::Open, *to, self.amount, Kind::Moved)),
            Step::Correct(amount) if self.quoted.is_some() && *amount != self.amount => Err(Code::Invalid),
            Step::Correct(amount) => Ok(self.worth(*amount)),
            Step::Quote(quantity) => Ok(Self { quoted: Some(quantity * 100), ..self.worth(quantity * 100) }),
            Step::Win => self
                .quoted
                .map(|sum| Self {
                    closed_from: self.stage,
                    ..self.turned(DealStatus::Won, WON, sum, Kind::Won)
                })
                .ok_or(Code::QuoteMissing),
            Step::Lose => {
                let lost = self.turned(DealStatus::Lost, LOST, self.amount, Kind::Lost);
                Ok(Self { closed_from: self.stage, ..lost })
            }
            Step::Sleep => Ok(self.turned(DealStatus::Dormant, self.stage, self.amount, Kind::Slept)),
        }
    }

    fn turned(&self, status: DealStatus, stage: usize, amount: i64, kind: DealEventKind) -> Self {
        let mut after = Self { status, stage, amount, version: self.version + 1, ..self.clone() };
        after.history.push((kind, stage, amount));
        after
    }

    fn worth(&self, amount: i64) -> Self {
        if amount == self.amount {
            return Self { version: self.version + 1, ..self.clone() };
        }
        self.turned(self.status, self.stage, amount, DealEventKind::Revalued)
    }
}

fn take(bench: &Bench, stages: &[BoardStageId], deal: DealId, version: i32, step: &Step) -> Result<(), Code> {
    let next = ReopenInput {
        next_action: "再訪".into(),
        next_action_on: "2026-11-30".into(),
        reason: "押しまちがい".into(),
    };
    let why = LoseInput { reason: "price".into(), ..LoseInput::default() };
    let done = match step {
        Step::Quote(quantity) => {
            let issued = bench.issue(deal, quote_of(&[(*quantity, 100)]));
            return issued.map(|_quote| ()).map_err(|error| error.code());
        }
        Step::Advance(to) => bench.act(|tx| advance(tx, deal, version, AdvanceInput::to(stages[*to]))),
        Step::Correct(amount) => {
            let input = DealInput { amount: amount.to_string().into(), ..bench.input("名刺") };
            bench.act(|tx| correct(tx, deal, version, input))
        }
        Step::Win => bench.act(|tx| win(tx, deal, version, WinInput::default())),
        Step::Lose => bench.act(|tx| lose(tx, deal, version, why)),
        Step::Sleep => bench.act(|tx| sleep(tx, deal, version)),
        Step::Reopen => bench.act(|tx| reopen(tx, deal, version, next)),
        Step::TakeBack => bench.act(|tx| reopen_won(tx, deal, version, next, |_tx, _deal, _reason| Ok(()))),
    };
    done.map(|_deal| ()).map_err(|error| error.code())
}

fn walk(bench: &Bench, stages: &[BoardStageId], steps: &[(Step, bool)]) -> Result<Model, TestCaseError> {
    let deal = bench.open("名刺").id;
    let mut model = Model::new();
    for (step, fresh) in steps {
        // A quote is no edit of what somebody read, so it names no version.
        let stale = !fresh && !matches!(step, Step::Quote(_));
        let version = if stale { model.version - 1 } else { model.version };
        let expected = if stale { Err(Code::Stale) } else { model.after(step) };
        let answer = take(bench, stages, deal, version, step);
        prop_assert_eq!(&answer, &expected.clone().map(|_model| ()), "{:?} after {:?}", step, model);
        model = expected.unwrap_or(model);
        let stored = bench.deal(deal);
        let seen = (stored.state.status(), stored.stage_id, stored.amount, stored.version);
        prop_assert_eq!(seen, (model.status, stages[model.stage], Yen(model.amount), model.version));
    }
    let events = bench.act(|tx| history(tx, deal)).unwrap();
    let told: Vec<_> =
        events.iter().rev().map(|event| (event.kind, event.to_stage_id, event.amount.0)).collect();
    let expected: Vec<_> =
        model.history.iter().map(|(kind, stage, amount)| (*kind, stages[*stage], *amount)).collect();
    prop_assert_eq!(told, expected);
    Ok(model)
}

/// Every card of a column, page by page.
fn all_cards(bench: &Bench, stage: BoardStageId) -> Vec<Card> {
    let mut paging = Paging::first(7);
    let mut cards = Vec::new();
    loop {
        let Page { items, next } = bench.act(|tx| more(tx, stage, &paging)).unwrap();
        cards.extend(items);
        match next {
            Some(key) => paging.after = Some(key),
            None => return cards,
        }
    }
}

#[test]
fn whatever_people_do_in_whatever_order_the_deal_the_history_and_the_board_agree() {
    let bench = Bench::new();
    let stages: Vec<_> = bench.act(stages::list).unwrap().iter().map(|stage| stage.id).collect();
    let step = prop_oneof![
        4 => (0..7usize).prop_map(Step::Advance),
        1 => (0..3i64).prop_map(|hundreds| Step::Correct(hundreds * 100)),
        3 => (1..4i64).prop_map(Step::Quote),
        1 => Just(Step::Win),
        1 => Just(Step::Lose),
        1 => Just(Step::Sleep),
        3 => Just(Step::Reopen),
        2 => Just(Step::TakeBack),
    ];
    let steps = prop::collection::vec((step, prop::bool::weighted(0.9)), 1..14);
    let walked = std::cell::RefCell::new(Vec::new());
    let config = Config { cases: 20, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    TestRunner::new(config)
        .run(&steps, |steps| {
            walked.borrow_mut().push(walk(&bench, &stages, &steps)?);
            Ok(())
        })
        .unwrap();
    let on_board = |model: &Model, stage: usize| model.stage == stage && model.status != DealStatus::Dormant;
    for (index, column) in bench.board(5).into_iter().enumerate() {
        let expected: Vec<i64> =
            walked.borrow().iter().filter(|model| on_board(model, index)).map(|model| model.amount).collect();
        let cards = all_cards(&bench, column.stage.id);
        assert_eq!(
            (column.count, column.sum.0),
            (i64::try_from(expected.len()).unwrap(), expected.iter().sum())
        );
        assert_eq!(
            (cards.len(), cards.iter().map(|card| card.amount).sum::<Yen>()),
            (expected.len(), column.sum)
        );
    }
}
