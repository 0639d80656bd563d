//! What a fix is and what may be decided about it. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Checks, Code, DeliveryId, Invalid, JobId, OrderId, PersonId, ReviewId, Typed, UnitId, Yen, text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reviews::Fault;
use crate::terms::TermsNoticeId;

text_enum!(
    /// Who mends it.
    Mender {
        /// Whoever made it.
        SameWorker = "same_worker",
        /// Whoever takes it: the unit is offered again.
        Others = "others",
    }
);

/// A unit that a client wants mended and nobody has decided about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenFix {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// What the unit pays, before tax.
    pub unit_pay: Yen,
    /// The order.
    pub order: OrderId,
    /// What it is called.
    pub order_title: String,
    /// When the client wanted all of it.
    pub order_due_on: NaiveDate,
    /// Who made it.
    pub holder: PersonId,
    /// The delivery the client answered.
    pub delivery: DeliveryId,
    /// Its number within the order.
    pub delivery_number: i32,
    /// What the client wants mended.
    pub note: String,
    /// When the client asked.
    pub asked_at: DateTime<Utc>,
}

/// Where a page of fixes ends: the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixKey(pub UnitId);

/// What was decided about a fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FixDecision {
    /// The unit.
    pub unit: UnitId,
    /// The delivery in which it was asked for; none where review found it.
    pub delivery: Option<DeliveryId>,
    /// The verdict that found the specification changed; none where a client asked.
    pub review: Option<ReviewId>,
    /// Whose fault it is.
    pub fault: Fault,
    /// Who mends it.
    pub mender: Mender,
    /// What mending pays beside the unit's own pay, before tax.
    pub extra_pay: Yen,
    /// The last day the mended work is received.
    pub due_on: NaiveDate,
    /// What to do, for whoever mends it.
    pub comment: String,
    /// The terms of the extra pay.
    pub terms_notice: Option<TermsNoticeId>,
    /// Who decided.
    pub decided_by: PersonId,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// How far a fix has come, as its client is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "stand")]
pub enum FixStand {
    /// It has arrived; nothing is decided yet.
    Received,
    /// Somebody works on it.
    Mending {
        /// Until when.
        due_on: NaiveDate,
    },
    /// It was delivered again.
    Delivered,
    /// It will not be mended: the unit was called off.
    CalledOff,
}

/// A decision as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "fault": "specification", "extra_pay": "300", "due_on": "2027-03-15", "comment": "産地も書いてください" }]))]
pub struct FixInput {
    /// A [`Fault`]'s word; required.
    #[schemars(with = "Fault")]
    pub fault: Typed,
    /// A [`Mender`]'s word; empty means whoever made it.
    #[schemars(with = "Option<Mender>")]
    pub mender: Typed,
    /// Yen before tax for mending, beside the unit's own pay; required above 0 where the specification changed and the
    /// same worker mends it.
    pub extra_pay: Typed,
    /// The last day the mended work is received; required, from today on.
    pub due_on: Typed,
    /// What to do and why, for whoever mends it; required.
    pub comment: Typed,
}

/// A decision that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FixFields {
    pub(super) fault: Fault,
    pub(super) mender: Mender,
    pub(super) extra_pay: Yen,
    pub(super) due_on: NaiveDate,
    pub(super) comment: String,
}

impl FixInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<FixFields, Invalid> {
        let mut checks = Checks::new();
        let fault: Option<Fault> = checks.choice("fault", &self.fault);
        let mender = match self.mender.as_str().trim() {
            "" => Some(Mender::SameWorker),
            _ => checks.choice("mender", &self.mender),
        };
        let is_typed = !self.extra_pay.as_str().trim().is_empty();
        let extra_pay = checks.optional_number("extra_pay", &self.extra_pay, 0..=10_000_000);
        match (fault, mender, extra_pay) {
            // What cannot be read is said already.
            (_, _, None) if is_typed => {}
            (Some(Fault::Specification), Some(Mender::SameWorker), None | Some(0)) => {
                checks.problem("extra_pay", Code::Required);
            }
            // They are paid by the terms they claim it under.
            (_, Some(Mender::Others), Some(1..)) => checks.problem("extra_pay", Code::OutOfRange),
            _ => {}
        }
        let extra_pay = extra_pay.unwrap_or(0);
        let due_on = checks.date("due_on", &self.due_on);
        if due_on != NaiveDate::default() && due_on < today {
            checks.problem("due_on", Code::InThePast);
        }
        let comment = checks.required_lines("comment", &self.comment, 4000);
        checks.done(FixFields {
            fault: fault.unwrap_or(Fault::Specification),
            mender: mender.unwrap_or(Mender::SameWorker),
            extra_pay: Yen(extra_pay),
            due_on,
            comment,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(fault: &str, mender: &str, pay: &str, due: &str, comment: &str) -> Vec<(String, Code)> {
        let input = FixInput {
            fault: fault.into(),
            mender: mender.into(),
            extra_pay: pay.into(),
            due_on: due.into(),
            comment: comment.into(),
        };
        let today = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
        let problems = input.checked(today).err().unwrap_or_default().0;
        problems.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    fn one(field: &str, code: Code) -> Vec<(String, Code)> {
        vec![(field.to_owned(), code)]
    }

    #[test]
    fn a_decision_says_whose_fault_until_when_and_what_to_do() {
        assert_eq!(problems("worker", "", "", "2026-05-01", "3行目"), []);
        let missing: Vec<_> = problems("", "", "", "", "").into_iter().map(|(field, _)| field).collect();
        assert_eq!(missing, ["fault", "due_on", "comment"]);
        assert_eq!(problems("worker", "", "", "2026-04-30", "3行目"), one("due_on", Code::InThePast));
    }

    #[test]
    fn a_changed_specification_is_a_new_paid_line() {
        let changed =
            |mender: &str, pay: &str| problems("specification", mender, pay, "2026-05-09", "産地も");
        assert_eq!(changed("", ""), one("extra_pay", Code::Required));
        assert_eq!(changed("same_worker", "0"), one("extra_pay", Code::Required));
        assert_eq!(
            changed("same_worker", "-5"),
            one("extra_pay", Code::OutOfRange),
            "one thing is wrong with it"
        );
        assert_eq!(changed("", "300"), []);
        assert_eq!(changed("others", ""), [], "they are paid by the terms they claim it under");
        assert_eq!(changed("others", "300"), one("extra_pay", Code::OutOfRange));
    }
}
