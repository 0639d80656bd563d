//! What a part of a unit is and what it pays. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    AssignmentId, Checks, Code, FileId, Invalid, JobId, OrderId, PersonId, Typed, UnitId, Yen, date_in_japan,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::drafts::Seen;
use crate::jobs::{PayDay, PayRule};
use crate::submissions::MOST_FILES;
use crate::terms::TermsNoticeId;

kernel::id!(
    /// One part of a unit that somebody handed over.
    HandOverId
);

/// A part of a unit, handed over by whoever made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HandOver {
    /// Its id.
    pub id: HandOverId,
    /// The unit.
    pub unit_id: UnitId,
    /// Who made it.
    pub person_id: PersonId,
    /// What the client would get of it in words.
    pub result_text: String,
    /// Its files.
    pub file_ids: Vec<FileId>,
    /// What whoever goes on and whoever decides should know.
    pub memo: String,
    /// How much of the unit is done, in tenths, as its maker thinks.
    pub tenths: i16,
    /// What the whole unit paid, before tax.
    pub unit_pay: Yen,
    /// On which day of the month after its receipt it is paid.
    pub pay_day: PayDay,
    /// The one day on which it is paid, where it is re-entrusted work received before that day.
    pub fixed_pay_on: Option<NaiveDate>,
    /// When it was received.
    pub handed_over_at: DateTime<Utc>,
    /// The share that is paid, in tenths; none until somebody decided.
    pub decided_tenths: Option<i16>,
    /// Why it is less than proposed, where it is.
    pub reason: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// The terms it was made under.
    #[serde(skip)]
    pub terms_notice: TermsNoticeId,
    /// The hold it ended.
    #[serde(skip)]
    pub assignment: AssignmentId,
}

impl HandOver {
    /// The day of receipt that its payment is counted from.
    pub fn received_on(&self) -> NaiveDate {
        date_in_japan(self.handed_over_at)
    }

    /// When its share is paid.
    pub fn pay_on(&self) -> NaiveDate {
        PayRule::new(self.pay_day, self.fixed_pay_on).of_receipt(self.received_on())
    }

    /// The one day on which it is paid, where it has one.
    pub(crate) fn fixed_for_its_receipt(&self) -> Option<NaiveDate> {
        PayRule::new(self.pay_day, self.fixed_pay_on).fixed_for(self.received_on())
    }
}

/// A share of a unit's pay, rounded up once: no part of a yen is cut from anybody's pay (Freelance Act art. 5).
pub fn share_of(unit_pay: Yen, tenths: i16) -> Yen {
    let tenths = i64::from(tenths.clamp(0, 10));
    Yen((unit_pay.0 * tenths + 9) / 10)
}

/// A part that waits for its share to be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenHandOver {
    /// The part.
    #[serde(flatten)]
    pub part: HandOver,
    /// What its unit is called.
    pub label: String,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// Its order.
    pub order: OrderId,
    /// What that is called.
    pub order_title: String,
}

/// Where a page of parts ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOverKey(pub HandOverId);

/// A part as typed: a text or a file at least.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "tenths": 6, "result_text": "60件まで入力しました", "memo": "61件目からお願いします" }]))]
pub struct HandOverInput {
    /// How much of the unit is done, in tenths, 1 to 9; required.
    pub tenths: Typed,
    /// What the client would get of it in words.
    pub result_text: Typed,
    /// Uploaded files, besides those of the draft, which go with it.
    pub file_ids: Vec<FileId>,
    /// Files of the draft that do not go with it.
    pub dropped_file_ids: Vec<FileId>,
    /// What whoever goes on and whoever decides should know. The client never sees it.
    pub memo: Typed,
    /// The version of the caller's draft that goes with it; empty where none does.
    pub draft_version: Typed,
    /// What the caller's page calls itself, as it did when it saved the draft.
    pub saved_in: Typed,
}

/// A part whose texts passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HandOverFields {
    pub(super) tenths: i16,
    pub(super) result_text: String,
    pub(super) memo: String,
}

impl HandOverInput {
    pub(super) fn seen(&self) -> Seen {
        Seen { draft_version: self.draft_version.clone(), saved_in: self.saved_in.clone() }
    }

    /// `drafted` are the files of the draft. Gives the texts and every file of the part.
    pub(super) fn checked(&self, drafted: &[FileId]) -> Result<(HandOverFields, Vec<FileId>), Invalid> {
        let mut checks = Checks::new();
        let fields = HandOverFields {
            tenths: i16::try_from(checks.number("tenths", &self.tenths, 1..=9)).unwrap_or_default(),
            result_text: checks.lines("result_text", &self.result_text, 10_000),
            memo: checks.lines("memo", &self.memo, 10_000),
        };
        let kept = drafted.iter().filter(|file| !self.dropped_file_ids.contains(file));
        let mut files: Vec<FileId> = kept.chain(&self.file_ids).copied().collect();
        files.sort_unstable();
        files.dedup();
        if files.len() > MOST_FILES {
            checks.bounded("file_ids", Code::OutOfRange, i64::try_from(MOST_FILES).unwrap_or(i64::MAX));
        }
        if files.is_empty() && fields.result_text.is_empty() {
            checks.problem("result", Code::NothingMade);
        }
        checks.done((fields, files))
    }
}

/// A decision as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "tenths": 6 }]))]
pub struct DecideInput {
    /// The share that is paid, in tenths, 0 to 10; required.
    pub tenths: Typed,
    /// Why it is less than proposed; required there, and told to whoever made it.
    pub reason: Typed,
}

impl DecideInput {
    pub(super) fn checked(&self, proposed: i16) -> Result<(i16, String), Invalid> {
        let mut checks = Checks::new();
        let tenths = i16::try_from(checks.number("tenths", &self.tenths, 0..=10)).unwrap_or_default();
        let reason = checks.lines("reason", &self.reason, 2000);
        if tenths < proposed && reason.is_empty() {
            checks.problem("reason", Code::Required);
        }
        checks.done((tenths, reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up_once_and_never_more_than_the_whole() {
        for (pay, tenths, share) in
            [(400, 5, 200), (399, 5, 200), (1, 1, 1), (333, 3, 100), (333, 10, 333), (333, 0, 0)]
        {
            assert_eq!(share_of(Yen(pay), tenths), Yen(share), "{tenths} tenths of {pay}");
        }
        for pay in 1..500 {
            for tenths in 0..=10 {
                assert!((0..=pay).contains(&share_of(Yen(pay), tenths).0));
            }
        }
    }

    #[test]
    fn less_than_proposed_asks_why() {
        let decided = |tenths: &str, reason: &str| {
            DecideInput { tenths: tenths.into(), reason: reason.into() }.checked(6)
        };
        assert!(decided("6", "").is_ok() && decided("10", "").is_ok());
        assert_eq!(decided("5", "").unwrap_err().0[0].field, "reason");
        assert_eq!(
            decided("0", "入力がほかの仕事のものでした"),
            Ok((0, "入力がほかの仕事のものでした".to_owned()))
        );
        assert!(decided("11", "").is_err() && decided("", "").is_err());
    }
}
