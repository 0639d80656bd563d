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
                held.wait(Duration::from_mins(1));
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

    fn has_begun(&self, what: &str) -> bool {
        self.begun.lock().unwrap().contains(&what)
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
    busy.bench.enqueue(&Hurried {});
    wait_until("it has begun beside the busy thread", || busy.has_begun("hurried"));
    assert_eq!(busy.end()[..2], ["patient", "hurried"]);
}

#[test]
fn what_people_wait_for_passes_a_long_line_of_what_may_wait() {
    let busy = Busy::begin();
    let id = busy.bench.enqueue(&Count { by: 1 });
    wait_until("it is claimed while the line is long", || {
        let state = busy.bench.db.arrange(busy.bench.town, |tx| tasks::state(tx, id));
        state == Some(tasks::TaskState::Live("running".to_owned()))
    });
    assert_eq!(busy.end()[..2], ["patient", "usual"]);
}
