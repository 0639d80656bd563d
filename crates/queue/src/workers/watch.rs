//! Leases and time limits: prolongs what is held, forgets what is not held any more, and takes tasks away from hands that
//! take too long. On a connection turn of its own, so that busy handlers cannot starve it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::ends::End;
use super::hands::{self, Hand, Post, Running};
use super::{Floor, claimer};
use crate::runner::Ended;
use crate::tasks::TaskError;
use crate::tasks::hot::{Key, Settlement};
use crate::wake::Wake;

/// How often time limits are looked at; costs no statement.
const LOOK: Duration = Duration::from_millis(500);

/// Until rung. `told` hears whether any thread is free to run tasks, once and whenever that changes.
pub(super) fn watch(floor: &Arc<Floor>, over: &Wake, told: &dyn Fn(bool)) {
    let every = floor.runner.lease() / 3;
    let mut prolonged = Instant::now();
    let mut works = None;
    while !over.wait(LOOK.min(every)) {
        for hand in floor.crew.hands() {
            if let Some(running) = hand.running().filter(|running| is_overdue(floor, running)) {
                take_away(floor, &hand, &running);
            }
        }
        clear_unserved(floor);
        let serves = floor.crew.serves(Post::Usual);
        if works.replace(serves) != Some(serves) && !floor.is_stopping() {
            told(serves);
        }
        if prolonged.elapsed() >= every {
            prolonged = Instant::now();
            prolong(floor);
        }
    }
}

fn is_overdue(floor: &Floor, running: &Running) -> bool {
    running.began.elapsed() > floor.runner.time_limit(&running.task.kind)
}

/// The attempt counts as failed now, and the thread is left to itself: a thread cannot be ended from outside, but what it
/// still does cannot be finished. What it had not begun goes back.
fn take_away(floor: &Arc<Floor>, hand: &Arc<Hand>, running: &Running) {
    let task = &running.task;
    let Some(unbegun) = hand.abandon(task.key()) else { return };
    let limit = floor.runner.time_limit(&task.kind);
    log::error!(
        "task {} of kind {} ran longer than {limit:?}; its thread is left behind",
        task.id,
        task.kind
    );
    claimer::give_back(floor, &unbegun);
    let error = TaskError::retry(format!("took longer than {} s", limit.as_secs()));
    let fate = floor.runner.fate(task, &error);
    let ended = Ended::Badly(Settlement { key: task.key(), fate, error: error.to_string() });
    floor.ends.add(std::iter::once(End { ended, is_gated: task.is_gated }));
    floor.crew.leave_behind(hand);
    hands::fill_places(floor, hand.post);
}

/// Gives back what waits where no hand is left: others may run it.
fn clear_unserved(floor: &Floor) {
    for post in Post::ALL {
        if !floor.crew.serves(post) && !floor.is_stopping() {
            claimer::give_back(floor, &floor.line_of(post).clear());
        }
    }
}

fn prolong(floor: &Floor) {
    let mut held = floor.line.keys();
    held.extend(floor.express.keys());
    held.extend(floor.crew.hands().iter().flat_map(|hand| hand.keys()));
    held.extend(floor.ends.keys());
    for some in held.chunks(5000) {
        match floor.runner.prolong(some) {
            Ok(kept) => {
                let kept: HashSet<_> = kept.into_iter().collect();
                drop_lost(floor, &some.iter().copied().filter(|key| !kept.contains(&key.0)).collect());
            }
            Err(error) => log::warn!("cannot prolong {} leases: {error}", some.len()),
        }
    }
}

/// What is no longer held does not begin: it was cancelled, or this process stood still and somebody else has it. What has
/// begun learns of it when it reports or ends; what has ended in the meantime is not among these any more.
fn drop_lost(floor: &Floor, lost: &HashSet<Key>) {
    if lost.is_empty() {
        return;
    }
    let in_hand: usize = floor.crew.hands().iter().map(|hand| hand.drop_lost(lost)).sum();
    let dropped = floor.line.drop_lost(lost) + floor.express.drop_lost(lost) + in_hand;
    if dropped > 0 {
        log::info!("{dropped} waiting tasks are no longer held and do not begin");
    }
}
