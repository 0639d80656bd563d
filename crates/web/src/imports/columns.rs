//! What the columns of a file are, and what is said of its rows beside that: the form, and what comes back from it.

use std::collections::BTreeMap;

use kernel::Typed;
use sales::imports::{
    ColumnsInput, Field, Import, ImportError, ImportKind, ImportRow, ImportState, Names, Ours,
};
use serde::Serialize;

use super::words;
use crate::call::Call;
use crate::forms::Form;
use crate::phrases::{Choice, counted, said};

/// One column of the file with what it may be.
#[derive(Serialize)]
pub(super) struct Column {
    /// The control's name.
    name: String,
    header: String,
    samples: String,
    chosen: String,
}

/// The names in a column of the file that lead to nothing here.
#[derive(Serialize)]
struct Asked {
    /// What the column is.
    field: &'static str,
    names: Vec<AskedName>,
    /// What they can be here.
    ours: Vec<Choice>,
}

/// One of them.
#[derive(Serialize)]
struct AskedName {
    theirs: String,
    chosen: String,
}

/// What may be said of the rows beside what the columns are.
#[derive(Serialize)]
pub(super) struct Beside {
    header_line: String,
    asked: Vec<Asked>,
    /// Whether rows may lack a next action.
    asks_next: bool,
    next_action: String,
    next_action_on: String,
}

pub(super) fn columns(import: &Import, samples: &[ImportRow], refused: Option<&ColumnsInput>) -> Vec<Column> {
    let chosen = |index: usize| match refused {
        Some(input) => input.columns.get(index).map(ToString::to_string),
        None => import.columns.get(index).cloned(),
    };
    let column = |(index, header): (usize, &String)| {
        let values = samples.iter().filter_map(|row| row.cells.get(index)).map(|cell| cell.trim());
        let values: Vec<&str> = values.filter(|value| !value.is_empty()).take(3).collect();
        Column {
            name: format!("column-{index}"),
            header: header.clone(),
            samples: values.join(" · "),
            chosen: chosen(index).unwrap_or_default(),
        }
    };
    import.headers.iter().enumerate().map(column).collect()
}

/// Everything that a column may be.
pub(super) fn choices(call: &Call, kind: ImportKind) -> Vec<Choice> {
    let choice = |field: &Field| {
        let name = words::field(call, kind, field.name);
        let label =
            if field.is_required { said(call, "import-field-needed", [("name", &name)]) } else { name };
        Choice::new(field.name, label)
    };
    Field::of(kind).iter().map(choice).collect()
}

impl Asked {
    fn of(import: &Import, names: Names, refused: Option<&ColumnsInput>) -> Self {
        let field = names.field;
        let name = |theirs: String| {
            let chosen = match refused.and_then(|input| said_of(input, field)) {
                Some(said) => said.get(&theirs).map(ToString::to_string),
                None => import.beside.ours(field, &theirs).map(ToOwned::to_owned),
            };
            AskedName { chosen: chosen.unwrap_or_default(), theirs }
        };
        let choice = |ours: Ours| Choice::new(&ours.value, ours.name);
        Self {
            field,
            names: names.unknown.into_iter().map(name).collect(),
            ours: names.ours.into_iter().map(choice).collect(),
        }
    }
}

/// What an input says of the names in a column.
fn said_of<'i>(input: &'i ColumnsInput, field: &str) -> Option<&'i BTreeMap<String, Typed>> {
    match field {
        "stage" => Some(&input.stages),
        "pipeline" => Some(&input.pipelines),
        "owner" => Some(&input.owners),
        _ => None,
    }
}

impl Beside {
    /// What was said of such a file before, or what has just been refused.
    pub(super) fn of(import: &Import, names: Vec<Names>, refused: Option<&ColumnsInput>) -> Self {
        let before = &import.beside;
        let day = before.next_action_on.map(|day| day.to_string()).unwrap_or_default();
        let (action, on) = match refused {
            Some(input) => (input.next_action.to_string(), input.next_action_on.to_string()),
            None => (before.next_action.clone(), day),
        };
        Self {
            header_line: import.header_line.map(|line| line.to_string()).unwrap_or_default(),
            asked: names.into_iter().map(|names| Asked::of(import, names, refused)).collect(),
            asks_next: import.kind == ImportKind::Deals,
            next_action: action,
            next_action_on: on,
        }
    }
}

/// What the form says.
pub(super) fn typed(form: &Form) -> ColumnsInput {
    let count = |start: &str| form.pairs().filter(|(name, _)| name.starts_with(start)).count();
    let column = |index: usize| Typed::from(form.get(&format!("column-{index}")));
    let names = |field: &str| -> BTreeMap<String, Typed> {
        let name = |index: usize| {
            let ours = Typed::from(form.get(&format!("{field}-{index}")));
            (form.get(&format!("theirs-{field}-{index}")).to_owned(), ours)
        };
        (0..count(&format!("theirs-{field}-"))).map(name).collect()
    };
    ColumnsInput {
        columns: (0..count("column-")).map(column).collect(),
        header_line: form.get("header_line").into(),
        stages: names("stage"),
        pipelines: names("pipeline"),
        owners: names("owner"),
        next_action: form.get("next_action").into(),
        next_action_on: form.get("next_action_on").into(),
    }
}

/// Why what the form says was refused, in a sentence; nothing where that is not the form's to say.
pub(super) fn refusal(call: &Call, kind: ImportKind, error: &ImportError) -> Option<String> {
    let named = |key: &str, field: &str| Some(said(call, key, [("name", &words::field(call, kind, field))]));
    match error {
        ImportError::ColumnMissing(field) => named("import-column-missing", field),
        ImportError::ColumnTwice(field) => named("import-column-twice", field),
        ImportError::Invalid(invalid) => {
            let problem = invalid.0.iter().find(|problem| problem.field != "columns")?;
            let name = words::field(call, kind, &problem.field);
            Some(format!("{name}: {}", call.app.texts.of_problem(call.language, problem)))
        }
        _ => None,
    }
}

/// That new rows look like something, before they go in; nothing where none does.
pub(super) fn alike(call: &Call, import: &Import) -> String {
    if import.state != ImportState::Checked || import.rows_alike == 0 {
        return String::new();
    }
    counted(call, "import-alike-note", "count", import.rows_alike.into())
}
