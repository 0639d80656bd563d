//! The day that binds whoever works on a unit: the one coordination decided for this unit, where a client wanted it
//! fixed; else the one its holder accepted; else its job's. Late, soon, mails and pages all count from it.

use chrono::NaiveDate;

/// The rule in SQL, where `u` is the unit, `a` its live assignment (a left join: nobody may hold it) and `j` its job.
pub(crate) const DAY: &str = "COALESCE(u.due_on, a.due_on, j.work_due_on)";

/// That the clock of unit `u` stands: an appeal against its return waits ([`crate::appeals`]).
pub(crate) const STANDS: &str = "(u.state = 'returned' AND EXISTS (SELECT FROM review_appeals p WHERE p.unit_id = u.id \
     AND p.appellant_id = u.holder_id AND p.decided_at IS NULL \
     AND p.submission_id = (SELECT max(v.id) FROM submissions v WHERE v.unit_id = u.id)))";

/// The rule for a unit at hand.
pub(crate) fn day(decided: Option<NaiveDate>, accepted: Option<NaiveDate>, job: NaiveDate) -> NaiveDate {
    decided.or(accepted).unwrap_or(job)
}

/// The days of those units of a job that wait and that one person may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Whether some are due on the job's own day.
    pub(crate) on_job_day: bool,
    /// The first day from today on that was decided for one of the others.
    pub(crate) decided: Option<NaiveDate>,
}

impl Waiting {
    /// On which day they are to be had next: the job's own while that lies ahead, else the first decided day. `None` is
    /// the job's.
    pub(crate) fn next(self, job: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        if job >= today && self.on_job_day { None } else { self.decided }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 5, day).unwrap()
    }

    #[test]
    fn what_was_decided_comes_before_what_was_accepted_and_that_before_the_job() {
        assert_eq!(day(Some(may(9)), Some(may(20)), may(30)), may(9));
        assert_eq!(day(None, Some(may(20)), may(30)), may(20));
        assert_eq!(day(None, None, may(30)), may(30));
    }

    #[test]
    fn the_next_units_are_the_jobs_while_its_day_lies_ahead_and_then_the_soonest_decided() {
        let both = Waiting { on_job_day: true, decided: Some(may(9)) };
        assert_eq!(both.next(may(5), may(5)), None);
        assert_eq!(both.next(may(4), may(5)), Some(may(9)));
        let decided = Waiting { on_job_day: false, ..both };
        assert_eq!(decided.next(may(20), may(5)), Some(may(9)), "none of them has the job's day");
        assert_eq!(Waiting::default().next(may(20), may(5)), None);
    }
}
