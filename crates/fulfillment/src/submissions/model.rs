//! What a submission is and what may be handed in. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, FileId, Invalid, PersonId, SubmissionId, Typed, UnitId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reviews::Review;

/// One handed-in version of a unit's work. The time of handing in is the receipt that the law counts from: digital
/// work is received when it is recorded (Freelance Act art. 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// The unit.
    pub unit_id: UnitId,
    /// Who made it.
    pub maker_id: PersonId,
    /// The version, from 1.
    pub number: i32,
    /// What the maker wrote; the result itself where there is no file.
    pub note: String,
    /// The result.
    pub file_id: Option<FileId>,
    /// When it was received.
    pub submitted_at: DateTime<Utc>,
}

/// A version with what review said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SubmittedVersion")]
pub struct Version {
    /// The version.
    pub submission: Submission,
    /// The verdict, once there is one.
    pub review: Option<Review>,
}

/// A submission as typed: a note, a file, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "note": "12件目は読めませんでした", "file_id": 42 }]))]
pub struct SubmitInput {
    /// What the maker says; required where there is no file.
    pub note: Typed,
    /// An uploaded file's id.
    pub file_id: Typed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SubmitFields {
    pub(super) note: String,
    pub(super) file_id: Option<FileId>,
}

impl SubmitInput {
    pub(super) fn checked(&self) -> Result<SubmitFields, Invalid> {
        let mut checks = Checks::new();
        let file_id = checks.optional_number("file_id", &self.file_id, 1..=i64::MAX).map(FileId);
        let note = checks.lines("note", &self.note, 10_000);
        if file_id.is_none() && self.note.as_str().trim().is_empty() {
            checks.problem("note", Code::Required);
        }
        checks.done(SubmitFields { note, file_id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_a_note_is_enough_and_nothing_is_not() {
        let input = |note: &str, file: &str| SubmitInput { note: note.into(), file_id: file.into() };
        assert!(input("出来ました", "").checked().is_ok());
        assert_eq!(input("", "7").checked().unwrap().file_id, Some(FileId(7)));
        assert_eq!(input(" \n", "").checked().unwrap_err().0[0].code, Code::Required);
    }
}
