//! What a reviewer is asked about a version: what the job looks at, kinds of defect, places, and who has it now.

use std::collections::BTreeMap;

use ::files::StoredFile;
use db::{DbError, Tx};
use fulfillment::checks::{self, JobChecks};
use fulfillment::defects::{self, DefectKind};
use fulfillment::reviews::{self, CheckAnswer, Lease};
use fulfillment::submissions::Submission;
use kernel::{FileId, JobId, PersonId};
use serde::Serialize;

use super::remarks::severity_word;
use crate::call::Call;
use crate::format;
use crate::forms::Form;
use crate::orders::parts::{self, Choice};

/// How many empty remarks a form has room for; one of them is open.
const ROOM: usize = 3;
/// How many it shows at most.
const MOST: usize = 20;

/// What is known before a reviewer is asked.
pub(super) struct Desk {
    checks: Option<JobChecks>,
    kinds: Vec<DefectKind>,
    lease: Option<Lease>,
    /// Whose it is, where somebody else has it.
    other: String,
    /// The next return through its maker's fault is a coaching step.
    at_cap: bool,
}

impl Desk {
    pub(super) fn read(
        tx: &mut Tx<'_>,
        job: JobId,
        version: &Submission,
        reader: PersonId,
        language: kernel::Language,
    ) -> Result<Self, DbError> {
        let lease = reviews::holder(tx, version.id)?;
        let holder = lease.as_ref().map(|lease| lease.checker_id).filter(|holder| *holder != reader);
        let mut names = parts::people(tx, language, holder)?;
        let before = reviews::returns_of(tx, version.unit_id, version.maker_id)?;
        let checks = checks::newest(tx, job)?;
        Ok(Self {
            kinds: defects::kinds(tx)?,
            other: holder.and_then(|holder| names.remove(&holder)).unwrap_or_default(),
            lease,
            at_cap: before >= checks::rework_cap(tx, checks.as_ref())?.into(),
            checks,
        })
    }

    /// Whether somebody else has it.
    pub(super) fn is_taken(&self) -> bool {
        !self.other.is_empty()
    }

    /// The version of the checks that is answered.
    pub(super) fn number(&self) -> i32 {
        self.checks.as_ref().map_or(0, |checks| checks.number)
    }

    /// Answers to another wording of the checks are answers to something else.
    pub(super) fn fitting(&self, form: &Form) -> Form {
        let answered = form.get("checks");
        if answered.is_empty() || answered == self.number().to_string() {
            return form.clone();
        }
        form.without_those(|name| name.starts_with("answers["))
    }
}

/// What the form asks, for `review/asking.html`.
#[derive(Serialize)]
pub(super) struct Asking {
    number: i32,
    items: Vec<String>,
    answers: Vec<Choice>,
    kinds: Vec<Choice>,
    /// Files of the version; empty where it is a text or one file alone.
    files: Vec<Choice>,
    /// Whether it has a text beside them.
    has_text: bool,
    /// The rows of remarks.
    rows: Vec<usize>,
    /// How many of them are open: those that were written, or one that is empty.
    open: usize,
    has_remarks: bool,
    at_cap: bool,
    /// `14:35まで、あなたの検品です`; empty where nobody has it.
    mine: String,
    /// The same of somebody else.
    others: String,
}

impl Asking {
    pub(super) fn of(
        call: &Call,
        desk: &Desk,
        version: &Submission,
        files: &BTreeMap<FileId, StoredFile>,
        form: &Form,
    ) -> Self {
        let filled = |row: &usize| {
            ["kind_id", "file_id", "line", "text"]
                .iter()
                .any(|name| !form.get(&format!("remarks[{row}].{name}")).is_empty())
        };
        let last = (0..MOST).rfind(filled).map_or(0, |row| row + 1);
        let until = desk.lease.as_ref().map(|lease| format::moment(call.language, lease.until));
        let said = |key: &str, name: &str| {
            until.as_ref().map_or_else(String::new, |until| {
                parts::say(call, key, &[("until", until.clone()), ("name", name.to_owned())])
            })
        };
        let kind = |kind: &DefectKind| {
            let severity = severity_word(call, kind.severity);
            let words = [("kind", kind.name.clone()), ("severity", severity)];
            Choice::new(kind.id, parts::say(call, "review-kind-of", &words))
        };
        let has_text = !version.result_text.is_empty();
        let has_places = has_text || version.file_ids.len() > 1;
        let of_version = version.file_ids.iter().filter(|_| has_places).filter_map(|id| files.get(id));
        Self {
            number: desk.number(),
            items: desk.checks.as_ref().map_or_else(Vec::new, |checks| checks.items.clone()),
            answers: Choice::words(call, "review-answer", CheckAnswer::ALL),
            kinds: desk.kinds.iter().map(kind).collect(),
            files: of_version.map(|file| Choice::new(file.id, file.name.clone())).collect(),
            has_text,
            rows: (0..(last + ROOM - 1).clamp(ROOM, MOST)).collect(),
            open: last.max(1),
            has_remarks: last > 0,
            at_cap: desk.at_cap,
            mine: if desk.is_taken() { String::new() } else { said("review-lease-mine", "") },
            others: if desk.is_taken() { said("review-lease-others", &desk.other) } else { String::new() },
        }
    }
}
