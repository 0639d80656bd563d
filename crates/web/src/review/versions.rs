//! The versions of a unit's work with their verdicts, as pages show them.

use std::collections::{BTreeMap, HashMap};

use ::files::StoredFile;
use db::{DbError, Tx};
use fulfillment::reviews::{Review, Verdict};
use fulfillment::submissions::Version;
use fulfillment::units::materials;
use kernel::{FileId, PersonId, UnitId};
use serde::Serialize;

use super::changes::Changes;
use super::remarks::Found;
use crate::call::Call;
use crate::format;
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
    /// How long its maker says it took; empty where they do not say.
    minutes: String,
    /// How it differs from the version before; none for the first.
    changes: Option<Changes>,
    /// The verdicts on it, the first look's before the second's; none while it waits.
    verdicts: Vec<VerdictRow>,
}

/// A file to download.
#[derive(Debug, Serialize)]
pub(crate) struct FileLink {
    pub(crate) name: String,
    pub(crate) href: String,
}

impl FileLink {
    /// To one that is known.
    pub(crate) fn of(file: &StoredFile) -> Self {
        Self { name: file.name.clone(), href: paths::file(file.id) }
    }
}

/// The files a unit is worked from.
pub(crate) fn materials(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<StoredFile>, DbError> {
    let ids = materials::files_of(tx, unit)?;
    Ok(::files::find_many(tx, &ids)?.into_values().collect())
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
    found: Found,
    /// It went back once too often.
    coaching: bool,
}

/// Everybody who made or checked one of these versions.
pub(crate) fn people(versions: &[Version]) -> Vec<PersonId> {
    let makers = versions.iter().map(|version| version.submission.maker_id);
    let verdicts = versions.iter().flat_map(|version| version.review.iter().chain(&version.first_review));
    makers.chain(verdicts.map(|review| review.checker_id)).collect()
}

/// The files in these versions.
pub(crate) fn files(tx: &mut Tx<'_>, versions: &[Version]) -> Result<BTreeMap<FileId, StoredFile>, DbError> {
    let ids: Vec<FileId> = versions.iter().flat_map(|version| version.submission.file_ids.clone()).collect();
    ::files::find_many(tx, &ids)
}

/// All versions, the newest first.
pub(crate) fn rows(
    call: &Call,
    versions: &[Version],
    people: &HashMap<PersonId, String>,
    files: &BTreeMap<FileId, StoredFile>,
) -> Vec<VersionRow> {
    let before = std::iter::once(None).chain(versions.iter().map(Some));
    let pairs: Vec<_> = before.zip(versions).collect();
    pairs.into_iter().rev().map(|(before, version)| row(call, before, version, people, files)).collect()
}

fn row(
    call: &Call,
    before: Option<&Version>,
    version: &Version,
    people: &HashMap<PersonId, String>,
    files: &BTreeMap<FileId, StoredFile>,
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
        minutes: said(call, submission.minutes),
        changes: before.map(|before| Changes::between(&before.submission, submission, files)),
        verdicts: version
            .first_review
            .iter()
            .chain(&version.review)
            .map(|review| verdict(call, review, people, files))
            .collect(),
    }
}

fn verdict(
    call: &Call,
    review: &Review,
    people: &HashMap<PersonId, String>,
    files: &BTreeMap<FileId, StoredFile>,
) -> VerdictRow {
    let text = call.text(&parts::text_key("review-verdict", review.verdict.as_str()));
    VerdictRow {
        text: match (review.is_last, review.level) {
            (false, _) => call.text("levels-first-passed"),
            (true, 2) => parts::say(call, "levels-second-verdict", &[("verdict", text)]),
            _ => text,
        },
        tone: tone(review.verdict),
        reason: word(call, "review-reason", review.reason),
        fault: word(call, "review-fault", review.fault),
        comment: review.comment.clone(),
        checker: people.get(&review.checker_id).cloned().unwrap_or_default(),
        when: When::of(call.language, review.reviewed_at),
        found: Found::of(call, review, files),
        coaching: review.coaching,
    }
}

/// How long a maker says a unit took.
pub(crate) fn said(call: &Call, minutes: Option<i32>) -> String {
    minutes.map_or_else(String::new, |minutes| format::duration(call.language, minutes.into()))
}

fn file_link(call: &Call, file: FileId, names: &BTreeMap<FileId, StoredFile>) -> FileLink {
    let name = names.get(&file).map_or_else(|| call.text("review-file"), |file| file.name.clone());
    FileLink { name, href: paths::file(file) }
}

fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "good",
        Verdict::Return => "warn",
        Verdict::Reject => "bad",
    }
}

fn word<T: ToString>(call: &Call, prefix: &str, value: Option<T>) -> String {
    value.map(|value| call.text(&parts::text_key(prefix, &value.to_string()))).unwrap_or_default()
}
