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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_deadline_moves_to_a_later_day_alone() {
        let to = |text: &str| ExtendInput { work_due_on: text.into(), note: Typed::default() };
        let checked = |text: &str| to(text).checked(day("2026-05-10"), day("2026-05-15"));
        assert_eq!(checked("2026-05-20").unwrap().0, day("2026-05-20"));
        let refused = checked("2026-05-15").unwrap_err().0.remove(0);
        assert_eq!((refused.code, refused.bound), (Code::NotLater, Some(day("2026-05-15").into())));
        assert_eq!(checked("2026-05-09").unwrap_err().0[0].code, Code::InThePast);
    }
}
