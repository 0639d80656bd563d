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
    /// Those that wait for other people's machines when they run. They make no line long.
    outside: VecDeque<Claimed>,
    /// Hands that are busy with such a task.
    hands_outside: usize,
    /// At or below this many it is time to claim more.
    short_at: usize,
    closed: bool,
}

impl Waiting {
    /// Equals keep their order, which is the claim's: town by town in turn.
    fn put_in_order(&mut self) {
        let now = Instant::now();
        for line in [&mut self.tasks, &mut self.outside] {
            line.make_contiguous().sort_by_key(|task| task.rank(now));
        }
    }

    /// Whether a hand would take a task that waits outside; of `hands` hands no more than half do.
    fn is_outsides_turn(&self, hands: usize) -> bool {
        let Some(first) = self.outside.front() else { return false };
        let now = Instant::now();
        self.hands_outside < (hands / 2).max(1)
            && self.tasks.front().is_none_or(|other| first.rank(now) <= other.rank(now))
    }

    fn all(&mut self) -> impl Iterator<Item = Claimed> {
        self.tasks.drain(..).chain(self.outside.drain(..))
    }
}

/// What a hand got from the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Tasks.
    Some,
    /// One that waits outside: the hand says when it [is back](Line::is_back).
    Outside,
    /// The line is closed and empty.
    Nothing,
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
        let (outside, tasks): (Vec<_>, Vec<_>) = tasks.into_iter().partition(|task| task.waits_outside);
        waiting.tasks.extend(tasks);
        waiting.outside.extend(outside);
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

    /// Waits for tasks and moves up to `most` into `chunk`, but never more than a fair share between `hands` hands. One that
    /// waits outside comes alone.
    pub(super) fn take(&self, chunk: &mut VecDeque<Claimed>, most: usize, hands: usize) -> Taken {
        let nothing = |waiting: &mut Waiting| {
            waiting.tasks.is_empty() && !waiting.is_outsides_turn(hands) && !waiting.closed
        };
        let mut waiting = self.came.wait_while(self.lock(), nothing).unwrap_or_else(PoisonError::into_inner);
        if waiting.is_outsides_turn(hands) {
            waiting.hands_outside += 1;
            chunk.extend(waiting.outside.pop_front());
            return Taken::Outside;
        }
        let share = (waiting.tasks.len() / hands.max(1)).clamp(1, most.max(1));
        let taken = share.min(waiting.tasks.len());
        chunk.extend(waiting.tasks.drain(..taken));
        if waiting.tasks.len() <= waiting.short_at {
            self.short.notify_all();
        }
        if taken > 0 { Taken::Some } else { Taken::Nothing }
    }

    /// A hand has come back from outside; another may go.
    pub(super) fn is_back(&self) {
        self.lock().hands_outside -= 1;
        self.came.notify_all();
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
        let before = waiting.tasks.len() + waiting.outside.len();
        waiting.tasks.retain(|task| !lost.contains(&task.key()));
        waiting.outside.retain(|task| !lost.contains(&task.key()));
        before - waiting.tasks.len() - waiting.outside.len()
    }

    /// Sends everybody away; returns who they are.
    pub(super) fn clear(&self) -> Vec<Key> {
        self.lock().all().map(|task| task.key()).collect()
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
        let unserved = waiting.all().map(|task| task.key()).collect();
        drop(waiting);
        self.came.notify_all();
        self.short.notify_all();
        unserved
    }

    /// What waits at this moment, for prolonging its leases.
    pub(super) fn keys(&self) -> Vec<Key> {
        let waiting = self.lock();
        waiting.tasks.iter().chain(&waiting.outside).map(Claimed::key).collect()
    }
}
