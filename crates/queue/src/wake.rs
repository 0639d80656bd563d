//! Sleepers and their alarm clocks, inside one process.

use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// Raised by transactions that added a ready task.
pub const TASKS: &str = "tasks";
/// Raised by transactions that added an urgent task.
pub const URGENT: &str = "urgent";
/// Raised by transactions that added a task which is not ready yet: scheduled, gated, parked.
pub const TENDING: &str = "tending";

/// A sleeper's alarm clock for one signal.
#[derive(Debug, Default)]
pub struct Wake {
    rung: Mutex<bool>,
    bell: Condvar,
}

impl Wake {
    /// Wakes the sleeper, now or as soon as it goes to sleep.
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }

    /// Sleeps until rung, at most `limit`; says whether it was rung.
    pub fn wait(&self, limit: Duration) -> bool {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rung, _) =
            self.bell.wait_timeout_while(rung, limit, |rung| !*rung).unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *rung)
    }
}

/// All alarm clocks of this process.
#[derive(Debug, Default, Clone)]
pub struct Wakes {
    sleepers: Arc<Mutex<Vec<Sleeper>>>,
}

/// A signal and who sleeps on it, for as long as they do.
type Sleeper = (&'static str, Weak<Wake>);

impl Wakes {
    /// An alarm clock that rings whenever `signal` is raised, here or in another process.
    pub fn on(&self, signal: &'static str) -> Arc<Wake> {
        let wake = Arc::new(Wake::default());
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.retain(|(_, sleeper)| sleeper.strong_count() > 0);
        sleepers.push((signal, Arc::downgrade(&wake)));
        wake
    }

    pub(crate) fn ring(&self, signal: &str) {
        let sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, sleeper) in sleepers.iter().filter(|(name, _)| *name == signal) {
            if let Some(wake) = sleeper.upgrade() {
                wake.ring();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_before_sleep_is_not_lost() {
        let wakes = Wakes::default();
        let wake = wakes.on(TASKS);
        wakes.ring(TASKS);
        assert!(wake.wait(Duration::ZERO));
        assert!(!wake.wait(Duration::ZERO), "one ring wakes once");
    }
}
