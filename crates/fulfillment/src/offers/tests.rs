//! Offers against a real database.

use chrono::Duration;
use kernel::{Code, Coded, Paging, Yen};

use super::*;
use crate::jobs::{self, JobInput};
use crate::testing::Town;
use workforce::availability::ConditionsInput;
use workforce::skills::{GrantInput, SkillInput};
use workforce::workers::{HoursInput, StepInput};

#[test]
fn a_worker_sees_what_fits_with_pay_and_hours() {
    let town = Town::new();
    let (person, worker) = town.worker("Aoki");
    let order = town.order(100_000);
    let job = town.job(order.id, 5);
    let cards = || town.act(person, |tx| fitting(tx, worker, &Paging::first(10))).items;
    let card = cards().remove(0);
    assert_eq!((card.job, card.units_left, card.fitting_units), (job.id, 5, 5));
    assert_eq!((card.unit_pay, card.unit_minutes, card.yen_per_hour), (Yen(400), 20, Yen(1200)));
    let paid = "2026-06-25".parse().unwrap();
    assert_eq!(
        (card.work_due_on, card.pay_on),
        (town.day(14), [paid, paid]),
        "today and on the last day: in May"
    );
    assert_eq!(card.free_minutes_until_due, 3 * 2400, "the weeks of 1, 8 and 15 May");
    town.act(person, |tx| {
        let hours = HoursInput { weekly_minutes: "50".into() };
        workforce::workers::set_weekly_minutes(tx, worker, 3, hours)
    });
    town.claims(person, job.id, 1);
    let card = cards().remove(0);
    assert_eq!((card.units_left, card.fitting_units), (4, 1), "30 of 50 minutes are left");
    town.claims(person, job.id, 1);
    let card = cards().remove(0);
    assert_eq!(
        (card.fitting_units, card.free_minutes_this_week),
        (0, 10),
        "fewer than one unit takes, yet some"
    );
    town.act(person, |tx| workforce::workers::pause(tx, worker, StepInput::default()));
    assert!(cards().is_empty(), "who rests is offered nothing");
    town.act(person, |tx| workforce::workers::activate(tx, worker, StepInput::default()));
    town.wait(Duration::days(15));
    assert!(cards().is_empty(), "the day has passed");
}

#[test]
fn a_list_holds_what_may_be_claimed_and_ends_with_what_the_week_has_no_time_for() {
    let town = Town::new();
    let (person, worker) = town.worker("Aoki");
    let order = town.order_of(100_000, 50);
    let skill = {
        let input = SkillInput { name: "校正".into() };
        town.act(town.director, |tx| workforce::skills::add(tx, input)).id
    };
    let last = GrantInput { expires_on: town.day(3).to_string().into(), ..GrantInput::default() };
    town.act(town.director, |tx| workforce::skills::grant(tx, worker, skill, last));
    let offered = |input: JobInput| {
        town.act(town.director, |tx| {
            let job = jobs::split(tx, order.id, input)?;
            jobs::offer(tx, job.id).map(|offered| offered.job.id)
        })
    };
    let due = |days: u64| town.day(days).to_string().into();
    let long = offered(JobInput { unit_minutes: "120".into(), work_due_on: due(10), ..town.job_input(1) });
    let plain = offered(JobInput { work_due_on: due(11), ..town.job_input(3) });
    let skilled =
        offered(JobInput { skill_id: skill.to_string().into(), work_due_on: due(12), ..town.job_input(1) });
    let calls = offered(JobInput { asks_phone: "yes".into(), work_due_on: due(13), ..town.job_input(1) });
    let listed = || {
        let (mut jobs, mut paging) = (Vec::new(), Paging::first(1));
        loop {
            let page = town.act(person, |tx| fitting(tx, worker, &paging));
            jobs.extend(page.items.iter().map(|card| card.job));
            paging.after = page.next;
            if paging.after.is_none() {
                return jobs;
            }
        }
    };
    let wishes = |minutes: &str| {
        town.act(person, |tx| {
            let version = workforce::workers::find(tx, worker)?.version;
            let hours = HoursInput { weekly_minutes: minutes.into() };
            workforce::workers::set_weekly_minutes(tx, worker, version, hours)
        });
    };
    assert_eq!(listed(), [long, plain, skilled, calls]);
    let no_phone = ConditionsInput { conditions: vec!["no_phone".into()] };
    town.act(person, |tx| workforce::availability::set_conditions(tx, worker, &no_phone));
    assert_eq!(listed(), [long, plain, skilled]);
    wishes("60");
    assert_eq!(listed(), [plain, skilled, long], "an hour a week holds no unit of two");
    town.wait(Duration::days(4));
    assert_eq!(listed(), [plain, long], "the skill has run out");
    assert!(matches!(town.act(person, |tx| standing(tx, worker, skilled)), Standing::Open(_)));
    town.claims(person, plain, 3);
    assert_eq!(listed(), [long], "the week is full");
    wishes("0");
    assert_eq!(listed(), []);
}

#[test]
fn declining_costs_nothing_and_is_taken_back_at_will() {
    let town = Town::new();
    let (person, worker) = town.worker("Aoki");
    let (stranger, _) = town.worker("Baba");
    let order = town.order(100_000);
    let job = town.job(order.id, 5);
    let cards = || town.act(person, |tx| fitting(tx, worker, &Paging::first(10))).items;
    let offer = cards()[0].offer;
    let refused = town.attempt(stranger, |tx| decline(tx, offer)).unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    town.act(person, |tx| decline(tx, offer));
    town.act(person, |tx| decline(tx, offer));
    assert!(cards().is_empty());
    assert_eq!(town.act(person, |tx| standing(tx, worker, job.id)), Standing::Declined(offer));
    assert_eq!(town.claims(person, job.id, 1).units.len(), 1, "a changed mind may claim at once");
    town.act(person, |tx| reconsider(tx, offer));
    assert_eq!(cards().len(), 1);
}

#[test]
fn offers_page_by_the_day_the_work_is_due() {
    let town = Town::new();
    let (person, worker) = town.worker("Aoki");
    let order = town.order(100_000);
    let jobs: Vec<_> = (0..3).map(|_| town.job(order.id, 1).id).collect();
    let mut paging = Paging::first(2);
    let first = town.act(person, |tx| fitting(tx, worker, &paging));
    paging.after = first.next;
    let second = town.act(person, |tx| fitting(tx, worker, &paging));
    let seen: Vec<_> = first.items.iter().chain(&second.items).map(|card| card.job).collect();
    assert_eq!((seen, second.next), (jobs, None));
}

#[test]
fn a_worker_learns_how_an_offer_stands_after_it_is_gone() {
    let town = Town::new();
    let (aoki, first) = town.worker("Aoki");
    let (baba, second) = town.worker("Baba");
    let order = town.order(100_000);
    let job = town.job(order.id, 1);
    let stands = |person, worker| town.act(person, |tx| standing(tx, worker, job.id));
    assert!(matches!(stands(baba, second), Standing::Open(_)));
    let claimed = town.claims(aoki, job.id, 1);
    assert_eq!(stands(baba, second), Standing::Filled, "somebody else was faster");
    town.act(aoki, |tx| crate::claims::hand_back(tx, claimed.units[0]));
    town.act(aoki, |tx| workforce::workers::pause(tx, first, StepInput::default()));
    assert_eq!(stands(aoki, first), Standing::Resting);
    town.wait(Duration::days(15));
    assert_eq!(stands(baba, second), Standing::Over);
    town.act(town.director, |tx| jobs::withdraw(tx, job.id));
    assert_eq!(stands(baba, second), Standing::Withdrawn);
    let (carer, never) = town.worker("Chiba");
    let unknown = town.attempt(carer, |tx| standing(tx, never, job.id)).unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound, "it was never put before them");
}
