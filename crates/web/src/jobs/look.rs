//! What a job's chip says: by its units, so that it never contradicts them.

use chrono::NaiveDate;
use fulfillment::jobs::{Job, JobState};
use fulfillment::orders::Progress;
use serde::Serialize;

use crate::call::Call;

/// A chip in words, for `ui.chip`.
#[derive(Debug, Serialize)]
pub(crate) struct Look {
    pub(crate) text: String,
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
}

/// Where a job stands, without words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Draft,
    Offered,
    /// Its day has passed, and units of it have nobody.
    Over,
    Partly,
    Taken,
    Made,
    Closed,
    CalledOff,
}

impl Stands {
    fn of(state: JobState, progress: &Progress, is_over: bool) -> Self {
        if progress.live() == 0 {
            return Self::CalledOff;
        }
        match state {
            JobState::Closed => Self::Closed,
            _ if is_over && progress.draft + progress.offered > 0 => Self::Over,
            _ if progress.offered > 0 => Self::Offered,
            _ if progress.arranged() == 0 => Self::Draft,
            _ if progress.draft > 0 => Self::Partly,
            _ if progress.not_done() == 0 => Self::Made,
            _ => Self::Taken,
        }
    }

    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Draft => ("jobs-state-draft", "", "draft"),
            Self::Offered => ("jobs-state-offered", "info", "offer"),
            Self::Over => ("jobs-state-over", "bad", "warning"),
            Self::Partly => ("jobs-state-partly", "warn", "draft"),
            Self::Taken => ("jobs-state-taken", "busy", "person"),
            Self::Made => ("jobs-state-made", "good", "check"),
            Self::Closed => ("jobs-state-closed", "good", "check-circle"),
            Self::CalledOff => ("jobs-state-called-off", "", "stop"),
        }
    }
}

impl Look {
    /// Of a job whose units stand so on that day.
    pub(crate) fn of(call: &Call, job: &Job, progress: &Progress, today: NaiveDate) -> Self {
        let (key, tone, icon) = Stands::of(job.state, progress, job.work_due_on < today).words();
        Self { text: call.text(key), tone, icon }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_with_nothing_left_to_take_is_not_called_open() {
        let none = Progress::default();
        let stands = |progress: Progress| Stands::of(JobState::Offered, &progress, false);
        assert_eq!(
            Stands::of(JobState::Draft, &Progress { total: 2, draft: 2, ..none }, false),
            Stands::Draft
        );
        assert_eq!(stands(Progress { total: 2, offered: 1, claimed: 1, ..none }), Stands::Offered);
        let waiting = Progress { total: 2, offered: 1, claimed: 1, ..none };
        assert_eq!(
            Stands::of(JobState::Offered, &waiting, true),
            Stands::Over,
            "nobody can take it any more"
        );
        assert_eq!(stands(Progress { total: 2, claimed: 1, working: 1, ..none }), Stands::Taken);
        assert_eq!(stands(Progress { total: 2, claimed: 1, draft: 1, ..none }), Stands::Partly);
        assert_eq!(stands(Progress { total: 2, passed: 1, delivered: 1, ..none }), Stands::Made);
        assert_eq!(stands(Progress { total: 2, cancelled: 2, ..none }), Stands::CalledOff);
        assert_eq!(
            Stands::of(JobState::Closed, &Progress { total: 1, accepted: 1, ..none }, true),
            Stands::Closed
        );
    }
}
