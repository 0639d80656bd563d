//! The apostrophe that keeps a spreadsheet from running a cell as a formula: added on the way out, taken off on the way
//! in. Invariant: in after out is what it was, whatever it was (`what_is_guarded_comes_back_as_it_was`).

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether a spreadsheet would run it once its apostrophes are gone.
fn would_run(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// `text` as a cell that no spreadsheet runs. A text that looks like a guarded one is guarded once more.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if would_run(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A cell without the apostrophe that [`guarded`] put there.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if would_run(rest) => rest,
        _ => cell,
    }
}
