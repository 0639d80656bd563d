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
    /// First and last day of each span, both counted; no last day where it goes on.
    pub spans: Vec<(NaiveDate, Option<NaiveDate>)>,
}

impl ActiveSpans {
    /// Whether they could be offered work on one of these days.
    pub fn touches(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.spans.iter().any(|(from, until)| *from <= last && until.is_none_or(|until| until >= first))
    }

    /// On how many days from `first` to `last`, both counted, they could be offered work.
    pub fn days_within(&self, first: NaiveDate, last: NaiveDate) -> i64 {
        let days = |(from, until): &(NaiveDate, Option<NaiveDate>)| {
            let until = until.map_or(last, |until| until.min(last));
            ((until - (*from).max(first)).num_days() + 1).max(0)
        };
        // A rest that ends on the day it began would count that day twice.
        self.spans.iter().map(days).sum::<i64>().min((last - first).num_days() + 1)
    }

    fn step(&mut self, step: WorkerStep, on: NaiveDate) {
        let going_on = self.spans.last_mut().filter(|(_, until)| until.is_none());
        match (step, going_on) {
            (WorkerStep::Activated, None) => self.spans.push((on, None)),
            (WorkerStep::Paused | WorkerStep::Withdrawn, Some((_, until))) => *until = Some(on),
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
        assert!(one.touches(may(10), may(12)) && one.touches(may(25), may(31)));
        assert!(!one.touches(may(1), may(2)) && !one.touches(may(11), may(19)));
        assert_eq!((one.days_within(may(1), may(31)), one.days_within(may(9), may(21))), (8 + 12, 2 + 2));
        assert_eq!((one.days_within(may(11), may(19)), one.days_within(may(5), may(5))), (0, 1));
    }
}
