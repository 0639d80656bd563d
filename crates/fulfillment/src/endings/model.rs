//! What a notice of the end says. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, Invalid, PersonId, Typed, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::continuity;

kernel::id!(
    /// One notice of the end (解除・不更新の予告).
    EndingId
);

text_enum!(
    /// Why work may end sooner than thirty days after the notice (Freelance Act art. 16 para. 1 and its ordinance).
    EndingException {
        /// A disaster or something like it leaves no choice.
        Disaster = "disaster",
        /// The work was passed on from a client who has ended its own order.
        ClientEnded = "client_ended",
        /// The single order ends that was for thirty days at most.
        ShortOrder = "short_order",
        /// The worker is at fault.
        WorkerFault = "worker_fault",
    }
);

/// What was told about the end of somebody's work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "EndingNotice")]
pub struct Ending {
    /// Its id.
    pub id: EndingId,
    /// Whose work ends.
    pub worker_id: WorkerId,
    /// Since when it had gone on without a month's break; none where nothing was under way.
    pub since: Option<NaiveDate>,
    /// The day of the notice.
    pub noticed_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// Why it may be sooner than thirty days after the notice.
    pub exception: Option<EndingException>,
    /// The reason, as the town has written it down.
    pub reason: String,
    /// Whether the reason was told with the notice; otherwise it is told when the worker asks.
    pub tells_reason: bool,
    /// Who gave the notice.
    pub noticed_by: PersonId,
    /// When.
    pub noticed_at: DateTime<Utc>,
    /// When the worker asked for the reason and was told.
    pub asked_at: Option<DateTime<Utc>>,
}

impl Ending {
    /// The reason as far as the worker has been told it.
    pub fn told_reason(&self) -> Option<&str> {
        (self.tells_reason || self.asked_at.is_some()).then_some(self.reason.as_str())
    }

    /// Whether the worker may ask for the reason on `today`: before the work has ended (art. 16 para. 2).
    pub fn may_be_asked(&self, today: NaiveDate) -> bool {
        self.told_reason().is_none() && today <= self.ends_on
    }
}

/// A notice as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "ends_on": "2027-03-31", "reason": "発注者との契約が終わるため", "tells_reason": "yes" }]))]
pub struct EndingInput {
    /// The last day; required. Thirty days from today at least, where the work will have gone on for six months.
    pub ends_on: Typed,
    /// An [`EndingException`]'s word, where it is sooner.
    #[schemars(with = "Option<EndingException>")]
    pub exception: Typed,
    /// The reason; required. It is kept, and told with the notice or when the worker asks.
    pub reason: Typed,
    /// `yes` where the reason is told with the notice.
    pub tells_reason: Typed,
}

/// A notice that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EndingFields {
    pub(super) ends_on: NaiveDate,
    pub(super) exception: Option<EndingException>,
    pub(super) reason: String,
    pub(super) tells_reason: bool,
}

impl EndingInput {
    /// `since` is when the work that is under way began.
    pub(super) fn checked(
        &self,
        since: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<EndingFields, Invalid> {
        let mut checks = Checks::new();
        let ends_on = checks.date("ends_on", &self.ends_on);
        let exception = match self.exception.as_str().trim() {
            "" => None,
            _ => checks.choice("exception", &self.exception),
        };
        if ends_on != NaiveDate::default() && ends_on < today {
            checks.problem("ends_on", Code::InThePast);
        } else if ends_on != NaiveDate::default()
            && exception.is_none()
            && !continuity::is_in_time(since, today, ends_on)
        {
            checks.bounded("ends_on", Code::NoticeTooShort, continuity::earliest_end(since, today));
        }
        let reason = checks.required_lines("reason", &self.reason, 4000);
        let tells_reason = self.tells_reason.is_yes();
        checks.done(EndingFields { ends_on, exception, reason, tells_reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_that_is_too_short_says_which_day_would_do() {
        let today = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
        let since = NaiveDate::from_ymd_opt(2026, 1, 5);
        let problems = |ends_on: &str, exception: &str, since| {
            let input = EndingInput {
                ends_on: ends_on.into(),
                exception: exception.into(),
                reason: "契約が終わるため".into(),
                ..EndingInput::default()
            };
            let found = input.checked(since, today).err().unwrap_or_default().0;
            found.into_iter().map(|problem| (problem.field, problem.code)).collect::<Vec<_>>()
        };
        assert_eq!(problems("2026-10-31", "", since), []);
        assert_eq!(problems("2026-10-30", "", since), [("ends_on".to_owned(), Code::NoticeTooShort)]);
        assert_eq!(problems("2026-10-30", "client_ended", since), []);
        assert_eq!(problems("2026-10-01", "", None), []);
        assert_eq!(problems("2026-09-30", "disaster", None), [("ends_on".to_owned(), Code::InThePast)]);
        assert_eq!(problems("2026-10-31", "tired", since), [("exception".to_owned(), Code::UnknownChoice)]);
    }
}
