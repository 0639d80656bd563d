//! What a version of the rules is, and what may be entered for one. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, JobId, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::questions::QuestionId;

/// The longest text of rules, in characters.
pub(crate) const MOST_CHARACTERS: usize = 10_000;

/// One wording of a job's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkRules {
    /// The job.
    pub job_id: JobId,
    /// The version, from 1.
    pub number: i32,
    /// How the work is to be done.
    pub text: String,
    /// Why it was changed, for those who work by it; may be empty.
    pub note: String,
    /// Who wrote it; none where it is older than the keeping of versions.
    pub changed_by: Option<PersonId>,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// The question whose answer it adds; none where somebody wrote it.
    pub question_id: Option<QuestionId>,
}

/// A job's rules before somebody who works by them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RulesReading")]
pub struct Reading {
    /// What is in force.
    pub newest: WorkRules,
    /// The newest version they agreed to or said they have read; none where they have done neither.
    pub known: Option<WorkRules>,
    /// The newest version that terms of theirs name: what their work is judged by.
    pub agreed_number: Option<i32>,
}

impl Reading {
    /// What changed since they last looked: from the wording they know to the one in force.
    pub fn unread(&self) -> Option<(&WorkRules, &WorkRules)> {
        self.known
            .as_ref()
            .filter(|known| known.number < self.newest.number)
            .map(|known| (known, &self.newest))
    }
}

/// Where a page of versions ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesKey(pub i32);

/// What stands beside the text of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wording {
    pub(crate) note: String,
    pub(crate) question: Option<QuestionId>,
}

/// Another wording as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "based_on": 1, "rules": "表の見出しのとおりに入力する。空らんは空らんのままにする。", "note": "空らんのあつかいを書きました" }]))]
pub struct RulesInput {
    /// The version it was written over; required, so that nobody's wording is replaced unread.
    pub based_on: Typed,
    /// How the work is to be done; required, at most 10,000 characters.
    pub rules: Typed,
    /// Why it changes; those who have the work read it. May be empty.
    pub note: Typed,
}

impl RulesInput {
    pub(super) fn checked(&self) -> Result<(i32, String, String), Invalid> {
        let mut checks = Checks::new();
        let number = checks.number("based_on", &self.based_on, 1..=i64::from(i32::MAX));
        let text = checks.required_lines("rules", &self.rules, MOST_CHARACTERS);
        let note = checks.lines("note", &self.note, 2000);
        checks.done((i32::try_from(number).unwrap_or_default(), text, note))
    }
}

/// Which version somebody has read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "number": 1 }]))]
pub struct SeenInput {
    /// The version; required, one that there is.
    pub number: Typed,
}

impl SeenInput {
    pub(super) fn checked(&self, newest: i32) -> Result<i32, Invalid> {
        let mut checks = Checks::new();
        let number = checks.number("number", &self.number, 1..=i64::from(newest));
        checks.done(i32::try_from(number).unwrap_or(newest))
    }
}
