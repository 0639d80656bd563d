//! Reading a deal's lines.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::DealId;

use super::model::{DealLine, DealLines};
use super::store::LineRow;
use crate::schema::deal_lines;

/// The lines of a deal in their order, and what they come to. There are fifty at most.
pub fn of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<DealLines, DbError> {
    let rows: Vec<LineRow> = deal_lines::table
        .filter(deal_lines::deal_id.eq(deal))
        .order(deal_lines::position)
        .select(LineRow::as_select())
        .load(tx.conn())?;
    Ok(DealLines::of(rows.into_iter().map(DealLine::from).collect()))
}
