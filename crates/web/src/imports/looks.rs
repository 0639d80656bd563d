//! What a page of rows looks like and is not taken for, by name: a warning that names nobody is passed over.

use std::collections::HashMap;

use db::{DbError, Tx};
use sales::imports::{self, Import, ImportRow};
use serde::Serialize;

use super::refusals::cell;
use super::rows::{place, shortened};
use crate::call::Call;
use crate::format;
use crate::phrases::said;

/// The columns that say what a row is called, the one first that says it best.
const NAMES: [&str; 5] = ["name", "company_name", "full_name", "family_name", "title"];

/// What the rows of a page look like.
#[derive(Debug, Default)]
pub(super) struct Looks {
    things: HashMap<i64, String>,
    lines: HashMap<i64, String>,
}

/// One thing that a row looks like.
#[derive(Debug, Serialize)]
pub(super) struct Look {
    href: String,
    /// Nothing where it is no longer there.
    name: String,
}

impl Looks {
    /// Those that rows look like.
    pub(super) fn of(tx: &mut Tx<'_>, import: &Import, rows: &[ImportRow]) -> Result<Self, DbError> {
        let ids: Vec<i64> = rows.iter().flat_map(|row| row.alike.iter().copied()).collect();
        let lines: Vec<i64> = rows.iter().flat_map(|row| row.alike_lines.iter().copied()).collect();
        let things = imports::called(tx, import.kind, &ids)?;
        let above = imports::at_lines(tx, import.id, &lines)?;
        let name = |row: &ImportRow| {
            let filled = NAMES.iter().map(|field| cell(import, row, field)).find(|name| !name.is_empty());
            filled.map(|name| (row.line, shortened(name)))
        };
        Ok(Self { things, lines: above.iter().filter_map(name).collect() })
    }

    /// The things that a row looks like.
    pub(super) fn things(&self, import: &Import, row: &ImportRow) -> Vec<Look> {
        let look = |id: &i64| Look {
            href: place(import.kind, *id),
            name: self.things.get(id).cloned().unwrap_or_default(),
        };
        row.alike.iter().map(look).collect()
    }

    /// The lines that a row looks like, in words.
    pub(super) fn lines(&self, call: &Call, row: &ImportRow) -> Vec<String> {
        let words = |line: &i64| {
            let number = format::count(*line);
            match self.lines.get(line) {
                Some(name) => said(call, "import-line-named", [("line", &number), ("name", name)]),
                None => said(call, "import-line-of", [("line", &number)]),
            }
        };
        row.alike_lines.iter().map(words).collect()
    }
}
