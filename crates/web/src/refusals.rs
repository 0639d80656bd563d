//! The summary above a refused form. It names each field by its label and links to it, and stands above the fields;
//! but a label is known only once its field has been drawn. So fields and errors are noted while the page is drawn,
//! and the layouts, which draw the page first and the frame around it last, ask for the summary then.

use minijinja::{Environment, State, Value, context};

/// What a page said about its fields so far.
#[derive(Default)]
struct Noted {
    /// Ids with their labels, in the order of the page.
    labels: Vec<(String, String)>,
    /// What fields say of their errors in words of their own.
    words: Vec<(String, String)>,
    errors: Vec<(String, String)>,
}

/// Adds the templates' `named(id, label)`, `reword(id, text)`, `refuse(id, text)` and `refusals()`; only the last draws.
pub(crate) fn add_to(environment: &mut Environment<'static>) {
    environment.add_function("named", named);
    environment.add_function("reword", reword);
    environment.add_function("refuse", refuse);
    environment.add_function("refusals", refusals);
}

/// A field with this id is on the page, under this label.
fn named(state: &mut State<'_, '_>, id: String, label: String) -> &'static str {
    state.get_or_insert_extension(Noted::default()).labels.push((id, label));
    ""
}

/// The field of this id says its error in these words.
fn reword(state: &mut State<'_, '_>, id: String, text: String) -> &'static str {
    state.get_or_insert_extension(Noted::default()).words.push((id, text));
    ""
}

/// What is wrong with the field of this id, or with the whole form where there is no such field.
fn refuse(state: &mut State<'_, '_>, id: String, text: String) -> &'static str {
    state.get_or_insert_extension(Noted::default()).errors.push((id, text));
    ""
}

/// Every error in the order of its field on the page: `{id, label, text}`. What is about no field of the page comes
/// first, without a label.
fn refusals(state: &mut State<'_, '_>) -> Vec<Value> {
    let Noted { labels, words, errors } = state.get_or_insert_extension(Noted::default());
    let place = |id: &str| labels.iter().position(|(named, _)| named == id);
    let mut placed: Vec<_> = errors.iter().map(|(id, text)| (place(id), id, text)).collect();
    placed.sort_by_key(|(place, ..)| *place);
    let entry = |(place, id, text): (Option<usize>, &String, &String)| {
        let label = place.and_then(|at| labels.get(at)).map_or("", |(_, label)| label);
        let text = words.iter().find(|(own, _)| own == id).map_or(text, |(_, own)| own);
        context! { id, label, text }
    };
    placed.into_iter().map(entry).collect()
}
