//! What somebody on their way into work waits for, and since when. No database here.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::{WorkerId, date_in_japan, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::interviews::{Interview, InterviewState, Outcome};
use crate::workers::{Worker, WorkerState};

text_enum!(
    /// The one thing that is done next for somebody who waits.
    #[schemars(rename = "WorkerWaitsFor")]
    WaitsFor {
        /// A day for an interview.
        Interview = "interview",
        /// The day of their interview.
        InterviewDay = "interview_day",
        /// That it is written down what came of an interview.
        Outcome = "outcome",
        /// Being asked again: an interview said later.
        AskedAgain = "asked_again",
        /// Their registration.
        Registration = "registration",
        /// A training, or work at once for whoever needs none.
        Training = "training",
        /// The end of their training.
        Work = "work",
        /// The end of their rest.
        EndOfRest = "end_of_rest",
    }
);

/// Somebody who waits, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WaitingWorker")]
pub struct Waiting {
    /// Who.
    #[serde(flatten)]
    pub worker: Worker,
    /// What is done next for them.
    pub waits_for: WaitsFor,
    /// Since when they have waited for it.
    pub since: NaiveDate,
    /// Their last interview, if it counts still.
    pub interview: Option<Interview>,
}

/// Where a page of those who wait ends: since when the last one stands where they stand, and who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingKey(pub NaiveDate, pub WorkerId);

/// The states in which somebody waits.
pub const WAITING_STATES: [WorkerState; 4] =
    [WorkerState::Applicant, WorkerState::Registered, WorkerState::Training, WorkerState::Paused];

/// How long before somebody's present standing an interview counts for it: whoever comes back after a year is talked
/// with anew.
const COUNTS_FOR: TimeDelta = TimeDelta::days(183);

impl Waiting {
    /// Judges a worker in one of [`WAITING_STATES`] with their last interview that was not called off; none where they
    /// wait for nothing, because they said that they do not take part for now.
    pub(super) fn of(worker: Worker, last: Option<Interview>, now: DateTime<Utc>) -> Option<Self> {
        let interview = last.filter(|one| worker.stands_since - one.day() <= COUNTS_FOR);
        let (waits_for, since) = next(worker.state, interview.as_ref(), now)?;
        let since = since.unwrap_or(worker.stands_since);
        Some(Self { worker, waits_for, since, interview })
    }
}

/// What is next in a state, if anything is; since when, where that is another day than the one of the state.
fn next(
    state: WorkerState,
    interview: Option<&Interview>,
    now: DateTime<Utc>,
) -> Option<(WaitsFor, Option<NaiveDate>)> {
    Some(match (state, interview) {
        (WorkerState::Training, _) => (WaitsFor::Work, None),
        (WorkerState::Paused | WorkerState::Active | WorkerState::Withdrawn, _) => {
            (WaitsFor::EndOfRest, None)
        }
        (WorkerState::Applicant | WorkerState::Registered, None) => (WaitsFor::Interview, None),
        (_, Some(one)) => match (one.state, one.outcome) {
            (InterviewState::Planned, _) if one.starts_at > now => {
                (WaitsFor::InterviewDay, Some(date_in_japan(one.created_at)))
            }
            (InterviewState::Planned, _) => (WaitsFor::Outcome, Some(one.day())),
            (InterviewState::Held, Some(Outcome::GoOn)) if state == WorkerState::Applicant => {
                (WaitsFor::Registration, Some(one.day()))
            }
            (InterviewState::Held, Some(Outcome::NotNow)) if state == WorkerState::Applicant => return None,
            // Whoever was registered after they said that they would not has thought again.
            (InterviewState::Held, Some(Outcome::GoOn | Outcome::NotNow)) => (WaitsFor::Training, None),
            (InterviewState::Held, Some(Outcome::Later) | None) => (WaitsFor::AskedAgain, Some(one.day())),
            (InterviewState::CalledOff, _) => (WaitsFor::Interview, None),
        },
    })
}

#[cfg(test)]
mod tests {
    use kernel::PersonId;

    use super::*;
    use crate::interviews::{InterviewId, Way};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(day: &str) -> DateTime<Utc> {
        format!("{day}T01:00:00Z").parse().unwrap()
    }

    fn worker(state: WorkerState) -> Worker {
        Worker {
            id: WorkerId(1),
            person_id: PersonId(1),
            state,
            stands_since: day("2026-11-01"),
            registered_on: None,
            withdrawn_on: None,
            withdrawal_reason: None,
            weekly_minutes: 600,
            phone: String::new(),
            created_at: at("2026-11-01"),
            version: 1,
        }
    }

    fn interview(on: &str, outcome: Option<Outcome>) -> Interview {
        Interview {
            id: InterviewId(1),
            worker_id: WorkerId(1),
            starts_at: at(on),
            way: Way::Office,
            interviewer_id: PersonId(2),
            state: if outcome.is_some() { InterviewState::Held } else { InterviewState::Planned },
            outcome,
            created_at: at("2026-11-05"),
            version: 1,
            join_at: String::new(),
        }
    }

    #[test]
    fn everybody_who_waits_waits_for_one_thing() {
        use WorkerState::{Applicant, Paused, Registered, Training};
        let (go, later) = (Some(Outcome::GoOn), Some(Outcome::Later));
        let cases = [
            (Applicant, None, WaitsFor::Interview, "2026-11-01"),
            (Applicant, Some(interview("2026-12-01", None)), WaitsFor::InterviewDay, "2026-11-05"),
            (Applicant, Some(interview("2026-11-20", None)), WaitsFor::Outcome, "2026-11-20"),
            (Applicant, Some(interview("2026-11-20", go)), WaitsFor::Registration, "2026-11-20"),
            (Applicant, Some(interview("2026-11-20", later)), WaitsFor::AskedAgain, "2026-11-20"),
            (Registered, Some(interview("2026-10-20", go)), WaitsFor::Training, "2026-11-01"),
            (Registered, Some(interview("2025-10-20", go)), WaitsFor::Interview, "2026-11-01"),
            (Training, Some(interview("2026-10-20", go)), WaitsFor::Work, "2026-11-01"),
            (Paused, None, WaitsFor::EndOfRest, "2026-11-01"),
        ];
        for (state, last, expected, since) in cases {
            let what = format!("{state} {last:?}");
            let found = Waiting::of(worker(state), last, at("2026-11-26")).unwrap();
            assert_eq!((found.waits_for, found.since), (expected, day(since)), "{what}");
        }
    }

    #[test]
    fn nobody_is_promised_to_be_asked_again_who_does_not_take_part() {
        let said = || Some(interview("2026-11-20", Some(Outcome::NotNow)));
        assert_eq!(Waiting::of(worker(WorkerState::Applicant), said(), at("2026-11-26")), None);
        let registered = Waiting::of(worker(WorkerState::Registered), said(), at("2026-11-26")).unwrap();
        assert_eq!(registered.waits_for, WaitsFor::Training, "they have thought again");
    }
}
