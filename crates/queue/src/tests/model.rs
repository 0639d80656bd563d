//! Random interleavings of everything that can happen to a task, against a small reference model.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::tasks::hot::{Fate, Key, Settlement};
use crate::tasks::store;

const MOST_ATTEMPTS: i16 = 3;

#[derive(Debug, Clone)]
enum Step {
    Enqueue,
    Claim(i32),
    /// The numbers choose among everything that was ever claimed, lost leases too.
    Beat(usize),
    Finish(usize),
    FailAgain(usize),
    FailForGood(usize),
    Release(usize),
    Expire(usize),
    ComeDue,
    /// The numbers choose among all tasks there ever were.
    Cancel(usize),
    Retry(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Enqueue),
        4 => (1..4i32).prop_map(Step::Claim),
        1 => any::<usize>().prop_map(Step::Beat),
        3 => any::<usize>().prop_map(Step::Finish),
        2 => any::<usize>().prop_map(Step::FailAgain),
        1 => any::<usize>().prop_map(Step::FailForGood),
        1 => any::<usize>().prop_map(Step::Release),
        2 => any::<usize>().prop_map(Step::Expire),
        2 => Just(Step::ComeDue),
        1 => any::<usize>().prop_map(Step::Cancel),
        2 => any::<usize>().prop_map(Step::Retry),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    Running(Key),
    Scheduled,
    Dead,
    Done,
    Cancelled,
}

#[derive(Debug, Clone, Copy)]
struct Modelled {
    state: State,
    attempt: i16,
    /// Its worker stopped answering: its attempts are counted as they begin.
    suspect: bool,
}

/// What should be true.
#[derive(Debug, Default)]
struct Model {
    tasks: BTreeMap<TaskId, Modelled>,
    claims: Vec<Key>,
}

impl Model {
    fn of(&mut self, key: Key) -> Option<&mut Modelled> {
        self.tasks.get_mut(&key.0).filter(|task| task.state == State::Running(key))
    }

    fn chosen_claim(&self, number: usize) -> Option<Key> {
        (!self.claims.is_empty()).then(|| self.claims[number % self.claims.len()])
    }

    fn chosen_task(&self, number: usize) -> Option<TaskId> {
        (!self.tasks.is_empty()).then(|| *self.tasks.keys().nth(number % self.tasks.len()).unwrap())
    }

    fn count(&self, state: State) -> usize {
        self.tasks.values().filter(|task| task.state == state).count()
    }
}

struct Real {
    bench: Bench,
    runner: Runner,
}

impl Real {
    /// One database for all cases: each begins with empty tables.
    fn shared() -> &'static Self {
        static REAL: OnceLock<Real> = OnceLock::new();
        REAL.get_or_init(|| {
            let bench = Bench::new();
            let runner = bench.runner(bench.counting());
            Real { bench, runner }
        })
    }

    fn lost_by(&self, act: impl FnOnce(&Runner)) -> bool {
        let before = self.runner.lost_leases();
        act(&self.runner);
        self.runner.lost_leases() > before
    }

    fn settle(&self, key: Key, fate: Fate) -> bool {
        self.lost_by(|runner| runner.settle(&[Settlement { key, fate, error: "model".to_owned() }]).unwrap())
    }
}

/// Does one step to both and compares what it answers.
fn take(step: &Step, model: &mut Model, real: &Real) {
    let bench = &real.bench;
    match *step {
        Step::Enqueue => {
            let id = bench.db.arrange(bench.town, |tx| {
                let row = store::NewTask {
                    max_attempts: MOST_ATTEMPTS,
                    ..store::NewTask::of(tx, &Count { by: 1 })?
                };
                store::insert(tx, &row)
            });
            model.tasks.insert(id, Modelled { state: State::Ready, attempt: 0, suspect: false });
        }
        Step::Claim(most) => claim(most, model, real),
        Step::Beat(number) => {
            let Some(key) = model.chosen_claim(number) else { return };
            let held = real.runner.prolong(&[key]).unwrap();
            assert_eq!(held.len(), usize::from(model.of(key).is_some()));
        }
        Step::Finish(number) => {
            end(number, model, State::Done, |key| real.lost_by(|runner| runner.finish(&[key]).unwrap()));
        }
        Step::FailAgain(number) => {
            end(number, model, State::Scheduled, |key| real.settle(key, Fate::Again(Duration::ZERO)));
        }
        Step::FailForGood(number) => end(number, model, State::Dead, |key| real.settle(key, Fate::Dead)),
        Step::Release(number) => {
            let held = model.chosen_claim(number).filter(|key| model.of(*key).is_some());
            end(number, model, State::Ready, |key| real.settle(key, Fate::Released));
            if let Some(task) = held.and_then(|key| model.tasks.get_mut(&key.0)) {
                // Those of a suspect are counted when they begin, as all of them do here.
                task.attempt -= i16::from(!task.suspect);
            }
        }
        Step::Expire(number) => expire(number, model, real),
        Step::ComeDue => {
            make_due(bench);
            real.runner.promote().unwrap();
            let due = model.tasks.values_mut().filter(|task| task.state == State::Scheduled);
            due.for_each(|task| task.state = State::Ready);
        }
        Step::Cancel(number) => {
            let Some(id) = model.chosen_task(number) else { return };
            let cancelled = bench.db.arrange(bench.town, |tx| tasks::cancel(tx, id));
            let task = model.tasks.get_mut(&id).unwrap();
            let live = !matches!(task.state, State::Dead | State::Done | State::Cancelled);
            assert_eq!(cancelled, live);
            if live {
                task.state = State::Cancelled;
            }
        }
        Step::Retry(number) => {
            let Some(id) = model.chosen_task(number) else { return };
            let revived = bench.db.arrange(bench.town, |tx| tasks::retry(tx, id));
            let task = model.tasks.get_mut(&id).unwrap();
            // One that failed and waits for its next try keeps the attempts it has left.
            let waits = task.state == State::Scheduled && task.attempt > 0;
            assert_eq!(revived, task.state == State::Dead || waits);
            if waits {
                task.state = State::Ready;
            } else if revived {
                *task = Modelled { state: State::Ready, attempt: 0, suspect: false };
            }
        }
    }
}

fn claim(most: i32, model: &mut Model, real: &Real) {
    let claimed = real.runner.claim(most, &mut Marks::new()).unwrap().tasks;
    assert_eq!(claimed.len(), model.count(State::Ready).min(usize::try_from(most).unwrap()));
    for task in claimed {
        let task = real.runner.begin(task).unwrap().expect("a task just claimed is held");
        assert!(!model.claims.contains(&task.key()), "a lease number was given twice");
        let modelled = model.tasks.get_mut(&task.id).unwrap();
        assert_eq!(modelled.state, State::Ready);
        modelled.attempt += 1;
        assert_eq!(task.attempt, modelled.attempt);
        modelled.state = State::Running(task.key());
        model.claims.push(task.key());
    }
}

/// Ends an attempt; the real one must be refused exactly when the model no longer holds the lease.
fn end(number: usize, model: &mut Model, state: State, real: impl FnOnce(Key) -> bool) {
    let Some(key) = model.chosen_claim(number) else { return };
    let refused = real(key);
    match model.of(key) {
        Some(task) => {
            assert!(!refused, "a good lease was refused");
            task.state = state;
        }
        None => assert!(refused, "a lost lease was accepted"),
    }
}

fn expire(number: usize, model: &mut Model, real: &Real) {
    let Some(key) = model.chosen_claim(number) else { return };
    real.bench.sql(&format!(
        "UPDATE tasks SET lease_until = clock_timestamp() - interval '1 second' WHERE id = {} AND lease = {}",
        key.0, key.1
    ));
    let rescued = real.runner.rescue().unwrap();
    assert_eq!(rescued, i32::from(model.of(key).is_some()));
    if let Some(task) = model.of(key) {
        let dies = task.suspect && task.attempt >= MOST_ATTEMPTS;
        *task = Modelled { state: if dies { State::Dead } else { State::Scheduled }, suspect: true, ..*task };
    }
}

/// Everything that can be seen agrees with the model.
fn compare(model: &Model, real: &Real) {
    use crate::schema::{task_history, tasks};
    let mut owner = real.bench.db.owner();
    let rows: Vec<(TaskId, String, i16, Option<i64>)> = tasks::table
        .order(tasks::id)
        .select((tasks::id, tasks::state, tasks::attempt, tasks::lease))
        .load(&mut owner)
        .unwrap();
    let expected: Vec<(TaskId, String, i16, Option<i64>)> = model
        .tasks
        .iter()
        .filter_map(|(id, task)| {
            let (state, lease) = match task.state {
                State::Ready => ("ready", None),
                State::Running(key) => ("running", Some(key.1)),
                State::Scheduled => ("scheduled", None),
                State::Dead => ("dead", None),
                State::Done | State::Cancelled => return None,
            };
            Some((*id, state.to_owned(), task.attempt, lease))
        })
        .collect();
    assert_eq!(rows, expected);
    for (outcome, state) in [("done", State::Done), ("cancelled", State::Cancelled)] {
        let ended: Vec<TaskId> = task_history::table
            .filter(task_history::outcome.eq(outcome))
            .order(task_history::id)
            .select(task_history::id)
            .load(&mut owner)
            .unwrap();
        let modelled: Vec<TaskId> =
            model.tasks.iter().filter(|(_, task)| task.state == state).map(|(id, _)| *id).collect();
        assert_eq!(ended, modelled, "{outcome}: each exactly once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_in_whatever_order_the_queue_agrees_with_its_model(
        steps in prop::collection::vec(step(), 1..60)
    ) {
        let real = Real::shared();
        real.bench.sql("TRUNCATE tasks, task_history, task_failures");
        let mut model = Model::default();
        for step in &steps {
            take(step, &mut model, real);
        }
        compare(&model, real);
    }
}
