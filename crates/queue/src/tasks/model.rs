//! What a task is, how an attempt may end, and when the next one comes.

use std::time::Duration;

use chrono::{DateTime, Utc};
use db::DbError;
use kernel::TaskId;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A kind of background work. The payload is the struct itself; keep it small (ids, not documents).
pub trait Task: Serialize + DeserializeOwned + Send + 'static {
    /// The kind's stable name, for example `notify.order-opened`.
    const KIND: &'static str;
    /// How often and how patiently it is tried.
    const BACKOFF: Backoff = Backoff::USUAL;
}

/// How often a task is tried and how long it waits in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Attempts before the task is dead.
    pub attempts: i16,
    /// The longest wait after the first failure; doubles with each further one.
    pub first: Duration,
    /// No wait is longer than this.
    pub most: Duration,
}

impl Backoff {
    /// Twelve attempts over about a day.
    pub const USUAL: Self =
        Self { attempts: 12, first: Duration::from_secs(10), most: Duration::from_hours(4) };
    /// For work that fails only while the database does: quick and patient.
    pub const STEADY: Self =
        Self { attempts: 30, first: Duration::from_secs(2), most: Duration::from_mins(10) };

    /// The ceiling of the wait after failed attempt number `attempt` (1 for the first). The wait itself is drawn
    /// uniformly between zero and this ("full jitter"), so that failures together do not retry together.
    pub fn ceiling(&self, attempt: i16) -> Duration {
        let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0).min(20);
        self.first.saturating_mul(1 << doublings).min(self.most)
    }
}

/// One try at a task, as its handler sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The task.
    pub task: TaskId,
    /// 1 for the first try.
    pub number: i16,
    /// When it was claimed, by the database's clock.
    pub claimed_at: DateTime<Utc>,
}

/// How a handler says that an attempt did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// Try again later, by the kind's [`Backoff`]; after the last attempt the task is dead.
    #[error("{0}")]
    Retry(String),
    /// No use in trying again until a person has looked at it.
    #[error("{0}")]
    Dead(String),
    /// Not yet: come back after this long; spends no attempt.
    #[error("not yet, again in {0:?}")]
    Snooze(Duration),
    /// The database failed; tried again like [`TaskError::Retry`].
    #[error(transparent)]
    Db(#[from] DbError),
}

impl TaskError {
    /// A failure that may pass by itself.
    pub fn retry(cause: impl std::fmt::Display) -> Self {
        Self::Retry(cause.to_string())
    }

    /// A failure that stays until a person changes something.
    pub fn dead(cause: impl std::fmt::Display) -> Self {
        Self::Dead(cause.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_most() {
        let backoff = Backoff { attempts: 9, first: Duration::from_secs(10), most: Duration::from_secs(60) };
        let seconds: Vec<u64> = (1..=5).map(|attempt| backoff.ceiling(attempt).as_secs()).collect();
        assert_eq!(seconds, [10, 20, 40, 60, 60]);
        assert_eq!(backoff.ceiling(i16::MAX).as_secs(), 60);
    }
}
