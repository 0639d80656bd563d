//! Reading edits: one, a page of all, the things of one by verdict or outcome.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging};

use super::model::{BulkEdit, BulkEditId, BulkEditRow, EditOutcome, EditVerdict};
use super::store::EditRow;
use crate::schema::{bulk_edit_rows, bulk_edits};

/// One edit; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: BulkEditId) -> Result<BulkEdit, DbError> {
    let row: EditRow =
        bulk_edits::table.filter(bulk_edits::id.eq(id)).select(EditRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Edits, the newest first.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<BulkEditId>) -> Result<Page<BulkEdit, BulkEditId>, DbError> {
    let mut query = bulk_edits::table
        .order(bulk_edits::id.desc())
        .limit(paging.probe())
        .select(EditRow::as_select())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(bulk_edits::id.lt(after));
    }
    let rows: Vec<EditRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(BulkEdit::from).collect(), paging, |edit: &BulkEdit| edit.id))
}

/// Which things of an edit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EditRowFilter {
    /// Only those that came to this verdict.
    pub verdict: Option<EditVerdict>,
    /// Only those that ended so.
    pub outcome: Option<EditOutcome>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = bulk_edit_rows)]
struct Row {
    number: i32,
    target_id: i64,
    name: String,
    verdict: Option<EditVerdict>,
    outcome: Option<EditOutcome>,
    reason: Option<String>,
}

impl From<Row> for BulkEditRow {
    fn from(row: Row) -> Self {
        Self {
            number: row.number,
            target_id: row.target_id,
            name: row.name,
            verdict: row.verdict,
            outcome: row.outcome,
            reason: row.reason,
        }
    }
}

/// The things of an edit in the order they were chosen in.
pub fn rows(
    tx: &mut Tx<'_>,
    edit: BulkEditId,
    filter: EditRowFilter,
    paging: &Paging<i32>,
) -> Result<Page<BulkEditRow, i32>, DbError> {
    let mut query = bulk_edit_rows::table
        .filter(bulk_edit_rows::edit_id.eq(edit))
        .filter(bulk_edit_rows::number.gt(paging.after.unwrap_or(0)))
        .order(bulk_edit_rows::number)
        .limit(paging.probe())
        .select(Row::as_select())
        .into_boxed();
    if let Some(verdict) = filter.verdict {
        query = query.filter(bulk_edit_rows::verdict.eq(verdict));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(bulk_edit_rows::outcome.eq(outcome));
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(BulkEditRow::from).collect(), paging, |row: &BulkEditRow| row.number))
}
