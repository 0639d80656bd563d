//! Reading imports: one, a page of all, the rows of one by verdict or outcome, a sample, and a whole file for its way back.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging};
use serde_json::Value;

use super::memory;
use super::model::{Import, ImportId, ImportKind, ImportRow, Outcome, RowProblem, Verdict};
use super::store::ImportTableRow;
use crate::schema::{import_rows, imports};

/// One import; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: ImportId) -> Result<Import, DbError> {
    let row: ImportTableRow =
        imports::table.filter(imports::id.eq(id)).select(ImportTableRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Imports, the newest first.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<ImportId>) -> Result<Page<Import, ImportId>, DbError> {
    let mut query = imports::table
        .order(imports::id.desc())
        .limit(paging.probe())
        .select(ImportTableRow::as_select())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(imports::id.lt(after));
    }
    let rows: Vec<ImportTableRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(Import::from).collect(), paging, |import| import.id))
}

/// Which rows of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowFilter {
    /// Only those that came to this verdict.
    pub verdict: Option<Verdict>,
    /// Only those that ended so.
    pub outcome: Option<Outcome>,
    /// Only those that look like something they are not taken for.
    pub alike: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = import_rows)]
struct TableRow {
    number: i32,
    line: i64,
    cells: Vec<String>,
    verdict: Option<Verdict>,
    problems: Option<Value>,
    alike: Option<Value>,
    alike_lines: Option<Value>,
    changes: Option<Value>,
    repeats_line: Option<i64>,
    outcome: Option<Outcome>,
    target_id: Option<i64>,
}

impl From<TableRow> for ImportRow {
    fn from(row: TableRow) -> Self {
        let problems =
            row.problems.and_then(|problems| serde_json::from_value::<Vec<RowProblem>>(problems).ok());
        let alike = row.alike.and_then(|alike| serde_json::from_value(alike).ok());
        let alike_lines = row.alike_lines.and_then(|lines| serde_json::from_value(lines).ok());
        let changes = row.changes.and_then(|changes| serde_json::from_value(changes).ok());
        Self {
            number: row.number,
            line: row.line,
            cells: row.cells,
            verdict: row.verdict,
            problems: problems.unwrap_or_default(),
            alike: alike.unwrap_or_default(),
            alike_lines: alike_lines.unwrap_or_default(),
            changes: changes.unwrap_or_default(),
            repeats_line: row.repeats_line,
            outcome: row.outcome,
            target_id: row.target_id,
        }
    }
}

/// Rows of an import as they stand in its file.
pub fn rows(
    tx: &mut Tx<'_>,
    import: ImportId,
    filter: RowFilter,
    paging: &Paging<i32>,
) -> Result<Page<ImportRow, i32>, DbError> {
    let mut query = import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::number.gt(paging.after.unwrap_or(0)))
        .order(import_rows::number)
        .limit(paging.probe())
        .select(TableRow::as_select())
        .into_boxed();
    if let Some(verdict) = filter.verdict {
        query = query.filter(import_rows::verdict.eq(verdict));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(import_rows::outcome.eq(outcome));
    }
    if filter.alike {
        query = query.filter(import_rows::alike.is_not_null());
    }
    let rows: Vec<TableRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(ImportRow::from).collect(), paging, |row: &ImportRow| row.number))
}

/// Rows of an import by their lines.
pub fn at_lines(tx: &mut Tx<'_>, import: ImportId, lines: &[i64]) -> Result<Vec<ImportRow>, DbError> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<TableRow> = import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::line.eq_any(lines))
        .order(import_rows::number)
        .select(TableRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(ImportRow::from).collect())
}

/// The ids that things have elsewhere, as imports have said them, by the things' ids.
pub fn external_ids(
    tx: &mut Tx<'_>,
    kind: ImportKind,
    targets: &[i64],
) -> Result<HashMap<i64, String>, DbError> {
    memory::external_ids(tx, kind, targets)
}
