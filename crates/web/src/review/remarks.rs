//! What a reviewer wrote about places of a version and found of each item, as pages show it to checkers and makers alike.

use std::collections::BTreeMap;

use ::files::StoredFile;
use fulfillment::defects::Severity;
use fulfillment::reviews::{CheckAnswer, Remark, Review};
use kernel::FileId;
use serde::Serialize;

use crate::call::Call;
use crate::orders::parts;

/// What was found, for `review/found.html`.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    remarks: Vec<RemarkView>,
    /// Items that were not in order.
    wrong: Vec<String>,
    /// How many items were looked at, in words; empty where there were none.
    looked_at: String,
}

#[derive(Debug, Serialize)]
struct RemarkView {
    /// `名簿.csv 12行目`.
    place: String,
    /// What kind of defect; empty where it is none.
    kind: String,
    /// How grave, in a word.
    severity: String,
    tone: &'static str,
    /// Empty where the kind says it all.
    text: String,
}

impl Found {
    pub(crate) fn of(call: &Call, review: &Review, files: &BTreeMap<FileId, StoredFile>) -> Self {
        let wrong = review.answers.iter().filter(|one| one.answer == CheckAnswer::No);
        let count = i64::try_from(review.answers.len()).unwrap_or(i64::MAX);
        Self {
            remarks: review.remarks.iter().map(|remark| remark_view(call, remark, files)).collect(),
            wrong: wrong.map(|one| one.text.clone()).collect(),
            looked_at: if count == 0 {
                String::new()
            } else {
                parts::say_count(call, "review-looked-at", count)
            },
        }
    }
}

fn remark_view(call: &Call, remark: &Remark, files: &BTreeMap<FileId, StoredFile>) -> RemarkView {
    let kind = remark.kind.clone().unwrap_or_default();
    RemarkView {
        place: place(call, remark, files),
        severity: remark.severity.map_or_else(String::new, |severity| severity_word(call, severity)),
        tone: remark.severity.map_or("", severity_tone),
        text: if remark.text == kind { String::new() } else { remark.text.clone() },
        kind,
    }
}

fn place(call: &Call, remark: &Remark, files: &BTreeMap<FileId, StoredFile>) -> String {
    let file = remark
        .file_id
        .map(|id| files.get(&id).map_or_else(|| call.text("review-file"), |file| file.name.clone()));
    let line = remark.line.map(|line| parts::say(call, "review-line", &[("line", line.to_string())]));
    match (file, line) {
        (Some(file), Some(line)) => format!("{file} {line}"),
        (Some(file), None) => file,
        (None, Some(line)) => format!("{} {line}", call.text("review-place-text")),
        (None, None) => String::new(),
    }
}

/// How grave a kind is, in a word.
pub(crate) fn severity_word(call: &Call, severity: Severity) -> String {
    call.text(&parts::text_key("severity", severity.as_str()))
}

/// The tone of a chip that says so.
pub(crate) fn severity_tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "",
        Severity::Major => "warn",
        Severity::Critical => "bad",
    }
}
