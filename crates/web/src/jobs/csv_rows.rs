//! What was refused about a job, in words of its own: the last legal pay day as a date, bad rows by their line.

use chrono::NaiveDate;
use fluent_bundle::FluentArgs;
use kernel::{Code, FieldProblem};
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
    let mut all: Vec<Problem> =
        fields.map(|problem| Problem { name: problem.field.clone(), text: named(call, problem) }).collect();
    let bad = failure.fields.iter().filter(|problem| line_of(problem).is_some()).count();
    if bad > 0 {
        let text = parts::say_count(call, "jobs-bad-rows", i64::try_from(bad).unwrap_or(i64::MAX));
        all.push(Problem { name: "csv".to_owned(), text });
    }
    if all.is_empty() {
        all.push(Problem { name: String::new(), text: failure.sentence(call) });
    }
    all
}

/// The problem with its field in front: several fields say the same otherwise.
fn named(call: &Call, problem: &FieldProblem) -> String {
    let mut args = FluentArgs::new();
    args.set("field", call.text(&parts::text_key("jobs-field", &problem.field)));
    args.set("text", sentence(call, problem));
    call.app.texts.get(call.language, "jobs-problem", &args)
}

/// The sentence beside the field `name`; empty where nothing is wrong with it.
pub(crate) fn beside(call: &Call, failure: Option<&Failure>, name: &str) -> String {
    let found = failure.iter().flat_map(|failure| &failure.fields).find(|problem| problem.field == name);
    found.map(|problem| sentence(call, problem)).unwrap_or_default()
}

fn sentence(call: &Call, problem: &FieldProblem) -> String {
    let last = problem.bound.filter(|_| problem.code == Code::TooLate).and_then(read_day);
    match last {
        Some(day) => {
            let key = if problem.field == "pay_on" { "jobs-pay-too-late" } else { "jobs-work-too-late" };
            parts::say(call, key, &[("day", format::full_date(call.language, day))])
        }
        None => failure::sentence(call, problem),
    }
}

/// The bound of a date that is too late is the last allowed day as YYYYMMDD.
fn read_day(bound: i64) -> Option<NaiveDate> {
    let year = i32::try_from(bound / 10_000).ok()?;
    NaiveDate::from_ymd_opt(year, u32::try_from(bound / 100 % 100).ok()?, u32::try_from(bound % 100).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_of_a_late_day_is_read_as_a_day() {
        assert_eq!(read_day(20260713), NaiveDate::from_ymd_opt(2026, 7, 13));
        assert_eq!(read_day(0), None);
        assert_eq!(read_day(-5), None);
    }
}
