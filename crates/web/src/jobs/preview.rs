//! The rows of a file as the units they would become, before anything is written.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use fulfillment::jobs::NewUnit;
use fulfillment::orders::Pieces;
use kernel::text;
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::forms::Form;
use crate::orders::parts;

/// How many units are shown in full.
const SHOWN: usize = 20;

/// What `jobs/preview.html` shows beside the form's own fields.
#[derive(Serialize)]
pub(super) struct Preview {
    count: String,
    rows: Vec<Row>,
    /// How many more there are, in words; empty where all are shown.
    more: String,
    /// What the person should look at before these become units: too many or too few of them, two of one name.
    doubts: Vec<String>,
    /// Its first row reads like a heading and was taken for a unit.
    is_headed: bool,
    /// Every field of the form, to be sent again with the second press.
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Row {
    number: String,
    label: String,
    content: String,
}

#[derive(Serialize)]
struct Field {
    name: String,
    value: String,
}

pub(super) fn of(call: &Call, form: &Form, units: &[NewUnit], pieces: Pieces) -> Preview {
    let counted = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let row = |(number, unit): (usize, &NewUnit)| Row {
        number: format::count(counted(number)),
        label: unit.label.clone(),
        content: unit.content.clone(),
    };
    let hidden = units.len().saturating_sub(SHOWN);
    let of_the_page = ["csrf", "form_key", "step", "back"];
    let fields = form.pairs().filter(|(name, _)| !of_the_page.contains(name));
    Preview {
        count: parts::say_count(call, "jobs-preview-count", counted(units.len())),
        rows: (1..).zip(units).take(SHOWN).map(row).collect(),
        more: if hidden == 0 {
            String::new()
        } else {
            parts::say_count(call, "jobs-preview-more", counted(hidden))
        },
        doubts: doubts(call, form, units, pieces),
        is_headed: form.get("csv_header").is_empty() && is_heading(form.get("csv")),
        fields: fields
            .map(|(name, value)| Field { name: name.to_owned(), value: value.to_owned() })
            .collect(),
    }
}

fn doubts(call: &Call, form: &Form, units: &[NewUnit], pieces: Pieces) -> Vec<String> {
    let each = form.get("unit_pieces").trim().parse().unwrap_or(1);
    let made = i64::try_from(units.len()).unwrap_or(i64::MAX).saturating_mul(each);
    let left = pieces.left();
    let counts = |difference: i64| {
        [
            ("left", format::count(left)),
            ("made", format::count(made)),
            ("difference", format::count(difference)),
        ]
    };
    let number = match made.cmp(&left) {
        Ordering::Less => Some(parts::say(call, "jobs-preview-too-few", &counts(left - made))),
        Ordering::Greater => Some(parts::say(call, "jobs-preview-too-many", &counts(made - left))),
        Ordering::Equal => None,
    };
    let twice = repeated(units);
    let names = (!twice.is_empty()).then(|| {
        parts::say(call, "jobs-preview-repeated", &[("labels", twice.join(call.text("word-comma").as_str()))])
    });
    number.into_iter().chain(names).collect()
}

/// What columns of such files are called.
const HEADINGS: [&str; 22] = [
    "名前",
    "氏名",
    "お名前",
    "名称",
    "会社名",
    "番号",
    "件名",
    "題名",
    "タイトル",
    "項目",
    "内容",
    "住所",
    "電話番号",
    "備考",
    "name",
    "title",
    "id",
    "no",
    "no.",
    "url",
    "address",
    "note",
];

/// Whether the first row of a file reads like a heading: one of its cells is what a column is called.
fn is_heading(rows: &str) -> bool {
    let first = rows.trim_start_matches('\u{feff}').lines().find(|line| !line.trim().is_empty());
    let is_known = |cell: &str| {
        let cell = text::fold_width(cell).trim().trim_matches('"').trim().to_lowercase();
        HEADINGS.contains(&cell.as_str())
    };
    first.is_some_and(|line| line.split([',', '\t']).any(is_known))
}

/// The first few labels that several units have.
fn repeated(units: &[NewUnit]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for unit in units {
        *counts.entry(&unit.label).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(label, _)| label.to_owned()).take(5).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_row_of_names_of_columns_reads_like_a_heading() {
        for headed in ["名前,住所\n林,塩尻", "\u{feff}\"ＩＤ\",\"URL\"\n1,x", "\nNo.\tタイトル\n1\tx"]
        {
            assert!(is_heading(headed), "{headed}");
        }
        for rows in ["", "林 和子,名前のない店", "1,2\n名前,住所"] {
            assert!(!is_heading(rows), "{rows}");
        }
    }

    #[test]
    fn labels_that_several_units_have_are_named_once() {
        let unit = |label: &str| NewUnit { label: label.to_owned(), content: String::new() };
        assert_eq!(repeated(&[unit("B"), unit("A"), unit("B"), unit("B")]), ["B"]);
        assert!(repeated(&[unit("A"), unit("B")]).is_empty());
    }
}
