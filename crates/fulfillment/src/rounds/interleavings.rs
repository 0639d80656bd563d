//! Random interleavings of everything that moves the units of a fair job, played on the database. Before each claim a small
//! model says whether it may succeed; after each step nobody is promised what does not wait.

use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use kernel::{JobId, OrderId, Paging, PersonId, UnitId, WorkerId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use workforce::workers::HoursInput;

use super::{go_on, lists, portions_of, tend};
use crate::interleavings::check_promises;
use crate::jobs::JobInput;
use crate::offers::{self, Standing};
use crate::testing::{Town, called_off};
use crate::units::{UnitFilter, UnitState};
use crate::{claims, jobs, units};

const UNITS: usize = 9;
const WORKERS: usize = 4;
/// Seven units of a week: more than one portion, less than the job.
const WEEKLY_MINUTES: i64 = 140;

#[derive(Debug, Clone, Copy)]
enum Step {
    Offer,
    GoOn,
    Tend,
    /// So many hours pass.
    Wait(i64),
    Claim(usize, i64),
    Decline(usize),
    Reconsider(usize),
    HandBack(usize),
    Cancel(usize),
    Withdraw,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let worker = 0..WORKERS;
    let step = prop_oneof![
        2 => Just(Step::Offer),
        4 => Just(Step::GoOn),
        1 => Just(Step::Tend),
        3 => (1..30i64).prop_map(Step::Wait),
        8 => (worker.clone(), 1..4i64).prop_map(|(worker, count)| Step::Claim(worker, count)),
        3 => worker.clone().prop_map(Step::Decline),
        2 => worker.clone().prop_map(Step::Reconsider),
        3 => worker.prop_map(Step::HandBack),
        1 => (0..UNITS).prop_map(Step::Cancel),
        1 => Just(Step::Withdraw),
    ];
    prop::collection::vec(step, 40)
}

struct Stage<'a> {
    town: &'a Town,
    people: &'a [(PersonId, WorkerId)],
    job: JobId,
    units: Vec<UnitId>,
}

#[derive(QueryableByName)]
struct Wrong {
    #[diesel(sql_type = Bool)]
    wrong: bool,
}

impl<'a> Stage<'a> {
    fn new(town: &'a Town, people: &'a [(PersonId, WorkerId)]) -> Self {
        let order: OrderId = town.order_of(9000, i32::try_from(UNITS).unwrap()).id;
        let day = town.day(20).to_string();
        let input = JobInput { offer_rule: "fair".into(), work_due_on: day.into(), ..town.job_input(UNITS) };
        let job = town.act(town.director, |tx| jobs::split(tx, order, input)).id;
        let all = Paging::first(20);
        let page = town.act(town.director, |tx| units::of_job(tx, job, UnitFilter::default(), &all));
        Self { town, people, job, units: page.items.into_iter().map(|unit| unit.id).collect() }
    }

    /// Whether a claim of so many units may succeed now: of one's portion while the job is offered in turn, of all that waits
    /// once its pool is open; within the week's hours.
    fn may_claim(&self, (person, worker): (PersonId, WorkerId), count: i64) -> bool {
        self.town.act(person, |tx| -> Result<_, db::DbError> {
            let job = jobs::find(tx, self.job)?;
            let stands = offers::is_before(tx, self.job, worker)?;
            let within = if job.is_in_turn() {
                portions_of(tx, worker, &[self.job])?.get(&self.job).is_some_and(|open| open.units >= count)
            } else {
                lists::offered(tx, self.job)? >= count
            };
            let free = {
                let worker = workforce::workers::find(tx, worker)?;
                claims::free_minutes(tx, &worker)?
            };
            let is_open = job.state == jobs::JobState::Offered && job.work_due_on >= crate::today(tx);
            Ok(is_open && stands && within && free >= count * 20)
        })
    }

    /// The offer of a worker, where it waits for the given answer.
    fn offer(&self, (person, worker): (PersonId, WorkerId), declined: bool) -> Option<kernel::OfferId> {
        match self.town.attempt(person, |tx| offers::standing(tx, worker, self.job)).ok()? {
            Standing::Open(card) if !declined => Some(card.offer),
            Standing::Declined(offer) | Standing::Passed(offer) if declined => Some(offer),
            _ => None,
        }
    }

    fn play(&self, step: Step) -> Result<(), TestCaseError> {
        let (town, job, director) = (self.town, self.job, self.town.director);
        match step {
            Step::Offer => drop(town.attempt(director, |tx| jobs::offer(tx, job))),
            Step::GoOn => drop(town.act(director, |tx| go_on(tx, job))),
            Step::Tend => town.act(director, tend),
            Step::Wait(hours) => town.wait(Duration::hours(hours)),
            Step::Claim(worker, count) => {
                let who = self.people[worker];
                let expected = self.may_claim(who, count);
                let input = town.informed(who.0, job, count);
                let claimed = town.attempt(who.0, |tx| claims::claim(tx, job, input));
                prop_assert_eq!(claimed.is_ok(), expected, "{:?}", claimed);
            }
            Step::Decline(worker) => {
                if let Some(offer) = self.offer(self.people[worker], false) {
                    town.act(self.people[worker].0, |tx| offers::decline(tx, offer));
                }
            }
            Step::Reconsider(worker) => {
                if let Some(offer) = self.offer(self.people[worker], true) {
                    drop(town.attempt(self.people[worker].0, |tx| offers::reconsider(tx, offer)));
                }
            }
            Step::HandBack(worker) => self.hand_back(self.people[worker].0),
            Step::Cancel(unit) => {
                let (unit, input) = (self.units[unit], called_off("client", "0"));
                if town.unit(unit).state == UnitState::Offered {
                    town.act(director, |tx| units::cancel(tx, unit, input));
                }
            }
            Step::Withdraw => drop(town.attempt(director, |tx| jobs::withdraw(tx, job))),
        }
        Ok(())
    }

    fn hand_back(&self, person: PersonId) {
        let held = self.units.iter().find(|unit| self.town.unit(**unit).holder_id == Some(person));
        if let Some(unit) = held {
            drop(self.town.attempt(person, |tx| claims::hand_back(tx, *unit)));
        }
    }

    /// What is promised waits.
    fn keeps_its_promise(&self) -> bool {
        let wrong: Wrong = diesel::sql_query(
            "SELECT COALESCE(sum(p.units - p.claimed), 0) > (SELECT count(*) FROM units u \
                 WHERE u.job_id = $1 AND u.state = 'offered') AS wrong \
             FROM offer_portions p WHERE p.job_id = $1 AND p.state = 'open'",
        )
        .bind::<BigInt, _>(self.job)
        .get_result(&mut self.town.db.owner())
        .unwrap();
        !wrong.wrong
    }
}

#[test]
fn whatever_happens_nobody_is_promised_what_does_not_wait_nor_takes_what_was_not_promised() {
    let town = Town::new();
    let people = ["Aoki", "Baba", "Chiba", "Doi"].map(|name| {
        let (person, worker) = town.worker(name);
        let hours = HoursInput { weekly_minutes: WEEKLY_MINUTES.to_string().into() };
        town.act(person, |tx| {
            let version = workforce::workers::find(tx, worker)?.version;
            workforce::workers::set_weekly_minutes(tx, worker, version, hours)
        });
        (person, worker)
    });
    let config = Config { cases: 12, max_shrink_iters: 30, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |steps| {
        let stage = Stage::new(&town, &people);
        for (number, step) in std::iter::once(Step::Offer).chain(steps).enumerate() {
            stage.play(step)?;
            prop_assert!(stage.keeps_its_promise(), "step {number} {step:?}");
        }
        // Their hours are free again for the next case.
        stage.play(Step::Withdraw)?;
        for unit in stage.units.iter().copied() {
            if town.unit(unit).holder_id.is_some() {
                town.act(town.director, |tx| units::cancel(tx, unit, called_off("client", "0")));
            }
        }
        Ok(())
    });
    check_promises(&town);
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
