//! What is said of an import once every row was looked at, before anything is changed.

use db::{DbError, Tx};
use sales::imports::{self, DayOrder, Import, ImportState};

use super::words;
use crate::call::Call;
use crate::format;
use crate::phrases::said;

/// Whether an import that was looked at has nothing to take over.
pub(super) fn is_idle(tx: &mut Tx<'_>, import: &Import) -> Result<bool, DbError> {
    Ok(import.state == ImportState::Checked && !imports::would_do_anything(tx, import)?)
}

/// What its state is called: nobody waits for what has nothing to take over.
pub(super) const fn state(import: &Import, is_idle: bool) -> &'static str {
    if is_idle { "idle" } else { import.state.as_str() }
}

/// What its rows would do, in one sentence.
pub(super) fn sentence(call: &Call, import: &Import, is_idle: bool) -> String {
    let count = |rows: i32| format::count(rows.into());
    let key = match (is_idle, import.rows_bad) {
        (false, _) => "import-checked-answer",
        (true, 0) => "import-nothing-to-do",
        (true, _) => "import-nothing-good",
    };
    let words = [
        ("new", &*count(import.rows_new)),
        ("changed", &count(import.rows_changed)),
        ("same", &count(import.rows_same)),
        ("bad", &count(import.rows_bad)),
    ];
    said(call, key, words)
}

/// How days were read that do not begin with their year, one sentence for each such column.
pub(super) fn days(call: &Call, import: &Import) -> Vec<String> {
    if import.state != ImportState::Checked {
        return Vec::new();
    }
    let sentence = |(field, order): (&String, &DayOrder)| {
        let place = import.columns.iter().position(|column| column == field);
        let header = place.and_then(|place| import.headers.get(place)).map(|header| header.trim());
        let own = || words::field(call, import.kind, field);
        let column = header.filter(|header| !header.is_empty()).map_or_else(own, ToOwned::to_owned);
        let key = match order {
            DayOrder::MonthFirst => "import-days-month-first",
            DayOrder::DayFirst => "import-days-day-first",
        };
        said(call, key, [("column", &column)])
    };
    import.beside.days.iter().map(sentence).collect()
}
