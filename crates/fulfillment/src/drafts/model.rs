//! What a draft is and what may be saved. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, FileId, Invalid, Typed, UnitId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::submissions::MOST_FILES;

/// What somebody has written for a unit so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "UnitDraft")]
pub struct Draft {
    /// The unit.
    pub unit_id: UnitId,
    /// What the client would get in words.
    pub result_text: String,
    /// What whoever checks it would read.
    pub memo: String,
    /// Files taken in so far.
    pub file_ids: Vec<FileId>,
    /// Counts its changes.
    pub version: i32,
    /// The page it was last saved from, as that page calls itself.
    pub saved_in: String,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// What a page saw of the draft when it was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The version of the draft that was seen; 0 where there was none.
    pub(crate) draft_version: Typed,
    /// What the page calls itself; what was last saved from it is not asked about.
    pub(crate) saved_in: Typed,
}

impl Seen {
    /// Whether it names a draft, or that there was none.
    pub(super) fn names_one(&self) -> bool {
        !self.draft_version.as_str().trim().is_empty()
    }

    /// Whether somebody who saw this goes on from what is stored.
    pub(super) fn goes_on_from(&self, stored: Option<&Draft>) -> bool {
        let seen = self.draft_version.as_str().trim().parse().unwrap_or(0);
        let Some(stored) = stored else { return seen == 0 };
        let own = self.saved_in.as_str();
        stored.version == seen || (!own.is_empty() && stored.saved_in == own)
    }
}

/// A draft as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "result_text": "80件まで入力しました", "memo": "12件目は読めませんでした", "draft_version": 0 }]))]
pub struct DraftInput {
    /// What the client would get in words.
    pub result_text: Typed,
    /// What whoever checks it would read.
    pub memo: Typed,
    /// Uploaded files, besides those of the draft before, which stay.
    pub file_ids: Vec<FileId>,
    /// Files of the draft before that are no longer wanted.
    pub dropped_file_ids: Vec<FileId>,
    /// The version of the draft that was seen; empty or 0 where there was none.
    pub draft_version: Typed,
    /// What the caller's page calls itself; what was last saved from it is not asked about.
    pub saved_in: Typed,
}

/// A draft whose texts passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DraftFields {
    pub(super) result_text: String,
    pub(super) memo: String,
    pub(super) saved_in: String,
}

impl DraftInput {
    pub(super) fn seen(&self) -> Seen {
        Seen { draft_version: self.draft_version.clone(), saved_in: self.saved_in.clone() }
    }

    pub(super) fn checked(&self) -> Result<DraftFields, Invalid> {
        let mut checks = Checks::new();
        let fields = DraftFields {
            result_text: checks.lines("result_text", &self.result_text, 10_000),
            memo: checks.lines("memo", &self.memo, 10_000),
            saved_in: checks.line("saved_in", &self.saved_in, 100),
        };
        checks.done(fields)
    }

    /// What was there and was not dropped, and what is new; each once, in the order of their ids.
    pub(super) fn files(&self, before: &[FileId]) -> Result<Vec<FileId>, Invalid> {
        let kept = before.iter().filter(|file| !self.dropped_file_ids.contains(file));
        let mut files: Vec<FileId> = kept.chain(&self.file_ids).copied().collect();
        files.sort_unstable();
        files.dedup();
        let mut checks = Checks::new();
        if files.len() > MOST_FILES {
            checks.bounded("file_ids", Code::OutOfRange, i64::try_from(MOST_FILES).unwrap_or(i64::MAX));
        }
        checks.done(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_from_what_it_saw_or_saved_itself() {
        let draft = |version, saved_in: &str| Draft {
            unit_id: UnitId(1),
            result_text: String::new(),
            memo: String::new(),
            file_ids: Vec::new(),
            version,
            saved_in: saved_in.to_owned(),
            saved_at: DateTime::UNIX_EPOCH,
        };
        let seen = |version: &str, page: &str| Seen { draft_version: version.into(), saved_in: page.into() };
        assert!(seen("0", "").goes_on_from(None) && seen("", "").goes_on_from(None));
        assert!(!seen("3", "a").goes_on_from(None), "it was handed in meanwhile");
        assert!(seen("3", "").goes_on_from(Some(&draft(3, "b"))));
        assert!(!seen("2", "a").goes_on_from(Some(&draft(3, "b"))));
        assert!(seen("2", "a").goes_on_from(Some(&draft(3, "a"))), "its own save was on the way");
        assert!(!seen("2", "").goes_on_from(Some(&draft(3, ""))), "no name is nobody's name");
    }
}
