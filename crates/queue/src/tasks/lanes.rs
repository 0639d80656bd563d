//! Where the claim left off. A lane is a priority and a town; its mark is the `run_at` up to which this process has
//! emptied it, so that the next claim does not walk again over finished rows that an old snapshot keeps visible.
//!
//! A mark hides what commits late with an earlier `run_at`. Two things keep that short: a mark stays [`SLACK`] behind
//! what was claimed, and all marks are dropped every [`LIFETIME`]. (Measured with an old snapshot and 50,000 finished
//! tasks ahead: a claim of ten reads 926 pages without marks and 24 with them.)

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::OrganizationId;

/// Longer than nearly every transaction that enqueues.
const SLACK: TimeDelta = TimeDelta::milliseconds(200);
/// How late a task is picked up at most because of a mark.
const LIFETIME: Duration = Duration::from_secs(1);

/// The marks of one claimer.
#[derive(Debug)]
pub(crate) struct Marks {
    lanes: BTreeMap<(i16, i64), DateTime<Utc>>,
    /// The town served last: the next claim begins after it.
    last_town: i64,
    since: Instant,
}

/// What the claim is told: parallel lists in the order of the index.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) priorities: Vec<i16>,
    pub(crate) towns: Vec<i64>,
    pub(crate) marks: Vec<DateTime<Utc>>,
    pub(crate) first_town: i64,
}

impl Marks {
    pub(crate) fn new() -> Self {
        Self { lanes: BTreeMap::new(), last_town: 0, since: Instant::now() }
    }

    /// The same, never dropped: a test's claims may take as long as they like.
    #[cfg(test)]
    pub(crate) fn lasting() -> Self {
        Self { since: Instant::now() + Duration::from_hours(24), ..Self::new() }
    }

    /// The lanes to claim from; none when the marks have just been dropped.
    pub(crate) fn known(&mut self) -> Known {
        if self.since.elapsed() >= LIFETIME {
            self.lanes.clear();
            self.since = Instant::now();
        }
        let mut known = Known { first_town: self.last_town, ..Known::default() };
        for ((priority, town), mark) in &self.lanes {
            known.priorities.push(*priority);
            known.towns.push(*town);
            known.marks.push(*mark);
        }
        known
    }

    /// Moves the marks up to what a claim took.
    pub(crate) fn advance(&mut self, taken: impl Iterator<Item = (i16, OrganizationId, DateTime<Utc>)>) {
        for (priority, town, run_at) in taken {
            let mark = run_at - SLACK;
            let lane = self.lanes.entry((priority, town.0)).or_insert(mark);
            *lane = mark.max(*lane);
            self.last_town = town.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_move_forward_only_and_in_the_order_of_the_index() {
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        let mut marks = Marks::new();
        marks.advance(
            [(2, 7, 50), (2, 7, 40), (1, 9, 10)]
                .into_iter()
                .map(|(priority, town, second)| (priority, OrganizationId(town), at(second))),
        );
        let known = marks.known();
        assert_eq!(known.priorities, [1, 2]);
        assert_eq!(known.towns, [9, 7]);
        assert_eq!(known.marks, [at(10) - SLACK, at(50) - SLACK]);
        assert_eq!(known.first_town, 9);
    }
}
