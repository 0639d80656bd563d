//! What a version of a job's checks is, and what may be entered for one. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, JobId, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many items a version has at most: more are not read one by one.
const MOST_ITEMS: usize = 30;
/// The longest item, in characters.
const MOST_CHARACTERS: usize = 200;

/// One wording of a job's checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobChecks {
    /// The job.
    pub job_id: JobId,
    /// The version, from 1.
    pub number: i32,
    /// How often a unit goes back before its maker is coached; none where the town's value counts.
    pub rework_cap: Option<i16>,
    /// What is looked at, in this order; positions count from 1.
    pub items: Vec<String>,
    /// Who wrote it.
    pub changed_by: PersonId,
    /// When.
    pub changed_at: DateTime<Utc>,
}

/// Where a page of versions ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecksKey(pub i32);

/// Another wording as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "based_on": 0, "items": "見出しが見本と同じ\n空らんが残っていない", "rework_cap": 2 }]))]
pub struct ChecksInput {
    /// The version it was written over, 0 where there was none; required, so that nobody's wording is replaced unread.
    pub based_on: Typed,
    /// What is looked at, an item a line, at most 30 of at most 200 characters; empty where nothing is.
    pub items: Typed,
    /// How often a unit goes back before its maker is coached, 1 to 9; empty means the town's value.
    pub rework_cap: Typed,
}

/// A wording that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckFields {
    pub(crate) items: Vec<String>,
    pub(crate) rework_cap: Option<i16>,
}

impl ChecksInput {
    pub(super) fn checked(&self) -> Result<(i32, CheckFields), Invalid> {
        let mut checks = Checks::new();
        let number = checks.number("based_on", &self.based_on, 0..=i64::from(i32::MAX));
        let text = checks.lines("items", &self.items, MOST_ITEMS * (MOST_CHARACTERS + 1));
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let items: Vec<String> = lines.map(str::to_owned).collect();
        if items.len() > MOST_ITEMS {
            checks.bounded("items", Code::OutOfRange, i64::try_from(MOST_ITEMS).unwrap_or(i64::MAX));
        }
        if items.iter().any(|item| item.chars().count() > MOST_CHARACTERS) {
            checks.problem("items", Code::TooLong);
        }
        let rework_cap = checks
            .optional_number("rework_cap", &self.rework_cap, 1..=9)
            .and_then(|cap| i16::try_from(cap).ok());
        checks.done((i32::try_from(number).unwrap_or_default(), CheckFields { items, rework_cap }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(items: &str, cap: &str) -> ChecksInput {
        ChecksInput { based_on: "0".into(), items: items.into(), rework_cap: cap.into() }
    }

    #[test]
    fn each_line_is_an_item_and_empty_lines_are_none() {
        let (_, fields) = input("見出し\n\n  空らん \n", "").checked().unwrap();
        assert_eq!((fields.items, fields.rework_cap), (vec!["見出し".to_owned(), "空らん".to_owned()], None));
        assert_eq!(input("", "3").checked().unwrap().1.rework_cap, Some(3));
    }

    #[test]
    fn nobody_is_asked_more_than_they_would_read() {
        let codes = |items: &str, cap: &str| -> Vec<Code> {
            input(items, cap).checked().err().unwrap_or_default().0.into_iter().map(|one| one.code).collect()
        };
        assert_eq!(codes(&"項目\n".repeat(31), ""), [Code::OutOfRange]);
        assert_eq!(codes(&"長".repeat(201), ""), [Code::TooLong]);
        assert_eq!(codes(&"項目\n".repeat(30), "10"), [Code::OutOfRange]);
        assert_eq!(codes(&"項目\n".repeat(30), "9"), []);
    }
}
