//! Promises of a town at work, and its own tables counted again in plain SQL.

use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{OrderId, Paging, PersonId};
use queue::testing::TestTasks;
use workforce::skills::{self, SkillInput};
use workforce::workers::{self, HoursInput};

use super::*;
use crate::events::OrderOpened;
use crate::jobs::{self, JobInput};
use crate::orders::{self, MoveDueInput, Schedule};
use crate::shares::testing::Towns;
use crate::submissions::{self, SubmitInput};
use crate::testing::{Town, called_off};

fn reckons(town: &Town) {
    town.act(town.director, |tx| reckon(tx, &[]));
}

fn looks_of(town: &Town, order: OrderId) -> Outlook {
    town.act(town.director, |tx| outlook(tx, order)).unwrap()
}

fn promised(town: &Town, order: OrderId) -> Vec<Promise> {
    town.act(town.director, |tx| history(tx, order, &Paging::first(50))).items
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// One number by the owner's own eyes.
fn count(town: &Town, sql: &str) -> i64 {
    let counted: Counted = diesel::sql_query(sql).get_result(&mut town.db.owner()).unwrap();
    counted.count
}

#[test]
fn minutes_are_those_of_the_units() {
    let town = Town::new();
    let (person, _) = town.worker("Sato");
    let order = town.order_of(100_000, 30);
    let job = town.job(order.id, 12);
    town.finishes(person, job.id, 3);
    town.claims(person, job.id, 4);
    reckons(&town);
    // Twelve units of twenty minutes, three of them passed, and eighteen pieces of twenty minutes that nobody has split.
    let open = count(
        &town,
        "SELECT sum(j.unit_minutes)::bigint AS count FROM units u JOIN jobs j ON j.id = u.job_id \
         WHERE u.state NOT IN ('submitted', 'checking', 'passed', 'delivered', 'accepted', 'cancelled')",
    );
    let unsplit = count(
        &town,
        "SELECT (sum(l.quantity * l.unit_minutes) - 12 * 20)::bigint AS count FROM order_lines l",
    );
    assert_eq!((open, unsplit), (180, 360));
    assert_eq!(looks_of(&town, order.id).minutes_left, open + unsplit);
    let basis = promised(&town, order.id)[0].basis;
    assert_eq!((basis.minutes_left, basis.minutes_whole), (540, 600));
    assert_eq!(basis.minutes_offered, 4 * 2400, "forty hours a week");
}

#[test]
fn what_is_reckoned_twice_is_the_same() {
    let town = Town::new();
    let (person, _) = town.worker("Sato");
    let order = town.order(10_000);
    let job = town.job(order.id, 10);
    town.claims(person, job.id, 5);
    reckons(&town);
    let first = looks_of(&town, order.id);
    let days = first.days;
    assert!(days.half_on <= days.promised_on && days.promised_on <= days.nearly_on, "{days:?}");
    assert!(days.promised_on.is_some_and(|day| day > town.day(0) && day < order.due_on), "{days:?}");
    assert_eq!((days.late_permille, days.gap, first.help), (0, None, None));
    reckons(&town);
    assert_eq!(looks_of(&town, order.id), first);
    assert_eq!(promised(&town, order.id).len(), 1, "no day changed");
}

#[test]
fn a_day_that_changes_has_a_cause() {
    let town = Town::new();
    let order = town.order(10_000);
    reckons(&town);
    let gone = looks_of(&town, order.id).days;
    assert_eq!((gone.promised_on, gone.gap, gone.late_permille), (None, Some(Gap::NoHours), 1000));
    let (_, worker) = town.worker("Sato");
    reckons(&town);
    assert!(looks_of(&town, order.id).days.promised_on.is_some());
    let hours = HoursInput { weekly_minutes: "60".into() };
    town.act(town.director, |tx| {
        let found = workers::find(tx, worker)?;
        workers::set_weekly_minutes(tx, worker, found.version, hours)
    });
    reckons(&town);
    town.act(town.director, |tx| jobs::split(tx, order.id, town.job_input(20)));
    reckons(&town);
    let causes: Vec<Cause> = promised(&town, order.id).iter().rev().map(|promise| promise.cause).collect();
    assert_eq!(causes, [Cause::First, Cause::MoreHours, Cause::FewerHours, Cause::MoreWork]);
    town.wait(Duration::days(21));
    reckons(&town);
    let last = promised(&town, order.id)[0];
    assert_eq!(last.cause, Cause::Slower, "nobody did anything for three weeks");
    let rows = count(&town, "SELECT count(*) AS count FROM order_promises");
    assert_eq!(rows, 5);
}

#[test]
fn work_that_fits_nobody_has_no_day_and_says_so() {
    let town = Town::new();
    town.worker("Sato");
    let skill = SkillInput { name: "翻訳".into() };
    let skill = town.act(town.director, |tx| skills::add(tx, skill)).id;
    let order = town.order(10_000);
    let input = JobInput { skill_id: skill.to_string().into(), ..town.job_input(10) };
    town.act(town.director, |tx| jobs::split(tx, order.id, input));
    reckons(&town);
    let outlook = looks_of(&town, order.id);
    assert_eq!((outlook.days.gap, outlook.days.late_permille), (Some(Gap::NobodyFits), 1000));
    let nobody = Help { kind: RemedyKind::SecondWorker, units: None, from: None, to: None };
    assert_eq!(outlook.help, Some(nobody));
}

#[test]
fn the_list_of_orders_says_what_is_likely_late_as_the_list_of_those_at_risk_does() {
    let town = Town::new();
    let (sato, _) = town.worker("Sato");
    // A hundred hours of one person, who has forty a week, due in a fortnight, though nobody is past a day of theirs.
    let order = town.order_of(200_000, 200);
    let job = town.act(town.director, |tx| {
        let job = jobs::split(tx, order.id, JobInput { unit_minutes: "30".into(), ..town.job_input(200) })?;
        jobs::offer(tx, job.id).map(|offered| offered.job)
    });
    town.claims(sato, job.id, 80);
    let moved = |days: i64| {
        let sql = format!("UPDATE orders SET due_on = due_on + {days}");
        diesel::sql_query(sql).execute(&mut town.db.owner()).unwrap();
    };
    moved((town.day(14) - order.due_on).num_days());
    let listed = || town.act(town.director, orders::all_running).remove(0).likely_late_permille;
    assert_eq!(listed(), None, "nothing was reckoned yet");
    reckons(&town);
    let late = looks_of(&town, order.id).days.late_permille;
    assert!(late > 150, "{late}");
    assert_eq!(listed(), Some(late));
    let status = town.act(town.director, |tx| {
        let found = orders::find(tx, order.id)?;
        orders::status(tx, found)
    });
    assert_eq!((status.likely_late_permille, status.schedule), (Some(late), Schedule::AtRisk));
    moved(30);
    assert_eq!(listed(), None, "that was reckoned for another day");
}

#[test]
fn orders_at_risk_come_with_what_would_help_and_leave_when_they_end() {
    let town = Town::new();
    let (sato, _) = town.worker("Sato");
    let (suzuki, _) = town.worker("Suzuki");
    // A hundred hours of one person, who has forty a week, due in a fortnight.
    let order = town.order_of(300_000, 300);
    let job = town.act(town.director, |tx| {
        let job = jobs::split(tx, order.id, JobInput { unit_minutes: "30".into(), ..town.job_input(200) })?;
        jobs::offer(tx, job.id).map(|offered| offered.job)
    });
    town.claims(sato, job.id, 80);
    diesel::sql_query("UPDATE orders SET due_on = due_on - 46").execute(&mut town.db.owner()).unwrap();
    let calm = town.order(10_000);
    reckons(&town);
    let at_risk = town.act(town.director, |tx| at_risk(tx, &Paging::first(10))).items;
    let found: Vec<OrderId> = at_risk.iter().map(|one| one.outlook.order).collect();
    assert_eq!(found, [order.id], "and not {}", calm.id);
    let help = at_risk[0].outlook.help.unwrap();
    assert!(help.from != Some(suzuki) && help.to != Some(sato), "{help:?}");
    let late = count(&town, "SELECT count(*) AS count FROM order_outlooks WHERE late_permille > 150");
    assert_eq!(late, 1);
    town.act(town.director, |tx| orders::cancel(tx, order.id, called_off("client", "0")));
    let left = town.act(town.director, |tx| super::at_risk(tx, &Paging::first(10))).items;
    assert!(left.is_empty(), "what has ended is no risk, whatever was reckoned before: {left:?}");
    reckons(&town);
    assert_eq!(town.act(town.director, |tx| outlook(tx, order.id)), None);
    assert_eq!(promised(&town, order.id).len(), 1, "what was promised stays");
}

#[test]
fn an_order_whose_day_is_moved_is_reckoned_anew_and_known_to_be_until_then() {
    let town = Town::new();
    town.worker("Sato");
    // A hundred hours of one person, who has forty a week, due tomorrow.
    let order = town.order_of(300_000, 300);
    diesel::sql_query("UPDATE orders SET due_on = due_on - 59").execute(&mut town.db.owner()).unwrap();
    assert_eq!(town.act(town.director, reckoned_last), None);
    reckons(&town);
    let asked = || asked(&town);
    let listed = || town.act(town.director, |tx| at_risk(tx, &Paging::first(10))).items;
    assert_eq!((asked(), listed()[0].is_moved()), (0, false));
    assert_eq!(town.act(town.director, reckoned_last), Some(looks_of(&town, order.id).reckoned_at));
    let moves = |days: u64| {
        let day = town.day(days);
        let input = MoveDueInput { due_on: day.to_string().into(), agreement: "電話で合意".into() };
        town.act(town.director, |tx| orders::move_due(tx, order.id, input));
        day
    };
    let day = moves(160);
    assert_eq!((listed()[0].is_moved(), listed()[0].due_on), (true, day));
    assert_eq!(asked(), 1);
    moves(161);
    assert_eq!(asked(), 2, "the first may have read the day before");
    reckons(&town);
    assert!(listed().is_empty(), "{:?}", looks_of(&town, order.id));
}

fn asked(town: &Town) -> i64 {
    count(town, "SELECT count(*) AS count FROM tasks WHERE kind = 'promises.reckon'")
}

#[test]
fn what_changes_within_the_same_minutes_is_reckoned_with_once_and_after_it() {
    let town = Town::new();
    let changes = || town.act(town.director, reckon_after_change);
    changes();
    town.wait(Duration::seconds(119));
    changes();
    assert_eq!(asked(&town), 1);
    let early = "SELECT count(*) AS count FROM tasks \
         WHERE kind = 'promises.reckon' AND run_at <= '2026-05-01 00:02:00+00'";
    assert_eq!(count(&town, early), 0, "whatever changes until then is read");
    town.wait(Duration::seconds(1));
    changes();
    assert_eq!(asked(&town), 2, "what the first may have read already is read again");
}

#[test]
fn work_that_is_called_off_has_every_day_reckoned_anew() {
    let town = Town::new();
    let (order, other) = (town.order(1000), town.order(1000));
    let mut registry = Registry::new();
    register(&mut registry);
    registry.know::<OrderOpened>();
    let tasks = TestTasks::new(&town.db, registry).leave(1);
    tasks.run_all();
    assert_eq!(asked(&town), 0);
    for id in [order.id, other.id] {
        town.act(town.director, |tx| orders::cancel(tx, id, called_off("client", "0")));
    }
    tasks.run_all();
    assert_eq!(asked(&town), 1, "two that are called off are reckoned with together");
}

#[test]
fn an_order_of_which_all_is_handed_in_is_helped_by_checking_it() {
    let town = Town::new();
    let (sato, _) = town.worker("Sato");
    let order = town.order_of(10_000, 2);
    let job = town.job(order.id, 2);
    let units = town.claims(sato, job.id, 2).units;
    town.hands_in(sato, units[0]);
    diesel::sql_query("UPDATE orders SET due_on = due_on - 60").execute(&mut town.db.owner()).unwrap();
    let helps = |town: &Town| {
        reckons(town);
        let help = looks_of(town, order.id).help.unwrap();
        (help.kind, help.units)
    };
    town.hands_in(sato, units[1]);
    assert_eq!(helps(&town), (RemedyKind::CheckNow, Some(2)), "due today, and nothing else is left to do");
    town.wait(Duration::days(3));
    assert_eq!(helps(&town), (RemedyKind::CheckNow, Some(2)), "nor three days later");
}

#[test]
fn an_order_is_done_no_sooner_than_what_a_partner_town_does_of_it() {
    let towns = Towns::partners();
    let here = &towns.here;
    here.worker("Sato");
    let order = here.order(1000);
    reckons(here);
    let alone = looks_of(here, order.id);
    assert!(alone.days.nearly_on.is_some_and(|day| day < here.day(30)), "{alone:?}");
    towns.offers(order.id, 4);
    reckons(here);
    let shared = looks_of(here, order.id);
    assert!(shared.days.half_on.is_some_and(|day| day >= here.day(30)), "{shared:?}");
    assert_eq!((alone.minutes_left, shared.minutes_left), (200, 120), "and takes nobody's hours here");
}

/// Promises an order of four pieces, has them done after so many days, and the order closed.
fn promised_and_done(town: &Town, person: PersonId, days: i64) -> OrderId {
    let order = town.order_of(40_000, 4);
    let job = town.job(order.id, 4);
    reckons(town);
    assert!(promised(town, order.id)[0].promised_on.is_some());
    town.wait(Duration::days(days));
    let units = town.finishes(person, job.id, 4);
    town.accepted(order.id, &units);
    order.id
}

#[test]
fn what_came_of_promises_is_learned_from() {
    let town = Town::new();
    let (person, _) = town.worker("Sato");
    let since = town.day(0);
    let kept = |town: &Town| town.act(town.director, |tx| outcomes::kept(tx, since));
    promised_and_done(&town, person, 0);
    assert_eq!(kept(&town), [true]);
    let late = promised_and_done(&town, person, 10);
    assert_eq!(kept(&town), [true, false]);
    let open = town.order_of(40_000, 4);
    reckons(&town);
    assert_eq!(kept(&town), [true, false], "{} is open yet", open.id);
    // More was ordered afterwards: the day was promised for less.
    let more = format!(
        "INSERT INTO order_promises (organization_id, order_id, promised_on, cause, made_at, due_on, minutes_whole, \
             minutes_left, minutes_offered, late_permille) \
         SELECT organization_id, order_id, promised_on, 'more_work', made_at, due_on, minutes_whole, minutes_left, \
             minutes_offered, late_permille FROM order_promises WHERE order_id = {late} ORDER BY id LIMIT 1"
    );
    diesel::sql_query(more).execute(&mut town.db.owner()).unwrap();
    assert_eq!(kept(&town), [true]);
    let later = town.day(1);
    assert!(town.act(town.director, |tx| outcomes::kept(tx, later)).is_empty(), "forgotten in the end");
}

#[test]
fn what_may_come_is_done_later_the_more_there_is() {
    let town = Town::new();
    town.worker("Sato");
    let wanted_on = Some(town.day(30));
    let by = |minutes: i64, others: &[MayCome]| {
        let asked = MayCome { minutes, wanted_on, likely_permille: 0 };
        town.act(town.director, |tx| ask(tx, asked, others))
    };
    let (small, large) = (by(600, &[]), by(9_600, &[]));
    assert!(small.promised_on.unwrap() < large.promised_on.unwrap(), "{small:?} {large:?}");
    assert_eq!(small.late_permille, 0);
    assert!(large.late_permille > 500, "four weeks of work are rather more than thirty days: {large:?}");
    let before = MayCome { minutes: 9_600, wanted_on: Some(town.day(10)), likely_permille: 900 };
    let beside = by(600, &[before]);
    assert!(beside.promised_on.unwrap() > small.promised_on.unwrap(), "what is wanted sooner is done first");
    assert_eq!(count(&town, "SELECT count(*) AS count FROM order_outlooks"), 0, "nothing is written");
}

#[test]
fn people_who_take_twice_as_long_are_promised_so() {
    let town = Town::new();
    let (person, _) = town.worker("Sato");
    let order = town.order_of(100_000, 60);
    let job = town.job(order.id, 60);
    let before = town.act(town.director, |tx| ask(tx, week(), &[]));
    for unit in town.claims(person, job.id, 30).units {
        let input =
            SubmitInput {
                result_text: "出来ました".into(), minutes: "60".into(), ..SubmitInput::default()
            };
        let submission = town.act(person, |tx| submissions::submit(tx, unit, input));
        town.passes(&submission);
    }
    let after = town.act(town.director, |tx| ask(tx, week(), &[]));
    assert!(after.promised_on > before.promised_on, "{before:?} {after:?}");
}

fn week() -> MayCome {
    MayCome { minutes: 2_400, wanted_on: None, likely_permille: 1000 }
}
