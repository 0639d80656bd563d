//! What a sample is and what may be entered for one. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, FileId, Invalid, JobId, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// One sample of a job.
    SampleId
);

text_enum!(
    /// What a sample shows.
    SampleKind {
        /// Work as it should be.
        Good = "good",
        /// Work as it should not be.
        Bad = "bad",
        /// What to begin with.
        Template = "template",
    }
);

/// A file that shows how a job's work is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "JobSample")]
pub struct Sample {
    /// Its id.
    pub id: SampleId,
    /// The job.
    pub job_id: JobId,
    /// What it shows.
    pub kind: SampleKind,
    /// The file.
    pub file_id: FileId,
    /// What to look at in it; may be empty.
    pub note: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
}

/// How many samples a job has at most; they come whole.
pub const MOST_SAMPLES: i64 = 20;

/// A sample as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "good", "file_id": 42, "note": "見出しの位置を見てください" }]))]
pub struct SampleInput {
    /// What it shows; required.
    #[schemars(with = "SampleKind")]
    pub kind: Typed,
    /// A file that the caller uploaded before; required.
    pub file_id: Typed,
    /// What to look at in it; may be empty.
    pub note: Typed,
}

impl SampleInput {
    pub(super) fn checked(&self) -> Result<(SampleKind, FileId, String), Invalid> {
        let mut checks = Checks::new();
        let kind = match self.kind.as_str().trim() {
            "" => {
                checks.problem("kind", Code::Required);
                SampleKind::Good
            }
            typed => typed.parse().unwrap_or_else(|_unknown| {
                checks.problem("kind", Code::UnknownChoice);
                SampleKind::Good
            }),
        };
        let file = FileId(checks.number("file_id", &self.file_id, 1..=i64::MAX));
        let note = checks.lines("note", &self.note, 1000);
        checks.done((kind, file, note))
    }
}
