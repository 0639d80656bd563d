//! What an appeal is and what may be said in one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Checks, Code, Invalid, JobId, OrderId, PersonId, ReviewId, SubmissionId, Typed, UnitId, Yen, text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::jobs::business_days_after;
use crate::reviews::Verdict;

kernel::id!(
    /// One appeal.
    AppealId
);

text_enum!(
    /// What an appeal led to.
    AppealOutcome {
        /// The refusal or the return stands.
        Upheld = "upheld",
        /// The work stays refused, but through no fault of its maker's: it is paid.
        Paid = "paid",
        /// The work is good: it has passed, and is paid.
        Passed = "passed",
        /// What is wanted was not agreed: the unit stays with its maker, and doing it is a line of its own, paid anew.
        Changed = "changed",
    }
);

impl AppealOutcome {
    /// What may be decided: about a refusal; about a return while its unit waits for its maker; and about one whose unit is with
    /// others by now, where nothing is done again and nothing passes any more.
    pub fn possible(against: Verdict, is_with_maker: bool) -> &'static [Self] {
        match (against, is_with_maker) {
            (Verdict::Return, true) => &[Self::Upheld, Self::Changed, Self::Passed],
            (Verdict::Return, false) => &[Self::Upheld, Self::Paid],
            _ => &[Self::Upheld, Self::Paid, Self::Passed],
        }
    }
}

/// A maker's wish for another reviewer's word, and that word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Appeal {
    /// Its id.
    pub id: AppealId,
    /// The refusal or the return.
    pub review_id: ReviewId,
    /// The unit.
    pub unit_id: UnitId,
    /// The version that was refused or sent back.
    pub submission_id: SubmissionId,
    /// Who made it.
    pub appellant_id: PersonId,
    /// Why they think otherwise.
    pub text: String,
    /// When.
    pub appealed_at: DateTime<Utc>,
    /// By when it is decided.
    pub decide_by: NaiveDate,
    /// What it led to; none until somebody decided.
    pub outcome: Option<AppealOutcome>,
    /// Who decided: never whoever refused, nor whoever made it.
    pub decided_by: Option<PersonId>,
    /// Why.
    pub comment: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// The day the unit is due after it, where something is to be done again.
    pub due_on: Option<NaiveDate>,
}

/// An appeal that nobody has decided yet, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenAppeal {
    /// The appeal.
    #[serde(flatten)]
    pub appeal: Appeal,
    /// What the unit is called.
    pub label: String,
    /// Its job.
    pub job_id: JobId,
    /// What that is called.
    pub job_title: String,
    /// Its order.
    pub order_id: OrderId,
    /// Whether it was refused or sent back.
    pub against: Verdict,
    /// Whether the unit waits for its maker, so that it may pass, or be done again.
    pub is_with_maker: bool,
    /// Who refused it or sent it back, and so does not decide.
    pub first_checker: PersonId,
    /// What they wrote.
    pub refusal: String,
}

/// Where a page of appeals ends: the day by which it is decided, and the appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealKey(pub NaiveDate, pub AppealId);

/// An appeal before whoever made it: nobody is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MyAppeal {
    /// Its id.
    pub id: AppealId,
    /// Why they think otherwise.
    pub text: String,
    /// When they said so.
    pub appealed_at: DateTime<Utc>,
    /// By when it is decided.
    pub decide_by: NaiveDate,
    /// What it led to; none until somebody decided.
    pub outcome: Option<AppealOutcome>,
    /// Why.
    pub comment: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// The day the unit is due after it, where something is to be done again.
    pub due_on: Option<NaiveDate>,
}

impl From<Appeal> for MyAppeal {
    fn from(appeal: Appeal) -> Self {
        Self {
            id: appeal.id,
            text: appeal.text,
            appealed_at: appeal.appealed_at,
            decide_by: appeal.decide_by,
            outcome: appeal.outcome,
            comment: appeal.comment,
            decided_at: appeal.decided_at,
            due_on: appeal.due_on,
        }
    }
}

/// The last verdict against somebody's work on a unit, as they stand to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MyRefusal {
    /// The refusal or the return.
    pub review_id: ReviewId,
    /// Which of the two.
    pub against: Verdict,
    /// What the unit is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// What the reviewer wrote.
    pub comment: String,
    /// When.
    pub refused_at: DateTime<Utc>,
    /// The last day on which they may appeal.
    pub appeal_by: NaiveDate,
    /// Whether they may appeal now: a return only before they begin again.
    pub may_appeal: bool,
    /// Their appeal, once they made one.
    pub appeal: Option<MyAppeal>,
}

/// An appeal as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "text": "見本の3枚目と同じ形にしました。もう一度見てください" }]))]
pub struct AppealInput {
    /// Why they think otherwise, for the other reviewer; required.
    pub text: Typed,
}

impl AppealInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let text = checks.required_lines("text", &self.text, 4000);
        checks.done(text)
    }
}

/// A decision as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "outcome": "paid", "comment": "見本が古いものでした。作業の分はお支払いします" }]))]
pub struct DecideAppealInput {
    /// An [`AppealOutcome`]'s word; required.
    #[schemars(with = "AppealOutcome")]
    pub outcome: Typed,
    /// Why, for both sides; required.
    pub comment: Typed,
    /// Yen before tax for doing what is wanted now, beside the unit's own pay; required above 0 with `changed`, and empty otherwise.
    pub extra_pay: Typed,
    /// The last day what is to be done again is received; empty where the days that were left when it was appealed are left again.
    pub due_on: Typed,
}

/// A decision that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) outcome: AppealOutcome,
    pub(super) comment: String,
    /// What doing it again pays; above 0 where something else is wanted.
    pub(super) extra_pay: Yen,
    /// When it is due again; none where nothing is to be done again.
    pub(super) due_on: Option<NaiveDate>,
}

/// How many business days are left at least for what is to be done again.
const LEAST_DAYS: i16 = 3;

/// The day on which a unit is due again whose return stands: the days that were left on the day of appealing are left again, and at
/// least [`LEAST_DAYS`] business days.
pub(super) fn due_again(due_on: NaiveDate, appealed_on: NaiveDate, today: NaiveDate) -> NaiveDate {
    (due_on + (today - appealed_on)).max(least_due(today))
}

/// The first day on which what is sent back today may be due: its maker gets at least [`LEAST_DAYS`] business days.
pub(crate) fn least_due(today: NaiveDate) -> NaiveDate {
    business_days_after(today, LEAST_DAYS)
}

impl DecideAppealInput {
    /// `usual` is when it is due again where nobody says otherwise; none where nothing can be done again.
    pub(super) fn checked(
        &self,
        possible: &[AppealOutcome],
        today: NaiveDate,
        usual: Option<NaiveDate>,
    ) -> Result<Decided, Invalid> {
        let mut checks = Checks::new();
        let outcome: Option<AppealOutcome> = checks.choice("outcome", &self.outcome);
        if outcome.is_some_and(|outcome| !possible.contains(&outcome)) {
            checks.problem("outcome", Code::UnknownChoice);
        }
        let comment = checks.required_lines("comment", &self.comment, 4000);
        let is_changed = outcome == Some(AppealOutcome::Changed);
        let pay = checks.optional_number("extra_pay", &self.extra_pay, 0..=10_000_000).unwrap_or(0);
        if is_changed && pay == 0 {
            checks.problem("extra_pay", Code::Required);
        } else if !is_changed && pay > 0 {
            checks.problem("extra_pay", Code::OutOfRange);
        }
        let typed = checks.optional_date("due_on", &self.due_on);
        let goes_on = matches!(outcome, Some(AppealOutcome::Upheld | AppealOutcome::Changed));
        let due_on = usual.filter(|_| goes_on).map(|usual| typed.unwrap_or(usual));
        match (typed, due_on) {
            (Some(typed), Some(_)) if typed < today => checks.problem("due_on", Code::InThePast),
            // A return that stands takes no day away.
            (Some(typed), Some(_)) if !is_changed && usual.is_some_and(|usual| typed < usual) => {
                checks.bounded("due_on", Code::NotLater, usual.unwrap_or(typed));
            }
            (Some(_), None) => checks.problem("due_on", Code::OutOfRange),
            _ => {}
        }
        checks.done(Decided {
            outcome: outcome.unwrap_or(AppealOutcome::Upheld),
            comment,
            extra_pay: Yen(pay),
            due_on,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_days_that_were_left_are_left_again_and_three_of_business_at_least() {
        // A Monday; the appeal was made on the Monday before, with four days left.
        let (appealed, today) = (day("2026-06-01"), day("2026-06-08"));
        assert_eq!(due_again(day("2026-06-05"), appealed, today), day("2026-06-12"));
        assert_eq!(due_again(day("2026-06-01"), appealed, today), day("2026-06-11"), "three business days");
        assert_eq!(due_again(day("2026-05-20"), appealed, today), day("2026-06-11"), "late as it was before");
    }

    #[test]
    fn a_changed_specification_is_paid_and_a_return_that_stands_takes_no_day_away() {
        let (today, usual) = (day("2026-06-08"), day("2026-06-12"));
        let back = AppealOutcome::possible(Verdict::Return, true);
        let problems = |outcome: &str, pay: &str, due: &str, possible: &[AppealOutcome], usual| {
            let input = DecideAppealInput {
                outcome: outcome.into(),
                comment: "見ました".into(),
                extra_pay: pay.into(),
                due_on: due.into(),
            };
            let problems = input.checked(possible, today, usual).err().unwrap_or_default().0;
            problems.into_iter().map(|problem| (problem.field, problem.code)).collect::<Vec<_>>()
        };
        let one = |field: &str, code| vec![(field.to_owned(), code)];
        assert_eq!(problems("upheld", "", "", back, Some(usual)), []);
        assert_eq!(problems("upheld", "", "2026-06-20", back, Some(usual)), []);
        assert_eq!(problems("upheld", "", "2026-06-11", back, Some(usual)), one("due_on", Code::NotLater));
        assert_eq!(problems("upheld", "100", "", back, Some(usual)), one("extra_pay", Code::OutOfRange));
        assert_eq!(problems("changed", "", "", back, Some(usual)), one("extra_pay", Code::Required));
        assert_eq!(problems("changed", "200", "2026-06-09", back, Some(usual)), []);
        assert_eq!(
            problems("changed", "200", "2026-06-07", back, Some(usual)),
            one("due_on", Code::InThePast)
        );
        assert_eq!(problems("paid", "", "", back, Some(usual)), one("outcome", Code::UnknownChoice));
        let gone = AppealOutcome::possible(Verdict::Return, false);
        assert_eq!(problems("passed", "", "", gone, None), one("outcome", Code::UnknownChoice));
        assert_eq!(problems("paid", "", "2026-06-20", gone, None), one("due_on", Code::OutOfRange));
        let refusal = AppealOutcome::possible(Verdict::Reject, true);
        assert_eq!(problems("changed", "200", "", refusal, None), one("outcome", Code::UnknownChoice));
    }
}
