//! What a submission is and what may be handed in. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, FileId, Invalid, PersonId, SubmissionId, Typed, UnitId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::drafts::Seen;
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
    /// What the client gets in words; may be empty.
    pub result_text: String,
    /// The files the client gets, in the order of handing in.
    pub file_ids: Vec<FileId>,
    /// What the maker tells whoever checks it. It never leaves the town.
    pub memo: String,
    /// When it was received.
    pub submitted_at: DateTime<Utc>,
    /// How many minutes the unit took, where its maker says so.
    pub minutes: Option<i32>,
    /// The newest version of the job's rules that its maker had agreed to or read; none of work from before.
    pub rules_number: Option<i32>,
}

impl Submission {
    /// Whether there is anything for the client to get: since memos alone are refused, every version has; older ones may
    /// have neither file nor text.
    pub fn has_result(&self) -> bool {
        !self.file_ids.is_empty() || !self.result_text.is_empty()
    }
}

/// A version with what review said about it: the verdict that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SubmittedVersion")]
pub struct Version {
    /// The version.
    pub submission: Submission,
    /// The verdict, once there is one.
    pub review: Option<Review>,
    /// The pass of the first of two looks, where its job asks for two: the second decides.
    pub first_review: Option<Review>,
    /// When its maker took it back; nobody had looked at it.
    pub retracted_at: Option<DateTime<Utc>>,
}

/// What makers of a job's units say they took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SaidMinutes {
    /// Half of them took no longer.
    pub median: i32,
    /// Of how many units somebody said it.
    pub units: i64,
}

/// A submission as typed: what the client gets, a text or a file at least, and what only the checker reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "result_text": "120件を入力しました", "file_ids": [42], "memo": "12件目は読めませんでした" }]))]
pub struct SubmitInput {
    /// What the client gets in words.
    pub result_text: Typed,
    /// Uploaded files that the client gets, besides those of the caller's version before, which stay.
    pub file_ids: Vec<FileId>,
    /// Files of the caller's version before that are not handed in again.
    pub dropped_file_ids: Vec<FileId>,
    /// What whoever checks it should know. The client never sees it.
    pub memo: Typed,
    /// How many minutes the unit took in all, 1 to 6,000; nobody has to say, and nothing depends on it.
    pub minutes: Typed,
    /// The version of the caller's draft that is handed in by this, with its files; empty where none is.
    pub draft_version: Typed,
    /// What the caller's page calls itself, as it did when it saved the draft.
    pub saved_in: Typed,
}

/// How many files one version holds at most.
pub(crate) const MOST_FILES: usize = 20;

/// A submission whose texts passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SubmitFields {
    pub(super) result_text: String,
    pub(super) memo: String,
    pub(super) minutes: Option<i32>,
}

impl SubmitInput {
    /// The draft that is handed in by this.
    pub(super) fn seen(&self) -> Seen {
        Seen { draft_version: self.draft_version.clone(), saved_in: self.saved_in.clone() }
    }

    /// `carried` are the files of the maker's version before. Gives the texts and every file of the new version.
    pub(super) fn checked(&self, carried: &[FileId]) -> Result<(SubmitFields, Vec<FileId>), Invalid> {
        let mut checks = Checks::new();
        let fields = SubmitFields {
            result_text: checks.lines("result_text", &self.result_text, 10_000),
            memo: checks.lines("memo", &self.memo, 10_000),
            minutes: checks
                .optional_number("minutes", &self.minutes, 1..=6000)
                .and_then(|minutes| i32::try_from(minutes).ok()),
        };
        let files = self.files(carried);
        if files.len() > MOST_FILES {
            checks.bounded("file_ids", Code::OutOfRange, i64::try_from(MOST_FILES).unwrap_or(i64::MAX));
        }
        if files.is_empty() && fields.result_text.is_empty() {
            checks.problem("result", Code::NoResult);
        }
        checks.done((fields, files))
    }

    /// What was there and was not dropped, then what is new; each once.
    fn files(&self, carried: &[FileId]) -> Vec<FileId> {
        let kept = carried.iter().filter(|file| !self.dropped_file_ids.contains(file));
        let mut files = Vec::new();
        for file in kept.chain(&self.file_ids) {
            if !files.contains(file) {
                files.push(*file);
            }
        }
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(new: &[i64], dropped: &[i64], carried: &[i64]) -> Vec<i64> {
        let ids = |ids: &[i64]| ids.iter().copied().map(FileId).collect::<Vec<_>>();
        let input =
            SubmitInput { file_ids: ids(new), dropped_file_ids: ids(dropped), ..SubmitInput::default() };
        let (_texts, files) = input.checked(&ids(carried)).unwrap();
        files.into_iter().map(|file| file.0).collect()
    }

    #[test]
    fn a_file_or_a_text_is_enough_and_a_memo_alone_is_not() {
        let input = |text: &str, memo: &str| SubmitInput {
            result_text: text.into(),
            memo: memo.into(),
            ..SubmitInput::default()
        };
        assert!(input("120件", "").checked(&[]).is_ok());
        assert!(input("", "").checked(&[FileId(7)]).is_ok(), "the file of the version before stays");
        for memo in ["", "お客さまのシステムに入力しました"] {
            let nothing = input(" \n", memo).checked(&[]).unwrap_err();
            assert_eq!((nothing.0[0].field.as_str(), nothing.0[0].code), ("result", Code::NoResult));
        }
    }

    #[test]
    fn files_stay_unless_they_are_dropped() {
        assert_eq!(files(&[], &[], &[1, 2]), [1, 2]);
        assert_eq!(files(&[3], &[1], &[1, 2]), [2, 3], "one replaced, one kept");
        assert_eq!(files(&[2, 2], &[], &[2]), [2]);
        let many: Vec<i64> = (1..=21).collect();
        let input =
            SubmitInput { file_ids: many.into_iter().map(FileId).collect(), ..SubmitInput::default() };
        assert_eq!(input.checked(&[]).unwrap_err().0[0].code, Code::OutOfRange);
    }
}
