//! The summary above a refused form. It names each field by its label and links to it, and stands above the fields;
//! but a label is known only once its field has been drawn. So fields and errors are noted while the page is drawn,
//! and the layouts, which draw the page first and the frame around it last, ask for the summary then.

use std::collections::HashMap;

use minijinja::{Environment, State, Value, context};

/// What a page said about its fields so far.
#[derive(Default)]
struct Noted {
    labels: HashMap<String, String>,
    errors: Vec<(String, String)>,
}

/// Adds the templates' `named(id, label)`, `refuse(id, text)` and `refusals()`; the first two draw nothing.
pub(crate) fn add_to(environment: &mut Environment<'static>) {
    environment.add_function("named", named);
    environment.add_function("refuse", refuse);
    environment.add_function("refusals", refusals);
}

/// A field with this id is on the page, under this label.
fn named(state: &mut State<'_, '_>, id: String, label: String) -> &'static str {
    state.get_or_insert_extension(Noted::default()).labels.insert(id, label);
    ""
}

/// What is wrong with the field of this id, or with the whole form where there is no such field.
fn refuse(state: &mut State<'_, '_>, id: String, text: String) -> &'static str {
    state.get_or_insert_extension(Noted::default()).errors.push((id, text));
    ""
}

/// Every error in the order of the form's checks: `{id, label, text}`, without a label where no field of the page has
/// that id.
fn refusals(state: &mut State<'_, '_>) -> Vec<Value> {
    let noted = state.get_or_insert_extension(Noted::default());
    let entry = |(id, text): &(String, String)| {
        let label = noted.labels.get(id).cloned().unwrap_or_default();
        context! { id, label, text }
    };
    noted.errors.iter().map(entry).collect()
}
