//! The versions of a unit's work with their verdicts, as pages show them.

use std::collections::HashMap;

use db::{DbError, Tx};
use fulfillment::submissions::Version;
use kernel::{FileId, PersonId};
use serde::Serialize;

use crate::call::Call;
use crate::orders::parts::{self, When};
use crate::paths;

/// One version, the newest first in lists.
#[derive(Debug, Serialize)]
pub(crate) struct VersionRow {
    title: String,
    maker: String,
    when: When,
    /// What the client gets in words.
    result_text: String,
    /// What the client gets in files.
    files: Vec<FileLink>,
    /// The client would get nothing.
    is_empty: bool,
    /// What only the town reads.
    memo: String,
    verdict: Option<VerdictRow>,
}

/// A file to download.
#[derive(Debug, Serialize)]
pub(crate) struct FileLink {
    pub(crate) name: String,
    pub(crate) href: String,
}

#[derive(Debug, Serialize)]
struct VerdictRow {
    text: String,
    tone: &'static str,
    reason: String,
    fault: String,
    comment: String,
    checker: String,
    when: When,
}

/// Everybody who made or checked one of these versions.
pub(crate) fn people(versions: &[Version]) -> Vec<PersonId> {
    let makers = versions.iter().map(|version| version.submission.maker_id);
    let checkers =
        versions.iter().filter_map(|version| version.review.as_ref().map(|review| review.checker_id));
    makers.chain(checkers).collect()
}

/// The names of the files in these versions.
pub(crate) fn files(tx: &mut Tx<'_>, versions: &[Version]) -> Result<HashMap<FileId, String>, DbError> {
    let ids: Vec<FileId> = versions.iter().flat_map(|version| version.submission.file_ids.clone()).collect();
    Ok(files::find_many(tx, &ids)?.into_iter().map(|(id, file)| (id, file.name)).collect())
}

/// All versions, the newest first.
pub(crate) fn rows(
    call: &Call,
    versions: &[Version],
    people: &HashMap<PersonId, String>,
    files: &HashMap<FileId, String>,
) -> Vec<VersionRow> {
    versions.iter().rev().map(|version| row(call, version, people, files)).collect()
}

fn row(
    call: &Call,
    version: &Version,
    people: &HashMap<PersonId, String>,
    files: &HashMap<FileId, String>,
) -> VersionRow {
    let submission = &version.submission;
    VersionRow {
        title: parts::say(call, "review-version", &[("number", submission.number.to_string())]),
        maker: people.get(&submission.maker_id).cloned().unwrap_or_default(),
        when: When::of(call.language, submission.submitted_at),
        result_text: submission.result_text.clone(),
        files: submission.file_ids.iter().map(|file| file_link(call, *file, files)).collect(),
        is_empty: !submission.has_result(),
        memo: submission.memo.clone(),
        verdict: version.review.as_ref().map(|review| VerdictRow {
            text: call.text(&parts::text_key("review-verdict", review.verdict.as_str())),
            tone: tone(review.verdict),
            reason: word(call, "review-reason", review.reason),
            fault: word(call, "review-fault", review.fault),
            comment: review.comment.clone(),
            checker: people.get(&review.checker_id).cloned().unwrap_or_default(),
            when: When::of(call.language, review.reviewed_at),
        }),
    }
}

fn file_link(call: &Call, file: FileId, names: &HashMap<FileId, String>) -> FileLink {
    let name = names.get(&file).cloned().unwrap_or_else(|| call.text("review-file"));
    FileLink { name, href: paths::file(file) }
}

fn tone(verdict: fulfillment::reviews::Verdict) -> &'static str {
    use fulfillment::reviews::Verdict;
    match verdict {
        Verdict::Pass => "good",
        Verdict::Return => "warn",
        Verdict::Reject => "bad",
    }
}

fn word<T: ToString>(call: &Call, prefix: &str, value: Option<T>) -> String {
    value.map(|value| call.text(&parts::text_key(prefix, &value.to_string()))).unwrap_or_default()
}
