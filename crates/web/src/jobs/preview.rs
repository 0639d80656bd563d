//! The rows of a file as the units they would become, before anything is written.

use fulfillment::jobs::NewUnit;
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

pub(super) fn of(call: &Call, form: &Form, units: &[NewUnit]) -> Preview {
    let counted = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let row = |(number, unit): (usize, &NewUnit)| Row {
        number: format::count(counted(number)),
        label: unit.label.clone(),
        content: unit.content.clone(),
    };
    let hidden = units.len().saturating_sub(SHOWN);
    let of_the_page = ["csrf", "form_key", "step"];
    let fields = form.pairs().filter(|(name, _)| !of_the_page.contains(name));
    Preview {
        count: parts::say_count(call, "jobs-preview-count", counted(units.len())),
        rows: (1..).zip(units).take(SHOWN).map(row).collect(),
        more: if hidden == 0 {
            String::new()
        } else {
            parts::say_count(call, "jobs-preview-more", counted(hidden))
        },
        fields: fields
            .map(|(name, value)| Field { name: name.to_owned(), value: value.to_owned() })
            .collect(),
    }
}
