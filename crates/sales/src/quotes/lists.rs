//! Reading quotes: one, a deal's versions, the one that stands. Quotes always come with their lines.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{DealId, QuoteId};

use super::model::{Quote, QuoteLine, QuoteStatus};
use super::store::{LineRow, QuoteRow};
use crate::schema::{quote_lines, quotes};

/// One version; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: QuoteId) -> Result<Quote, DbError> {
    let row: QuoteRow =
        quotes::table.filter(quotes::id.eq(id)).select(QuoteRow::as_select()).first(tx.conn())?;
    with_lines(tx, vec![row])?.pop().ok_or(DbError::NotFound)
}

/// A deal's versions, newest first; a handful, so they come in one piece.
pub fn of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<Vec<Quote>, DbError> {
    let rows = quotes::table
        .filter(quotes::deal_id.eq(deal))
        .order(quotes::number.desc())
        .select(QuoteRow::as_select())
        .load(tx.conn())?;
    with_lines(tx, rows)
}

/// The version that stands, issued or accepted; none where no quote was issued yet.
pub fn standing(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<Quote>, DbError> {
    let row: Option<QuoteRow> = quotes::table
        .filter(quotes::deal_id.eq(deal))
        .filter(quotes::state.ne(QuoteStatus::Superseded))
        .select(QuoteRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(with_lines(tx, row.into_iter().collect())?.pop())
}

pub(super) fn last_number(tx: &mut Tx<'_>, deal: DealId) -> Result<i32, DbError> {
    let last: Option<i32> = quotes::table
        .filter(quotes::deal_id.eq(deal))
        .select(diesel::dsl::max(quotes::number))
        .first(tx.conn())?;
    Ok(last.unwrap_or(0))
}

fn with_lines(tx: &mut Tx<'_>, rows: Vec<QuoteRow>) -> Result<Vec<Quote>, DbError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<QuoteId> = rows.iter().map(|row| row.id).collect();
    let line_rows: Vec<LineRow> = quote_lines::table
        .filter(quote_lines::quote_id.eq_any(&ids))
        .order((quote_lines::quote_id, quote_lines::position))
        .select(LineRow::as_select())
        .load(tx.conn())?;
    let mut lines: HashMap<QuoteId, Vec<QuoteLine>> = HashMap::new();
    for row in line_rows {
        lines.entry(row.quote_id).or_default().push(row.into());
    }
    rows.into_iter()
        .map(|row| {
            let own = lines.remove(&row.id).unwrap_or_default();
            row.read(own)
        })
        .collect()
}
