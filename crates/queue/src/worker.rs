//! The loop that claims and runs tasks: [`Runner`] does one round, [`Workers`] keeps rounds going on threads.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use db::{Db, DbError};
use kernel::{Scope, TaskId};

use crate::registry::{Handler, Registry};
use crate::tasks::store::{self, Claimed, Fate};
use crate::tasks::{Attempt, LEASE, TaskError};
use crate::wake::{TASKS, Wake, Wakes};

/// Runs tasks of the kinds in its registry: handlers through `app` (each in its town's scope), bookkeeping
/// through `queue` (all towns).
#[derive(Debug)]
pub struct Runner {
    app: Db,
    queue: Db,
    registry: Registry,
    kinds: Vec<String>,
    lost_leases: AtomicU64,
}

impl Runner {
    /// A runner for everything `registry` knows.
    pub fn new(app: Db, queue: Db, registry: Registry) -> Self {
        let registry = registry.complete();
        let kinds = registry.kinds();
        Self { app, queue, registry, kinds, lost_leases: AtomicU64::new(0) }
    }

    /// Runs ready tasks one after another until none is left, those that they enqueue included. For tests and
    /// commands: no threads, no waiting. Returns how many attempts were made.
    pub fn run_all(&self) -> Result<usize, DbError> {
        let mut attempts = 0;
        loop {
            let batch = self.claim(50)?;
            if batch.is_empty() {
                return Ok(attempts);
            }
            for task in &batch {
                self.run(task)?;
                attempts += 1;
            }
        }
    }

    /// Makes due and abandoned tasks ready; returns how many.
    pub fn promote(&self) -> Result<usize, DbError> {
        self.queue.lobby_blocking(store::promote_and_rescue)
    }

    /// How many finishes came too late and were refused.
    pub fn lost_leases(&self) -> u64 {
        self.lost_leases.load(Ordering::Relaxed)
    }

    pub(crate) fn claim(&self, most: i64) -> Result<Vec<Claimed>, DbError> {
        self.queue.lobby_blocking(|lobby| store::claim(lobby, &self.kinds, most, LEASE))
    }

    /// Runs one claimed task and settles it.
    pub(crate) fn run(&self, task: &Claimed) -> Result<(), DbError> {
        let Some(registered) = self.registry.get(&task.kind) else {
            return self.settle(task, &TaskError::dead(format!("no handler for {}", task.kind)));
        };
        let attempt = Attempt { task: task.id, number: task.attempt, claimed_at: task.claimed_at };
        let outcome = catch_unwind(AssertUnwindSafe(|| self.attempt(&registered.handler, attempt, task)));
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => self.settle(task, &error),
            Err(_panic) => self.settle(task, &TaskError::retry("the handler panicked; see the log")),
        }
    }

    fn attempt(&self, handler: &Handler, attempt: Attempt, task: &Claimed) -> Result<(), TaskError> {
        match handler {
            Handler::InTransaction(handle) => {
                let scope = Scope::system(task.organization_id);
                self.app.run_blocking(scope, |tx| {
                    handle(tx, attempt, task.payload.clone())?;
                    if store::finish_in(tx, task)? { Ok(()) } else { Err(self.lease_lost(task)) }
                })
            }
            Handler::Detached(handle) => {
                handle(&self.app, task.organization_id, attempt, task.payload.clone())?;
                let lost =
                    self.queue.lobby_blocking(|lobby| store::finish(lobby, &[(task.id, task.lease)]))?;
                if lost == 0 { Ok(()) } else { Err(self.lease_lost(task)) }
            }
        }
    }

    fn lease_lost(&self, task: &Claimed) -> TaskError {
        self.lost_leases.fetch_add(1, Ordering::Relaxed);
        log::warn!("task {} of kind {} finished after its lease was lost; refused", task.id, task.kind);
        TaskError::retry("the lease was lost")
    }

    fn settle(&self, task: &Claimed, error: &TaskError) -> Result<(), DbError> {
        let fate = self.fate(task, error);
        let text = error.to_string();
        log::warn!("task {} of kind {} attempt {}: {text} ({fate:?})", task.id, task.kind, task.attempt);
        self.queue.lobby_blocking(|lobby| store::fail(lobby, task, fate, &text)).map(|_kept| ())
    }

    fn fate(&self, task: &Claimed, error: &TaskError) -> Fate {
        match error {
            TaskError::Snooze(wait) => Fate::Later(*wait),
            TaskError::Dead(_) => Fate::Dead,
            TaskError::Retry(_) | TaskError::Db(_) if task.attempt >= task.max_attempts => Fate::Dead,
            TaskError::Retry(_) | TaskError::Db(_) => {
                let backoff = self.registry.get(&task.kind).map(|registered| registered.backoff);
                let ceiling = backoff.unwrap_or(crate::Backoff::USUAL).ceiling(task.attempt);
                Fate::Again(full_jitter(ceiling, task))
            }
        }
    }
}

/// A wait between zero and `ceiling`, spread by task, attempt and lease: no two failures of one moment come back
/// together, and no random source is needed.
fn full_jitter(ceiling: Duration, task: &Claimed) -> Duration {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (task.id, task.attempt, task.lease).hash(&mut hasher);
    let share = u32::try_from(hasher.finish() >> 40).unwrap_or(0);
    Duration::from_secs_f64(ceiling.as_secs_f64() * f64::from(share) / f64::from(1u32 << 24))
}

/// How many threads, and how often to look when nobody rings.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Tasks run at the same time.
    pub threads: usize,
    /// How long to sleep at most when nothing is ready.
    pub poll: Duration,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self { threads: 4, poll: Duration::from_secs(1) }
    }
}

type Held = Arc<Mutex<HashMap<TaskId, i64>>>;

/// Running worker threads. [`Workers::stop`] lets what runs end and gives the rest back.
#[derive(Debug)]
pub struct Workers {
    stop: Arc<AtomicBool>,
    wake: Arc<Wake>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts one claiming thread, one heart-beating thread and `settings.threads` running ones.
    pub fn start(runner: Arc<Runner>, wakes: &Wakes, settings: WorkerSettings) -> Self {
        let (stop, wake) = (Arc::new(AtomicBool::new(false)), wakes.on(TASKS));
        let held: Held = Arc::default();
        let (give, take) = sync_channel::<Claimed>(settings.threads);
        let take = Arc::new(Mutex::new(take));
        let mut threads = Vec::new();
        for _ in 0..settings.threads {
            let (runner, take, held) = (runner.clone(), take.clone(), held.clone());
            threads.push(std::thread::spawn(move || run_tasks(&runner, &take, &held)));
        }
        let (beats_end, beats) = channel::<()>();
        let (beating, beaten) = (runner.clone(), held.clone());
        threads.push(std::thread::spawn(move || beat(&beating, &beats, &beaten)));
        let (stopping, waking) = (stop.clone(), wake.clone());
        threads.push(std::thread::spawn(move || {
            let claimer = Claimer { runner, held, give, wake: waking, stop: stopping, settings };
            claimer.run();
            drop(beats_end);
        }));
        Self { stop, wake, threads }
    }

    /// Claims nothing more, waits for what is running, gives back what had not started.
    pub fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.wake.ring();
        for thread in self.threads {
            if thread.join().is_err() {
                log::error!("a worker thread panicked");
            }
        }
    }
}

struct Claimer {
    runner: Arc<Runner>,
    held: Held,
    give: std::sync::mpsc::SyncSender<Claimed>,
    wake: Arc<Wake>,
    stop: Arc<AtomicBool>,
    settings: WorkerSettings,
}

impl Claimer {
    fn run(self) {
        let most = i64::try_from(self.settings.threads * 4).unwrap_or(64);
        while !self.stop.load(Ordering::SeqCst) {
            let claimed = self.runner.promote().and_then(|_moved| self.runner.claim(most));
            match claimed {
                Ok(batch) if batch.is_empty() => self.sleep(),
                Ok(batch) => self.hand_out(batch),
                Err(error) => {
                    log::warn!("cannot claim tasks: {error}");
                    self.wake.wait(self.settings.poll);
                }
            }
        }
    }

    /// Until rung, until the next scheduled task is due, or until it is time to look anyway.
    fn sleep(&self) {
        let due = self.runner.queue.lobby_blocking(store::next_due).ok().flatten();
        let limit = due.map_or(self.settings.poll, |due| due.min(self.settings.poll));
        self.wake.wait(limit.max(Duration::from_millis(5)));
    }

    fn hand_out(&self, batch: Vec<Claimed>) {
        {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.extend(batch.iter().map(|task| (task.id, task.lease)));
        }
        let mut unstarted = Vec::new();
        for task in batch {
            let key = (task.id, task.lease);
            if self.stop.load(Ordering::SeqCst) || self.give.send(task).is_err() {
                unstarted.push(key);
            }
        }
        if !unstarted.is_empty() {
            let given_back = self.runner.queue.lobby_blocking(|lobby| store::release(lobby, &unstarted));
            if let Err(error) = given_back {
                log::warn!("cannot give tasks back, their leases will run out instead: {error}");
            }
        }
    }
}

fn run_tasks(runner: &Runner, take: &Mutex<Receiver<Claimed>>, held: &Held) {
    loop {
        let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(task) = next else { return };
        if let Err(error) = runner.run(&task) {
            log::warn!("cannot settle task {}, its lease will run out instead: {error}", task.id);
        }
        held.lock().unwrap_or_else(PoisonError::into_inner).remove(&task.id);
    }
}

/// Prolongs the leases of everything in hand, every third of a lease, on its own turn of the queue connection so
/// that busy handlers cannot starve it.
fn beat(runner: &Runner, ended: &Receiver<()>, held: &Held) {
    while matches!(ended.recv_timeout(LEASE / 3), Err(RecvTimeoutError::Timeout)) {
        let now: Vec<(TaskId, i64)> = {
            let held = held.lock().unwrap_or_else(PoisonError::into_inner);
            held.iter().map(|(id, lease)| (*id, *lease)).collect()
        };
        if now.is_empty() {
            continue;
        }
        if let Err(error) = runner.queue.lobby_blocking(|lobby| store::beat(lobby, &now, LEASE)) {
            log::warn!("cannot prolong {} leases: {error}", now.len());
        }
    }
}
