//! Wishes for the same again, and orders that repeat another, against a real database.

use kernel::{Code, Coded, JobId, OrderId, Paging, Yen};

use super::*;
use crate::jobs::{self, JobInput, JobState};
use crate::orders::{self, OpenOrder, OrderState};
use crate::rules::{self, RulesInput};
use crate::samples::{self, SampleInput};
use crate::testing::{Town, answer_input};
use crate::units::UnitState;

fn wish_for(town: &Town, days: u64) -> WishInput {
    WishInput {
        name: "山田".into(),
        wished_on: town.day(days).to_string().into(),
        note: "来月も同じものを".into(),
    }
}

#[test]
fn an_order_that_repeats_another_begins_with_its_jobs_rules_and_samples() {
    let town = Town::new();
    let before = town.order(1000);
    let job = town.job(before.id, 10);
    town.act(town.director, |tx| {
        let input = RulesInput {
            rules: "全角で入力する。".into(),
            based_on: job.rules_number.to_string().into(),
            ..RulesInput::default()
        };
        rules::change(tx, job.id, &input)
    });
    let repeat = OpenOrder { due_on: town.day(90), repeats: Some(before.deal_id), ..town.won(1000) };
    let order = town.act(town.director, |tx| orders::open_from_deal(tx, repeat.clone()));
    assert_eq!((order.repeats, order.state), (Some(before.id), OrderState::Draft));
    let made = town.act(town.director, |tx| jobs::of_order(tx, order.id));
    assert_eq!(made.len(), 1);
    let (again, progress) = (&made[0].job, &made[0].progress);
    assert_eq!((again.title.as_str(), again.rules.as_str()), ("回答の入力", "全角で入力する。"));
    assert_eq!((again.unit_pay, again.unit_minutes, again.pay_day), (Yen(400), 20, job.pay_day));
    assert_eq!((progress.total, progress.draft, again.state), (10, 10, JobState::Draft));
    assert_eq!(
        order.due_on - again.work_due_on,
        before.due_on - job.work_due_on,
        "as long before as last time"
    );
    let twice = town.act(town.director, |tx| orders::open_from_deal(tx, repeat));
    assert_eq!(twice.id, order.id);
    assert_eq!(
        town.act(town.director, |tx| jobs::of_order(tx, order.id)).len(),
        1,
        "the event may come twice"
    );
}

#[test]
fn what_was_made_of_rows_is_not_offered_again_before_there_are_rows() {
    let town = Town::new();
    let (_, worker) = town.worker("Aoki");
    let before = town.order(1000);
    let rows = |rows: &str| JobInput { count: "".into(), csv: rows.to_owned().into(), ..town.job_input(1) };
    town.act(town.director, |tx| jobs::split(tx, before.id, rows("A,1\nB,2\nC,3\n")));
    town.act(town.director, |tx| jobs::split(tx, before.id, town.job_input(2)));
    let repeat = OpenOrder { due_on: town.day(90), repeats: Some(before.deal_id), ..town.won(1000) };
    let order = town.act(town.director, |tx| orders::open_from_deal(tx, repeat));
    town.act(town.director, |tx| orders::start(tx, order.id));
    let made = town.act(town.director, |tx| jobs::of_order(tx, order.id));
    assert_eq!(made.iter().map(|one| one.job.lacks_material).collect::<Vec<_>>(), [true, false]);
    let [empty, counted] = [made[0].job.id, made[1].job.id];
    let refused = town.attempt(town.director, |tx| jobs::offer(tx, empty)).unwrap_err();
    assert_eq!(refused.code(), Code::NoMaterial);
    town.act(town.director, |tx| jobs::offer(tx, counted));
    let shown = town.file(town.director);
    let good =
        SampleInput { kind: "good".into(), file_id: shown.to_string().into(), ..SampleInput::default() };
    town.act(town.director, |tx| samples::add(tx, empty, &good));

    let in_place = |of: JobId, order: OrderId| {
        let input = JobInput { in_place_of: of.to_string().into(), ..rows("D,4\nE,5\n") };
        town.attempt(town.director, |tx| jobs::split(tx, order, input))
    };
    let foreign = in_place(empty, before.id).unwrap_err();
    assert_eq!(foreign.fields()[0].code, Code::UnknownChoice, "of another order");
    let given = in_place(empty, order.id).unwrap();
    assert!(!given.lacks_material);
    assert_eq!(town.states(empty), [UnitState::Cancelled; 3], "it took its place");
    assert_eq!(town.states(given.id), [UnitState::Draft; 2]);
    let samples = town.act(town.director, |tx| samples::of_job(tx, given.id));
    assert_eq!(samples.iter().map(|one| one.file_id).collect::<Vec<_>>(), [shown]);
    let offered = town.act(town.director, |tx| jobs::offer(tx, given.id));
    assert_eq!(offered.workers.iter().map(|who| who.worker).collect::<Vec<_>>(), [worker]);
}

#[test]
fn a_wish_orders_nothing_and_is_one_however_often_it_is_written() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(1000, 2).id;
    let job = town.job(order, 2);
    let units = town.finishes(worker, job.id, 2);
    let (_delivery, secret) = town.delivers(order, &[]);
    let early = town.outside(|tx| wish(tx, &secret, &wish_for(&town, 30))).unwrap_err();
    assert_eq!(early.code(), Code::Conflict, "first they see what they would order again");
    let code = town.code(&secret);
    let accepted: Vec<_> = units.iter().map(|unit| (*unit, "accepted", "")).collect();
    town.outside(|tx| acceptance::answer(tx, &secret, answer_input(&code, &accepted))).unwrap();
    let refused = town.outside(|tx| wish(tx, &secret, &WishInput::default())).unwrap_err();
    let fields: Vec<&str> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["name", "wished_on"]);
    let first = town.outside(|tx| wish(tx, &secret, &wish_for(&town, 30))).unwrap();
    let second = town.outside(|tx| wish(tx, &secret, &wish_for(&town, 40))).unwrap();
    assert_eq!((first.id, first.wished_on), (second.id, second.wished_on));
    let told: Vec<_> = town.facts::<RepeatWished>().iter().map(|fact| (fact.wish, fact.order)).collect();
    assert_eq!(told, [(first.id, order)], "the town hears of it once");
    let open = |town: &Town| town.act(town.director, |tx| open(tx, &Paging::first(10))).items;
    assert_eq!((open(&town).len(), open(&town)[0].order_title.clone()), (1, first.order_title.clone()));
    let confirmed = town.act(town.director, |tx| confirm(tx, first.id));
    assert_eq!(confirmed.state, WishState::Confirmed);
    let late = town.attempt(town.director, |tx| decline(tx, first.id)).unwrap_err();
    assert_eq!((late.code(), open(&town).len()), (Code::Conflict, 0));
}
