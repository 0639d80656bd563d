//! What an interview is and what may be entered for one. No database here.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::{Checks, Code, Invalid, JST, PersonId, Typed, WorkerId, date_in_japan, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A talk before somebody begins (面談).
    InterviewId
);

text_enum!(
    /// How people meet for it.
    #[schemars(rename = "InterviewWay")]
    Way {
        /// At the town's centre.
        Office = "office",
        /// By video.
        Online = "online",
        /// By telephone.
        Phone = "phone",
        /// The interviewer comes to them.
        Visit = "visit",
    }
);

text_enum!(
    /// Where an interview stands.
    #[schemars(rename = "InterviewState")]
    InterviewState {
        /// It has a day.
        Planned = "planned",
        /// It took place.
        Held = "held",
        /// It does not take place.
        CalledOff = "called_off",
    }
);

text_enum!(
    /// What an interview came to. Why is neither asked nor kept.
    #[schemars(rename = "InterviewOutcome")]
    Outcome {
        /// They go on to the next step.
        GoOn = "go_on",
        /// They are asked again some other time.
        Later = "later",
        /// They do not take part for now, and nobody waits for them.
        NotNow = "not_now",
    }
);

/// An interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Interview {
    /// Its id.
    pub id: InterviewId,
    /// With whom.
    pub worker_id: WorkerId,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// How they meet.
    pub way: Way,
    /// Who leads it.
    pub interviewer_id: PersonId,
    /// Where it stands.
    pub state: InterviewState,
    /// What it came to, once it was held.
    pub outcome: Option<Outcome>,
    /// When it was planned first.
    pub created_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i32,
    /// Where to join it: an address or words; empty where nothing is to be joined.
    pub join_at: String,
}

impl Interview {
    /// The day it is on, in Japan.
    pub fn day(&self) -> NaiveDate {
        date_in_japan(self.starts_at)
    }
}

/// An interview as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "day": "2026-12-01", "time": "10:00", "way": "online", "interviewer_id": 3 }]))]
pub struct InterviewInput {
    /// The day; required.
    pub day: Typed,
    /// The time it begins in Japan; required.
    pub time: Typed,
    /// A word of `InterviewWay`; required.
    #[schemars(with = "Way")]
    pub way: Typed,
    /// The person who leads it; required.
    pub interviewer_id: Typed,
    /// Where to join it, for instance the address of a video meeting; 400 characters at most.
    pub join_at: Typed,
}

/// How long a place to join may be.
const LONGEST_JOIN: usize = 400;

/// What came of an interview, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "outcome": "go_on" }]))]
pub struct OutcomeInput {
    /// A word of `InterviewOutcome`; required.
    #[schemars(with = "Outcome")]
    pub outcome: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) starts_at: DateTime<Utc>,
    pub(super) way: Way,
    pub(super) interviewer: PersonId,
    pub(super) join_at: String,
}

/// How far from today an interview may lie, either way: those of before are written down too.
const MOST_DAYS: i64 = 366;

impl InterviewInput {
    /// What an interview holds, to be moved.
    pub fn of(interview: &Interview) -> Self {
        let local = interview.starts_at.with_timezone(&JST);
        Self {
            day: local.date_naive().to_string().into(),
            time: local.format("%H:%M").to_string().into(),
            way: interview.way.as_str().into(),
            interviewer_id: interview.interviewer_id.to_string().into(),
            join_at: interview.join_at.as_str().into(),
        }
    }

    pub(super) fn checked(&self, now: DateTime<Utc>) -> Result<Fields, Invalid> {
        let mut checks = Checks::new();
        let starts_at = moment(&mut checks, ("day", &self.day), ("time", &self.time));
        if starts_at != DateTime::<Utc>::default() && (starts_at - now).abs() > TimeDelta::days(MOST_DAYS) {
            checks.problem("day", Code::OutOfRange);
        }
        let way = checks.choice("way", &self.way).unwrap_or(Way::Office);
        let interviewer = PersonId(checks.number("interviewer_id", &self.interviewer_id, 1..=i64::MAX));
        let join_at = checks.line("join_at", &self.join_at, LONGEST_JOIN);
        checks.done(Fields { starts_at, way, interviewer, join_at })
    }
}

/// A day and a time by the clock in Japan, both required; the default where something is wrong with them.
fn moment(checks: &mut Checks, day: (&str, &Typed), time: (&str, &Typed)) -> DateTime<Utc> {
    let date = checks.date(day.0, day.1);
    if time.1.as_str().trim().is_empty() {
        checks.problem(time.0, Code::TimeWanted);
    }
    let (Some(at), true) = (checks.optional_time(time.0, time.1), date != NaiveDate::default()) else {
        return DateTime::default();
    };
    date.and_time(at).and_local_timezone(JST).single().map_or(DateTime::default(), |at| at.to_utc())
}

impl OutcomeInput {
    pub(super) fn checked(&self) -> Result<Option<Outcome>, Invalid> {
        let mut checks = Checks::new();
        let outcome = checks.choice("outcome", &self.outcome);
        checks.done(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_a_time_are_read_by_the_clock_in_japan() {
        let now = "2026-11-26T00:00:00Z".parse().unwrap();
        let input = |day: &str, time: &str| InterviewInput {
            day: day.into(),
            time: time.into(),
            way: "online".into(),
            interviewer_id: "3".into(),
            ..InterviewInput::default()
        };
        let fields = input("12月1日", "10:00").checked(now).unwrap_err();
        assert_eq!(fields.0[0].field, "day");
        let fields = input("2026-12-01", "１０時").checked(now).unwrap();
        assert_eq!(fields.starts_at, "2026-12-01T01:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!((fields.way, fields.interviewer), (Way::Online, PersonId(3)));
        for (day, time, wrong) in
            [("2026-12-01", "", "time"), ("2029-12-01", "10:00", "day"), ("", "10:00", "day")]
        {
            let refused = input(day, time).checked(now).unwrap_err();
            assert_eq!(refused.0[0].field, wrong, "{day} {time}");
        }
        let joined = InterviewInput { join_at: "x".repeat(401).into(), ..input("2026-12-01", "10:00") };
        assert_eq!(joined.checked(now).unwrap_err().0[0].field, "join_at");
    }
}
