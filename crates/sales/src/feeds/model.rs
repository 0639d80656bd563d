//! What a calendar's address is, and how often it may be read. No database here.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::Serialize;

kernel::id!(
    /// One address of a person's calendar.
    FeedId
);

/// A person's calendar address as its owner sees it: never the address itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CalendarFeed")]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When a calendar last read it.
    pub read_at: Option<DateTime<Utc>>,
}

/// A calendar asks every quarter of an hour or seldomer, and a household has some devices: more than this in
/// [`WINDOW`] is a mistake or worse.
const MOST: i32 = 30;
const WINDOW: TimeDelta = TimeDelta::minutes(10);

/// How often an address was read since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reads {
    pub(super) count: i32,
    pub(super) since: Option<DateTime<Utc>>,
}

impl Reads {
    /// One more read at `now`, or how long to wait for it.
    pub(super) fn read(self, now: DateTime<Utc>) -> Result<Self, Duration> {
        match self.since {
            Some(since) if now < since + WINDOW => {
                if self.count < MOST {
                    Ok(Self { count: self.count + 1, ..self })
                } else {
                    Err((since + WINDOW - now).to_std().unwrap_or_default())
                }
            }
            _ => Ok(Self { count: 1, since: Some(now) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_without_pause_waits_and_is_served_again() {
        let start: DateTime<Utc> = "2026-11-22T05:00:00Z".parse().unwrap();
        let mut reads = Reads { count: 0, since: None };
        for _ in 0..MOST {
            reads = reads.read(start).unwrap();
        }
        let later = start + TimeDelta::minutes(4);
        assert_eq!(reads.read(later), Err(Duration::from_secs(6 * 60)));
        assert_eq!(reads.read(start + WINDOW).map(|reads| reads.count), Ok(1));
    }
}
