//! When workers could be offered work: from each activation until they paused or left.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::WorkerId;

use super::model::WorkerStep;
use crate::schema::{worker_events, workers};

/// When one worker could be offered work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActiveSpans {
    /// Minutes a week they wish for today; what they wished for before is not kept.
    pub weekly_minutes: i32,
    /// First and last day of each span, both counted; no last day where it goes on. No two have a day in common.
    pub spans: Vec<(NaiveDate, Option<NaiveDate>)>,
}

impl ActiveSpans {
    /// On how many days from `first` to `last`, both counted, they could be offered work.
    pub fn days_within(&self, first: NaiveDate, last: NaiveDate) -> i64 {
        let days = |(from, until): &(NaiveDate, Option<NaiveDate>)| {
            let until = until.map_or(last, |until| until.min(last));
            ((until - (*from).max(first)).num_days() + 1).max(0)
        };
        self.spans.iter().map(days).sum()
    }

    fn step(&mut self, step: WorkerStep, on: NaiveDate) {
        match (step, self.spans.last_mut()) {
            // A rest that ends on the day it began is none: that day would count twice.
            (WorkerStep::Activated, Some((_, until))) if *until == Some(on) => *until = None,
            (WorkerStep::Activated, None | Some((_, Some(_)))) => self.spans.push((on, None)),
            (WorkerStep::Paused | WorkerStep::Withdrawn, Some((_, until @ None))) => *until = Some(on),
            _ => {}
        }
    }
}

/// When each worker could be offered work who ever could; a town has some hundreds.
pub fn active_spans(tx: &mut Tx<'_>) -> Result<BTreeMap<WorkerId, ActiveSpans>, DbError> {
    let steps: Vec<(WorkerId, WorkerStep, NaiveDate, i32)> = worker_events::table
        .inner_join(workers::table.on(workers::id.eq(worker_events::worker_id)))
        .filter(worker_events::kind.eq_any([
            WorkerStep::Activated,
            WorkerStep::Paused,
            WorkerStep::Withdrawn,
        ]))
        .order((worker_events::happened_on, worker_events::id))
        .select((
            worker_events::worker_id,
            worker_events::kind,
            worker_events::happened_on,
            workers::weekly_minutes,
        ))
        .load(tx.conn())?;
    let mut spans: BTreeMap<WorkerId, ActiveSpans> = BTreeMap::new();
    for (worker, step, on, weekly_minutes) in steps {
        let one = spans.entry(worker).or_default();
        one.weekly_minutes = weekly_minutes;
        one.step(step, on);
    }
    Ok(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_begin_with_an_activation_and_end_with_a_rest() {
        let may = |day| NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
        let mut one = ActiveSpans::default();
        one.step(WorkerStep::Withdrawn, may(1));
        for (step, day) in [(WorkerStep::Activated, 3), (WorkerStep::Paused, 10), (WorkerStep::Activated, 20)]
        {
            one.step(step, may(day));
        }
        assert_eq!(one.spans, [(may(3), Some(may(10))), (may(20), None)]);
        assert_eq!((one.days_within(may(1), may(31)), one.days_within(may(9), may(21))), (8 + 12, 2 + 2));
        assert_eq!((one.days_within(may(11), may(19)), one.days_within(may(5), may(5))), (0, 1));
    }

    #[test]
    fn a_rest_that_ends_on_the_day_it_began_counts_no_day_twice() {
        let may = |day| NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
        let mut one = ActiveSpans::default();
        for (step, day) in [
            (WorkerStep::Activated, 3),
            (WorkerStep::Paused, 10),
            (WorkerStep::Activated, 10),
            (WorkerStep::Withdrawn, 20),
        ] {
            one.step(step, may(day));
        }
        assert_eq!(one.spans, [(may(3), Some(may(20)))]);
        assert_eq!((one.days_within(may(1), may(31)), one.days_within(may(10), may(10))), (18, 1));
        one.step(WorkerStep::Activated, may(20));
        assert_eq!(one.days_within(may(1), may(31)), 29, "29 days of May from the third on");
        one.step(WorkerStep::Paused, may(20));
        one.step(WorkerStep::Activated, may(21));
        assert_eq!(one.spans, [(may(3), Some(may(20))), (may(21), None)]);
        assert_eq!(one.days_within(may(1), may(31)), 29);
    }
}
