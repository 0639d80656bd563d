//! Leases and time limits: prolongs what is held, and takes tasks away from hands that take too long. On a connection
//! turn of its own, so that busy handlers cannot starve it.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::Floor;
use super::hands::{self, Hand, Running};
use crate::runner::Ended;
use crate::tasks::TaskError;
use crate::tasks::hot::Settlement;
use crate::wake::Wake;

/// How often time limits are looked at; costs no statement.
const LOOK: Duration = Duration::from_millis(500);
/// So many abandoned handlers for each thread are replaced; beyond that something is broken and more threads would only
/// hide it.
const REPLACEMENTS: usize = 4;

/// Until rung.
pub(super) fn watch(floor: &Arc<Floor>, over: &Wake) {
    let every = floor.runner.lease() / 3;
    let mut prolonged = Instant::now();
    let mut replaced = 0;
    while !over.wait(LOOK.min(every)) {
        for hand in floor.crew.hands() {
            if let Some(running) = hand.running().filter(|running| is_overdue(floor, running)) {
                take_away(floor, &hand, &running, &mut replaced);
            }
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
/// still does cannot be finished.
fn take_away(floor: &Arc<Floor>, hand: &Arc<Hand>, running: &Running, replaced: &mut usize) {
    let task = &running.task;
    if !hand.abandon(task.key()) {
        return;
    }
    let limit = floor.runner.time_limit(&task.kind);
    log::error!(
        "task {} of kind {} ran longer than {limit:?}; its thread is left behind",
        task.id,
        task.kind
    );
    let error = TaskError::retry(format!("took longer than {} s", limit.as_secs()));
    let fate = floor.runner.fate(task, &error);
    let settlement = Settlement { key: task.key(), fate, error: error.to_string() };
    floor.ends.add(std::iter::once(Ended::Badly(settlement)));
    floor.crew.dismiss(hand);
    if *replaced < floor.settings.threads * REPLACEMENTS {
        *replaced += 1;
        hands::hire(floor, hand.post);
    } else {
        log::error!("too many threads were left behind; none is replaced any more");
    }
}

fn prolong(floor: &Floor) {
    let began = Instant::now();
    let mut held = floor.line.keys();
    held.extend(floor.express.keys());
    held.extend(floor.crew.hands().iter().flat_map(|hand| hand.keys()));
    held.extend(floor.ends.keys());
    for some in held.chunks(5000) {
        if let Err(error) = floor.runner.prolong(some) {
            log::warn!("cannot prolong {} leases: {error}", some.len());
            return;
        }
    }
    *floor.prolonged.lock().unwrap_or_else(PoisonError::into_inner) = Some(began);
}
