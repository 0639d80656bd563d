//! The one row of `quality_settings` that a town has or has not.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::SmallInt;

use super::model::Quality;
use crate::schema::quality_settings;

/// The town's values.
pub fn find(tx: &mut Tx<'_>) -> Result<Quality, DbError> {
    let row: Option<(i16, i16, i16)> = quality_settings::table
        .select((
            quality_settings::lease_minutes,
            quality_settings::rework_cap,
            quality_settings::appeal_days,
        ))
        .first(tx.conn())
        .optional()?;
    let known = |(lease_minutes, rework_cap, appeal_days)| Quality { lease_minutes, rework_cap, appeal_days };
    Ok(row.map_or_else(Quality::default, known))
}

pub(super) fn put(tx: &mut Tx<'_>, quality: Quality) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO quality_settings (lease_minutes, rework_cap, appeal_days) VALUES ($1, $2, $3) \
         ON CONFLICT (organization_id) DO UPDATE SET lease_minutes = EXCLUDED.lease_minutes, \
             rework_cap = EXCLUDED.rework_cap, appeal_days = EXCLUDED.appeal_days",
    )
    .bind::<SmallInt, _>(quality.lease_minutes)
    .bind::<SmallInt, _>(quality.rework_cap)
    .bind::<SmallInt, _>(quality.appeal_days)
    .execute(tx.conn())?;
    Ok(())
}
