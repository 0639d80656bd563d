//! Rows and writes of `deal_lines`.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{DealId, Yen};

use super::model::DealLine;
use crate::schema::deal_lines;

#[derive(Queryable, Selectable)]
#[diesel(table_name = deal_lines)]
pub(super) struct LineRow {
    job_kind: String,
    quantity: i32,
    unit_price: Yen,
    unit_minutes: i32,
}

impl From<LineRow> for DealLine {
    fn from(row: LineRow) -> Self {
        Self {
            amount: Yen(row.unit_price.0.saturating_mul(i64::from(row.quantity))),
            job_kind: row.job_kind,
            quantity: row.quantity,
            unit_price: row.unit_price,
            unit_minutes: row.unit_minutes,
        }
    }
}

/// Gives a deal these lines and no others. The caller holds the deal, or has just opened it.
pub(crate) fn replace(tx: &mut Tx<'_>, deal: DealId, lines: &[DealLine]) -> Result<(), DbError> {
    diesel::delete(deal_lines::table.filter(deal_lines::deal_id.eq(deal))).execute(tx.conn())?;
    let rows: Vec<_> = (1i16..)
        .zip(lines)
        .map(|(position, line)| {
            (
                deal_lines::deal_id.eq(deal),
                deal_lines::position.eq(position),
                deal_lines::job_kind.eq(&line.job_kind),
                deal_lines::quantity.eq(line.quantity),
                deal_lines::unit_price.eq(line.unit_price),
                deal_lines::unit_minutes.eq(line.unit_minutes),
            )
        })
        .collect();
    diesel::insert_into(deal_lines::table).values(rows).execute(tx.conn())?;
    Ok(())
}
