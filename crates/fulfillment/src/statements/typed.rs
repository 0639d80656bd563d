//! What is typed about statements: what to close, what is wrong, what a worker answers, what was transferred.

use chrono::NaiveDate;
use kernel::{Checks, Code, Invalid, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{StatementAnswer, last_month_end};
use crate::transfers::TransferFileId;

/// What was wrong with a statement, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "reason": "源泉徴収の区分を直したため" }]))]
pub struct CorrectInput {
    /// Why there is another version, for the worker to read; required.
    pub reason: Typed,
}

impl CorrectInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let reason = checks.required_lines("reason", &self.reason, 2000);
        checks.done(reason)
    }
}

/// Up to which day everything is closed, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "StatementCloseInput", extend("examples" = [{ "closed_on": "2026-10-31" }]))]
pub struct CloseInput {
    /// Everything received by this day, and no day to come; empty means the last day of the month before.
    pub closed_on: Typed,
}

impl CloseInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<NaiveDate, Invalid> {
        let mut checks = Checks::new();
        let day = checks.optional_date("closed_on", &self.closed_on).unwrap_or_else(|| last_month_end(today));
        if day > today {
            checks.bounded("closed_on", Code::TooLate, today);
        }
        checks.done(day)
    }
}

/// A worker's answer, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "StatementAnswerInput", extend("examples" = [{ "version": 1, "answer": "confirmed" }]))]
pub struct AnswerInput {
    /// The version they have read; required.
    pub version: Typed,
    /// `confirmed` or `objected`; required.
    #[schemars(with = "Option<StatementAnswer>")]
    pub answer: Typed,
    /// What is wrong; required with `objected`.
    pub objection: Typed,
}

impl AnswerInput {
    pub(super) fn checked(&self) -> Result<(i32, StatementAnswer, String), Invalid> {
        let mut checks = Checks::new();
        let version = checks.number("version", &self.version, 1..=i64::from(i32::MAX));
        let answer = checks.choice("answer", &self.answer);
        let objection = match answer {
            Some(StatementAnswer::Objected) => checks.required_lines("objection", &self.objection, 2000),
            _ => String::new(),
        };
        let version = i32::try_from(version).unwrap_or_default();
        checks.done((version, answer.unwrap_or(StatementAnswer::Confirmed), objection))
    }
}

/// A payment, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "version": 1, "paid_on": "2026-11-25" }]))]
pub struct PaidInput {
    /// The version whose amount was transferred; required.
    pub version: Typed,
    /// The day of the transfer, and no day to come; empty means today.
    pub paid_on: Typed,
}

impl PaidInput {
    /// Nothing was transferred before its statement was there: on `issued`.
    pub(super) fn checked(&self, today: NaiveDate, issued: NaiveDate) -> Result<(i64, NaiveDate), Invalid> {
        let mut checks = Checks::new();
        let version = checks.number("version", &self.version, 1..=i64::from(i32::MAX));
        let day = transferred_on(&mut checks, &self.paid_on, today, Some(issued));
        checks.done((version, day))
    }
}

/// That a payment was noted by mistake, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "payment": 1, "reason": "口座番号の違いで銀行から戻ったため", "returned": "yes" }]))]
pub struct UndoPaymentInput {
    /// Which payment of the statement: one more than were taken back before (`undone` + 1); required. Whoever sends the same twice
    /// takes back no other.
    pub payment: Typed,
    /// What was wrong, for the worker to read; required.
    pub reason: Typed,
    /// `yes` where the bank sent the money back, so that another file of transfers pays it. Otherwise it stays in the file that pays
    /// it, if it is in one.
    pub returned: Typed,
}

impl UndoPaymentInput {
    pub(super) fn checked(&self) -> Result<(i64, String), Invalid> {
        let mut checks = Checks::new();
        let payment = checks.number("payment", &self.payment, 1..=i64::from(i32::MAX));
        let reason = checks.required_lines("reason", &self.reason, 2000);
        checks.done((payment, reason))
    }
}

/// A day whose payments were made, or a file of transfers that was carried out, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "pay_on": "2026-11-25", "statements": 12, "payable": 48_400, "paid_on": "2026-11-25" }]))]
pub struct PaidDayInput {
    /// The agreed day of the payments; required.
    pub pay_on: Typed,
    /// The file of transfers that was carried out: what is left of it and nothing else. Empty means what is in no file.
    pub transfer_file_id: Typed,
    /// How many statements were transferred; required.
    pub statements: Typed,
    /// What was transferred for them in all, in yen; required.
    pub payable: Typed,
    /// The day of the transfer, and no day to come; empty means today.
    pub paid_on: Typed,
}

impl PaidDayInput {
    /// The day whose payments were made, as far as it can be read.
    pub(super) fn pay_on(&self) -> Option<NaiveDate> {
        Checks::new().optional_date("pay_on", &self.pay_on)
    }

    /// The file that was carried out, or none; an error where it cannot be read.
    pub(super) fn transfer_file(&self) -> Result<Option<TransferFileId>, Invalid> {
        let mut checks = Checks::new();
        let file = if self.transfer_file_id.as_str().trim().is_empty() {
            None
        } else {
            checks.choice("transfer_file_id", &self.transfer_file_id)
        };
        checks.done(file)
    }

    /// `newest` is the day of the last statement that was made for it.
    pub(super) fn checked(&self, today: NaiveDate, newest: Option<NaiveDate>) -> Result<PaidDay, Invalid> {
        let mut checks = Checks::new();
        let _told_where_unreadable = checks.date("pay_on", &self.pay_on);
        let day = PaidDay {
            transferred: (
                checks.number("statements", &self.statements, 1..=i64::from(i32::MAX)),
                // What was taken off may leave nothing of a day.
                Yen(checks.number("payable", &self.payable, 0..=MOST_TRANSFERRED)),
            ),
            paid_on: transferred_on(&mut checks, &self.paid_on, today, newest),
        };
        checks.done(day)
    }
}

/// Yen: a thousand billion, more than any town pays on a day.
const MOST_TRANSFERRED: i64 = 1_000_000_000_000;

/// [`PaidDayInput`] that passed every rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PaidDay {
    /// How many statements, and what they came to.
    pub(super) transferred: (i64, Yen),
    pub(super) paid_on: NaiveDate,
}

fn transferred_on(
    checks: &mut Checks,
    typed: &Typed,
    today: NaiveDate,
    issued: Option<NaiveDate>,
) -> NaiveDate {
    let day = checks.optional_date("paid_on", typed).unwrap_or(today);
    if let Some(before) = issued.filter(|issued| day < *issued).and_then(|issued| issued.pred_opt()) {
        checks.bounded("paid_on", Code::NotLater, before);
    }
    if day > today {
        checks.bounded("paid_on", Code::TooLate, today);
    }
    day
}
