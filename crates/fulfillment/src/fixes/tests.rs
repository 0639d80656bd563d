//! Deciding fixes against a real database.

use chrono::Duration;
use kernel::{Code, Coded, OrderId, Paging, PersonId, UnitId, Yen};

use super::*;
use crate::acceptance::Answer;
use crate::claims::{Mine, mine};
use crate::offers::OfferKey;
use crate::testing::Town;
use crate::units::UnitState;
use crate::{reviews, terms};

struct Asked {
    town: Town,
    worker: PersonId,
    order: OrderId,
    unit: UnitId,
}

/// One unit that the client wants mended, a month after its own day.
fn asked() -> Asked {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(1000, 1).id;
    let unit = town.finishes(worker, town.job(order, 1).id, 1)[0];
    let (_, secret) = town.delivers(order, &[]);
    town.wait(Duration::days(25));
    let code = town.code(&secret);
    let answer = town.answers(&secret, &code, &[(unit, "fix", "産地も書いてください")]).unwrap();
    assert!(matches!(answer, Answer::Taken(_)));
    Asked { town, worker, order, unit }
}

fn late(town: &Town) -> i64 {
    town.act(town.director, |tx| orders::running(tx, &Paging::first(5))).items[0].late
}

#[test]
fn a_fix_waits_in_the_coordinators_list_and_nobody_is_late_or_told() {
    let Asked { town, worker, order, unit } = asked();
    let list = |order| town.act(town.director, |tx| open(tx, order, &Paging::first(5))).items;
    let waiting = list(None);
    assert_eq!((waiting.len(), waiting[0].unit, waiting[0].holder), (1, unit, worker));
    assert_eq!((waiting[0].note.as_str(), waiting[0].delivery_number), ("産地も書いてください", 1));
    assert_eq!((list(Some(order)).len(), list(Some(OrderId(99))).len()), (1, 0));
    let count = |order| town.act(town.director, |tx| count_open(tx, order));
    assert_eq!((count(None), count(Some(order)), count(Some(OrderId(99)))), (1, 1, 0));
    assert_eq!((late(&town), town.facts::<FixDecided>().len()), (0, 0));
    let reoffered = town.attempt(town.director, |tx| units::reoffer(tx, unit)).unwrap_err();
    assert_eq!(reoffered.code(), Code::Conflict, "only a decision opens it");
}

#[test]
fn late_is_counted_from_the_new_day() {
    let Asked { town, worker, unit, .. } = asked();
    let decision = town.mends(unit);
    assert_eq!((town.unit(unit).state, late(&town)), (UnitState::Working, 0));
    let told = town.facts::<FixDecided>().remove(0);
    assert_eq!((told.person, told.due_on, told.wish.as_str()), (worker, town.day(7), "産地も書いてください"));
    let to_do = town.act(worker, |tx| mine(tx, Mine::ToDo, &Paging::first(5))).items.remove(0);
    assert_eq!((to_do.work_due_on, to_do.fix.unwrap().comment), (decision.due_on, decision.comment));
    town.wait(Duration::days(8));
    assert_eq!(late(&town), 1);
}

#[test]
fn a_changed_specification_is_paid_under_terms_of_its_own() {
    let Asked { town, unit, .. } = asked();
    let unpaid = town.fix_input("specification", "");
    let refused = town.attempt(town.director, |tx| decide(tx, unit, unpaid)).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("extra_pay", Code::Required));
    let paid = town.fix_input("specification", "300");
    let decision = town.act(town.director, |tx| decide(tx, unit, paid));
    assert_eq!(decision.extra_pay, Yen(300));
    let notice = town.act(town.director, |tx| terms::find(tx, decision.terms_notice.unwrap()));
    assert!(
        notice.body.contains("300円") && notice.body.contains("日付を見直してください。"),
        "{}",
        notice.body
    );
    assert_eq!(town.facts::<FixDecided>()[0].terms_notice, decision.terms_notice);
}

#[test]
fn a_fix_can_go_to_somebody_else_who_claims_it_with_its_new_day() {
    let Asked { town, worker, unit, .. } = asked();
    let (baba, baba_worker) = town.worker("Baba");
    let others = FixInput { mender: "others".into(), ..town.fix_input("worker", "") };
    town.act(town.director, |tx| decide(tx, unit, others));
    let taken = town.facts::<UnitTakenBack>().remove(0);
    assert_eq!((taken.person, taken.unit, town.facts::<FixDecided>().len()), (worker, unit, 0));
    let told = town.facts::<JobOffered>().pop().unwrap();
    assert_eq!((told.workers, told.work_due_on), (vec![(baba_worker, baba)], town.day(7)));
    let first: Paging<OfferKey> = Paging::first(5);
    let card = town.act(baba, |tx| offers::fitting(tx, baba_worker, &first)).items.remove(0);
    assert_eq!((card.work_due_on, card.units_left), (town.day(7), 1));
    let claimed = town.claims(baba, card.job, 1);
    assert_eq!((claimed.units, claimed.due_on), (vec![unit], town.day(7)));
    town.passes(&town.hands_in(baba, unit));
}

#[test]
fn a_fix_is_decided_once_and_not_by_its_maker() {
    let Asked { town, worker, unit, .. } = asked();
    let own = town.fix_input("specification", "300");
    assert_eq!(town.attempt(worker, |tx| decide(tx, unit, own)).unwrap_err().code(), Code::OwnWork);
    town.mends(unit);
    let again = town.fix_input("worker", "");
    assert_eq!(town.attempt(town.director, |tx| decide(tx, unit, again)).unwrap_err().code(), Code::Conflict);
    let version = town.hands_in(worker, unit);
    let back = crate::testing::returned("typo");
    town.act(town.checker, |tx| reviews::decide(tx, version.id, back));
    let told = town.facts::<crate::events::UnitReturned>().pop().unwrap();
    assert_eq!(told.due_on, town.day(7), "a return moves no day");
}

#[test]
fn what_a_fix_pays_counts_from_its_own_receipt_and_moves_no_other_pay_day() {
    let Asked { town, worker, unit, .. } = asked();
    let of_worker = |part| town.act(worker, |tx| mine(tx, part, &Paging::first(5))).items.remove(0);
    let before = of_worker(Mine::Waiting);
    let paid = town.fix_input("specification", "300");
    let decision = town.act(town.director, |tx| decide(tx, unit, paid));
    let open = of_worker(Mine::ToDo).extra_pay.remove(0);
    assert_eq!(
        (open.pay, open.received_on, Some(open.terms_notice)),
        (Yen(300), None, decision.terms_notice)
    );
    town.wait(Duration::days(3));
    town.hands_in(worker, unit);
    let after = of_worker(Mine::Waiting);
    let job = town.act(town.director, |tx| jobs::find(tx, after.job));
    let (extra, today) = (after.extra_pay[0].clone(), town.day(0));
    assert_eq!((extra.received_on, extra.pay_on), (Some(today), job.paid_on(today)));
    assert_eq!((after.received_on, after.pay_on), (before.received_on, before.pay_on));
}

#[test]
fn a_jobs_later_day_is_that_of_what_waits_and_asks_nobody_whose_day_was_decided() {
    let Asked { town, worker, unit, .. } = asked();
    let job = town.unit(unit).job_id;
    let (baba, baba_worker) = town.worker("Baba");
    let offered = || town.act(baba, |tx| offers::fitting(tx, baba_worker, &Paging::first(5))).items;
    town.mends(unit);
    let later =
        |days| jobs::ExtendInput { work_due_on: town.day(days).to_string().into(), ..Default::default() };
    town.act(town.director, |tx| jobs::extend(tx, job, later(20)));
    let held = town.act(worker, |tx| mine(tx, Mine::ToDo, &Paging::first(5))).items.remove(0);
    assert_eq!((held.work_due_on, held.moved_to), (town.day(7), None));
    assert!(town.facts::<crate::events::JobExtended>()[0].people.is_empty());
    town.act(worker, |tx| claims::hand_back(tx, unit));
    town.act(town.director, |tx| jobs::offer(tx, job));
    assert_eq!(offered()[0].work_due_on, town.day(7), "the next holder has the same day");
    town.wait(Duration::days(8));
    assert_eq!(offered().len(), 0, "its day has passed");
    town.act(town.director, |tx| jobs::extend(tx, job, later(15)));
    let card = offered().remove(0);
    assert_eq!((card.work_due_on, card.units_left), (town.day(15), 1));
    assert_eq!(town.claims(baba, job, 1).due_on, town.day(15));
}
