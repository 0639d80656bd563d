//! Who goes before whom while a line is long. Nothing is rung here: whatever happens is found by looking.

use std::sync::Mutex;

use super::*;
use crate::{Priority, Wake};

#[derive(Debug, Serialize, Deserialize)]
struct Patient {
    number: usize,
}

impl Task for Patient {
    const KIND: &'static str = "test.patient";
    const PRIORITY: Priority = Priority::Later;
}

#[derive(Debug, Serialize, Deserialize)]
struct Hurried {}

impl Task for Hurried {
    const KIND: &'static str = "test.hurried";
    const PRIORITY: Priority = Priority::Urgent;
}

/// One thread that is busy with the first of ten patient tasks until it is let go, and a line behind it.
struct Busy {
    bench: Bench,
    let_go: Arc<Wake>,
    /// What was begun, in its order.
    begun: Arc<Mutex<Vec<&'static str>>>,
    workers: Workers,
}

impl Busy {
    fn begin() -> Self {
        let bench = Bench::new();
        let (let_go, begun): (Arc<Wake>, Arc<Mutex<Vec<&'static str>>>) = Default::default();
        let mut registry = Registry::new();
        let (held, notes) = (let_go.clone(), begun.clone());
        registry.detached(move |_, _, _, task: Patient| {
            notes.lock().unwrap().push("patient");
            if task.number == 0 {
                held.wait(Duration::from_mins(5));
            }
            Ok(())
        });
        let notes = begun.clone();
        registry.detached(move |_, _, _, _: Count| {
            notes.lock().unwrap().push("usual");
            Ok(())
        });
        let notes = begun.clone();
        registry.detached(move |_, _, _, _: Hurried| {
            notes.lock().unwrap().push("hurried");
            Ok(())
        });
        let many: Vec<Patient> = (0..10).map(|number| Patient { number }).collect();
        bench.db.arrange(bench.town, |tx| tasks::enqueue_many(tx, &many));
        let settings =
            WorkerSettings { threads: 1, poll: Duration::from_millis(20), ..WorkerSettings::default() };
        let runner = Arc::new(bench.runner(registry));
        let workers = Workers::start(runner, &Wakes::default(), settings, |_run| {});
        let busy = Self { bench, let_go, begun, workers };
        wait_until("a line waits behind the first", || busy.running() >= 4);
        busy
    }

    fn running(&self) -> usize {
        self.bench.states().iter().filter(|state| *state == "running").count()
    }

    /// How many of that sort have begun.
    fn begun(&self, what: &str) -> usize {
        self.begun.lock().unwrap().iter().filter(|begun| **begun == what).count()
    }

    fn end(self) -> Vec<&'static str> {
        self.let_go.ring();
        wait_until("all are done", || self.bench.left_over() == 0);
        self.workers.stop();
        self.begun.lock().unwrap().clone()
    }
}

#[test]
fn the_urgent_are_found_while_the_line_is_long_though_nobody_rang() {
    let busy = Busy::begin();
    // Often enough that each of those who look has found some.
    for turn in 1..=20 {
        busy.bench.enqueue(&Hurried {});
        wait_until("it has begun beside the busy thread", || busy.begun("hurried") == turn);
    }
    assert_eq!(busy.begun("patient"), 1, "and that is busy still");
    busy.end();
}

#[test]
fn what_people_wait_for_passes_a_long_line_of_what_may_wait() {
    let busy = Busy::begin();
    // The database says that one is claimed a moment before it stands in the thread's line; once the next is, it does.
    for _one in 0..2 {
        let id = busy.bench.enqueue(&Count { by: 1 });
        wait_until("it is claimed while the line is long", || {
            let state = busy.bench.db.arrange(busy.bench.town, |tx| tasks::state(tx, id));
            state == Some(tasks::TaskState::Live("running".to_owned()))
        });
    }
    assert_eq!(busy.end()[..2], ["patient", "usual"]);
}

#[test]
fn a_thread_that_took_many_lets_others_pass_once_they_turn_out_long() {
    const QUICK: usize = 300;
    let bench = Bench::new();
    let (let_go, begun): (Arc<Wake>, Arc<Mutex<Vec<usize>>>) = Default::default();
    let mut registry = Registry::new();
    let (held, notes) = (let_go.clone(), begun.clone());
    registry.detached(move |_, _, _, task: Patient| {
        notes.lock().unwrap().push(task.number);
        match task.number {
            QUICK => drop(held.wait(Duration::from_mins(1))),
            number if number > QUICK => drop(Wake::default().wait(Duration::from_millis(3))),
            _ => {}
        }
        Ok(())
    });
    let notes = begun.clone();
    registry.detached(move |_, _, _, _: Count| {
        notes.lock().unwrap().push(usize::MAX);
        Ok(())
    });
    let many: Vec<Patient> = (0..QUICK + 100).map(|number| Patient { number }).collect();
    bench.db.arrange(bench.town, |tx| tasks::enqueue_many(tx, &many));
    let settings =
        WorkerSettings { threads: 1, poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let workers = Workers::start(Arc::new(bench.runner(registry)), &Wakes::default(), settings, |_run| {});
    wait_until("the first long one has begun", || begun.lock().unwrap().contains(&QUICK));
    let id = bench.enqueue(&Count { by: 1 });
    wait_until("what somebody waits for is claimed", || {
        let state = bench.db.arrange(bench.town, |tx| tasks::state(tx, id));
        state == Some(tasks::TaskState::Live("running".to_owned()))
    });
    let_go.ring();
    wait_until("all are done", || bench.left_over() == 0);
    workers.stop();
    let begun = begun.lock().unwrap();
    let place = |what: usize| begun.iter().position(|number| *number == what).unwrap();
    assert!(place(usize::MAX) - place(QUICK) <= 3, "{:?}", &begun[place(QUICK)..]);
    assert_eq!(begun.iter().filter(|number| **number != usize::MAX).count(), QUICK + 100, "each once");
}

/// A message to somebody else's machine.
#[derive(Debug, Serialize, Deserialize)]
struct Posted {
    receiver: usize,
}

impl Task for Posted {
    const KIND: &'static str = "test.posted";
    const LIMITS: crate::Limits = crate::Limits::SERIAL;
    const WAITS_OUTSIDE: bool = true;

    fn gate(&self) -> crate::Gate {
        crate::Gate::InTown(self.receiver.to_string())
    }
}

#[test]
fn strangers_who_do_not_answer_keep_half_of_the_threads_and_no_more() {
    let bench = Bench::new();
    let posts: Vec<Posted> = (0..40).map(|receiver| Posted { receiver }).collect();
    bench.db.arrange(bench.town, |tx| tasks::enqueue_many(tx, &posts));
    let mut registry = bench.counting();
    let (out, answered) =
        (Arc::new(AtomicUsize::new(0)), Arc::new(std::sync::atomic::AtomicBool::new(false)));
    let most = Arc::new(AtomicUsize::new(0));
    let (outside, answers, crowd) = (out.clone(), answered.clone(), most.clone());
    registry.detached(move |_, _, _, _: Posted| {
        crowd.fetch_max(outside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        while !answers.load(Ordering::SeqCst) {
            Wake::default().wait(Duration::from_millis(5));
        }
        outside.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    });
    let settings =
        WorkerSettings { threads: 4, poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let runner = Arc::new(bench.runner(registry).with_lease(Duration::from_secs(1)));
    let workers = Workers::start(runner.clone(), &Wakes::default(), settings, |_run| {});
    wait_until("half of them are waiting outside, and the others in line", || {
        out.load(Ordering::SeqCst) == 2 && bench.states().iter().all(|state| state == "running")
    });
    // Everybody else's work goes on, for longer than a lease of those who wait.
    let until = std::time::Instant::now() + Duration::from_millis(1500);
    let mut asked = 0;
    while std::time::Instant::now() < until {
        bench.enqueue(&Count { by: 1 });
        asked += 1;
        wait_until("it is done", || bench.count() == asked);
    }
    assert_eq!(bench.left_over(), 40, "and nobody outside has answered");
    answered.store(true, Ordering::SeqCst);
    wait_until("all have been answered", || bench.left_over() == 0);
    workers.stop();
    assert_eq!((most.load(Ordering::SeqCst), runner.lost_leases()), (2, 0));
}
