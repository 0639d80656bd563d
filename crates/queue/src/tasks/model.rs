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
    /// How soon, compared with other kinds.
    const PRIORITY: Priority = Priority::Usual;
    /// How long one attempt may take. Beyond it the attempt counts as failed, another worker may start the next one,
    /// and whatever the first still does cannot be finished.
    const TIME_LIMIT: Duration = Duration::from_mins(15);
    /// How many run at once and how often, counted over all processes.
    const LIMITS: Limits = Limits::NONE;

    /// Whether it waits, most of its time, for machines of other people. At most half of a process's threads do that at
    /// once, so that slow strangers hold up nothing else. Only for kinds with [`Task::LIMITS`]: what waits its turn here has
    /// been claimed.
    const WAITS_OUTSIDE: bool = false;

    /// What [`Task::LIMITS`] counts together; without limits it means nothing.
    fn gate(&self) -> Gate {
        Gate::Kind
    }
}

/// How soon a task is run. One that has waited five minutes longer goes before one of the next higher priority, where it is
/// claimed and where it waits in line. So a priority is a head start and no more: what comes faster than it is worked off
/// delays everything, but nothing for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody waits for it at a screen.
    Urgent,
    /// Everything ordinary.
    Usual,
    /// Whatever may wait behind people's work.
    Later,
    /// Housekeeping.
    Idle,
}

/// What a kind's limits count together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// All tasks of the kind, of all towns.
    Kind,
    /// The tasks of the same town with the same key: one file, one mailbox.
    InTown(String),
    /// The tasks of all towns with the same key: one mail domain, one outside service.
    Everywhere(String),
}

impl Gate {
    pub(crate) fn text(&self, organization: kernel::OrganizationId) -> String {
        match self {
            Self::Kind => "*".to_owned(),
            Self::InTown(key) => format!("{organization}/{key}"),
            Self::Everywhere(key) => format!("*/{key}"),
        }
    }
}

/// How many tasks a gate lets through. Tasks pass in the order they were enqueued in; one that waits for its next
/// attempt lets others pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// At the same time.
    pub at_once: Option<u16>,
    /// In a span of time.
    pub rate: Option<Rate>,
}

impl Limits {
    /// As many as there are workers.
    pub const NONE: Self = Self { at_once: None, rate: None };
    /// One after another.
    pub const SERIAL: Self = Self::at_once(1);

    /// At most `most` at the same time.
    pub const fn at_once(most: u16) -> Self {
        Self { at_once: Some(most), rate: None }
    }

    /// The same, and no more often than `rate`.
    pub const fn and_rate(self, rate: Rate) -> Self {
        Self { rate: Some(rate), ..self }
    }
}

/// How often a gate opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// So many tasks…
    pub passes: u16,
    /// …in this span, evenly spread…
    pub per: Duration,
    /// …except that after a rest so many may pass together.
    pub burst: u16,
}

impl Rate {
    pub(crate) fn every(&self) -> Duration {
        self.per / u32::from(self.passes.max(1))
    }
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
    /// What the worker holds the task under.
    pub(crate) lease: i64,
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
    /// The task is no longer this worker's: it was cancelled, or took too long and was given to another.
    #[error("the lease was lost")]
    Lost,
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

/// An error as it can be recorded: a text column takes no NUL, and nobody reads a novel.
pub(crate) fn recordable(error: &str) -> String {
    const LONGEST_CHARS: usize = 8_000;
    error.chars().take(LONGEST_CHARS).map(|one| if one == '\0' { '\u{fffd}' } else { one }).collect()
}

/// An error without what differs from one occurrence to the next: numbers become `#`, quoted names `…`. Errors with the
/// same cause are shown, and redriven, together.
pub(crate) fn cause_of(error: &str) -> String {
    const LONGEST_CHARS: usize = 200;
    let mut cause = String::new();
    let mut quote = None;
    for character in error.chars() {
        match quote {
            Some(end) if character == end => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '`') => {
                cause.push('…');
                quote = Some(character);
            }
            None if character.is_ascii_digit() && cause.ends_with('#') => {}
            None if character.is_ascii_digit() => cause.push('#'),
            None => cause.push(character),
        }
    }
    cause.chars().take(LONGEST_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_that_differ_in_numbers_and_names_have_one_cause() {
        let one = cause_of("order 4711: \"さくら\" answered 503 after 12 ms");
        assert_eq!(one, cause_of("order 9: \"けやき\" answered 502 after 3400 ms"));
        assert_eq!(one, "order #: … answered # after # ms");
        assert_ne!(one, cause_of("order 4711: refused"));
    }

    #[test]
    fn an_error_is_recorded_without_what_no_column_takes() {
        assert_eq!(recordable("before\0after"), "before\u{fffd}after");
        assert_eq!(recordable(&"長".repeat(9_000)).chars().count(), 8_000);
    }

    #[test]
    fn waits_double_up_to_the_most() {
        let backoff = Backoff { attempts: 9, first: Duration::from_secs(10), most: Duration::from_secs(60) };
        let seconds: Vec<u64> = (1..=5).map(|attempt| backoff.ceiling(attempt).as_secs()).collect();
        assert_eq!(seconds, [10, 20, 40, 60, 60]);
        assert_eq!(backoff.ceiling(i16::MAX).as_secs(), 60);
    }
}
