//! Running tasks, one at a time and without threads: [`Runner`]. [`crate::Workers`] keeps it going on threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use db::{Db, DbError};
use kernel::{OrganizationId, Scope};

use crate::periodic::Ticked;
use crate::registry::{Handler, Registry};
use crate::tasks::hot::{self, Ask, Batch, Claimed, Due, Fate, Key, LimitTable, Settlement, Tended};
use crate::tasks::lanes::Marks;
use crate::tasks::{Attempt, LEASE, Priority, TaskError};

/// Runs tasks of the kinds in its registry: handlers through `app` (each in its town's scope), bookkeeping
/// through `queue` (all towns).
#[derive(Debug)]
pub struct Runner {
    app: Db,
    queue: Db,
    registry: Registry,
    kinds: Vec<String>,
    limits: LimitTable,
    lease: Duration,
    only_town: Option<OrganizationId>,
    finished: AtomicU64,
    lost_leases: AtomicU64,
}

/// For this part of a lease after its claim a task may begin without asking again: a second, with the usual one.
const FRESH: u32 = 60;

/// How an attempt ended.
pub(crate) enum Ended {
    /// Its writes and its end have been committed together.
    Committed,
    /// It went well; its end has yet to be written.
    Well(Key),
    /// It did not go well; what becomes of the task has yet to be written.
    Badly(Settlement),
    /// The task is no longer ours.
    Lost,
}

impl Runner {
    /// A runner for everything `registry` knows.
    pub fn new(app: Db, queue: Db, registry: Registry) -> Self {
        let registry = registry.complete();
        let (kinds, limits) = (registry.kinds(), registry.limits());
        let (finished, lost_leases) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { app, queue, registry, kinds, limits, lease: LEASE, only_town: None, finished, lost_leases }
    }

    /// The same with another [lease](LEASE): how long a task may go without a heartbeat.
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The same for one town's tasks alone: for a simulation beside towns that are real, whose handlers do not do what
    /// those towns expect.
    pub fn of_town(self, town: OrganizationId) -> Self {
        Self { only_town: Some(town), ..self }
    }

    /// Runs ready tasks one after another until none is left, those that they enqueue included. For tests and
    /// commands: no threads, no waiting. Tasks that wait for a time stay. Returns how many attempts were made.
    pub fn run_all(&self) -> Result<usize, DbError> {
        let mut attempts = 0;
        while let made @ 1.. = self.run_some(50)? {
            attempts += made;
        }
        Ok(attempts)
    }

    /// Runs one ready task, if there is one; says whether there was.
    pub fn run_once(&self) -> Result<bool, DbError> {
        Ok(self.run_some(1)? == 1)
    }

    fn run_some(&self, most: i32) -> Result<usize, DbError> {
        let mut marks = Marks::new();
        let mut batch = self.claim(most, &mut marks)?;
        if batch.tasks.is_empty() && self.tend(Due::Leave)? > 0 {
            batch = self.claim(most, &mut marks)?;
        }
        let made = batch.tasks.len();
        for task in batch.tasks {
            let Some(task) = self.begin(task)? else { continue };
            match self.run(&task) {
                Ended::Committed | Ended::Lost => {}
                Ended::Well(key) => self.finish(&[key])?,
                Ended::Badly(settlement) => self.settle(&[settlement])?,
            }
        }
        Ok(made)
    }

    /// Makes due and abandoned tasks ready and admits gated ones; returns how many.
    pub fn promote(&self) -> Result<usize, DbError> {
        let rescued = self.rescue()?;
        Ok(self.tend(Due::Promote)? + usize::try_from(rescued).unwrap_or(0))
    }

    /// How many tasks this runner has ended well.
    pub fn finished(&self) -> u64 {
        self.finished.load(Ordering::Relaxed)
    }

    /// How many finishes came too late and were refused.
    pub fn lost_leases(&self) -> u64 {
        self.lost_leases.load(Ordering::Relaxed)
    }

    /// Claims up to `most` tasks as a worker does and does not run them: for measurements. They come back when their
    /// leases run out.
    pub fn claim_and_forget(&self, claimer: &Claimer, most: u16) -> Result<usize, DbError> {
        let mut marks = claimer.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.claim(i32::from(most), &mut marks)?.len())
    }

    pub(crate) fn lease(&self) -> Duration {
        self.lease
    }

    pub(crate) fn claim(&self, most: i32, marks: &mut Marks) -> Result<Batch, DbError> {
        self.claim_down_to(Priority::Idle, most, marks)
    }

    /// Claims nothing less urgent than `last_priority`.
    pub(crate) fn claim_down_to(
        &self,
        last_priority: Priority,
        most: i32,
        marks: &mut Marks,
    ) -> Result<Batch, DbError> {
        let ask = Ask { most, last_priority, lease: self.lease, only_town: self.only_town };
        let mut claimed = self.queue.single_blocking(|conn| hot::claim(conn, &self.kinds, ask, marks))?;
        for task in &mut claimed.tasks {
            task.waits_outside =
                self.registry.get(&task.kind).is_some_and(|registered| registered.waits_outside);
        }
        for (id, kind) in &claimed.parked {
            if self.registry.get(kind).is_none() {
                log::warn!("task {id} is of kind {kind}, which this process does not know; parked");
            }
        }
        Ok(claimed)
    }

    /// What comes before a task is run; `None`: it is no longer held. A suspect's attempt is counted. Of what has waited
    /// since its claim the database is asked whether it has been cancelled, or taken over while this process stood still.
    pub(crate) fn begin(&self, task: Claimed) -> Result<Option<Claimed>, DbError> {
        if task.is_counted && task.asked_at.elapsed() < self.lease / FRESH {
            return Ok(Some(task));
        }
        let attempt = self.queue.single_blocking(|conn| hot::begin(conn, task.key(), self.lease))?;
        Ok(attempt.map(|attempt| Claimed { attempt, is_counted: true, ..task }))
    }

    /// Runs one claimed task that has [begun](Self::begin).
    pub(crate) fn run(&self, task: &Claimed) -> Ended {
        let Some(registered) = self.registry.get(&task.kind) else {
            return self.badly(task, &TaskError::dead(format!("no handler for {}", task.kind)));
        };
        let attempt =
            Attempt { task: task.id, number: task.attempt, claimed_at: task.claimed_at, lease: task.lease };
        let outcome = catch_unwind(AssertUnwindSafe(|| self.attempt(&registered.handler, attempt, task)));
        match outcome {
            Ok(Ok(ended)) => ended,
            Ok(Err(TaskError::Lost)) => self.lost(task),
            Ok(Err(error)) => self.badly(task, &error),
            Err(_panic) => self.badly(task, &TaskError::retry("the handler panicked; see the log")),
        }
    }

    fn attempt(&self, handler: &Handler, attempt: Attempt, task: &Claimed) -> Result<Ended, TaskError> {
        match handler {
            Handler::InTransaction(handle) => {
                let scope = Scope::system(task.organization_id);
                self.app.run_blocking(scope, |tx| {
                    handle(tx, attempt, task.payload.clone())?;
                    if hot::finish_in(tx, task.key())? { Ok(()) } else { Err(TaskError::Lost) }
                })?;
                self.finished.fetch_add(1, Ordering::Relaxed);
                Ok(Ended::Committed)
            }
            Handler::Detached(handle) => {
                handle(&self.app, task.organization_id, attempt, task.payload.clone())?;
                Ok(Ended::Well(task.key()))
            }
        }
    }

    fn lost(&self, task: &Claimed) -> Ended {
        self.count_lost(1);
        log::warn!("task {} of kind {} ended after its lease was lost; refused", task.id, task.kind);
        Ended::Lost
    }

    fn count_lost(&self, lost: usize) {
        self.lost_leases.fetch_add(u64::try_from(lost).unwrap_or(0), Ordering::Relaxed);
    }

    fn badly(&self, task: &Claimed, error: &TaskError) -> Ended {
        let fate = self.fate(task, error);
        let error = error.to_string();
        log::warn!("task {} of kind {} attempt {}: {error} ({fate:?})", task.id, task.kind, task.attempt);
        Ended::Badly(Settlement { key: task.key(), fate, error })
    }

    pub(crate) fn fate(&self, task: &Claimed, error: &TaskError) -> Fate {
        match error {
            TaskError::Snooze(wait) => Fate::Later(*wait),
            TaskError::Dead(_) => Fate::Dead,
            TaskError::Retry(_) | TaskError::Db(_) | TaskError::Lost if task.attempt >= task.max_attempts => {
                Fate::Dead
            }
            TaskError::Retry(_) | TaskError::Db(_) | TaskError::Lost => {
                let backoff = self.registry.get(&task.kind).map(|registered| registered.backoff);
                let ceiling = backoff.unwrap_or(crate::Backoff::USUAL).ceiling(task.attempt);
                Fate::Again(full_jitter(ceiling, task))
            }
        }
    }

    pub(crate) fn time_limit(&self, kind: &str) -> Duration {
        self.registry.get(kind).map_or(LEASE, |registered| registered.time_limit)
    }

    /// Writes the end of tasks that went well.
    pub(crate) fn finish(&self, keys: &[Key]) -> Result<(), DbError> {
        if keys.is_empty() {
            return Ok(());
        }
        let lost = self.queue.single_blocking(|conn| hot::finish(conn, keys))?;
        self.finished.fetch_add(u64::try_from(keys.len() - lost).unwrap_or(0), Ordering::Relaxed);
        if lost > 0 {
            self.count_lost(lost);
            log::warn!("{lost} tasks ended after their leases were lost; refused");
        }
        Ok(())
    }

    /// Writes what becomes of tasks that did not go well.
    pub(crate) fn settle(&self, settlements: &[Settlement]) -> Result<(), DbError> {
        if settlements.is_empty() {
            return Ok(());
        }
        let lost = self.queue.single_blocking(|conn| hot::settle(conn, settlements))?;
        self.count_lost(lost);
        Ok(())
    }

    /// Prolongs leases; returns the tasks still held.
    pub(crate) fn prolong(&self, held: &[Key]) -> Result<Vec<kernel::TaskId>, DbError> {
        self.queue.single_blocking(|conn| hot::prolong(conn, held, self.lease))
    }

    /// One round of what nothing calls; returns what it found.
    pub(crate) fn round(&self, due: Due) -> Result<(Tended, usize), DbError> {
        let tended = self.queue.single_blocking(|conn| hot::tend(conn, &self.kinds, due))?;
        let admitted = if tended.gated {
            self.queue.single_blocking(|conn| hot::admit(conn, &self.limits))?
        } else {
            0
        };
        let moved = usize::try_from(tended.moved + admitted).unwrap_or(0);
        Ok((tended, moved))
    }

    fn tend(&self, due: Due) -> Result<usize, DbError> {
        Ok(self.round(due)?.1)
    }

    pub(crate) fn rescue(&self) -> Result<i32, DbError> {
        self.queue.single_blocking(|conn| hot::rescue(conn, self.lease))
    }

    pub(crate) fn keep_history(&self, months: i32) -> Result<i32, DbError> {
        self.queue.single_blocking(|conn| hot::keep_history(conn, months))
    }

    pub(crate) fn tick(
        &self,
        ticked: &mut Ticked,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<i32, DbError> {
        ticked.round(self.registry.all_periodic(), &self.app, &self.queue, now)
    }
}

/// What a claimer remembers from one claim to the next; for [`Runner::claim_and_forget`].
#[derive(Debug)]
pub struct Claimer(Mutex<Marks>);

impl Default for Claimer {
    fn default() -> Self {
        Self(Mutex::new(Marks::new()))
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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use kernel::TaskId;

    use super::*;

    fn failed(number: i64) -> Claimed {
        Claimed {
            id: TaskId(number),
            organization_id: OrganizationId(1),
            kind: "webhooks.deliver".to_owned(),
            priority: 2,
            attempt: 3,
            max_attempts: 14,
            lease: 1_000 + number,
            payload: serde_json::Value::Null,
            is_gated: false,
            waits_outside: false,
            claimed_at: kernel::clock::machine_time(),
            is_counted: true,
            waited: Duration::ZERO,
            asked_at: Instant::now(),
        }
    }

    #[test]
    fn fault_24_the_waits_of_a_thousand_tasks_are_spread() {
        let ceiling = Duration::from_secs(600);
        let mut tenths = [0; 10];
        for number in 0..1_000 {
            let wait = full_jitter(ceiling, &failed(number));
            assert!(wait <= ceiling, "{wait:?}");
            tenths[(1..10).filter(|tenth| wait >= ceiling / 10 * *tenth).count()] += 1;
        }
        assert!(tenths.iter().all(|count| (60..=140).contains(count)), "{tenths:?}");
    }
}
