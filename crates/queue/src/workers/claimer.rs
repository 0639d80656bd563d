//! The threads that claim: one keeps the line just long enough, a second helps while there is no end of tasks, a third
//! claims the urgent, which have a line of their own, and a fourth what people wait for while the line is long with what
//! may wait. None claims for a line that nobody serves.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::Floor;
use super::hands::Post;
use crate::tasks::Priority;
use crate::tasks::hot::{Claimed, Fate, Key, Settlement};
use crate::tasks::lanes::Marks;
use crate::wake::Wake;

/// More than this at once brings nothing (measured: batches of 500 reach the ceiling of the SQL).
const LARGEST_BATCH: usize = 500;
/// A line that lasts shorter than this is worth a larger claim…
const TOO_SHORT: Duration = Duration::from_millis(100);
/// …and one that lasts longer keeps tasks from other processes.
const TOO_LONG: Duration = Duration::from_millis(500);
/// Tasks of one claim that go before others, and how many of them one process lets wait.
const HASTY_BATCH: usize = 16;
/// A notification may be followed by silence for as long as others are held back; until then it is worth looking…
const AFTER_A_RING: Duration = Duration::from_millis(12);
/// …so often.
const EAGER: Duration = Duration::from_millis(3);
/// The longest wait for a line to become shorter before looking whether to stop.
const LOOK: Duration = Duration::from_secs(1);

/// How large claims are, and who waits for them to be large.
#[derive(Debug, Default)]
pub(super) struct Appetite {
    batch: AtomicUsize,
    /// Wakes the second claimer.
    grown: Wake,
}

impl Appetite {
    /// Larger batches while the line is served faster than it can be filled, smaller ones while tasks only wait in it.
    fn fit(&self, lasted: Duration, smallest: usize) {
        let batch = self.batch(smallest);
        let fitting = match lasted {
            lasted if lasted < TOO_SHORT => (batch * 2).min(LARGEST_BATCH),
            lasted if lasted > TOO_LONG => (batch / 2).max(smallest),
            _ => batch,
        };
        self.batch.store(fitting, Ordering::Relaxed);
        if fitting == LARGEST_BATCH {
            self.grown.ring();
        }
    }

    fn batch(&self, smallest: usize) -> usize {
        self.batch.load(Ordering::Relaxed).max(smallest)
    }

    pub(super) fn wake(&self) {
        self.grown.ring();
    }
}

/// Claims until stopped.
pub(super) fn claim(floor: &Floor) {
    let (mut marks, mut filled, mut sleeper) = (Marks::new(), None, Sleeper::default());
    let smallest = smallest_batch(floor);
    while !floor.is_stopping() {
        let batch = floor.appetite.batch(smallest);
        if !floor.line.wait_until_short(batch / 2, LOOK) {
            continue;
        }
        if !floor.crew.serves(Post::Usual) {
            floor.tasks.wait(LOOK);
            continue;
        }
        if let Some(filled) = filled.take() {
            floor.appetite.fit(Instant::elapsed(&filled), smallest);
        }
        if fill(floor, batch, &mut marks) {
            filled = Some(Instant::now());
        } else {
            sleeper.sleep(&floor.tasks, floor.settings.poll);
        }
    }
}

/// Sleeps until rung or for the poll, but only shortly when it was rung a moment ago.
#[derive(Debug, Default)]
struct Sleeper {
    rung: Option<Instant>,
}

impl Sleeper {
    fn sleep(&mut self, wake: &Wake, poll: Duration) {
        let eager = self.rung.is_some_and(|at| at.elapsed() < AFTER_A_RING);
        if wake.wait(if eager { EAGER.min(poll) } else { poll }) {
            self.rung = Some(Instant::now());
        }
    }
}

/// Helps while claims are as large as they get: one claims while the other's commit is on its way to the disk.
pub(super) fn help(floor: &Floor) {
    let mut marks = Marks::new();
    while !floor.is_stopping() {
        if floor.appetite.batch(0) < LARGEST_BATCH {
            floor.appetite.grown.wait(LOOK);
            continue;
        }
        let is_short = floor.line.wait_until_short(LARGEST_BATCH / 2, LOOK);
        if is_short && floor.crew.serves(Post::Usual) && !fill(floor, LARGEST_BATCH, &mut marks) {
            floor.appetite.grown.wait(LOOK);
        }
    }
}

/// Claims once; says whether there was as much as was asked for.
fn fill(floor: &Floor, batch: usize, marks: &mut Marks) -> bool {
    match floor.runner.claim(i32::try_from(batch).unwrap_or(1), marks) {
        Ok(claimed) => {
            let full = claimed.len() >= batch;
            line_up(floor, claimed.tasks);
            full
        }
        Err(error) => {
            log::warn!("cannot claim tasks: {error}");
            false
        }
    }
}

/// The urgent go to their own line, whoever claimed them, for its hands may be free where the usual ones are busy for
/// long; only what those could not begin soon joins the usual line.
fn line_up(floor: &Floor, tasks: Vec<Claimed>) {
    let room = if floor.crew.serves(Post::Express) { floor.express.room(HASTY_BATCH) } else { 0 };
    let (mut urgent, mut others): (Vec<_>, Vec<_>) = tasks.into_iter().partition(Claimed::is_urgent);
    others.extend(urgent.split_off(urgent.len().min(room)));
    give_back(floor, &floor.express.join(urgent));
    give_back(floor, &floor.line.join(others));
}

fn smallest_batch(floor: &Floor) -> usize {
    (floor.settings.threads * 2).max(4)
}

/// Claims urgent tasks and nothing else, on a connection turn of its own, so that neither a long line nor a large claim
/// is before them. What nobody rang for the main claimer finds at its next poll, except while it waits for its line to
/// become short: then this one polls.
pub(super) fn claim_urgent(floor: &Floor) {
    let (mut marks, mut sleeper) = (Marks::new(), Sleeper::default());
    while !floor.is_stopping() {
        sleeper.sleep(&floor.urgent, floor.settings.poll);
        let was_rung = sleeper.rung.is_some_and(|at| at.elapsed() < AFTER_A_RING + EAGER);
        if was_rung || !floor.line.is_empty() {
            fill_express(floor, &mut marks);
        }
    }
}

/// Claims urgent tasks until none is left, but no more than can begin soon: the others are for other processes.
fn fill_express(floor: &Floor, marks: &mut Marks) {
    while !floor.is_stopping() && floor.crew.serves(Post::Express) {
        if !floor.express.wait_until_short(HASTY_BATCH, LOOK) {
            continue;
        }
        if !claim_hasty(floor, Priority::Urgent, marks) {
            return;
        }
    }
}

/// Claims what is served before what waits in a long line. Without it a person's task would wait for the line to become
/// short, behind tasks that may wait.
pub(super) fn overtake(floor: &Floor) {
    let (mut marks, mut sleeper) = (Marks::new(), Sleeper::default());
    while !floor.is_stopping() {
        sleeper.sleep(&floor.overtaking, floor.settings.poll);
        while !floor.is_stopping()
            && let Some(last) = floor.line.may_be_overtaken_by(HASTY_BATCH)
            && claim_hasty(floor, last, &mut marks)
        {}
    }
}

/// Claims once, nothing less urgent than `last`; says whether there may be more.
fn claim_hasty(floor: &Floor, last: Priority, marks: &mut Marks) -> bool {
    match floor.runner.claim_down_to(last, i32::try_from(HASTY_BATCH).unwrap_or(1), marks) {
        Ok(claimed) => {
            let full = claimed.len() == HASTY_BATCH;
            line_up(floor, claimed.tasks);
            full
        }
        Err(error) => {
            log::warn!("cannot claim urgent tasks: {error}");
            false
        }
    }
}

/// Gives tasks back that were claimed and not started.
pub(super) fn give_back(floor: &Floor, unstarted: &[Key]) {
    if unstarted.is_empty() {
        return;
    }
    let released = |key: &Key| Settlement { key: *key, fate: Fate::Released, error: String::new() };
    let settlements: Vec<Settlement> = unstarted.iter().map(released).collect();
    if let Err(error) = floor.runner.settle(&settlements) {
        log::warn!("cannot give tasks back, their leases will run out instead: {error}");
    }
}
