//! An adviser's session, the steps it takes, and the clocks that run after it. No database here.

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{Checks, Code, Holidays, Invalid, PersonId, Span, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::optional_choice;

kernel::id!(
    /// A session of an adviser (助言).
    SessionId
);

/// How many days after a session its report is due: a week (地域情報化アドバイザー派遣制度: 支援後1週間以内).
const REPORT_WITHIN: Days = Days::new(7);
/// How many business days before that its writer is reminded.
const REMINDED_BEFORE: u32 = 2;
/// How many days of visits a fiscal year has under the scheme.
pub const MOST_VISITS: i64 = 3;
/// How many minutes of online advice it has: ten hours.
pub const MOST_MINUTES: i64 = 600;

kernel::text_enum!(
    /// How an adviser advises.
    #[schemars(rename = "AdviceWay")]
    Way {
        /// The adviser comes: a day.
        OnSite = "on_site",
        /// Over the net, counted in minutes.
        Online = "online",
    }
);

kernel::text_enum!(
    /// Where a session stands.
    #[schemars(rename = "AdviceState")]
    SessionState {
        /// It is to be held.
        Planned = "planned",
        /// It was held, and its report is due.
        Held = "held",
        /// Its report is out, and the next fiscal year's questionnaire is to come.
        Reported = "reported",
        /// The questionnaire was answered too.
        Answered = "answered",
        /// It is not held.
        Cancelled = "cancelled",
    }
);

/// A step of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Hold,
    Report,
    Answer,
    Cancel,
}

impl SessionState {
    /// What a step makes of it; `None` where it cannot take that step.
    pub(super) fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            // What was advised is corrected until it is reported.
            (Self::Planned | Self::Held, Step::Hold) => Some(Self::Held),
            (Self::Planned, Step::Cancel) => Some(Self::Cancelled),
            (Self::Held, Step::Report) => Some(Self::Reported),
            (Self::Reported, Step::Answer) => Some(Self::Answered),
            _ => None,
        }
    }
}

/// A session of an adviser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AdviceSession")]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The day it is, or was, held.
    pub held_on: NaiveDate,
    /// How.
    pub way: Way,
    /// How long it is, where that is counted.
    pub minutes: Option<i32>,
    /// Who advises, by name.
    pub adviser: String,
    /// What is asked.
    pub asked: String,
    /// What was advised; empty before it was held.
    pub advised: String,
    /// Who prepares it and writes its report.
    pub owner_id: PersonId,
    /// Where it stands.
    pub state: SessionState,
    /// The last day for its report; null before it was held.
    pub report_due_on: Option<NaiveDate>,
    /// The report; empty before it is out.
    pub report: String,
    /// The day it was sent.
    pub reported_on: Option<NaiveDate>,
    /// The first day of the next fiscal year, whose questionnaire asks about it; null before it was held.
    pub questionnaire_from: Option<NaiveDate>,
    /// The last day of that year.
    pub questionnaire_until: Option<NaiveDate>,
    /// The day the questionnaire was answered.
    pub answered_on: Option<NaiveDate>,
    /// Who entered it.
    pub person_id: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

kernel::text_enum!(
    /// What a session's owner is told of.
    #[schemars(rename = "AdviceClock")]
    Clock {
        /// Its day has passed, and nobody has said whether it was held.
        Unmarked = "unmarked",
        /// Its report is due soon.
        Report = "report",
        /// Its report is late.
        Late = "late",
        /// The questionnaire of the next fiscal year has come.
        Questionnaire = "questionnaire",
    }
);

impl Session {
    /// What its owner is to be told of on `today`, with the day by which it is to be done. The report is spoken of from two
    /// business days before its day; days whose holidays are not known yet count as business days, so that it is told too
    /// early rather than too late.
    pub fn clock(&self, holidays: &Holidays, today: NaiveDate) -> Option<(Clock, NaiveDate)> {
        match self.state {
            SessionState::Held => {
                let due = self.report_due_on?;
                let is_near = today >= holidays.business_days_before(due, REMINDED_BEFORE);
                match (today > due, is_near) {
                    (true, _) => Some((Clock::Late, due)),
                    (false, true) => Some((Clock::Report, due)),
                    (false, false) => None,
                }
            }
            SessionState::Reported => {
                let has_come = self.questionnaire_to_come(today).is_none();
                has_come.then_some(Clock::Questionnaire).zip(self.questionnaire_until)
            }
            SessionState::Planned => Some(Clock::Unmarked).zip(self.unmarked_until(today)),
            SessionState::Answered | SessionState::Cancelled => None,
        }
    }

    /// The last day for the report of a session that is still planned though its day has passed: by then somebody says
    /// whether it was held.
    pub fn unmarked_until(&self, today: NaiveDate) -> Option<NaiveDate> {
        let has_passed = self.state == SessionState::Planned && self.held_on < today;
        has_passed.then(|| report_due(self.held_on))
    }

    /// The day from which the questionnaire can be answered, where the report is out and that day has not come.
    pub fn questionnaire_to_come(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.questionnaire_from.filter(|from| self.state == SessionState::Reported && today < *from)
    }

    pub(super) fn step(&self, step: Step) -> Option<SessionState> {
        self.state.after(step)
    }
}

/// The last day for the report of a session that was held on a day.
pub(super) fn report_due(held_on: NaiveDate) -> NaiveDate {
    held_on.checked_add_days(REPORT_WITHIN).unwrap_or(held_on)
}

/// How much advice a fiscal year has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AdviceOfYear")]
pub struct Used {
    /// The days of the year.
    pub span: Span,
    /// Visits, those that are planned too.
    pub visits: i64,
    /// Minutes of online advice, those that are planned too.
    pub minutes: i64,
}

impl Used {
    /// Whether it is more than the scheme pays for.
    pub fn is_over(&self) -> bool {
        self.visits > MOST_VISITS || self.minutes > MOST_MINUTES
    }
}

/// A session as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "AdviceSessionInput", extend("examples" = [{ "held_on": "2027-01-19", "way": "on_site", "adviser": "アドバイザー 01", "asked": "営業活動の進め方" }]))]
pub struct SessionInput {
    /// The day; required.
    pub held_on: Typed,
    /// How; required.
    #[schemars(with = "Option<Way>")]
    pub way: Typed,
    /// How long, in minutes; required online.
    pub minutes: Typed,
    /// Who advises; required.
    pub adviser: Typed,
    /// What is asked; required.
    pub asked: Typed,
    /// Who prepares it and writes its report; whoever enters it where empty.
    pub owner_id: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SessionFields {
    pub(super) held_on: NaiveDate,
    pub(super) way: Way,
    pub(super) minutes: Option<i32>,
    pub(super) adviser: String,
    pub(super) asked: String,
    pub(super) owner_id: Option<PersonId>,
}

impl SessionInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<SessionFields, Invalid> {
        let mut checks = Checks::new();
        let held_on = checks.date("held_on", &self.held_on);
        let way: Option<Way> = checks.choice("way", &self.way);
        let minutes = checks.optional_number("minutes", &self.minutes, 1..=MOST_MINUTES);
        if way == Some(Way::Online) && self.minutes.as_str().trim().is_empty() {
            checks.problem("minutes", Code::Required);
        }
        let adviser = checks.required_line("adviser", &self.adviser, 100);
        let asked = checks.required_lines("asked", &self.asked, 4000);
        let owner_id = optional_choice(&mut checks, "owner_id", &self.owner_id);
        checks.done(SessionFields {
            held_on,
            way: way.unwrap_or(Way::OnSite),
            minutes: minutes.and_then(|minutes| i32::try_from(minutes).ok()),
            adviser,
            asked,
            owner_id,
        })
    }
}

impl From<&Session> for SessionInput {
    /// What an edit form starts with.
    fn from(session: &Session) -> Self {
        Self {
            held_on: session.held_on.to_string().into(),
            way: session.way.to_string().into(),
            minutes: session.minutes.map(|minutes| minutes.to_string()).unwrap_or_default().into(),
            adviser: session.adviser.as_str().into(),
            asked: session.asked.as_str().into(),
            owner_id: session.owner_id.to_string().into(),
        }
    }
}

/// What was advised in a session that was held, as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "AdviceHeldInput", extend("examples" = [{ "held_on": "2026-11-20", "advised": "営業の目標を四半期ごとに決める" }]))]
pub struct HeldInput {
    /// The day it was held; the day it was planned for where empty, and no later than today.
    pub held_on: Typed,
    /// What was advised; required.
    pub advised: Typed,
}

impl HeldInput {
    pub(super) fn checked(
        &self,
        planned: NaiveDate,
        today: NaiveDate,
    ) -> Result<(NaiveDate, String), Invalid> {
        let mut checks = Checks::new();
        let held_on = checks.optional_date("held_on", &self.held_on).unwrap_or(planned);
        if held_on > today {
            checks.bounded("held_on", Code::TooLate, today);
        }
        let advised = checks.required_lines("advised", &self.advised, 20_000);
        checks.done((held_on, advised))
    }
}

/// A report as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "AdviceReportInput", extend("examples" = [{ "report": "3回の助言を受け、営業の目標とロードマップを決めた。" }]))]
pub struct ReportInput {
    /// The report as it was sent; required.
    pub report: Typed,
    /// The day it was sent; today where empty, no later than that and not before the session.
    pub reported_on: Typed,
}

impl ReportInput {
    /// The report of a session that was held on a day, and the day it was sent, up to `today`.
    pub(super) fn checked(
        &self,
        held_on: NaiveDate,
        today: NaiveDate,
    ) -> Result<(String, NaiveDate), Invalid> {
        let mut checks = Checks::new();
        let reported_on = checks.optional_date("reported_on", &self.reported_on).unwrap_or(today);
        if reported_on > today {
            checks.bounded("reported_on", Code::TooLate, today);
        } else if reported_on < held_on {
            checks.bounded("reported_on", Code::NotLater, held_on.pred_opt().unwrap_or(held_on));
        }
        let report = checks.required_lines("report", &self.report, 20_000);
        checks.done((report, reported_on))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn session(state: SessionState) -> Session {
        Session {
            id: SessionId(1),
            held_on: day("2026-09-14"),
            way: Way::OnSite,
            minutes: None,
            adviser: "アドバイザー 01".to_owned(),
            asked: "営業".to_owned(),
            advised: String::new(),
            owner_id: PersonId(1),
            state,
            report_due_on: Some(report_due(day("2026-09-14"))),
            report: String::new(),
            reported_on: None,
            questionnaire_from: Some(day("2027-04-01")),
            questionnaire_until: Some(day("2028-03-31")),
            answered_on: None,
            person_id: PersonId(1),
            created_at: DateTime::default(),
            version: 1,
        }
    }

    #[test]
    fn a_session_goes_forward_and_never_back() {
        let states = SessionState::ALL;
        let steps = [Step::Hold, Step::Report, Step::Answer, Step::Cancel];
        let taken: Vec<_> = states
            .iter()
            .flat_map(|state| steps.iter().filter_map(move |step| Some((*state, state.after(*step)?))))
            .collect();
        assert_eq!(
            taken,
            [
                (SessionState::Planned, SessionState::Held),
                (SessionState::Planned, SessionState::Cancelled),
                (SessionState::Held, SessionState::Held),
                (SessionState::Held, SessionState::Reported),
                (SessionState::Reported, SessionState::Answered),
            ]
        );
    }

    #[test]
    fn a_report_is_due_in_a_week_and_spoken_of_two_business_days_before() {
        let held = session(SessionState::Held);
        let on = |today: &str| held.clock(Holidays::published(), day(today));
        let due = day("2026-09-21");
        assert_eq!(held.report_due_on, Some(due));
        // 19 to 23 September are five days off, so the second business day before the 21st is Thursday the 17th.
        assert_eq!((on("2026-09-16"), on("2026-09-17")), (None, Some((Clock::Report, due))));
        assert_eq!(
            (on("2026-09-21"), on("2026-09-22")),
            (Some((Clock::Report, due)), Some((Clock::Late, due)))
        );
    }

    #[test]
    fn the_questionnaire_comes_with_the_next_fiscal_year_and_nothing_runs_before_or_after() {
        let on = |state, today: &str| session(state).clock(Holidays::published(), day(today));
        let reported = SessionState::Reported;
        assert_eq!(on(reported, "2027-03-31"), None);
        assert_eq!(on(reported, "2027-04-01"), Some((Clock::Questionnaire, day("2028-03-31"))));
        for state in [SessionState::Answered, SessionState::Cancelled] {
            assert_eq!(on(state, "2027-05-01"), None, "{state}");
        }
        let planned = SessionState::Planned;
        assert_eq!(on(planned, "2026-09-14"), None, "it is its day");
        assert_eq!(on(planned, "2026-09-15"), Some((Clock::Unmarked, day("2026-09-21"))));
    }

    #[test]
    fn online_advice_says_how_long_it_is() {
        let input = SessionInput {
            held_on: "2027-01-19".into(),
            way: "online".into(),
            adviser: "アドバイザー 01".into(),
            asked: "営業".into(),
            ..SessionInput::default()
        };
        let problems = input.checked().unwrap_err().0;
        let seen: Vec<_> = problems.iter().map(|one| (one.field.as_str(), one.code)).collect();
        assert_eq!(seen, [("minutes", Code::Required)]);
        let timed = SessionInput { minutes: "９０".into(), ..input };
        assert_eq!(timed.checked().unwrap().minutes, Some(90));
    }
}
