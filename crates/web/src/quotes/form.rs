//! A form's lines, of a quote or of a deal: `lines[0].quantity` and so on, repeated without a script. A row in which nothing
//! was typed is no line; the others move together, so that the verb's problems find their rows again.

use std::collections::BTreeMap;

use kernel::FieldProblem;
use sales::lines::DealLine;
use sales::quotes::{Quote, QuoteLine};

use crate::failure::Failure;
use crate::forms::Form;
use crate::phrases::Choice;

/// How many rows a fresh form shows, and how many the button adds.
pub(crate) const ROWS: usize = 1;
/// The most lines of a quote or a deal.
const MOST: usize = 50;
/// What a person types into a row of a quote; the tax rate has a value even in an empty one.
pub(crate) const TYPED: [&str; 4] = ["description", "quantity", "unit_price", "unit_minutes"];

/// The rates of consumption tax in force, in per cent.
const RATES: [u8; 3] = [10, 8, 0];

/// The tax rates that a line may have.
pub(crate) fn rates() -> Vec<Choice> {
    RATES.iter().map(|rate| Choice::new(rate, format!("{rate}%"))).collect()
}

/// A posted form with lines.
pub(crate) struct LineForm {
    pub(crate) form: Form,
    /// How many rows to show again.
    pub(crate) rows: usize,
    /// What the pressed button asks for.
    pub(crate) step: Step,
}

/// What a button of the form or of the page after it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The form again, with what was typed and one more row.
    Rows,
    /// What would be issued, to be read first.
    Check,
    /// The form again.
    Edit,
    /// The quote, or the lines.
    Issue,
}

impl Step {
    fn parse(word: &str) -> Self {
        match word {
            "rows" => Self::Rows,
            "check" => Self::Check,
            "edit" => Self::Edit,
            _ => Self::Issue,
        }
    }
}

impl LineForm {
    /// Reads a posted body; a row is filled where any of the `typed` fields is.
    pub(crate) fn parse(body: &[u8], typed: &[&str]) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let step = pairs.iter().find(|(name, _)| name == "step").map_or("", |(_, value)| value.as_str());
        let step = Step::parse(step);
        let (mut kept, mut rows) = (Vec::new(), BTreeMap::<usize, Vec<(String, String)>>::new());
        for (name, value) in pairs {
            match row_of(&name) {
                Some((index, field)) => rows.entry(index).or_default().push((field.to_owned(), value)),
                None => kept.push((name, value)),
            }
        }
        let shown = rows.len();
        for (index, row) in rows.into_values().filter(|row| is_filled(row, typed)).enumerate() {
            kept.extend(row.into_iter().map(|(field, value)| (name_of(index, &field), value)));
        }
        let rows = if step == Step::Rows { shown + ROWS } else { shown };
        Self { form: Form::from_pairs(kept), rows: rows.clamp(ROWS, MOST), step }
    }
}

/// The form's fields from a deal's lines, where no version stood before.
pub(crate) fn from_deal(form: Form, lines: &[DealLine]) -> Form {
    lines.iter().enumerate().fold(form, |form, (index, line)| {
        form.preset(&name_of(index, "description"), &line.job_kind)
            .preset(&name_of(index, "quantity"), line.quantity)
            .preset(&name_of(index, "unit_price"), line.unit_price.0)
            .preset(&name_of(index, "unit_minutes"), line.unit_minutes)
    })
}

/// The form's fields as the version before had them.
pub(crate) fn from_quote(form: Form, quote: &Quote) -> Form {
    let form = form.preset("terms", &quote.terms).preset("excluded", &quote.excluded);
    let form = match &quote.trial {
        Some(trial) => form
            .preset("trial_quantity", trial.quantity)
            .preset("trial_unit_price", trial.unit_price.0)
            .preset("trial_until", trial.until),
        None => form,
    };
    quote.lines.iter().enumerate().fold(form, |form, (index, line)| preset_line(form, index, line))
}

fn preset_line(form: Form, index: usize, line: &QuoteLine) -> Form {
    form.preset(&name_of(index, "description"), &line.description)
        .preset(&name_of(index, "quantity"), line.quantity)
        .preset(&name_of(index, "unit_price"), line.unit_price.0)
        .preset(&name_of(index, "unit_minutes"), line.unit_minutes)
        .preset(&name_of(index, "tax_rate"), line.tax_rate.0)
}

/// The verb's `lines.2.quantity` as the form's `lines[2].quantity`.
pub(crate) fn at_rows(mut failure: Failure) -> Failure {
    for problem in &mut failure.fields {
        rename(problem);
    }
    failure
}

fn rename(problem: &mut FieldProblem) {
    let parts = problem.field.strip_prefix("lines.").and_then(|rest| rest.split_once('.'));
    if let Some((index, field)) = parts {
        problem.field = format!("lines[{index}].{field}");
    }
}

pub(crate) fn name_of(index: usize, field: &str) -> String {
    format!("lines[{index}].{field}")
}

fn row_of(name: &str) -> Option<(usize, &str)> {
    let (index, field) = name.strip_prefix("lines[")?.split_once("].")?;
    Some((index.parse().ok().filter(|index| *index < MOST)?, field))
}

fn is_filled(row: &[(String, String)], typed: &[&str]) -> bool {
    row.iter().any(|(field, value)| typed.contains(&field.as_str()) && !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Code;
    use sales::quotes::QuoteInput;

    #[test]
    fn empty_rows_are_no_lines_and_the_others_move_together() {
        let body = b"csrf=x&terms=&lines[0].description=&lines[0].tax_rate=10&lines[3].description=a\
            &lines[3].quantity=2&lines[3].tax_rate=8";
        let posted = LineForm::parse(body, &TYPED);
        assert_eq!(posted.form.get("lines[0].description"), "a");
        assert_eq!((posted.rows, posted.step), (2, Step::Issue));
        let input: QuoteInput = posted.form.input().unwrap();
        assert_eq!(input.lines.len(), 1);
        assert_eq!(input.lines[0].tax_rate.as_str(), "8");
    }

    #[test]
    fn asking_for_rows_keeps_what_was_typed() {
        let posted = LineForm::parse(b"step=rows&lines[0].quantity=3&lines[4].quantity=", &TYPED);
        assert_eq!(posted.step, Step::Rows);
        assert_eq!(posted.rows, 2 + ROWS);
        assert_eq!(posted.form.get("lines[0].quantity"), "3");
    }

    #[test]
    fn problems_find_their_row() {
        let mut failure = Failure::of(Code::Invalid);
        failure.fields.push(FieldProblem::new("lines.2.quantity", Code::Required));
        failure.fields.push(FieldProblem::new("lines", Code::Required));
        let fields: Vec<String> = at_rows(failure).fields.into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["lines[2].quantity", "lines"]);
    }
}
