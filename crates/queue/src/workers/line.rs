//! The line: tasks that have been claimed and wait for a hand.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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

impl Line {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets tasks queue up, the urgent ones in front. A closed line gives them back.
    pub(super) fn join(&self, tasks: Vec<Claimed>) -> Vec<Key> {
        let mut waiting = self.lock();
        if waiting.closed {
            return tasks.iter().map(Claimed::key).collect();
        }
        let overtakes = |last: &Claimed| tasks.iter().any(|task| task.priority < last.priority);
        let out_of_order = waiting.tasks.back().is_some_and(overtakes);
        waiting.tasks.extend(tasks);
        if out_of_order {
            waiting.tasks.make_contiguous().sort_by_key(|task| task.priority);
        }
        drop(waiting);
        self.came.notify_all();
        Vec::new()
    }

    /// Waits for tasks and moves up to `most` into `chunk`, but never more than a fair share between `hands` hands.
    /// False: the line is closed and empty.
    pub(super) fn take(&self, chunk: &mut Vec<Claimed>, most: usize, hands: usize) -> bool {
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
