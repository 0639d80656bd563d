//! What a request for consideration is, its states, and what may be entered. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, Holidays, Invalid, PersonId, Typed, WorkerId, date_in_japan, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CareError;

kernel::id!(
    /// A worker's request for consideration.
    CareRequestId
);

text_enum!(
    /// What should be otherwise.
    CareKind {
        /// Another day: a later deadline, another weekday.
        Day = "day",
        /// Less of it, for a while.
        Amount = "amount",
        /// Another way: by mail instead of by phone, on line instead of there.
        Way = "way",
    }
);

text_enum!(
    /// Where a request stands.
    CareState {
        /// Nobody has answered.
        Asked = "asked",
        /// It is done as asked.
        Agreed = "agreed",
        /// Something of it is done, and it was said why not all.
        Partly = "partly",
        /// It cannot be done, and it was said why.
        Refused = "refused",
        /// The worker took it back.
        Withdrawn = "withdrawn",
    }
);

/// Within how many business days the town answers. The law names no number and wants it without delay.
const ANSWER_DAYS: u32 = 3;

/// A worker's request for consideration (育児介護等への配慮の申出). Why they need it is asked nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CareRequest {
    /// Its id.
    pub id: CareRequestId,
    /// Who asks.
    pub worker_id: WorkerId,
    /// What should be otherwise.
    pub kind: CareKind,
    /// Which work it is about, in their words; empty: all of it.
    pub work: String,
    /// What they ask for.
    pub wish: String,
    /// Where it stands.
    pub state: CareState,
    /// The day by which the town answers.
    pub answer_by: NaiveDate,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// What is done about it, and the reason where it is not all that was asked; may be empty.
    pub answer: String,
    /// Who answered.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// When the worker took it back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Counts changes.
    pub version: i32,
}

impl CareRequest {
    pub(super) fn must_be_open(&self) -> Result<(), CareError> {
        if self.state == CareState::Asked { Ok(()) } else { Err(CareError::Settled(self.state)) }
    }
}

/// The day by which what is asked at `now` is answered.
pub(super) fn answer_by(now: DateTime<Utc>) -> NaiveDate {
    Holidays::published().business_days_after(date_in_japan(now), ANSWER_DAYS).0
}

/// A request as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "day", "work": "名刺の入力", "wish": "しめきりを3日のばしてほしい" }]))]
pub struct CareInput {
    /// A [`CareKind`]'s word; required.
    pub kind: Typed,
    /// Which work it is about; empty: all of it.
    pub work: Typed,
    /// What is asked for; required. Nobody has to say why.
    pub wish: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CareFields {
    pub(super) kind: CareKind,
    pub(super) work: String,
    pub(super) wish: String,
}

impl CareInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<CareFields, Invalid> {
        let mut checks = Checks::new();
        let kind = checks.choice("kind", &self.kind);
        let work = checks.line("work", &self.work, 200);
        let wish = checks.required_lines("wish", &self.wish, 1000);
        checks.done(CareFields { kind: kind.unwrap_or(CareKind::Day), work, wish })
    }
}

/// The answer as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "decision": "partly", "answer": "2日のばします。お客さまの納品日が決まっているためです" }]))]
pub struct CareAnswerInput {
    /// `agreed`, `partly` or `refused`; required.
    pub decision: Typed,
    /// What is done, and the reason where it is not all that was asked: then required (Freelance Act, art. 13).
    pub answer: Typed,
}

impl CareAnswerInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<(CareState, String), Invalid> {
        let mut checks = Checks::new();
        let decision = checks.choice::<CareState>("decision", &self.decision);
        if matches!(decision, Some(CareState::Asked | CareState::Withdrawn)) {
            checks.problem("decision", Code::UnknownChoice);
        }
        let answer = match decision {
            Some(CareState::Partly | CareState::Refused) => {
                checks.required_lines("answer", &self.answer, 1000)
            }
            _ => checks.lines("answer", &self.answer, 1000),
        };
        checks.done((decision.unwrap_or(CareState::Agreed), answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_refuses_says_why() {
        let fields = |decision: &str, answer: &str| {
            let input = CareAnswerInput { decision: decision.into(), answer: answer.into() };
            match input.checked() {
                Ok(_) => Vec::new(),
                Err(problems) => problems.0.into_iter().map(|one| one.field).collect::<Vec<_>>(),
            }
        };
        assert!(fields("agreed", "").is_empty());
        assert_eq!(fields("partly", " "), ["answer"]);
        assert_eq!(fields("refused", ""), ["answer"]);
        assert!(fields("refused", "納品日が決まっているため").is_empty());
        assert_eq!(fields("withdrawn", ""), ["decision"]);
        assert_eq!(fields("", ""), ["decision"]);
    }

    #[test]
    fn the_clock_counts_business_days() {
        // A Friday before the holiday of Monday 23 November.
        let friday = "2026-11-20T05:00:00Z".parse().unwrap();
        assert_eq!(answer_by(friday), "2026-11-26".parse().unwrap());
    }
}
