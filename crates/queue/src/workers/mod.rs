//! Worker threads: four claim, some run, one writes ends, one keeps leases and time limits, one tends.
//!
//! ```text
//! claimer ──► line ──► hands ──► ends ──► database
//!                        ▲         ▲
//!                      watch: leases, time limits        keeper: due tasks, gates, schedules, rescue
//! ```
//! Only the claimer and what writes ends know batches; a hand takes one task after another. Invariant: a lease is given
//! back only after everything finished under it has been written, or has been refused (`ends` is emptied last).

mod claimer;
mod ends;
mod hands;
mod keeper;
mod line;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::runner::Runner;
use crate::wake::{TASKS, TENDING, URGENT, Wake, Wakes};
use claimer::Appetite;
use ends::Ends;
use hands::{Crew, Post};
use keeper::Keeper;
use line::Line;

/// How many threads, and how often to look when nobody rings.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Tasks run at the same time; urgent ones have half as many threads besides.
    pub threads: usize,
    /// How long to sleep at most when nothing is ready.
    pub poll: Duration,
    /// How long a stop waits for what is running.
    pub grace: Duration,
    /// Months of history that are kept.
    pub history_months: u8,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self { threads: 4, poll: Duration::from_secs(1), grace: Duration::from_secs(30), history_months: 12 }
    }
}

/// What the threads share.
#[derive(Debug)]
struct Floor {
    runner: Arc<Runner>,
    settings: WorkerSettings,
    stopping: AtomicBool,
    line: Line,
    /// The urgent have a line of their own.
    express: Line,
    ends: Ends,
    crew: Crew,
    appetite: Appetite,
    /// Wakes the claimer.
    tasks: Arc<Wake>,
    /// Wakes the claimer of urgent tasks.
    urgent: Arc<Wake>,
    /// Wakes the claimer of what goes before others.
    overtaking: Arc<Wake>,
    /// Wakes the keeper.
    tending: Arc<Wake>,
}

impl Floor {
    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn line_of(&self, post: Post) -> &Line {
        match post {
            Post::Usual => &self.line,
            Post::Express => &self.express,
        }
    }

    /// Wakes whoever claims, of whatever priority what has become ready may be.
    fn ring_for_tasks(&self) {
        for wake in [&self.tasks, &self.urgent, &self.overtaking] {
            wake.ring();
        }
    }
}

/// Running worker threads. [`Workers::stop`] lets what runs end and gives the rest back.
#[derive(Debug)]
pub struct Workers {
    floor: Arc<Floor>,
    claimers: [JoinHandle<()>; 4],
    keeper: JoinHandle<()>,
    ends: JoinHandle<()>,
    watch: JoinHandle<()>,
    watch_over: Arc<Wake>,
}

impl Workers {
    /// Starts the threads. `told` hears whether tasks can run, once and whenever that changes: they cannot while every
    /// thread is stuck with a task that does not end.
    pub fn start(
        runner: Arc<Runner>,
        wakes: &Wakes,
        settings: WorkerSettings,
        told: impl Fn(bool) + Send + 'static,
    ) -> Self {
        let floor = Arc::new(Floor {
            runner,
            settings,
            stopping: AtomicBool::new(false),
            line: Line::default(),
            express: Line::default(),
            ends: Ends::default(),
            crew: Crew::default(),
            appetite: Appetite::default(),
            tasks: wakes.on(TASKS),
            urgent: wakes.on(URGENT),
            overtaking: wakes.on(TASKS),
            tending: wakes.on(TENDING),
        });
        for post in Post::ALL {
            hands::fill_places(&floor, post);
        }
        let watch_over = Arc::new(Wake::default());
        let until = watch_over.clone();
        Self {
            claimers: [
                start("claim", &floor, |floor| claimer::claim(floor)),
                start("help", &floor, |floor| claimer::help(floor)),
                start("urgent", &floor, |floor| claimer::claim_urgent(floor)),
                start("hasty", &floor, |floor| claimer::overtake(floor)),
            ],
            keeper: start("keep", &floor, |floor| Keeper::new(floor.clone()).run()),
            ends: start("end", &floor, |floor| ends::write(floor)),
            watch: start("watch", &floor, move |floor| watch::watch(floor, &until, &told)),
            watch_over,
            floor,
        }
    }

    /// Claims nothing more, waits up to the grace for what is running, writes all ends, and gives back what had not
    /// started. What still runs then loses its lease when that runs out, and another worker takes it over.
    pub fn stop(self) {
        let until = Instant::now() + self.floor.settings.grace;
        self.floor.stopping.store(true, Ordering::SeqCst);
        self.floor.ring_for_tasks();
        self.floor.tending.ring();
        self.floor.appetite.wake();
        let mut unstarted = self.floor.line.close();
        unstarted.extend(self.floor.express.close());
        self.claimers.into_iter().for_each(join);
        join(self.keeper);
        claimer::give_back(&self.floor, &unstarted);
        self.floor.crew.wait_until_idle(until);
        self.floor.ends.close();
        join(self.ends);
        self.watch_over.ring();
        join(self.watch);
    }
}

fn start(name: &str, floor: &Arc<Floor>, work: impl FnOnce(&Arc<Floor>) + Send + 'static) -> JoinHandle<()> {
    let floor = floor.clone();
    let started = std::thread::Builder::new().name(format!("tasks {name}")).spawn(move || work(&floor));
    started.unwrap_or_else(|error| panic!("no thread for tasks: {error}"))
}

fn join(thread: JoinHandle<()>) {
    if thread.join().is_err() {
        log::error!("a worker thread panicked");
    }
}
