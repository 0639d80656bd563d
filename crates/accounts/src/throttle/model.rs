//! How the wait grows. No database here.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// Failures older than this are forgotten (NIST SP 800-63B section 3.2.2 leaves the span open).
pub(super) const MEMORY: TimeDelta = TimeDelta::hours(24);

/// No wait is longer than this.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// What is counted: a digest of the kind of try and of who tries or is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(pub(super) [u8; 32]);

impl Key {
    /// `kind` names the counter for ever (`sign-in`, `delivery-code`); `whose` is the mail address, the network
    /// address, the row's id.
    pub fn new(kind: &str, whose: &str) -> Self {
        Self(Sha256::digest(format!("{kind}\n{whose}")).into())
    }
}

/// How many tries are free before the wait begins to double from one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Tries without any wait.
    pub free: u32,
}

impl Pace {
    /// For one account.
    pub const ACCOUNT: Self = Self { free: 3 };
    /// For one network address: a town hall or a co-working space stands behind one.
    pub const ADDRESS: Self = Self { free: 20 };

    /// 1, 2, 4 … seconds for each failure past the free ones.
    fn wait_after(self, failures: i32) -> TimeDelta {
        let past = u32::try_from(failures).unwrap_or(0).saturating_sub(self.free);
        if past == 0 {
            TimeDelta::zero()
        } else {
            TimeDelta::seconds(1 << (past - 1).min(20)).min(LONGEST_WAIT)
        }
    }
}

/// The failures under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) failures: i32,
    pub(super) blocked_until: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

impl Bucket {
    /// One more failure, or how long to wait before one may be counted.
    pub(super) fn charged(self, pace: Pace, now: DateTime<Utc>) -> Result<Self, Duration> {
        let failures = if self.updated_at + MEMORY <= now { 0 } else { self.failures };
        if failures > 0 && self.blocked_until > now {
            return Err(self.wait(now));
        }
        let failures = failures.saturating_add(1);
        // Without a wait nobody is blocked, not even who began a moment ago and came to the row a moment later.
        let wait = pace.wait_after(failures);
        let blocked_until = if wait == TimeDelta::zero() { DateTime::UNIX_EPOCH } else { now + wait };
        Ok(Self { failures, blocked_until, updated_at: now })
    }

    /// One failure less and no wait; `None` when no failure is left.
    pub(super) fn taken_back(self, now: DateTime<Utc>) -> Option<Self> {
        let remembered = self.failures > 1 && self.updated_at + MEMORY > now;
        remembered.then(|| Self { failures: self.failures - 1, blocked_until: DateTime::UNIX_EPOCH, ..self })
    }

    /// Whole seconds, rounded up; never more than the longest wait, even where a clock was set back.
    pub(super) fn wait(self, now: DateTime<Utc>) -> Duration {
        let wait = (self.blocked_until - now).clamp(TimeDelta::zero(), LONGEST_WAIT);
        Duration::from_secs(
            wait.to_std().unwrap_or_default().as_millis().div_ceil(1000).try_into().unwrap_or(0),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_one_second_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> =
            (1..=15).map(|failures| Pace::ACCOUNT.wait_after(failures).num_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(Pace::ACCOUNT.wait_after(i32::MAX), LONGEST_WAIT);
        assert_eq!(Pace::ADDRESS.wait_after(20), TimeDelta::zero());
    }

    #[test]
    fn whoever_began_earlier_and_comes_later_is_not_blocked_by_a_free_try() {
        let (now, earlier) = (DateTime::UNIX_EPOCH + TimeDelta::days(1), DateTime::UNIX_EPOCH);
        let none = Bucket { failures: 0, blocked_until: earlier, updated_at: now };
        let one = none.charged(Pace::ACCOUNT, now).unwrap();
        let two = one.charged(Pace::ACCOUNT, now - TimeDelta::milliseconds(5)).unwrap();
        assert_eq!(two.failures, 2);
        let back = two.taken_back(now).unwrap();
        assert!(back.charged(Pace::ACCOUNT, now - TimeDelta::milliseconds(5)).is_ok());
    }

    #[test]
    fn a_day_without_failures_forgets_them() {
        let now = DateTime::UNIX_EPOCH;
        let bucket = Bucket { failures: 9, blocked_until: now + TimeDelta::minutes(5), updated_at: now };
        assert_eq!(bucket.charged(Pace::ACCOUNT, now), Err(Duration::from_secs(300)));
        let next_day = bucket.charged(Pace::ACCOUNT, now + MEMORY).unwrap();
        assert_eq!((next_day.failures, next_day.wait(now + MEMORY)), (1, Duration::ZERO));
    }

    #[test]
    fn a_clock_set_back_makes_nobody_wait_for_longer() {
        let now = DateTime::UNIX_EPOCH;
        let later = now + TimeDelta::days(300);
        let bucket = Bucket { failures: 9, blocked_until: later, updated_at: later };
        assert_eq!(bucket.wait(now), Duration::from_secs(900));
    }
}
