//! Rows of `cost_rates` and `quote_costs`: written once, never changed.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{QuoteId, Yen};

use super::model::{CostRates, Costing, KeptCost, RatesFields};
use crate::schema::{cost_rates, quote_costs};

/// How many versions are shown.
const SHOWN: i64 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = cost_rates)]
struct RatesRow {
    version: i32,
    hourly_yen: Yen,
    check_percent: i16,
    redo_percent: i16,
    fixed_yen: Yen,
    margin_percent: i16,
    source: String,
    as_of: NaiveDate,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
}

impl From<RatesRow> for CostRates {
    fn from(row: RatesRow) -> Self {
        Self {
            version: row.version,
            hourly_yen: row.hourly_yen,
            check_percent: row.check_percent,
            redo_percent: row.redo_percent,
            fixed_yen: row.fixed_yen,
            margin_percent: row.margin_percent,
            source: row.source,
            as_of: row.as_of,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = quote_costs)]
struct CostRow {
    rates_version: i32,
    minutes: i64,
    cost: Yen,
    floor_price: Yen,
    reason: String,
}

/// `None` where the version is there already, even one recorded at this very moment.
pub(super) fn insert_rates(
    tx: &mut Tx<'_>,
    version: i32,
    fields: &RatesFields,
) -> Result<Option<CostRates>, DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    let row: Option<RatesRow> = diesel::insert_into(cost_rates::table)
        .values((
            cost_rates::version.eq(version),
            cost_rates::hourly_yen.eq(fields.hourly_yen),
            cost_rates::check_percent.eq(fields.check_percent),
            cost_rates::redo_percent.eq(fields.redo_percent),
            cost_rates::fixed_yen.eq(fields.fixed_yen),
            cost_rates::margin_percent.eq(fields.margin_percent),
            cost_rates::source.eq(&fields.source),
            cost_rates::as_of.eq(fields.as_of),
            cost_rates::recorded_at.eq(now),
            cost_rates::recorded_by.eq(actor),
        ))
        .on_conflict_do_nothing()
        .returning(RatesRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(CostRates::from))
}

/// Every version, the newest first: the last fifty.
pub fn history(tx: &mut Tx<'_>) -> Result<Vec<CostRates>, DbError> {
    let rows: Vec<RatesRow> = cost_rates::table
        .order(cost_rates::version.desc())
        .limit(SHOWN)
        .select(RatesRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(CostRates::from).collect())
}

/// The rates that count now; none where the town has recorded none.
pub fn standing(tx: &mut Tx<'_>) -> Result<Option<CostRates>, DbError> {
    let row: Option<RatesRow> = cost_rates::table
        .order(cost_rates::version.desc())
        .select(RatesRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(CostRates::from))
}

/// What a quote was reckoned to cost when it was issued; none where the town had recorded no rates then.
pub fn of_quote(tx: &mut Tx<'_>, quote: QuoteId) -> Result<Option<KeptCost>, DbError> {
    let row: Option<CostRow> = quote_costs::table
        .filter(quote_costs::quote_id.eq(quote))
        .select(CostRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|row| KeptCost {
        rates_version: row.rates_version,
        minutes: row.minutes,
        cost: row.cost,
        floor_price: row.floor_price,
        reason: row.reason,
    }))
}

pub(super) fn keep(
    tx: &mut Tx<'_>,
    quote: QuoteId,
    rates_version: i32,
    costing: &Costing,
    reason: &str,
) -> Result<(), DbError> {
    diesel::insert_into(quote_costs::table)
        .values((
            quote_costs::quote_id.eq(quote),
            quote_costs::rates_version.eq(rates_version),
            quote_costs::minutes.eq(costing.minutes),
            quote_costs::cost.eq(costing.cost),
            quote_costs::floor_price.eq(costing.floor_price),
            quote_costs::reason.eq(reason),
        ))
        .execute(tx.conn())?;
    Ok(())
}
