//! The threads that run handlers. One whose handler passes its time limit is left to itself and replaced; when it comes
//! back after all, it goes, and another takes the place that is still free.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::ends::End;
use super::line::Taken;
use super::{Floor, claimer};
use crate::runner::Ended;
use crate::tasks::hot::{Claimed, Key};

/// What a hand takes at once should last no longer than this, so that short tasks cost no lock each and a long one
/// holds up none: after twice as long the rest goes back to the line, where something more urgent may have come.
const CHUNK_LASTS: Duration = Duration::from_millis(1);
const LARGEST_CHUNK: usize = 64;
/// For each place so many hands may be left behind at the same time; beyond that something is broken and more threads
/// would only hide it.
const LEFT_BEHIND: usize = 4;

/// All hands.
#[derive(Debug, Default)]
pub(super) struct Crew {
    staff: Mutex<Staff>,
    left: Condvar,
}

#[derive(Debug, Default)]
struct Staff {
    serving: Vec<Arc<Hand>>,
    /// Left to themselves, and still busy.
    behind: Vec<Arc<Hand>>,
}

/// Whom a hand serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Post {
    /// The line.
    Usual,
    /// The urgent only, so that they need not wait for a hand that is busy with long tasks.
    Express,
}

impl Post {
    pub(super) const ALL: [Self; 2] = [Self::Usual, Self::Express];

    /// How many hands should serve it.
    pub(super) fn places(self, floor: &Floor) -> usize {
        let threads = match self {
            Self::Usual => floor.settings.threads,
            Self::Express => floor.settings.threads / 2,
        };
        threads.max(1)
    }
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

    fn take_up(&self, chunk: &VecDeque<Claimed>) {
        self.work().next = chunk.iter().map(Claimed::key).collect();
    }

    /// Whether the task is still to be done here: nobody has taken it from what comes next.
    fn is_next(&self, key: Key) -> bool {
        self.work().next.front() == Some(&key)
    }

    fn pass_over(&self, key: Key) {
        self.work().next.retain(|other| *other != key);
    }

    /// Notes which task is in work; false: it has been taken away in the meantime.
    fn begin(&self, task: &Arc<Claimed>) -> bool {
        let mut work = self.work();
        let is_ours = work.next.front() == Some(&task.key());
        if is_ours {
            work.next.pop_front();
            work.running = Some(Running { task: task.clone(), began: Instant::now() });
        }
        is_ours
    }

    /// Notes that nothing is in work; false: the hand was left behind before.
    fn end(&self) -> bool {
        let mut work = self.work();
        work.running = None;
        !self.abandoned.load(Ordering::SeqCst)
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

    /// Gives up what has not been begun and is still held.
    fn put_down(&self) -> HashSet<Key> {
        self.work().next.drain(..).collect()
    }

    /// Forgets what is no longer held and not begun; returns how many tasks that were.
    pub(super) fn drop_lost(&self, lost: &HashSet<Key>) -> usize {
        let mut work = self.work();
        let before = work.next.len();
        work.next.retain(|key| !lost.contains(key));
        before - work.next.len()
    }

    /// Leaves the hand to itself if it is still busy with that task; returns what it had not begun.
    pub(super) fn abandon(&self, busy_with: Key) -> Option<Vec<Key>> {
        let mut work = self.work();
        work.running.as_ref().filter(|running| running.task.key() == busy_with)?;
        self.abandoned.store(true, Ordering::SeqCst);
        Some(work.next.drain(..).collect())
    }
}

impl Crew {
    fn lock(&self) -> MutexGuard<'_, Staff> {
        self.staff.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that are not left behind.
    pub(super) fn hands(&self) -> Vec<Arc<Hand>> {
        self.lock().serving.clone()
    }

    /// Whether anybody serves there.
    pub(super) fn serves(&self, post: Post) -> bool {
        self.lock().serving.iter().any(|hand| hand.post == post)
    }

    /// Leaves a hand behind; its place is free.
    pub(super) fn leave_behind(&self, hand: &Arc<Hand>) {
        let mut staff = self.lock();
        staff.serving.retain(|other| !Arc::ptr_eq(other, hand));
        staff.behind.push(hand.clone());
    }

    /// A hand has gone, whether it was left behind before or not.
    fn is_gone(&self, hand: &Arc<Hand>) {
        let mut staff = self.lock();
        staff.serving.retain(|other| !Arc::ptr_eq(other, hand));
        staff.behind.retain(|other| !Arc::ptr_eq(other, hand));
        drop(staff);
        self.left.notify_all();
    }

    /// Waits until all hands have gone (the line is closed), at most until `until`.
    pub(super) fn wait_until_idle(&self, until: Instant) {
        let limit = until.saturating_duration_since(Instant::now());
        let (staff, _) = self
            .left
            .wait_timeout_while(self.lock(), limit, |staff| !staff.serving.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        if !staff.serving.is_empty() {
            log::warn!("{} tasks are still running; their leases will run out", staff.serving.len());
        }
    }
}

/// Fills the free places of a post, as far as not too many hands are left behind.
pub(super) fn fill_places(floor: &Arc<Floor>, post: Post) {
    while !floor.is_stopping() {
        let hand = Arc::new(Hand { post, work: Mutex::default(), abandoned: AtomicBool::new(false) });
        let mut staff = floor.crew.lock();
        let of_post = |hands: &[Arc<Hand>]| hands.iter().filter(|hand| hand.post == post).count();
        let places = post.places(floor);
        let behind = of_post(&staff.behind);
        if of_post(&staff.serving) >= places {
            return;
        }
        if behind > places * LEFT_BEHIND {
            log::error!(
                "{behind} threads were left behind with tasks that do not end; none is replaced any more"
            );
            return;
        }
        staff.serving.push(hand.clone());
        drop(staff);
        if !start(floor, hand) {
            return;
        }
    }
}

fn start(floor: &Arc<Floor>, hand: Arc<Hand>) -> bool {
    let (on_floor, as_hand) = (floor.clone(), hand.clone());
    let started = std::thread::Builder::new().name("task".to_owned()).spawn(move || {
        work(&on_floor, &as_hand);
        on_floor.crew.is_gone(&as_hand);
        // It may have been left behind, and the last one whose place was not filled again.
        fill_places(&on_floor, as_hand.post);
    });
    if let Err(error) = &started {
        log::error!("no thread for tasks: {error}");
        floor.crew.is_gone(&hand);
    }
    started.is_ok()
}

fn work(floor: &Floor, hand: &Hand) {
    let (mut chunk, mut most) = (VecDeque::new(), 1);
    let line = floor.line_of(hand.post);
    loop {
        let taken = line.take(&mut chunk, most, hand.post.places(floor));
        if taken == Taken::Nothing {
            return;
        }
        let (began, size) = (Instant::now(), chunk.len());
        let stays = serve_some(floor, hand, &mut chunk);
        if taken == Taken::Outside {
            line.is_back();
        } else {
            most = fitting(began.elapsed(), size - chunk.len());
        }
        if !stays {
            return;
        }
        if !chunk.is_empty() {
            let still_held = hand.put_down();
            chunk.retain(|task| still_held.contains(&task.key()));
            claimer::give_back(floor, &line.take_back(&mut chunk));
        }
    }
}

/// Runs what was taken, as far as it does not take too long; false: this hand was left behind meanwhile.
fn serve_some(floor: &Floor, hand: &Hand, chunk: &mut VecDeque<Claimed>) -> bool {
    let began = Instant::now();
    hand.take_up(chunk);
    let (mut ended, mut stays) = (Vec::with_capacity(chunk.len()), true);
    while let Some(task) = chunk.pop_front() {
        ended.extend(serve(floor, hand, task));
        stays = hand.end();
        // Left behind, its task was given away: what it did outside a transaction is refused by the database.
        if !stays || began.elapsed() > CHUNK_LASTS * 2 {
            break;
        }
    }
    floor.ends.add(ended.drain(..));
    stays
}

/// How many tasks last [`CHUNK_LASTS`], where so many took so long.
fn fitting(took: Duration, served: usize) -> usize {
    let each = took / u32::try_from(served).unwrap_or(u32::MAX).max(1);
    let lasting = CHUNK_LASTS.as_nanos() / each.as_nanos().max(1);
    usize::try_from(lasting).unwrap_or(LARGEST_CHUNK).clamp(1, LARGEST_CHUNK)
}

/// Runs one task, if it is still ours.
fn serve(floor: &Floor, hand: &Hand, task: Claimed) -> Option<End> {
    let (key, kind) = (task.key(), task.kind.clone());
    if !hand.is_next(key) {
        return None;
    }
    let task = match floor.runner.begin(task) {
        Ok(Some(task)) => Arc::new(task),
        Ok(None) => {
            log::info!("task {} of kind {kind} was taken back while it waited", key.0);
            hand.pass_over(key);
            return None;
        }
        Err(error) => {
            log::warn!("cannot begin task {}, its lease will run out: {error}", key.0);
            hand.pass_over(key);
            return None;
        }
    };
    if !hand.begin(&task) {
        return None;
    }
    let ended = floor.runner.run(&task);
    if task.is_gated && matches!(ended, Ended::Committed) {
        floor.tending.ring();
    }
    Some(End { ended, is_gated: task.is_gated })
}
