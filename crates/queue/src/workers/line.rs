//! The line: tasks that have been claimed and wait for a hand.

use std::collections::{HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::tasks::Priority;
use crate::tasks::hot::{Claimed, Key};

#[derive(Debug, Default)]
pub(super) struct Line {
    waiting: Mutex<Waiting>,
    /// Rings when tasks come or the line closes.
    came: Condvar,
    /// Rings when the line has become short or closes.
    short: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    tasks: VecDeque<Claimed>,
    /// At or below this many it is time to claim more.
    short_at: usize,
    closed: bool,
}

impl Waiting {
    /// Equals keep their order, which is the claim's: town by town in turn.
    fn put_in_order(&mut self) {
        let now = Instant::now();
        self.tasks.make_contiguous().sort_by_key(|task| task.rank(now));
    }
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets tasks queue up, the more urgent in front, where waiting makes urgent: what has waited as long as its lower
    /// priority costs is overtaken by nobody who comes later. A closed line gives them back.
    pub(super) fn join(&self, tasks: Vec<Claimed>) -> Vec<Key> {
        let mut waiting = self.lock();
        if waiting.closed {
            return tasks.iter().map(Claimed::key).collect();
        }
        waiting.tasks.extend(tasks);
        waiting.put_in_order();
        drop(waiting);
        self.came.notify_all();
        Vec::new()
    }

    /// Takes back what a hand has not begun, in front of its equals. A closed line gives it back in turn.
    pub(super) fn take_back(&self, unbegun: &mut VecDeque<Claimed>) -> Vec<Key> {
        let mut waiting = self.lock();
        if waiting.closed {
            return unbegun.drain(..).map(|task| task.key()).collect();
        }
        while let Some(task) = unbegun.pop_back() {
            waiting.tasks.push_front(task);
        }
        waiting.put_in_order();
        drop(waiting);
        self.came.notify_all();
        Vec::new()
    }

    /// Waits for tasks and moves up to `most` into `chunk`, but never more than a fair share between `hands` hands.
    /// False: the line is closed and empty.
    pub(super) fn take(&self, chunk: &mut VecDeque<Claimed>, most: usize, hands: usize) -> bool {
        let mut waiting = self
            .came
            .wait_while(self.lock(), |waiting| waiting.tasks.is_empty() && !waiting.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let share = (waiting.tasks.len() / hands.max(1)).clamp(1, most.max(1));
        let taken = share.min(waiting.tasks.len());
        chunk.extend(waiting.tasks.drain(..taken));
        if waiting.tasks.len() <= waiting.short_at {
            self.short.notify_all();
        }
        taken > 0
    }

    /// Waits until no more than `short_at` tasks wait, at most `limit`. False: they did not become fewer, or the line
    /// is closed.
    pub(super) fn wait_until_short(&self, short_at: usize, limit: Duration) -> bool {
        let mut waiting = self.lock();
        waiting.short_at = short_at;
        let (waiting, _) = self
            .short
            .wait_timeout_while(waiting, limit, |waiting| waiting.tasks.len() > short_at && !waiting.closed)
            .unwrap_or_else(PoisonError::into_inner);
        !waiting.closed && waiting.tasks.len() <= short_at
    }

    /// What would be served before the last in line, while the line is too long for it to be claimed soon. `None` too when
    /// `enough` such tasks wait already.
    pub(super) fn may_be_overtaken_by(&self, enough: usize) -> Option<Priority> {
        let waiting = self.lock();
        let last = waiting.tasks.back().filter(|_last| waiting.tasks.len() > waiting.short_at)?;
        let (now, before) = (Instant::now(), Priority::before(last.priority)?);
        let ahead = waiting.tasks.iter().take_while(|task| task.rank(now) < last.rank(now)).count();
        (ahead < enough).then_some(before)
    }

    /// Forgets tasks that are not held any more; returns how many of them waited here.
    pub(super) fn drop_lost(&self, lost: &HashSet<Key>) -> usize {
        let mut waiting = self.lock();
        let before = waiting.tasks.len();
        waiting.tasks.retain(|task| !lost.contains(&task.key()));
        before - waiting.tasks.len()
    }

    /// Sends everybody away; returns who they are.
    pub(super) fn clear(&self) -> Vec<Key> {
        self.lock().tasks.drain(..).map(|task| task.key()).collect()
    }

    /// How many may come until `most` wait.
    pub(super) fn room(&self, most: usize) -> usize {
        most.saturating_sub(self.lock().tasks.len())
    }

    /// Whether nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().tasks.is_empty()
    }

    /// Lets nobody in any more; returns who had not been served.
    pub(super) fn close(&self) -> Vec<Key> {
        let mut waiting = self.lock();
        waiting.closed = true;
        let unserved = waiting.tasks.drain(..).map(|task| task.key()).collect();
        drop(waiting);
        self.came.notify_all();
        self.short.notify_all();
        unserved
    }

    /// What waits at this moment, for prolonging its leases.
    pub(super) fn keys(&self) -> Vec<Key> {
        self.lock().tasks.iter().map(Claimed::key).collect()
    }
}
