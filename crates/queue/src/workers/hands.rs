//! The threads that run handlers. One whose handler passes its time limit is left to itself and replaced.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Floor, claimer};
use crate::tasks::hot::{Claimed, Key};

/// What a hand takes at once should last no longer than this, so that short tasks cost no lock each and a long one
/// holds up none.
const CHUNK_LASTS: Duration = Duration::from_millis(1);
const LARGEST_CHUNK: usize = 64;

/// All hands.
#[derive(Debug, Default)]
pub(super) struct Crew {
    hands: Mutex<Vec<Arc<Hand>>>,
    left: Condvar,
}

/// Whom a hand serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Post {
    /// The line.
    Usual,
    /// The urgent only, so that they need not wait for a hand that is busy with long tasks.
    Express,
}

/// One hand, as the watch sees it.
#[derive(Debug)]
pub(super) struct Hand {
    pub(super) post: Post,
    /// What it holds: the one in work first.
    work: Mutex<Work>,
    /// It took too long; somebody else has its place.
    abandoned: AtomicBool,
}

#[derive(Debug, Default)]
struct Work {
    running: Option<Running>,
    /// Taken from the line and not begun.
    next: VecDeque<Key>,
}

#[derive(Debug, Clone)]
pub(super) struct Running {
    pub(super) task: Arc<Claimed>,
    pub(super) began: Instant,
}

impl Hand {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes which task is in work.
    fn begin(&self, task: &Arc<Claimed>) {
        let mut work = self.work();
        work.next.pop_front();
        work.running = Some(Running { task: task.clone(), began: Instant::now() });
    }

    pub(super) fn running(&self) -> Option<Running> {
        self.work().running.clone()
    }

    /// What is held: in work and next.
    pub(super) fn keys(&self) -> Vec<Key> {
        let work = self.work();
        let running = work.running.iter().map(|running| running.task.key());
        running.chain(work.next.iter().copied()).collect()
    }

    /// Leaves the hand to itself if it is still busy with `task`; says whether it was.
    pub(super) fn abandon(&self, key: Key) -> bool {
        let work = self.work();
        let busy = work.running.as_ref().is_some_and(|running| running.task.key() == key);
        if busy {
            self.abandoned.store(true, Ordering::SeqCst);
        }
        busy
    }
}

impl Crew {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Hand>>> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hands(&self) -> Vec<Arc<Hand>> {
        self.lock().clone()
    }

    /// Takes a hand off the list: it has gone, or has been abandoned.
    pub(super) fn dismiss(&self, hand: &Arc<Hand>) {
        self.lock().retain(|other| !Arc::ptr_eq(other, hand));
        self.left.notify_all();
    }

    /// Waits until all hands have gone (the line is closed), at most until `until`.
    pub(super) fn wait_until_idle(&self, until: Instant) {
        let limit = until.saturating_duration_since(Instant::now());
        let (hands, _) = self
            .left
            .wait_timeout_while(self.lock(), limit, |hands| !hands.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        if !hands.is_empty() {
            log::warn!("{} tasks are still running; their leases will run out", hands.len());
        }
    }
}

/// Starts one more hand.
pub(super) fn hire(floor: &Arc<Floor>, post: Post) {
    let hand = Arc::new(Hand { post, work: Mutex::default(), abandoned: AtomicBool::new(false) });
    floor.crew.lock().push(hand.clone());
    let (on_floor, as_hand) = (floor.clone(), hand.clone());
    let started = std::thread::Builder::new().name("task".to_owned()).spawn(move || {
        work(&on_floor, &as_hand);
        on_floor.crew.dismiss(&as_hand);
    });
    if let Err(error) = started {
        log::error!("no thread for tasks: {error}");
        floor.crew.dismiss(&hand);
    }
}

fn work(floor: &Floor, hand: &Hand) {
    let mut chunk = Vec::new();
    let mut most = 1;
    let line = match hand.post {
        Post::Usual => &floor.line,
        Post::Express => &floor.express,
    };
    while line.take(&mut chunk, most, floor.settings.threads) {
        let (began, size) = (Instant::now(), chunk.len());
        hand.work().next = chunk.iter().map(Claimed::key).collect();
        let mut ended = Vec::with_capacity(size);
        let mut rest = chunk.drain(..).map(Arc::new);
        while let Some(task) = rest.next() {
            if floor.is_stale(&task) {
                log::warn!("task {} waited longer than its lease; given back", task.id);
                hand.work().next.pop_front();
                claimer::give_back(floor, &[task.key()]);
                continue;
            }
            hand.begin(&task);
            ended.push(floor.runner.run(&task));
            if task.is_gated {
                floor.tending.ring();
            }
            if hand.abandoned.load(Ordering::SeqCst) {
                // Its task was given away: what it did outside a transaction is refused by the database.
                floor.ends.add(ended.drain(..));
                let unstarted: Vec<Key> = rest.map(|task| task.key()).collect();
                claimer::give_back(floor, &unstarted);
                return;
            }
        }
        hand.work().running = None;
        floor.ends.add(ended.drain(..));
        let each = began.elapsed() / u32::try_from(size).unwrap_or(u32::MAX);
        let lasting = CHUNK_LASTS.as_nanos() / each.as_nanos().max(1);
        most = usize::try_from(lasting).unwrap_or(LARGEST_CHUNK).clamp(1, LARGEST_CHUNK);
    }
}
