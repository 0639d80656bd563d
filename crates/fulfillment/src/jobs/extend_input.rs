//! A later deadline as typed.

use chrono::NaiveDate;
use kernel::{Checks, Code, Invalid, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A later deadline as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "work_due_on": "2027-03-20", "note": "お客様の素材が遅れたため" }]))]
pub struct ExtendInput {
    /// The new last day work is received; required, later than the one before and not in the past.
    pub work_due_on: Typed,
    /// Why; those who hold units read it. May be empty.
    pub note: Typed,
}

impl ExtendInput {
    pub(super) fn checked(
        &self,
        today: NaiveDate,
        now_due_on: NaiveDate,
    ) -> Result<(NaiveDate, String), Invalid> {
        let mut checks = Checks::new();
        let due_on = checks.date("work_due_on", &self.work_due_on);
        if due_on != NaiveDate::default() {
            if due_on < today {
                checks.problem("work_due_on", Code::InThePast);
            } else if due_on <= now_due_on {
                checks.bounded("work_due_on", Code::NotLater, now_due_on);
            }
        }
        let note = checks.lines("note", &self.note, 2000);
        checks.done((due_on, note))
    }
}
