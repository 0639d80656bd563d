//! Workers against a real database: the way through the programme, and the figures made from it.

use std::cell::Cell;

use chrono::NaiveDate;
use db::testing::TestDb;
use kernel::{Code, Coded, Paging};
use proptest::collection;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::testing::Clock;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn on(text: &str) -> StepInput {
    StepInput { happened_on: text.into() }
}

fn registered_on(text: &str) -> RegisterInput {
    RegisterInput { happened_on: text.into(), ..RegisterInput::default() }
}

fn left(reason: &str, text: &str) -> WithdrawInput {
    WithdrawInput { reason: reason.into(), happened_on: text.into() }
}

#[test]
fn the_seeds_figures_come_out_of_events() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let officer = db.person(town, "Officer", &["officer"]);
    let mut workers = Vec::new();
    for number in 0..75 {
        let person = db.person(town, &format!("Worker{number:02}"), &["worker"]);
        let input = registered_on(if number < 40 { "2020-07-01" } else { "2021-06-01" });
        workers.push(db.acting(town, officer, |tx| register(tx, person, input)).unwrap());
    }
    let reasons = [("employment", 12), ("moved", 2), ("other", 7)];
    let all = reasons.iter().flat_map(|(reason, times)| std::iter::repeat_n(*reason, *times));
    for (worker, reason) in workers.iter().zip(all) {
        db.acting(town, officer, |tx| withdraw(tx, worker.id, left(reason, "2021-12-28"))).unwrap();
    }
    let as_of = |text: &str| db.acting(town, officer, |tx| counts(tx, day(text))).unwrap();
    let figures = as_of("2022-01-31");
    assert_eq!((figures.registered_cumulative, figures.active), (75, 54));
    let by_reason: Vec<_> =
        figures.withdrawn.into_iter().map(|(reason, count)| (reason.as_str(), count)).collect();
    assert_eq!(by_reason, [("employment", 12), ("moved", 2), ("other", 7)]);
    // The lists behind the figures come to the same numbers.
    let listed = |step, reason, until: &str| {
        let filter = StepFilter { step, reason, until: day(until) };
        let (mut paging, mut found) = (Paging::first(50), 0);
        loop {
            let page = db.acting(town, officer, |tx| steps(tx, filter, &paging)).unwrap();
            found += page.items.len();
            let Some(next) = page.next else { break found };
            paging.after = Some(next);
        }
    };
    assert_eq!(listed(WorkerStep::Registered, None, "2022-01-31"), 75);
    assert_eq!(listed(WorkerStep::Registered, None, "2020-12-31"), 40);
    assert_eq!(listed(WorkerStep::Withdrawn, None, "2022-01-31"), 21);
    assert_eq!(listed(WorkerStep::Withdrawn, Some(WithdrawalReason::Employment), "2022-01-31"), 12);
    assert_eq!(db.acting(town, officer, |tx| enrolled(tx, &Paging::first(100))).unwrap().items.len(), 54);
    assert_eq!(
        (as_of("2021-12-27").active, as_of("2020-12-31").active, as_of("2020-06-30").active),
        (75, 40, 0)
    );
}

#[test]
fn somebody_who_returns_is_the_same_worker_and_counts_again() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let person = db.person(town, "Tanaka", &["worker"]);
    let first = db.acting(town, person, |tx| apply(tx, person, registered_on("2025-04-01"))).unwrap();
    assert_eq!((first.state, first.registered_on), (WorkerState::Applicant, None));
    db.acting(town, person, |tx| register(tx, person, registered_on("2025-04-10"))).unwrap();
    db.acting(town, person, |tx| train(tx, first.id, on("2025-04-11"))).unwrap();
    db.acting(town, person, |tx| activate(tx, first.id, on("2025-05-01"))).unwrap();
    db.acting(town, person, |tx| withdraw(tx, first.id, left("moved", "2025-09-30"))).unwrap();
    let back = db.acting(town, person, |tx| return_(tx, first.id, on("2026-04-01"))).unwrap();
    assert_eq!((back.id, back.state, back.withdrawn_on), (first.id, WorkerState::Registered, None));
    assert_eq!(back.registered_on, Some(day("2025-04-10")));
    let figures = db.acting(town, person, |tx| counts(tx, day("2026-05-01"))).unwrap();
    assert_eq!((figures.registered_cumulative, figures.returned_cumulative, figures.active), (1, 1, 1));
    assert_eq!(figures.registrations_cumulative, 2, "one person, two registrations");
    let steps: Vec<_> = db.acting(town, person, |tx| events(tx, first.id)).unwrap();
    let steps: Vec<_> = steps.into_iter().map(|event| event.step.as_str()).collect();
    assert_eq!(steps, ["applied", "registered", "training", "activated", "withdrawn", "returned"]);
}

#[test]
fn a_step_out_of_order_changes_nothing_and_says_why() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let person = db.person(town, "Tanaka", &["worker"]);
    let worker = db.acting(town, person, |tx| register(tx, person, registered_on("2026-04-01"))).unwrap();
    let refused = db.acting(town, person, |tx| pause(tx, worker.id, on("2026-04-02"))).unwrap_err();
    assert_eq!(refused.code(), Code::Conflict);
    let early = db.acting(town, person, |tx| activate(tx, worker.id, on("2026-03-31"))).unwrap_err();
    assert_eq!((early.code(), early.fields()[0].field.as_str()), (Code::Invalid, "happened_on"));
    let last = kernel::Bound::Day("2026-04-01".parse().unwrap());
    assert_eq!((early.fields()[0].code, early.fields()[0].bound), (Code::BeforeTheLast, Some(last)));
    let ahead = db.acting(town, person, |tx| activate(tx, worker.id, on("2999-01-01"))).unwrap_err();
    assert_eq!(ahead.fields()[0].code, Code::InTheFuture);
    let reasonless =
        db.acting(town, person, |tx| withdraw(tx, worker.id, WithdrawInput::default())).unwrap_err();
    assert_eq!(reasonless.fields()[0].code, Code::Required);
    let again = db.acting(town, person, |tx| register(tx, person, registered_on(""))).unwrap_err();
    assert_eq!(again.code(), Code::Taken);
    assert_eq!(db.acting(town, person, |tx| events(tx, worker.id)).unwrap().len(), 1);
}

#[test]
fn hours_are_the_workers_own_and_an_old_version_changes_nothing() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let person = db.person(town, "Tanaka", &["worker"]);
    let worker = db.acting(town, person, |tx| register(tx, person, registered_on(""))).unwrap();
    assert_eq!(worker.weekly_minutes, 600);
    let hours = |minutes: &str| HoursInput { weekly_minutes: minutes.into() };
    let worker = db.acting(town, person, |tx| set_weekly_minutes(tx, worker.id, 1, hours("480"))).unwrap();
    assert_eq!(worker.weekly_minutes, 480);
    let stale = db.acting(town, person, |tx| set_weekly_minutes(tx, worker.id, 1, hours("60"))).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    let many = db.acting(town, person, |tx| set_weekly_minutes(tx, worker.id, 2, hours("2401"))).unwrap_err();
    assert_eq!(
        (many.fields()[0].code, many.fields()[0].bound),
        (Code::OutOfRange, Some(kernel::Bound::Number(2400)))
    );
}

#[test]
fn lists_page_and_another_towns_people_are_not_there() {
    let db = TestDb::new();
    let (town, other) = (db.town("tateshina"), db.town("shiojiri"));
    let stranger = db.person(other, "Stranger", &["worker"]);
    let mut entered = Vec::new();
    for name in ["Aoki", "Baba", "Chiba"] {
        let person = db.person(town, name, &["worker"]);
        let worker = db.acting(town, person, |tx| register(tx, person, registered_on(""))).unwrap();
        entered.push(worker.id);
    }
    let missing = db.acting(town, stranger, |tx| register(tx, stranger, registered_on(""))).unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    let mut paging = Paging::first(2);
    let first = db.acting(town, stranger, |tx| list(tx, WorkerFilter::default(), &paging)).unwrap();
    paging.after = first.next;
    let second = db.acting(town, stranger, |tx| list(tx, WorkerFilter::default(), &paging)).unwrap();
    let ids: Vec<_> = first.items.iter().chain(&second.items).map(|worker| worker.id).collect();
    assert_eq!((ids, second.next), (entered.clone(), None));
    let none = db.acting(other, stranger, |tx| find(tx, entered[0])).unwrap_err();
    assert_eq!(none.code(), Code::NotFound);
    let active = WorkerFilter { state: Some(WorkerState::Active) };
    assert!(db.acting(town, stranger, |tx| list(tx, active, &Paging::first(5))).unwrap().items.is_empty());
}

#[test]
fn a_workers_number_is_kept_as_typed_and_can_go_again() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let officer = db.person(town, "Officer", &["coordinator"]);
    let person = db.person(town, "Aoki", &["worker"]);
    let worker = db.acting(town, officer, |tx| register(tx, person, RegisterInput::default())).unwrap();
    let set = |version, phone: &str| {
        let input = PhoneInput { phone: phone.into() };
        db.acting(town, officer, |tx| set_phone(tx, worker.id, version, &input))
    };
    let changed = set(worker.version, "０８５７-12-3456").unwrap();
    assert_eq!(changed.phone, "０８５７-12-3456");
    assert_eq!(set(worker.version, "0857-65-4321").unwrap_err().code(), Code::Stale);
    assert_eq!(set(changed.version, "電話").unwrap_err().code(), Code::Invalid);
    assert_eq!(set(changed.version, "").unwrap().phone, "");
}

/// What a worker may be asked to do, drawn at random.
const STEPS: [WorkerStep; 6] = [
    WorkerStep::Registered,
    WorkerStep::Training,
    WorkerStep::Activated,
    WorkerStep::Paused,
    WorkerStep::Withdrawn,
    WorkerStep::Returned,
];

/// The same figures out of each person's own story, without a table.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    registrations: i64,
    persons: i64,
    withdrawn: i64,
    there: i64,
}

impl Told {
    fn of(stories: &[Vec<WorkerStep>]) -> Self {
        let times = |story: &Vec<WorkerStep>, step| story.iter().filter(|one| **one == step).count();
        let mut told = Self::default();
        for story in stories {
            let entered = times(story, WorkerStep::Registered) + times(story, WorkerStep::Returned);
            let left = times(story, WorkerStep::Withdrawn);
            told.registrations += i64::try_from(entered).unwrap();
            told.persons += i64::from(entered > 0);
            told.withdrawn += i64::try_from(left).unwrap();
            told.there += i64::from(entered > left);
        }
        told
    }
}

#[test]
fn whatever_steps_people_take_registrations_and_persons_are_both_counted_right() {
    const PEOPLE: usize = 4;
    let db = TestDb::new();
    db.freeze("2026-11-26T03:00:00Z".parse().unwrap());
    let towns = Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let moves = collection::vec((0..PEOPLE, 0..STEPS.len()), 1..40);
    let outcome = runner.run(&moves, |moves| {
        towns.set(towns.get() + 1);
        let town = db.town(&format!("town{}", towns.get()));
        let officer = db.person(town, "Officer", &["officer"]);
        let people: Vec<_> =
            (0..PEOPLE).map(|number| db.person(town, &format!("Worker{number}"), &["worker"])).collect();
        let mut stories = vec![Vec::new(); PEOPLE];
        for (who, step) in moves {
            let (person, step) = (people[who], STEPS[step]);
            let taken = db.acting(town, officer, |tx| take(tx, person, step));
            if taken.is_ok() {
                stories[who].push(step);
            }
        }
        let figures = db.acting(town, officer, |tx| counts(tx, day("2026-11-26"))).unwrap();
        let withdrawn: i64 = figures.withdrawn.values().sum();
        let counted = Told {
            registrations: figures.registrations_cumulative,
            persons: figures.registered_cumulative,
            withdrawn,
            there: figures.active,
        };
        prop_assert_eq!(&counted, &Told::of(&stories), "{:?}", stories);
        prop_assert_eq!(figures.active, figures.registrations_cumulative - withdrawn);
        let listed = db.acting(town, officer, |tx| enrolled(tx, &Paging::first(100))).unwrap().items.len();
        prop_assert_eq!(i64::try_from(listed).unwrap(), figures.active);
        Ok(())
    });
    outcome.unwrap();
}

fn take(tx: &mut Tx<'_>, person: PersonId, step: WorkerStep) -> Result<Worker, WorkerError> {
    let id = match (step, of_person(tx, person)?) {
        (WorkerStep::Registered, _) => return register(tx, person, RegisterInput::default()),
        (_, None) => return Err(WorkerError::Stale),
        (_, Some(worker)) => worker.id,
    };
    match step {
        WorkerStep::Training => train(tx, id, StepInput::default()),
        WorkerStep::Activated => activate(tx, id, StepInput::default()),
        WorkerStep::Paused => pause(tx, id, StepInput::default()),
        WorkerStep::Withdrawn => withdraw(tx, id, left("other", "")),
        _ => return_(tx, id, StepInput::default()),
    }
}

#[test]
fn what_is_kept_of_somebody_who_left_goes_on_the_day_that_was_shown_and_their_steps_stay() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let officer = db.person(town, "Officer", &["coordinator"]);
    let person = db.person(town, "Aoki", &["worker"]);
    let clock = Clock::of(&db, "2026-11-26T03:00:00Z");
    let worker = db
        .acting(town, officer, |tx| -> Result<Worker, WorkerError> {
            let worker = register(tx, person, RegisterInput::default())?;
            let worker =
                set_phone(tx, worker.id, worker.version, &PhoneInput { phone: "0857-12-3456".into() })?;
            withdraw(tx, worker.id, left("moved", ""))
        })
        .unwrap();
    let shown = forgotten_on(worker.withdrawn_on.unwrap());
    assert_eq!(shown, day("2027-11-26"));
    let phone_on = |now: &str| {
        clock.set(now);
        db.acting(town, officer, |tx| -> Result<_, DbError> {
            crate::forget(tx)?;
            Ok((find(tx, worker.id)?.phone, events(tx, worker.id)?.len()))
        })
        .unwrap()
    };
    assert_eq!(phone_on("2027-11-25T14:59:00Z"), ("0857-12-3456".to_owned(), 2), "a minute before that day");
    assert_eq!(phone_on("2027-11-25T15:01:00Z"), (String::new(), 2));
    assert_eq!(phone_on("2027-11-25T15:01:00Z"), (String::new(), 2), "twice is once");
}
