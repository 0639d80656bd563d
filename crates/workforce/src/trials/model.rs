//! What a trial batch is and what may be entered of one. No database here.

use chrono::{DateTime, Utc};
use kernel::{Bound, Checks, Code, Invalid, PersonId, Typed, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::skills::SkillId;

kernel::id!(
    /// A trial batch (試しの作業).
    TrialId
);

text_enum!(
    /// What a trial showed.
    #[schemars(rename = "TrialOutcome")]
    TrialOutcome {
        /// They can do it.
        Passed = "passed",
        /// Not yet: the findings say what to do better.
        NotYet = "not_yet",
    }
);

/// A small set of work that shows whether somebody can do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trial {
    /// Its id.
    pub id: TrialId,
    /// Who did it.
    pub worker_id: WorkerId,
    /// For which skill.
    pub skill_id: SkillId,
    /// Its name.
    pub skill: String,
    /// At which level.
    pub level: i16,
    /// How many pieces there were.
    pub units: i32,
    /// How many of them were good.
    pub good: i32,
    /// What it showed.
    pub outcome: TrialOutcome,
    /// What was found in the work; the worker reads it. May be empty.
    pub findings: String,
    /// Who looked at it.
    pub assessed_by: Option<PersonId>,
    /// When.
    pub assessed_at: DateTime<Utc>,
}

/// A trial as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "skill_id": 1, "level": 1, "units": 10, "good": 9, "outcome": "passed", "findings": "日付の書き方だけ直しましょう" }]))]
pub struct TrialInput {
    /// For which skill; required.
    pub skill_id: Typed,
    /// At which level, 1 to 3; empty means 1.
    pub level: Typed,
    /// How many pieces there were, 1 to 1,000; required.
    pub units: Typed,
    /// How many of them were good; required.
    pub good: Typed,
    /// `passed` or `not_yet`; required.
    #[schemars(with = "TrialOutcome")]
    pub outcome: Typed,
    /// What was found in the work: the worker reads it. Required where it was not passed.
    pub findings: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) skill: SkillId,
    pub(super) level: i16,
    pub(super) units: i32,
    pub(super) good: i32,
    pub(super) outcome: TrialOutcome,
    pub(super) findings: String,
}

impl TrialInput {
    pub(super) fn checked(&self) -> Result<Fields, Invalid> {
        let mut checks = Checks::new();
        let narrow = |number: i64| i32::try_from(number).unwrap_or_default();
        let level = checks.optional_number("level", &self.level, 1..=3).unwrap_or(1);
        let fields = Fields {
            skill: SkillId(checks.number("skill_id", &self.skill_id, 1..=i64::MAX)),
            level: i16::try_from(level).unwrap_or(1),
            units: narrow(checks.number("units", &self.units, 1..=1000)),
            good: narrow(checks.number("good", &self.good, 0..=1000)),
            outcome: checks.choice("outcome", &self.outcome).unwrap_or(TrialOutcome::NotYet),
            findings: checks.lines("findings", &self.findings, 1000),
        };
        if fields.good > fields.units {
            checks.bounded("good", Code::OutOfRange, Bound::Number(fields.units.into()));
        }
        let is_refused = self.outcome.as_str().trim() == TrialOutcome::NotYet.as_str();
        if is_refused && fields.findings.is_empty() {
            checks.problem("findings", Code::Required);
        }
        checks.done(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_not_passed_is_told_what_to_do_better() {
        let input = |good: &str, outcome: &str, findings: &str| TrialInput {
            skill_id: "1".into(),
            units: "10".into(),
            good: good.into(),
            outcome: outcome.into(),
            findings: findings.into(),
            ..TrialInput::default()
        };
        let refused =
            |input: TrialInput| input.checked().map(|_| ()).map_err(|invalid| invalid.0[0].field.clone());
        assert_eq!(refused(input("9", "passed", "")), Ok(()));
        assert_eq!(refused(input("11", "passed", "")), Err("good".to_owned()));
        assert_eq!(refused(input("4", "not_yet", "")), Err("findings".to_owned()));
        assert_eq!(refused(input("4", "not_yet", "日付をそろえる")), Ok(()));
    }
}
