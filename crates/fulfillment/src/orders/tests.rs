//! Orders against a real database: opening once, closing by themselves, what counts as accepted, the questions.

use chrono::Duration;
use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection as _;
use kernel::{Code, Coded, FiscalYear, Paging, Yen};

use super::*;
use crate::claims::{self, TakeBackInput};
use crate::events::{OrderAccepted, OrderClosedShort, OrderOpened, OrderWithdrawn, UnitsCancelled};
use crate::testing::{Town, called_off};
use crate::units::UnitState;
use workforce::workers::{self, StepInput, WithdrawInput};

#[test]
fn a_deal_opens_one_order_however_often_its_event_arrives() {
    let town = Town::new();
    let won = town.won(100_000);
    let first = town.act(town.director, |tx| open_from_deal(tx, won.clone()));
    let again = town.act(town.director, |tx| open_from_deal(tx, won.clone()));
    assert_eq!((first.id, again.id), (again.id, first.id));
    assert_eq!(town.facts::<OrderOpened>().len(), 1);
    assert_eq!(town.act(town.director, |tx| lines(tx, first.id)), won.lines);
    let found = town.act(town.director, |tx| of_deal(tx, won.deal_id)).unwrap();
    assert_eq!(found.state, OrderState::Draft);
}

#[test]
fn an_order_is_taken_back_with_its_deal_while_it_is_a_draft_and_another_one_may_follow() {
    let town = Town::new();
    let won = town.won(100_000);
    let take_back = || town.attempt(town.director, |tx| withdraw(tx, won.deal_id, "押しまちがい"));
    assert!(take_back().unwrap().is_none(), "its event has not come yet");
    let order = town.act(town.director, |tx| open_from_deal(tx, won.clone()));
    let job = town.act(town.director, |tx| jobs::split(tx, order.id, town.job_input(2)));
    let gone = take_back().unwrap().unwrap();
    assert_eq!((gone.id, gone.state), (order.id, OrderState::Cancelled));
    assert_eq!(gone.withdrawn_because.as_deref(), Some("押しまちがい"));
    assert!(town.states(job.id).into_iter().all(|state| state == UnitState::Cancelled));
    assert_eq!(town.facts::<OrderWithdrawn>().len(), 1);
    assert_eq!(town.facts::<UnitsCancelled>(), [], "nobody held any");
    assert!(take_back().unwrap().is_none(), "there is none any more");
    let next = town.act(town.director, |tx| open_from_deal(tx, won.clone()));
    assert_ne!(next.id, order.id);
    let found = town.act(town.director, |tx| of_deal(tx, won.deal_id)).unwrap();
    assert_eq!(found.id, next.id);
    town.act(town.director, |tx| start(tx, next.id));
    let refused = take_back().unwrap_err();
    assert_eq!(refused.code(), Code::OrderBegun);
    town.act(town.director, |tx| cancel(tx, next.id, called_off("client", "0")));
    assert_eq!(take_back().unwrap_err().code(), Code::OrderBegun, "called off is not taken back");
}

#[test]
fn an_order_closes_with_its_last_piece_and_never_before() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(100_000, 4);
    let state = || town.act(town.director, |tx| find(tx, order.id)).state;
    let (first, second) = (town.job(order.id, 2), town.job(order.id, 1));
    for job in [first.id, second.id] {
        let count = i64::try_from(town.states(job).len()).unwrap();
        let units = town.finishes(worker, job, count);
        town.accepted(order.id, &units);
        assert_eq!(state(), OrderState::Running);
    }
    let counted = town.act(town.director, |tx| pieces(tx, order.id));
    assert_eq!(
        (counted, counted.left()),
        (Pieces { ordered: 4, split: 3, accepted: 3, with_partners: 0 }, 1)
    );
    assert_eq!(town.facts::<OrderAccepted>(), [], "a fourth piece was ordered");
    let last = town.finishes(worker, town.job(order.id, 1).id, 1);
    town.accepted(order.id, &last);
    let closed = town.act(town.director, |tx| find(tx, order.id));
    assert_eq!((closed.state, closed.ended_at.is_some()), (OrderState::Closed, true));
    let facts = town.facts::<OrderAccepted>();
    assert_eq!((facts.len(), facts[0].amount, facts[0].deal), (1, Yen(100_000), order.deal_id));
    let jobs = town.act(town.director, |tx| jobs::of_order(tx, order.id));
    assert!(jobs.iter().all(|job| job.job.state == jobs::JobState::Closed));
}

#[test]
fn a_unit_may_stand_for_several_pieces() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(100_000, 100);
    let bundle = jobs::JobInput { unit_pieces: "50".into(), ..town.job_input(2) };
    let job = town.act(town.director, |tx| {
        let job = jobs::split(tx, order.id, bundle)?;
        jobs::offer(tx, job.id).map(|offered| offered.job)
    });
    assert_eq!(job.unit_pieces, 50);
    let units = town.finishes(worker, job.id, 2);
    town.accepted(order.id, &units[..1]);
    let counted = town.act(town.director, |tx| pieces(tx, order.id));
    assert_eq!(counted, Pieces { ordered: 100, split: 100, accepted: 50, with_partners: 0 });
    let total = || town.act(town.director, |tx| accepted_total(tx, FiscalYear(2026)));
    assert_eq!(total(), Yen(50_000));
    let shares = |year| {
        let page = town.act(town.director, |tx| accepted_in(tx, FiscalYear(year), &Paging::first(10)));
        page.items.into_iter().map(|(order, share)| (order.id, share)).collect::<Vec<_>>()
    };
    assert_eq!((shares(2026), shares(2025)), (vec![(order.id, Yen(50_000))], vec![]));
    assert_eq!(town.act(town.director, |tx| accepted_totals(tx, FiscalYear(2026))), (1, Yen(50_000)));
    town.accepted(order.id, &units[1..]);
    assert_eq!(town.act(town.director, |tx| find(tx, order.id)).state, OrderState::Closed);
    assert_eq!(total(), Yen(100_000));
    let ended = town.act(town.director, |tx| ended(tx, OrderState::Closed, &Paging::first(10)));
    assert_eq!(ended.items.iter().map(|order| order.id).collect::<Vec<_>>(), [order.id]);
    assert_eq!(town.act(town.director, |tx| totals(tx, OrderState::Closed)), (1, Yen(100_000)));
}

#[test]
fn closing_short_is_decided_with_a_reason_and_counts_what_was_accepted() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(100_000, 3);
    let job = town.job(order.id, 2);
    let why = || CloseShortInput { reason: "名簿が2件で終わっていた".into() };
    let close = |input: CloseShortInput| town.attempt(town.director, |tx| close_short(tx, order.id, input));
    assert!(matches!(close(why()).unwrap_err(), OrderError::NothingAccepted));
    let done = town.finishes(worker, job.id, 1);
    town.accepted(order.id, &done);
    let open = town.claims(worker, job.id, 1).units[0];
    assert!(matches!(close(why()).unwrap_err(), OrderError::UnitsOpen(1)));
    let unit = town.act(town.director, |tx| units::cancel(tx, open, called_off("client", "50")));
    assert_eq!((unit.state, unit.compensation), (UnitState::Cancelled, Some(Yen(200))));
    let told = town.facts::<UnitsCancelled>();
    assert_eq!((told[0].units.len(), told[0].units[0].person), (1, worker));
    assert_eq!((told[0].units[0].job_title.as_str(), told[0].note.as_str()), ("回答の入力", "中止のため"));
    assert_eq!(town.act(town.director, |tx| find(tx, order.id)).state, OrderState::Running, "not by itself");
    let reasonless = close(CloseShortInput::default()).unwrap_err();
    assert_eq!(reasonless.fields()[0].field, "reason");
    let more = town.job(order.id, 1);
    let second = town.finishes(worker, more.id, 1);
    assert!(matches!(close(why()).unwrap_err(), OrderError::UnitsOpen(1)), "splitting went on");
    town.accepted(order.id, &second);
    let closed = close(why()).unwrap();
    assert_eq!(
        (closed.state, closed.short_reason.as_deref()),
        (OrderState::Closed, Some("名簿が2件で終わっていた"))
    );
    let fact = town.facts::<OrderClosedShort>().remove(0);
    assert_eq!((fact.ordered, fact.accepted, fact.accepted_amount), (3, 2, Yen(66_666)));
    let total = town.act(town.director, |tx| accepted_total(tx, FiscalYear(2026)));
    assert_eq!((total, town.facts::<OrderAccepted>().len()), (Yen(66_666), 0));
    assert_eq!(close(why()).unwrap_err().code(), Code::Conflict);
}

#[test]
fn a_cancelled_order_owes_for_what_was_received_and_leaves_nothing_open() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(100_000);
    let job = town.job(order.id, 4);
    let done = town.finishes(worker, job.id, 1);
    let (_, secret) = town.delivers(order.id, &done);
    let held = town.claims(worker, job.id, 2).units;
    town.hands_in(worker, held[0]);
    let reasonless = CancelInput::default();
    let refused = town.attempt(town.director, |tx| cancel(tx, order.id, reasonless)).unwrap_err();
    assert_eq!(refused.fields().len(), 3, "somebody has worked: fault, share and reason are to be named");
    let cancelled = town.act(town.director, |tx| cancel(tx, order.id, called_off("client", "30")));
    assert_eq!(cancelled.state, OrderState::Cancelled);
    let owed = |unit| town.unit(unit).compensation.unwrap().0;
    assert_eq!((owed(done[0]), owed(held[0]), owed(held[1])), (400, 400, 120));
    let told = town.facts::<UnitsCancelled>();
    assert_eq!((told.len(), told[0].units.len()), (1, 3), "the fourth unit was nobody's");
    let gone = town.outside(|tx| acceptance::open_link(tx, &secret)).unwrap_err();
    assert_eq!(gone.code(), Code::LinkGone);
    let again =
        town.attempt(town.director, |tx| cancel(tx, order.id, called_off("client", "0"))).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
    let untouched = town.order(1000);
    town.job(untouched.id, 2);
    let cancelled = town.act(town.director, |tx| cancel(tx, untouched.id, CancelInput::default()));
    assert_eq!(cancelled.state, OrderState::Cancelled, "nobody has worked, so there is nothing to ask");
}

#[test]
fn accepted_amounts_fall_into_their_years_and_add_up() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(100_000, 3);
    let job = town.job(order.id, 3);
    let units = town.finishes(worker, job.id, 3);
    let total = |year| town.act(town.director, |tx| accepted_total(tx, FiscalYear(year)));
    assert_eq!(total(2026), Yen(0));
    town.accepted(order.id, &units[..1]);
    assert_eq!(total(2026), Yen(33_333), "100,000 × 1 ÷ 3, rounded down");
    // Half an hour before the new year begins in Japan, and an hour after it has begun.
    new_year(&town);
    town.wait(-Duration::minutes(30));
    town.accepted(order.id, &units[1..2]);
    assert_eq!((total(2026), total(2027)), (Yen(66_666), Yen(0)));
    town.wait(Duration::minutes(60));
    town.accepted(order.id, &units[2..]);
    assert_eq!((total(2025), total(2026), total(2027)), (Yen(0), Yen(66_666), Yen(33_334)));
}

/// The day a new fiscal year begins in Japan, as the town's clock has it.
fn new_year(town: &Town) {
    let midnight: chrono::DateTime<chrono::Utc> = "2027-03-31T15:00:00Z".parse().unwrap();
    let now = town.act(town.director, |tx| Ok::<_, DbError>(tx.now()));
    town.wait(midnight - now);
}

#[test]
fn what_a_year_counted_stays_whatever_is_split_called_off_or_closed_later() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(100_000, 3);
    let first = town.finishes(worker, town.job(order.id, 3).id, 3);
    town.accepted(order.id, &first[..2]);
    let total = |year| town.act(town.director, |tx| accepted_total(tx, FiscalYear(year)));
    assert_eq!(total(2026), Yen(66_666));
    new_year(&town);
    // Three more units, made anew for the client: the order is split into six pieces now.
    let rework = town.job(order.id, 3);
    assert_eq!(
        (total(2026), total(2027)),
        (Yen(66_666), Yen(0)),
        "splitting accepts nothing and takes nothing"
    );
    let again = town.finishes(worker, rework.id, 1);
    town.accepted(order.id, &again);
    assert_eq!(
        (total(2026), total(2027)),
        (Yen(66_666), Yen(0)),
        "three of six are half, less than what counted"
    );
    for unit in town
        .act(town.director, |tx| {
            units::of_job(tx, rework.id, units::UnitFilter::default(), &Paging::first(10))
        })
        .items
        .iter()
        .filter(|unit| unit.state != UnitState::Accepted)
    {
        town.act(town.director, |tx| units::cancel(tx, unit.id, CancelInput::default()));
    }
    town.act(town.director, |tx| units::cancel(tx, first[2], called_off("client", "0")));
    assert_eq!(town.act(town.director, |tx| find(tx, order.id)).state, OrderState::Closed);
    assert_eq!(
        (total(2026), total(2027)),
        (Yen(66_666), Yen(33_334)),
        "the rest counts on the day it closed"
    );
}

#[derive(Debug, PartialEq, Eq, diesel::QueryableByName)]
struct LedgerRow {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::BigInt>)]
    delivery_id: Option<kernel::DeliveryId>,
    #[diesel(sql_type = diesel::sql_types::Date)]
    counted_on: chrono::NaiveDate,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    amount: Yen,
    #[diesel(sql_type = diesel::sql_types::Text)]
    reason: String,
}

fn ledger(town: &Town) -> Vec<LedgerRow> {
    diesel::sql_query(
        "SELECT order_id, delivery_id, counted_on, amount, reason FROM accepted_amounts ORDER BY id",
    )
    .load(&mut town.db.owner())
    .unwrap()
}

#[test]
fn the_migration_writes_down_orders_from_before_as_the_verbs_would_have() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let (whole, open) = (town.order_of(100_000, 3), town.order_of(50_000, 7));
    let (short, cancelled) = (town.order_of(1_001, 4), town.order_of(9_000, 2));
    for order in [&whole, &open, &short, &cancelled] {
        let units = town.finishes(worker, town.job(order.id, 3).id, 3);
        for unit in &units[..2] {
            town.accepted(order.id, &[*unit]);
            town.wait(Duration::days(1));
        }
        if order.id == whole.id {
            town.accepted(order.id, &units[2..]);
        } else if order.id == short.id {
            town.act(town.director, |tx| units::cancel(tx, units[2], called_off("client", "0")));
            let why = CloseShortInput { reason: "中止".into() };
            town.act(town.director, |tx| close_short(tx, order.id, why));
        } else if order.id == cancelled.id {
            town.act(town.director, |tx| cancel(tx, order.id, called_off("client", "0")));
        }
    }
    let written = ledger(&town);
    let of = |order: &Order| {
        let rows = written.iter().filter(|row| row.order_id == order.id);
        rows.map(|row| row.amount.0).collect::<Vec<_>>()
    };
    assert_eq!((of(&whole), of(&open)), (vec![33_333, 33_333, 33_334], vec![7_142, 7_143]));
    assert_eq!((of(&short), of(&cancelled)), (vec![250, 250], vec![3_000, 3_000]));
    // What stands on these amounts goes first.
    let (amounts, invoices) = ("2026-11-26-023001_accepted_amounts", "2026-11-27-098300_invoices");
    let later = [
        "2026-11-28-120400_accepted_rates",
        "2026-11-28-120100_invoice_sendings",
        "2026-11-28-120000_client_credits",
    ];
    let down = later.into_iter().chain([invoices, amounts]).map(|migration| (migration, "down.sql"));
    for (migration, script) in down.chain([(amounts, "up.sql"), (invoices, "up.sql")]) {
        let file = db::testing::migrations_folder().join(migration).join(script);
        let sql = std::fs::read_to_string(file).unwrap();
        town.db.owner().batch_execute(&sql).unwrap();
    }
    assert_eq!(ledger(&town), written);
}

#[test]
fn the_seven_questions_are_answered_for_running_orders_by_due_date() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order(100_000);
    let job = town.job(order.id, 6);
    town.claims(aoki, job.id, 2);
    let done = town.finishes(baba, job.id, 1);
    let handed_in = town.claims(baba, job.id, 1).units[0];
    town.hands_in(baba, handed_in);
    let status = || town.act(town.director, |tx| running(tx, &Paging::first(10))).items.remove(0);
    let now = status();
    assert_eq!((now.pieces.ordered, now.progress.total, now.progress.arranged()), (10, 6, 4));
    assert_eq!((now.workers, now.late, now.progress.submitted), (2, 0, 1));
    assert_eq!((now.progress.finished(), now.progress.not_done()), (1, 5));
    assert_eq!(now.schedule, Schedule::OnTime);
    town.wait(Duration::days(12));
    assert_eq!(status().schedule, Schedule::AtRisk, "two units are nobody's, two days before their day");
    town.wait(Duration::days(3));
    assert_eq!((status().late, status().schedule), (4, Schedule::AtRisk), "two are Aoki's and two nobody's");
    let shares = town.act(town.director, |tx| people(tx, order.id));
    let said: Vec<_> =
        shares.iter().map(|one| (one.person, one.to_do, one.late, one.submitted, one.finished)).collect();
    assert_eq!(said, [(aoki, 2, 2, 0, 0), (baba, 0, 0, 1, 1)], "whoever is late stands first");
    assert_eq!((shares[0].next_due_on, shares[1].next_due_on), (Some(job.work_due_on), None));
    town.wait(Duration::days(60));
    assert_eq!(status().schedule, Schedule::Late);
    assert_eq!(town.unit(done[0]).state, UnitState::Passed);
}

#[test]
fn counts_agree_with_the_running_orders_one_by_one() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    town.act(town.director, |tx| open_from_deal(tx, town.won(1000)));
    let orders: Vec<Order> = (0..5).map(|_| town.order_of(1000, 3)).collect();
    // Finished; half split and worked on; offered and nobody's; not split; finished as far as it is split.
    town.finishes(worker, town.job(orders[0].id, 3).id, 3);
    town.claims(worker, town.job(orders[1].id, 2).id, 1);
    town.job(orders[2].id, 3);
    town.finishes(worker, town.job(orders[4].id, 2).id, 2);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..15 {
        let (counted, running) = town.act(town.director, |tx| {
            let running = all_running(tx)?;
            Ok::<_, DbError>((counts(tx, &running)?, running))
        });
        for schedule in Schedule::ALL {
            let one_by_one = running.iter().filter(|status| status.schedule == *schedule).count();
            assert_eq!(
                counted.of(*schedule),
                i64::try_from(one_by_one).unwrap(),
                "{schedule} on {}",
                town.day(0)
            );
            seen.extend((one_by_one > 0).then_some(*schedule));
        }
        let due = running
            .iter()
            .filter(|one| one.order.due_on == town.day(0) && one.progress.not_done() > 0)
            .count();
        assert_eq!(
            (counted.drafts, counted.running(), counted.due_today),
            (1, 5, i64::try_from(due).unwrap())
        );
        town.wait(Duration::days(5));
    }
    assert_eq!(seen.len(), Schedule::ALL.len(), "every colour was there: {seen:?}");
}

#[test]
fn hours_left_are_set_against_the_work_that_nobody_has() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    town.worker("Baba");
    let order = town.order_of(1000, 40);
    let job = town.job(order.id, 40);
    let status = || town.act(town.director, |tx| status(tx, order.clone()));
    let unit = i64::from(job.unit_minutes);
    let weeks = 1 + (order.due_on - town.day(0)).num_days() / 7;
    let week = i64::from(town.act(aoki, |tx| workers::of_person(tx, aoki)).unwrap().weekly_minutes);
    let hours = status().hours;
    assert_eq!((hours.to_do_minutes, hours.open_minutes), (40 * unit, 40 * unit));
    assert_eq!(hours.free_minutes, 2 * week * weeks, "two people, every week until the order's day");
    town.claims(aoki, job.id, 3);
    let hours = status().hours;
    assert_eq!((hours.to_do_minutes, hours.open_minutes), (40 * unit, 37 * unit));
    assert_eq!(hours.free_minutes, 2 * week * weeks - 3 * unit, "what is promised is not free");
    let in_hand = status().in_hand;
    assert_eq!(in_hand, [InHand { person: aoki, to_do: 3, late: 0, after_order: 0 }]);
    town.wait(Duration::days(60));
    assert_eq!(status().in_hand[0].late, 3);
    let one_by_one = town.act(town.director, all_running);
    let paged = town.act(town.director, |tx| running(tx, &Paging::first(10))).items;
    assert_eq!(one_by_one, paged, "the list of all and the pages say the same");
}

#[test]
fn what_is_not_split_is_work_left_and_wants_hours_as_units_do() {
    let town = Town::new();
    let order = town.order_of(100_000, 40);
    let status = || town.act(town.director, |tx| status(tx, order.clone()));
    let (hours, schedule) = (status().hours, status().schedule);
    assert_eq!((hours.to_do_minutes, hours.open_minutes, hours.free_minutes), (800, 800, 0));
    assert_eq!(schedule, Schedule::AtRisk, "nobody has the hours");
    town.worker("Aoki");
    assert!(status().hours.free_minutes >= 800);
    assert_eq!(status().schedule, Schedule::OnTime);
    // Each split leaves as much work as there was.
    town.job(order.id, 15);
    assert_eq!((status().hours.to_do_minutes, status().hours.open_minutes), (800, 800));
    town.job(order.id, 25);
    assert_eq!(status().hours.to_do_minutes, 800);
    // Of what is over nothing is left to do.
    let over = town.order_of(9_000, 10);
    let over = town.act(town.director, |tx| cancel(tx, over.id, called_off("client", "0")));
    assert_eq!(town.act(town.director, |tx| super::status(tx, over)).hours.to_do_minutes, 0);
}

#[test]
fn units_with_somebody_who_does_not_take_part_are_a_risk_until_they_come_back() {
    let town = Town::new();
    let (aoki, worker) = town.worker("Aoki");
    town.worker("Baba");
    let order = town.order(9_000);
    let job = town.job(order.id, 10).id;
    let units = town.claims(aoki, job, 2).units;
    let stands = || {
        let status = town.act(town.director, |tx| status(tx, order.clone()));
        (status.schedule, status.held_by_absent)
    };
    assert_eq!(stands(), (Schedule::OnTime, 0));
    town.act(town.director, |tx| workers::pause(tx, worker, StepInput::default()));
    assert_eq!(stands(), (Schedule::AtRisk, 2));
    town.act(town.director, |tx| workers::activate(tx, worker, StepInput::default()));
    assert_eq!(stands(), (Schedule::OnTime, 0));
    let left = WithdrawInput { reason: "employment".into(), ..WithdrawInput::default() };
    town.act(town.director, |tx| workers::withdraw(tx, worker, left));
    assert_eq!(stands(), (Schedule::AtRisk, 2));
    for unit in units {
        town.act(town.director, |tx| claims::take_back(tx, unit, TakeBackInput::default()));
    }
    assert_eq!(stands(), (Schedule::OnTime, 0));
}

#[test]
fn work_whose_day_lies_after_the_orders_is_a_risk() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(9_000);
    let job = town.job(order.id, 10);
    town.claims(aoki, job.id, 2);
    let stands = || {
        let status = town.act(town.director, |tx| find(tx, order.id).and_then(|order| status(tx, order)));
        (status.schedule, status.after_order)
    };
    assert_eq!(stands(), (Schedule::OnTime, 0));
    let before = job.work_due_on.pred_opt().unwrap();
    let input = MoveDueInput { due_on: before.to_string().into(), agreement: "by phone".into() };
    town.act(town.director, |tx| move_due(tx, order.id, input));
    assert_eq!(stands(), (Schedule::AtRisk, 10), "what is held, by the day agreed to, and what is open");
}

#[test]
fn lists_page_by_due_date_without_gaps() {
    let town = Town::new();
    for days in [30, 10, 20, 10] {
        let won = OpenOrder { due_on: town.day(days), ..town.won(1000) };
        town.act(town.director, |tx| open_from_deal(tx, won));
    }
    let (mut paging, mut due) = (Paging::first(2), Vec::new());
    loop {
        let page = town.act(town.director, |tx| list(tx, OrderFilter::default(), &paging));
        due.extend(page.items.iter().map(|order| order.due_on));
        match page.next {
            Some(key) => paging.after = Some(key),
            None => break,
        }
    }
    assert_eq!(due, [10, 10, 20, 30].map(|days| town.day(days)));
    let first =
        town.act(town.director, |tx| list(tx, OrderFilter::default(), &Paging::first(1))).items.remove(0);
    let of_deal = OrderFilter { deal: Some(first.deal_id), ..OrderFilter::default() };
    assert_eq!(town.act(town.director, |tx| list(tx, of_deal, &Paging::first(9))).items, [first]);
    let other = town.db.town("shiojiri");
    let seen = town.db.acting(other, town.director, |tx| list(tx, OrderFilter::default(), &paging)).unwrap();
    assert!(seen.items.is_empty());
}

#[test]
fn two_characters_of_a_title_find_orders_and_jobs_of_this_town_alone() {
    let town = Town::new();
    let (first, second) = (town.order(1000), town.order(1000));
    let job = town.job(first.id, 1);
    let orders = |query: &str| -> Vec<OrderId> {
        town.act(town.director, |tx| search(tx, query, 20)).into_iter().map(|order| order.id).collect()
    };
    assert_eq!(orders("ｱﾝｹｰﾄ"), [second.id, first.id], "the newest first");
    assert_eq!(orders("入力 1"), [first.id]);
    let jobs = |query: &str| -> Vec<kernel::JobId> {
        town.act(town.director, |tx| jobs::search(tx, query, 20)).into_iter().map(|job| job.id).collect()
    };
    assert_eq!(jobs("回答"), [job.id]);
    assert_eq!(jobs("答回"), []);
    let other = town.db.town("shiojiri");
    let nobody = town.db.person(other, "Sato", &["coordinator"]);
    assert!(town.db.acting(other, nobody, |tx| search(tx, "入力", 20)).unwrap().is_empty());
    assert!(town.db.acting(other, nobody, |tx| jobs::search(tx, "入力", 20)).unwrap().is_empty());
}
