//! What was refused about a job, in words of its own: the last legal pay day, the order's day, bad rows by their line.

use fulfillment::jobs::PayDay;
use kernel::{Bound, Code, FieldProblem};
use serde::Serialize;

use crate::call::Call;
use crate::failure::{self, Failure};
use crate::format;
use crate::orders::parts;

/// One line of the summary above the form.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// A row of the file that cannot become a unit.
#[derive(Debug, Serialize)]
pub(crate) struct BadRow {
    pub(crate) line: String,
    pub(crate) text: String,
}

/// The line a problem of the field `csv.LINE` is about.
fn line_of(problem: &FieldProblem) -> Option<&str> {
    problem.field.strip_prefix("csv.")
}

/// The bad rows among the problems.
pub(crate) fn bad_rows(call: &Call, failure: Option<&Failure>) -> Vec<BadRow> {
    let problems = failure.iter().flat_map(|failure| &failure.fields);
    let row = |problem: &FieldProblem| {
        let line = line_of(problem)?.to_owned();
        Some(BadRow { line, text: sentence(call, problem) })
    };
    problems.filter_map(row).collect()
}

/// Everything else that was refused, and one line for all bad rows together.
pub(crate) fn summary(call: &Call, failure: Option<&Failure>) -> Vec<Problem> {
    let Some(failure) = failure else { return Vec::new() };
    let fields = failure.fields.iter().filter(|problem| line_of(problem).is_none());
    let mut all: Vec<Problem> = fields
        .map(|problem| Problem {
            name: problem.field.clone(),
            text: failure.words.clone().unwrap_or_else(|| sentence(call, problem)),
        })
        .collect();
    let bad = bad_rows(call, Some(failure));
    if let Some(first) = bad.first() {
        let count = parts::say_count(call, "jobs-bad-rows", i64::try_from(bad.len()).unwrap_or(i64::MAX));
        let facts = [("count", count), ("line", first.line.clone()), ("text", first.text.clone())];
        all.push(Problem { name: "csv".to_owned(), text: parts::say(call, "jobs-bad-rows-first", &facts) });
    }
    if all.is_empty() {
        all.push(Problem { name: String::new(), text: failure.sentence(call) });
    }
    all
}

/// The sentence beside the field `name`; empty where nothing is wrong with it.
pub(crate) fn beside(call: &Call, failure: Option<&Failure>, name: &str) -> String {
    let found = failure.iter().flat_map(|failure| &failure.fields).find(|problem| problem.field == name);
    found.map(|problem| sentence(call, problem)).unwrap_or_default()
}

fn sentence(call: &Call, problem: &FieldProblem) -> String {
    match problem.bound {
        Some(Bound::Day(day)) if problem.code == Code::TooLate => {
            parts::say(call, "jobs-work-too-late", &[("day", format::full_date(call.language, day))])
        }
        _ if problem.field == "pay_day" && problem.code == Code::OutOfRange => {
            let [first, last] = [PayDay::EARLIEST, PayDay::LATEST].map(|day| day.to_string());
            parts::say(call, "jobs-pay-day-refused", &[("first", first), ("last", last)])
        }
        _ if problem.field == "count" && problem.code == Code::SaidTwice => call.text("jobs-count-and-rows"),
        _ if problem.field == "csv_file" && problem.code == Code::FileKind => {
            call.text("jobs-csv-file-refused")
        }
        _ if line_of(problem).is_some() && problem.code == Code::Required => {
            call.text("jobs-row-without-name")
        }
        _ => failure::sentence(call, problem),
    }
}
