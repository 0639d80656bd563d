//! What a worker is, the steps through the programme, and what may be entered for one. No database here.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use kernel::{Checks, Code, FieldProblem, Invalid, PersonId, Typed, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

text_enum!(
    /// Where a worker stands (product.md, "State machines").
    WorkerState {
        /// Asked to take part; counts nowhere yet.
        Applicant = "applicant",
        /// Registered (登録).
        Registered = "registered",
        /// In training (研修).
        Training = "training",
        /// Is offered work (稼働).
        Active = "active",
        /// Takes a rest; is offered nothing and loses nothing.
        Paused = "paused",
        /// Left the programme (登録解除), with a reason.
        Withdrawn = "withdrawn",
    }
);

text_enum!(
    /// Why a worker left. Leaving for a job counts as a success of the programme.
    WithdrawalReason {
        /// Found employment (就労).
        Employment = "employment",
        /// Moved away (転出).
        Moved = "moved",
        /// Anything else; not asked further.
        Other = "other",
    }
);

text_enum!(
    /// A step as it happened.
    WorkerStep {
        /// Asked to take part.
        Applied = "applied",
        /// Was registered.
        Registered = "registered",
        /// Began the training.
        Training = "training",
        /// May be offered work, from now or again.
        Activated = "activated",
        /// Takes a rest.
        Paused = "paused",
        /// Left.
        Withdrawn = "withdrawn",
        /// Was registered again after having left: the same worker, one more event.
        Returned = "returned",
    }
);

/// A step that a worker in that state cannot take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a worker who is {state} cannot be {step}")]
pub struct Refused {
    /// Where the worker stands.
    pub state: WorkerState,
    /// What was asked.
    pub step: WorkerStep,
}

/// The state after `step`: applicant → registered → training → active ⇄ paused → withdrawn → registered again.
/// Training may be left out for somebody who needs none. An applicant who changes their mind stays an applicant:
/// who was never registered is no withdrawal.
pub fn next(state: WorkerState, step: WorkerStep) -> Result<WorkerState, Refused> {
    use WorkerState::{Active, Applicant, Paused, Registered, Training, Withdrawn};
    match (state, step) {
        (Applicant, WorkerStep::Registered) | (Withdrawn, WorkerStep::Returned) => Ok(Registered),
        (Registered, WorkerStep::Training) => Ok(Training),
        (Registered | Training | Paused, WorkerStep::Activated) => Ok(Active),
        (Active, WorkerStep::Paused) => Ok(Paused),
        (Registered | Training | Active | Paused, WorkerStep::Withdrawn) => Ok(Withdrawn),
        _ => Err(Refused { state, step }),
    }
}

/// A resident worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Worker {
    /// The worker's id.
    pub id: WorkerId,
    /// The person; salespeople may be workers too.
    pub person_id: PersonId,
    /// Where they stand.
    pub state: WorkerState,
    /// Since when they stand there.
    pub stands_since: NaiveDate,
    /// When they were first registered.
    pub registered_on: Option<NaiveDate>,
    /// When they left, if they have left.
    pub withdrawn_on: Option<NaiveDate>,
    /// Why they left, if they have left.
    pub withdrawal_reason: Option<WithdrawalReason>,
    /// How many minutes of work a week they want at most; their own choice.
    pub weekly_minutes: i32,
    /// Where they can be called, as typed; empty where there is no number.
    pub phone: String,
    /// When they were entered.
    pub created_at: DateTime<Utc>,
    /// Counts changes.
    pub version: i32,
}

/// One step of a worker, as it is kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkerEvent {
    /// What happened.
    pub step: WorkerStep,
    /// Why, for a withdrawal.
    pub reason: Option<WithdrawalReason>,
    /// The day it happened, which may lie before the day it was entered.
    pub happened_on: NaiveDate,
}

/// The programme's figures as of one day, each made from the workers' steps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WorkerCounts")]
pub struct Counts {
    /// Registrations so far (登録者延べ): whoever came back counts each time.
    pub registrations_cumulative: i64,
    /// Persons registered so far: whoever came back counts once.
    pub registered_cumulative: i64,
    /// Registrations after an earlier withdrawal.
    pub returned_cumulative: i64,
    /// Withdrawals so far (登録解除), by reason; every reason is listed.
    pub withdrawn: BTreeMap<WithdrawalReason, i64>,
    /// Who is in the programme that day: registrations − withdrawals.
    pub active: i64,
}

/// How many months after somebody left their number, their bank account, their interviews, the hours and conditions they
/// worked under and the consideration they asked for are forgotten. What was paid is kept as long as the law wants it kept.
const FORGOTTEN_AFTER_MONTHS: u32 = 12;

/// The day on which what is kept of somebody who left is forgotten.
pub fn forgotten_on(withdrawn_on: NaiveDate) -> NaiveDate {
    withdrawn_on.checked_add_months(Months::new(FORGOTTEN_AFTER_MONTHS)).unwrap_or(NaiveDate::MAX)
}

/// Whoever left on this day or before is forgotten by `today`.
pub(crate) fn forgotten_until(today: NaiveDate) -> NaiveDate {
    let before = today.checked_sub_months(Months::new(FORGOTTEN_AFTER_MONTHS)).unwrap_or(NaiveDate::MIN);
    // A year after 29 February is 28 February, as it is for the day before.
    before.succ_opt().filter(|next| forgotten_on(*next) <= today).unwrap_or(before)
}

/// How long somebody works a week, at the very most: 40 hours.
pub(super) const MOST_WEEKLY_MINUTES: i64 = 2400;
/// What a new worker starts with: 10 hours a week.
const USUAL_WEEKLY_MINUTES: i32 = 600;

text_enum!(
    /// How somebody comes to the programme.
    #[schemars(rename = "WorkerEntry")]
    Entry {
        /// They are registered at once.
        Registered = "registered",
        /// They ask to take part: an interview comes first, and they count as registered once they are.
        Applied = "applied",
    }
);

/// A registration or an application as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegisterInput {
    /// Minutes a week the person wants at most; empty means ten hours.
    pub weekly_minutes: Typed,
    /// The day it happened; empty means today in Japan.
    pub happened_on: Typed,
}

/// The day of a step as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StepInput {
    /// The day it happened; empty means today in Japan.
    pub happened_on: Typed,
}

/// A withdrawal as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WithdrawInput {
    /// A [`WithdrawalReason`]'s word; required.
    pub reason: Typed,
    /// The day it happened; empty means today in Japan.
    pub happened_on: Typed,
}

/// A change of hours as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "weekly_minutes": 750 }]))]
pub struct HoursInput {
    /// Minutes a week, 0 to 2,400; required.
    pub weekly_minutes: Typed,
}

/// A worker's number as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "phone": "0859-00-0000" }]))]
pub struct PhoneInput {
    /// A phone number; empty where they have none.
    pub phone: Typed,
}

impl PhoneInput {
    /// What of it cannot be accepted.
    pub fn problems(&self) -> Vec<FieldProblem> {
        self.checked().err().map(|invalid| invalid.0).unwrap_or_default()
    }

    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let phone = checks.phone("phone", &self.phone);
        checks.done(phone)
    }
}

/// The days a step may bear: not before the step before it, not after today.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub(super) earliest: Option<NaiveDate>,
    pub(super) today: NaiveDate,
}

impl Days {
    fn read(self, checks: &mut Checks, typed: &Typed) -> NaiveDate {
        let day = checks.optional_date("happened_on", typed).unwrap_or(self.today);
        if day > self.today {
            checks.problem("happened_on", Code::InTheFuture);
        } else if let Some(earliest) = self.earliest.filter(|earliest| day < *earliest) {
            checks.bounded("happened_on", Code::BeforeTheLast, earliest);
        }
        day
    }
}

/// A step that passed every rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happened {
    pub(super) on: NaiveDate,
    pub(super) reason: Option<WithdrawalReason>,
}

impl RegisterInput {
    /// What of it cannot be accepted of somebody who is no worker yet.
    pub fn problems(&self, today: NaiveDate) -> Vec<FieldProblem> {
        self.checked(Days { earliest: None, today }).err().map(|invalid| invalid.0).unwrap_or_default()
    }

    pub(super) fn checked(&self, days: Days) -> Result<(i32, Happened), Invalid> {
        let mut checks = Checks::new();
        let minutes = checks.optional_number("weekly_minutes", &self.weekly_minutes, 0..=MOST_WEEKLY_MINUTES);
        let on = days.read(&mut checks, &self.happened_on);
        let minutes = minutes.and_then(|minutes| i32::try_from(minutes).ok()).unwrap_or(USUAL_WEEKLY_MINUTES);
        checks.done((minutes, Happened { on, reason: None }))
    }
}

impl StepInput {
    pub(super) fn checked(&self, days: Days) -> Result<Happened, Invalid> {
        let mut checks = Checks::new();
        let on = days.read(&mut checks, &self.happened_on);
        checks.done(Happened { on, reason: None })
    }
}

impl WithdrawInput {
    pub(super) fn checked(&self, days: Days) -> Result<Happened, Invalid> {
        let mut checks = Checks::new();
        let reason = checks.choice("reason", &self.reason);
        let on = days.read(&mut checks, &self.happened_on);
        checks.done(Happened { on, reason })
    }
}

impl HoursInput {
    pub(super) fn checked(&self) -> Result<i32, Invalid> {
        let mut checks = Checks::new();
        let minutes = checks.number("weekly_minutes", &self.weekly_minutes, 0..=MOST_WEEKLY_MINUTES);
        checks.done(i32::try_from(minutes).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_allows_exactly_its_steps() {
        let allowed = [
            (WorkerState::Applicant, vec![WorkerStep::Registered]),
            (
                WorkerState::Registered,
                vec![WorkerStep::Training, WorkerStep::Activated, WorkerStep::Withdrawn],
            ),
            (WorkerState::Training, vec![WorkerStep::Activated, WorkerStep::Withdrawn]),
            (WorkerState::Active, vec![WorkerStep::Paused, WorkerStep::Withdrawn]),
            (WorkerState::Paused, vec![WorkerStep::Activated, WorkerStep::Withdrawn]),
            (WorkerState::Withdrawn, vec![WorkerStep::Returned]),
        ];
        assert_eq!(allowed.len(), WorkerState::ALL.len());
        for (state, steps) in allowed {
            let found: Vec<_> =
                WorkerStep::ALL.iter().copied().filter(|step| next(state, *step).is_ok()).collect();
            assert_eq!(found, steps, "{state}");
        }
    }

    #[test]
    fn nobody_is_forgotten_before_the_day_that_was_shown() {
        let mut day = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        for _ in 0..1000 {
            let gone = forgotten_until(day);
            assert!(forgotten_on(gone) <= day, "{day}");
            assert!(forgotten_on(gone.succ_opt().unwrap()) > day, "nor a day late: {day}");
            day = day.succ_opt().unwrap();
        }
    }

    #[test]
    fn a_step_lies_between_the_step_before_and_today() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 4, day).unwrap();
        let days = Days { earliest: Some(day(10)), today: day(20) };
        let on = |typed: &str| StepInput { happened_on: typed.into() }.checked(days).map(|step| step.on);
        assert_eq!(on("").unwrap(), day(20));
        assert_eq!(on("2026-04-10").unwrap(), day(10));
        for refused in ["2026-04-09", "2026-04-21", "2026-04-31"] {
            assert!(on(refused).is_err(), "{refused}");
        }
    }
}
