//! The one row of `quality_settings` that a town has or has not.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::SmallInt;

use super::model::Quality;
use crate::schema::quality_settings;

/// The town's values.
pub fn find(tx: &mut Tx<'_>) -> Result<Quality, DbError> {
    let row: Option<(i16, i16, i16, i16)> = quality_settings::table
        .select((
            quality_settings::lease_minutes,
            quality_settings::rework_cap,
            quality_settings::appeal_days,
            quality_settings::second_look_percent,
        ))
        .first(tx.conn())
        .optional()?;
    let known = |(lease_minutes, rework_cap, appeal_days, second_look_percent)| Quality {
        lease_minutes,
        rework_cap,
        appeal_days,
        second_look_percent,
    };
    Ok(row.map_or_else(Quality::default, known))
}

pub(super) fn put(tx: &mut Tx<'_>, quality: Quality) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO quality_settings (lease_minutes, rework_cap, appeal_days, second_look_percent) \
         VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organization_id) DO UPDATE SET lease_minutes = EXCLUDED.lease_minutes, \
             rework_cap = EXCLUDED.rework_cap, appeal_days = EXCLUDED.appeal_days, \
             second_look_percent = EXCLUDED.second_look_percent",
    )
    .bind::<SmallInt, _>(quality.lease_minutes)
    .bind::<SmallInt, _>(quality.rework_cap)
    .bind::<SmallInt, _>(quality.appeal_days)
    .bind::<SmallInt, _>(quality.second_look_percent)
    .execute(tx.conn())?;
    Ok(())
}
