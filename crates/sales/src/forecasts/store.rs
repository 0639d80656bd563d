//! Rows and writes of `forecast_adjustments`, `forecast_snapshots` and `forecast_snapshot_deals`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use kernel::{BoardStageId, DealId, PersonId, Span, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Adjustment, AdjustmentId, Position, Side, SnapshotId};
use crate::deals::DealStatus;
use crate::schema::{forecast_adjustments, forecast_snapshot_deals, forecast_snapshots};

#[derive(Queryable, Selectable)]
#[diesel(table_name = forecast_adjustments)]
pub(super) struct AdjustmentRow {
    id: AdjustmentId,
    first_on: NaiveDate,
    last_on: NaiveDate,
    person_id: PersonId,
    side: Side,
    amount: Yen,
    reason: String,
    set_by: PersonId,
    set_at: DateTime<Utc>,
}

impl From<AdjustmentRow> for Adjustment {
    fn from(row: AdjustmentRow) -> Self {
        Self {
            id: row.id,
            span: Span { first: row.first_on, last: row.last_on },
            person_id: row.person_id,
            side: row.side,
            amount: row.amount,
            reason: row.reason,
            set_by: row.set_by,
            set_at: row.set_at,
        }
    }
}

/// The deals as they stood once in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = forecast_snapshots)]
#[schemars(rename = "ForecastSnapshot")]
pub struct Snapshot {
    /// Its id.
    pub id: SnapshotId,
    /// The week's Monday.
    pub week_on: NaiveDate,
    /// When it was taken: in the night to Monday, or later in the week where nothing ran then.
    pub taken_at: DateTime<Utc>,
    /// How many weeks before it have none, because nothing ran in them.
    pub missed_weeks: i32,
    /// Of won deals it has those won on this day or later: the first of its fiscal year.
    pub won_since: NaiveDate,
}

/// The day after its week's Monday and the next one: by then a newer snapshot was due twice.
const OLD_FROM_DAYS: i64 = 8;

impl Snapshot {
    /// How many weeks have none since this one, the newest: 0 where nothing is missing. In the night to Monday the last
    /// week's is as new as can be.
    pub fn weeks_without_next(&self, today: NaiveDate) -> i64 {
        let days = (today - self.week_on).num_days();
        if days < OLD_FROM_DAYS { 0 } else { days / 7 }
    }
}

/// A deal as it stood when a snapshot was taken.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = forecast_snapshot_deals)]
#[schemars(rename = "ForecastSnapshotDeal")]
pub struct Frozen {
    /// The deal. It may have gone since.
    pub deal_id: DealId,
    /// Whose it was.
    pub owner_id: PersonId,
    /// Its stage.
    pub stage_id: BoardStageId,
    /// Open, or won in the snapshot's fiscal year.
    pub state: DealStatus,
    /// What it was worth before tax.
    pub amount: Yen,
    /// How likely a deal of its stage was won, in percent.
    pub probability: i16,
    /// When it should have been decided; null where nobody had said.
    pub expected_close_on: Option<NaiveDate>,
    /// The day in Japan it was won on; null while it was open.
    pub won_on: Option<NaiveDate>,
}

impl From<Frozen> for Position {
    fn from(row: Frozen) -> Self {
        Self {
            deal: row.deal_id,
            owner: row.owner_id,
            stage: row.stage_id,
            state: row.state,
            amount: row.amount,
            probability: row.probability,
            expected_close_on: row.expected_close_on,
            won_on: row.won_on,
            created_at: None,
        }
    }
}

/// Adds a line; nothing that was said before is written over.
pub(super) fn adjust(
    tx: &mut Tx<'_>,
    by: PersonId,
    (person, side, span): (PersonId, Side, Span),
    amount: Yen,
    reason: &str,
) -> Result<Adjustment, DbError> {
    let now = tx.now();
    let row: AdjustmentRow = diesel::insert_into(forecast_adjustments::table)
        .values((
            forecast_adjustments::first_on.eq(span.first),
            forecast_adjustments::last_on.eq(span.last),
            forecast_adjustments::person_id.eq(person),
            forecast_adjustments::side.eq(side),
            forecast_adjustments::amount.eq(amount),
            forecast_adjustments::reason.eq(reason),
            forecast_adjustments::set_by.eq(by),
            forecast_adjustments::set_at.eq(now),
        ))
        .returning(AdjustmentRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Freezes every open deal and those won on `won_since` or later, as the snapshot of the week; `None` where that week has one.
pub(super) fn freeze(
    tx: &mut Tx<'_>,
    week_on: NaiveDate,
    missed_weeks: i32,
    won_since: NaiveDate,
) -> Result<Option<Snapshot>, DbError> {
    let now = tx.now();
    let taken: Option<Snapshot> = diesel::insert_into(forecast_snapshots::table)
        .values((
            forecast_snapshots::week_on.eq(week_on),
            forecast_snapshots::taken_at.eq(now),
            forecast_snapshots::missed_weeks.eq(missed_weeks),
            forecast_snapshots::won_since.eq(won_since),
        ))
        .on_conflict_do_nothing()
        .returning(Snapshot::as_returning())
        .get_result(tx.conn())
        .optional()?;
    let Some(taken) = taken else { return Ok(None) };
    diesel::sql_query(
        "INSERT INTO forecast_snapshot_deals \
             (snapshot_id, deal_id, owner_id, stage_id, state, amount, probability, expected_close_on, won_on) \
         SELECT $1, d.id, d.owner_id, d.stage_id, d.state, d.amount, s.probability, d.expected_close_on, \
             (d.won_at AT TIME ZONE 'Asia/Tokyo')::date \
         FROM deals d JOIN stages s ON s.id = d.stage_id \
         WHERE d.state = 'open' OR (d.state = 'won' AND d.moved_at >= $2)",
    )
    .bind::<BigInt, _>(taken.id)
    .bind::<Timestamptz, _>(Span { first: won_since, last: won_since }.instants().0)
    .execute(tx.conn())?;
    Ok(Some(taken))
}
