//! What a reviewer finds of a version: an answer to each item that is looked at, and remarks about its places. No database here.

use chrono::NaiveDate;
use kernel::{Checks, Code, FileId, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::ReviewInput;
use crate::checks::JobChecks;
use crate::defects::{DefectKind, DefectKindId, Severity};

/// How many remarks one review holds at most.
const MOST_REMARKS: usize = 20;

text_enum!(
    /// What was found of an item.
    CheckAnswer {
        /// In order.
        Yes = "yes",
        /// Not in order.
        No = "no",
        /// Nothing of the kind is in this unit.
        NotApplicable = "not_applicable",
    }
);

/// What was found of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewAnswer")]
pub struct Answered {
    /// The version of the job's checks.
    pub number: i32,
    /// The item's place in it, from 1.
    pub position: i16,
    /// The item.
    pub text: String,
    /// What was found.
    pub answer: CheckAnswer,
}

/// What was written about a place of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewRemark")]
pub struct Remark {
    /// The kind of defect; none where it is a word and no defect.
    pub kind_id: Option<DefectKindId>,
    /// What that kind is called.
    pub kind: Option<String>,
    /// How grave it was when it was found.
    pub severity: Option<Severity>,
    /// The file it is about; none where it is about the text.
    pub file_id: Option<FileId>,
    /// The line; none where it is about all of it.
    pub line: Option<i32>,
    /// What was written.
    pub text: String,
}

/// An answer as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ReviewAnswerInput")]
pub struct AnswerInput {
    /// The item's place, from 1; required.
    pub position: Typed,
    /// A [`CheckAnswer`]'s word; empty where it was not looked at.
    #[schemars(with = "Option<CheckAnswer>")]
    pub answer: Typed,
}

/// A remark as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ReviewRemarkInput")]
pub struct RemarkInput {
    /// The id of a kind of defect in use; empty where it is none.
    pub kind_id: Typed,
    /// The id of a file of this version; empty where it is about the text, or where the version is one file alone.
    pub file_id: Typed,
    /// The line, from 1, of the text or of the file; empty where it is about all of it.
    pub line: Typed,
    /// What to say, at most 2,000 characters; required without a kind.
    pub text: Typed,
}

/// What there is to answer and to choose from.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) checks: Option<JobChecks>,
    pub(super) kinds: Vec<DefectKind>,
    pub(super) files: Vec<FileId>,
    /// How many lines the text of this version has.
    pub(super) text_lines: i64,
    pub(super) today: NaiveDate,
    pub(super) due_on: NaiveDate,
}

impl Known {
    /// Nothing to answer; a unit due on a day.
    #[cfg(test)]
    pub(super) fn of(today: NaiveDate, due_on: NaiveDate) -> Self {
        Self { checks: None, kinds: Vec::new(), files: Vec::new(), text_lines: 0, today, due_on }
    }

    /// The file of a version that is one file and nothing else: whatever is said is about it.
    fn only_place(&self) -> Option<FileId> {
        match self.files.as_slice() {
            [file] if self.text_lines == 0 => Some(*file),
            _ => None,
        }
    }

    fn items(&self) -> usize {
        self.checks.as_ref().map_or(0, |checks| checks.items.len())
    }
}

/// A remark that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RemarkFields {
    pub(super) kind: Option<(DefectKindId, Severity)>,
    pub(super) file: Option<FileId>,
    pub(super) line: Option<i32>,
    pub(super) text: String,
}

/// Findings that passed every rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// What was found of each item, in their order; none where it was not looked at.
    pub(super) answers: Vec<Option<CheckAnswer>>,
    pub(super) remarks: Vec<RemarkFields>,
}

impl Findings {
    pub(super) fn checked(checks: &mut Checks, input: &ReviewInput, known: &Known) -> Self {
        let mut answers = vec![None; known.items()];
        for (index, typed) in input.answers.iter().enumerate() {
            let last = i64::try_from(answers.len()).unwrap_or(i64::MAX);
            let position = checks.number(&format!("answers[{index}].position"), &typed.position, 1..=last);
            if typed.answer.as_str().trim().is_empty() {
                continue;
            }
            let answer = checks.choice(&format!("answers[{index}].answer"), &typed.answer);
            let place = usize::try_from(position - 1).ok().and_then(|place| answers.get_mut(place));
            if let Some(place) = place {
                *place = answer;
            }
        }
        if input.remarks.len() > MOST_REMARKS {
            checks.bounded("remarks", Code::OutOfRange, i64::try_from(MOST_REMARKS).unwrap_or(i64::MAX));
        }
        let remarks = input.remarks.iter().enumerate();
        let remarks = remarks.map(|(index, typed)| remark(checks, index, typed, known)).collect();
        Self { answers, remarks }
    }

    /// Everything that is looked at is in order, and nothing was found that a client would want mended.
    pub(super) fn may_pass(&self, checks: &mut Checks) {
        for (index, answer) in self.answers.iter().enumerate() {
            let field = format!("answers[{index}].answer");
            match answer {
                None => checks.problem(&field, Code::Required),
                Some(CheckAnswer::No) => checks.problem(&field, Code::CannotPass),
                Some(CheckAnswer::Yes | CheckAnswer::NotApplicable) => {}
            }
        }
        for (index, remark) in self.remarks.iter().enumerate() {
            if remark.kind.is_some_and(|(_, severity)| !severity.may_pass()) {
                checks.problem(&format!("remarks[{index}].kind_id"), Code::CannotPass);
            }
        }
    }

    /// Where a job says what is looked at, nothing goes back through its maker's fault without one of it or a kind of defect.
    pub(super) fn say_what(&self, checks: &mut Checks, known: &Known) {
        let is_said = self.answers.contains(&Some(CheckAnswer::No))
            || self.remarks.iter().any(|remark| remark.kind.is_some());
        if known.items() > 0 && !is_said {
            checks.problem("answers", Code::Required);
        }
    }
}

fn remark(checks: &mut Checks, index: usize, typed: &RemarkInput, known: &Known) -> RemarkFields {
    let field = |name: &str| format!("remarks[{index}].{name}");
    let kind = one_of(checks, &field("kind_id"), &typed.kind_id, |id| {
        known.kinds.iter().find(|kind| kind.id == DefectKindId(id))
    });
    let file = one_of(checks, &field("file_id"), &typed.file_id, |id| {
        known.files.iter().find(|file| **file == FileId(id)).copied()
    });
    let line = checks
        .optional_number(&field("line"), &typed.line, 1..=1_000_000)
        .and_then(|line| i32::try_from(line).ok());
    let is_of_text = typed.file_id.as_str().trim().is_empty();
    let file = if is_of_text { known.only_place() } else { file };
    let is_of_text = is_of_text && file.is_none();
    if is_of_text && line.is_some_and(|line| i64::from(line) > known.text_lines) {
        match known.text_lines {
            0 => checks.problem(&field("file_id"), Code::Required),
            lines => checks.bounded(&field("line"), Code::NoSuchLine, lines),
        }
    }
    let mut text = checks.lines(&field("text"), &typed.text, 2000);
    match kind {
        Some(kind) if text.is_empty() => text.clone_from(&kind.name),
        None if text.is_empty() => checks.problem(&field("text"), Code::Required),
        _ => {}
    }
    RemarkFields { kind: kind.map(|kind| (kind.id, kind.severity)), file, line, text }
}

/// What an id names, where one was given; a problem where it names nothing.
fn one_of<T>(
    checks: &mut Checks,
    field: &str,
    typed: &Typed,
    named: impl FnOnce(i64) -> Option<T>,
) -> Option<T> {
    if typed.as_str().trim().is_empty() {
        return None;
    }
    let found = typed.as_str().trim().parse().ok().and_then(named);
    if found.is_none() {
        checks.problem(field, Code::UnknownChoice);
    }
    found
}

#[cfg(test)]
mod tests {
    use kernel::{JobId, PersonId};

    use super::*;

    fn known() -> Known {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let kind = |id, severity| DefectKind {
            id: DefectKindId(id),
            name: format!("種類{id}"),
            severity,
            retired_at: None,
        };
        let checks = JobChecks {
            job_id: JobId(1),
            number: 3,
            rework_cap: None,
            items: vec!["見出し".into(), "空らん".into()],
            changed_by: PersonId(1),
            changed_at: chrono::DateTime::UNIX_EPOCH,
        };
        Known {
            checks: Some(checks),
            kinds: vec![kind(1, Severity::Minor), kind(2, Severity::Major), kind(3, Severity::Critical)],
            files: vec![FileId(7)],
            text_lines: 20,
            ..Known::of(day("2026-05-01"), day("2026-05-15"))
        }
    }

    fn answers(words: &[&str]) -> Vec<AnswerInput> {
        let one = |(position, word): (usize, &&str)| AnswerInput {
            position: position.to_string().into(),
            answer: (*word).into(),
        };
        (1..).zip(words).map(one).collect()
    }

    fn passing(words: &[&str], remarks: &[RemarkInput]) -> ReviewInput {
        ReviewInput {
            verdict: "pass".into(),
            checks: "3".into(),
            answers: answers(words),
            remarks: remarks.to_vec(),
            ..ReviewInput::default()
        }
    }

    fn problems(input: &ReviewInput) -> Vec<(String, Code)> {
        let problems = input.checked(&known()).err().unwrap_or_default().0;
        problems.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    fn one(field: &str, code: Code) -> Vec<(String, Code)> {
        vec![(field.to_owned(), code)]
    }

    #[test]
    fn a_remark_is_about_a_line_that_is_there() {
        let on = |file: &str, line: &str| RemarkInput {
            file_id: file.into(),
            line: line.into(),
            text: "日付が違います".into(),
            ..RemarkInput::default()
        };
        let with = |remark: RemarkInput, text_lines: i64| {
            let known = Known { text_lines, files: vec![FileId(7), FileId(8)], ..known() };
            let input = passing(&["yes", "yes"], &[remark]);
            let problems = input.checked(&known).err().unwrap_or_default().0;
            problems
                .into_iter()
                .map(|problem| (problem.field, problem.code, problem.bound))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (with(on("", "2"), 2), with(on("", ""), 2), with(on("7", "99"), 2)),
            (vec![], vec![], vec![])
        );
        let beyond = with(on("", "99"), 2);
        assert_eq!(beyond, [("remarks[0].line".to_owned(), Code::NoSuchLine, Some(2.into()))]);
        let nowhere = with(on("", "1"), 0);
        assert_eq!(
            nowhere,
            [("remarks[0].file_id".to_owned(), Code::Required, None)],
            "there is no text, only files"
        );
        let known = Known { text_lines: 0, ..known() };
        let (_, findings) = passing(&["yes", "yes"], &[on("", "1")]).checked(&known).unwrap();
        let places: Vec<_> = findings.remarks.iter().map(|remark| (remark.file, remark.line)).collect();
        assert_eq!(places, [(Some(FileId(7)), Some(1))], "there is one file and nothing else");
    }

    #[test]
    fn nothing_passes_unlooked_at_or_out_of_order() {
        assert_eq!(problems(&passing(&["yes", "not_applicable"], &[])), []);
        assert_eq!(problems(&passing(&["yes"], &[])), one("answers[1].answer", Code::Required));
        assert_eq!(problems(&passing(&["no", "yes"], &[])), one("answers[0].answer", Code::CannotPass));
        assert_eq!(problems(&passing(&["yes", "perhaps"], &[]))[0].1, Code::UnknownChoice);
        let beyond = passing(&["yes", "yes", "yes"], &[]);
        assert_eq!(problems(&beyond), one("answers[2].position", Code::OutOfRange));
    }

    #[test]
    fn a_remark_names_a_place_of_this_version_and_a_grave_defect_does_not_pass() {
        let remark = |kind: &str, file: &str, line: &str, text: &str| RemarkInput {
            kind_id: kind.into(),
            file_id: file.into(),
            line: line.into(),
            text: text.into(),
        };
        let with = |remark: RemarkInput| problems(&passing(&["yes", "yes"], &[remark]));
        assert_eq!(with(remark("", "7", "12", "よくできています")), []);
        assert_eq!(with(remark("1", "", "", "")), [], "the kind says it");
        assert_eq!(with(remark("2", "", "", "")), one("remarks[0].kind_id", Code::CannotPass));
        assert_eq!(with(remark("3", "", "", "")), one("remarks[0].kind_id", Code::CannotPass));
        assert_eq!(
            with(remark("9", "", "", "")),
            [
                ("remarks[0].kind_id".to_owned(), Code::UnknownChoice),
                ("remarks[0].text".to_owned(), Code::Required)
            ]
        );
        assert_eq!(with(remark("", "8", "", "x")), one("remarks[0].file_id", Code::UnknownChoice));
        assert_eq!(with(remark("", "", "0", "x")), one("remarks[0].line", Code::OutOfRange));
        let many = passing(&["yes", "yes"], &vec![remark("", "", "", "x"); 21]);
        assert_eq!(problems(&many), one("remarks", Code::OutOfRange));
    }

    #[test]
    fn what_goes_back_through_its_makers_fault_says_what_was_looked_at() {
        let back = |fault: &str, words: &[&str], remarks: Vec<RemarkInput>| ReviewInput {
            verdict: "return".into(),
            reason: "typo".into(),
            fault: fault.into(),
            comment: "3行目".into(),
            remarks,
            ..passing(words, &[])
        };
        assert_eq!(problems(&back("worker", &["yes"], Vec::new())), one("answers", Code::Required));
        assert_eq!(problems(&back("worker", &["no"], Vec::new())), []);
        let kind = RemarkInput { kind_id: "2".into(), ..RemarkInput::default() };
        assert_eq!(problems(&back("worker", &[], vec![kind])), []);
        assert_eq!(problems(&back("specification", &[], Vec::new())), []);
    }
}
