//! Reading forecasts: deals as they stand and as they were frozen, snapshots, adjustments.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{BoardStageId, DealId, Page, Paging, PersonId, Span, Yen, date_in_japan};

use super::model::{Adjustment, Position, SnapshotId};
use super::store::{AdjustmentRow, Frozen, Snapshot};
use crate::deals::DealStatus;
use crate::schema::{deals, forecast_adjustments, forecast_snapshot_deals, forecast_snapshots, stages};

/// How many snapshots are offered to compare with: a year of them.
const MOST_SNAPSHOTS: i64 = 53;
/// How many lines of adjustments of one period are listed.
pub(super) const MOST_LINES: i64 = 500;

type PositionRow = (
    (DealId, PersonId, BoardStageId, DealStatus, Yen, i16),
    (Option<NaiveDate>, Option<DateTime<Utc>>, DateTime<Utc>),
);

fn read(row: PositionRow) -> Position {
    let ((deal, owner, stage, status, amount, probability), (expected_close_on, won_at, created_at)) = row;
    Position {
        deal,
        owner,
        stage,
        state: status,
        amount,
        probability,
        expected_close_on,
        won_on: won_at.map(date_in_japan),
        created_at: Some(created_at),
    }
}

/// The deals of a condition as they stand.
macro_rules! positions_where {
    ($tx:expr, $condition:expr) => {{
        let rows: Vec<PositionRow> = deals::table
            .inner_join(stages::table.on(stages::id.eq(deals::stage_id)))
            .filter($condition)
            .select((
                (
                    deals::id,
                    deals::owner_id,
                    deals::stage_id,
                    deals::state,
                    deals::amount,
                    stages::probability,
                ),
                (deals::expected_close_on, deals::won_at, deals::created_at),
            ))
            .load($tx.conn())?;
        Ok(rows.into_iter().map(read).collect())
    }};
}

/// Every open deal, and those won since `won_since`, as they stand.
pub(super) fn positions(tx: &mut Tx<'_>, won_since: DateTime<Utc>) -> Result<Vec<Position>, DbError> {
    let won = deals::state.eq(DealStatus::Won).and(deals::moved_at.ge(won_since));
    positions_where!(tx, deals::state.eq(DealStatus::Open).or(won))
}

/// Every open deal as it stands.
pub(crate) fn open(tx: &mut Tx<'_>) -> Result<Vec<Position>, DbError> {
    positions_where!(tx, deals::state.eq(DealStatus::Open))
}

/// These deals, wherever they stand.
pub(super) fn positions_of(tx: &mut Tx<'_>, ids: &[DealId]) -> Result<Vec<Position>, DbError> {
    positions_where!(tx, deals::id.eq_any(ids))
}

/// The deals of a snapshot.
pub(super) fn frozen(tx: &mut Tx<'_>, id: SnapshotId) -> Result<Vec<Position>, DbError> {
    let rows: Vec<Frozen> = forecast_snapshot_deals::table
        .filter(forecast_snapshot_deals::snapshot_id.eq(id))
        .select(Frozen::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Position::from).collect())
}

/// The newest snapshots, the newest first: a year of them.
pub fn snapshots(tx: &mut Tx<'_>) -> Result<Vec<Snapshot>, DbError> {
    Ok(forecast_snapshots::table
        .order(forecast_snapshots::week_on.desc())
        .limit(MOST_SNAPSHOTS)
        .select(Snapshot::as_select())
        .load(tx.conn())?)
}

/// One snapshot; [`DbError::NotFound`] where this town has none of that id.
pub fn snapshot(tx: &mut Tx<'_>, id: SnapshotId) -> Result<Snapshot, DbError> {
    let found = forecast_snapshots::table.filter(forecast_snapshots::id.eq(id));
    Ok(found.select(Snapshot::as_select()).first(tx.conn())?)
}

/// The deals of a snapshot by their ids, page by page; [`DbError::NotFound`] where this town has no such snapshot.
pub fn deals_of_snapshot(
    tx: &mut Tx<'_>,
    id: SnapshotId,
    paging: &Paging<DealId>,
) -> Result<Page<Frozen, DealId>, DbError> {
    let id = snapshot(tx, id)?.id;
    let mut query = forecast_snapshot_deals::table
        .filter(forecast_snapshot_deals::snapshot_id.eq(id))
        .order(forecast_snapshot_deals::deal_id)
        .limit(paging.probe())
        .select(Frozen::as_select())
        .into_boxed();
    if let Some(after) = &paging.after {
        query = query.filter(forecast_snapshot_deals::deal_id.gt(*after));
    }
    Ok(Page::cut(query.load(tx.conn())?, paging, |deal: &Frozen| deal.deal_id))
}

/// What was thought of the forecast of exactly these days.
#[diesel::dsl::auto_type]
fn of_days(span: Span) -> _ {
    let first: NaiveDate = span.first;
    let last: NaiveDate = span.last;
    forecast_adjustments::table
        .filter(forecast_adjustments::first_on.eq(first))
        .filter(forecast_adjustments::last_on.eq(last))
}

/// What was thought of the forecast of these days, the newest first; of one person, or of everybody.
pub(super) fn newest(
    tx: &mut Tx<'_>,
    span: Span,
    whose: Option<PersonId>,
) -> Result<Vec<Adjustment>, DbError> {
    let mut query = of_days(span)
        .order(forecast_adjustments::id.desc())
        .limit(MOST_LINES)
        .select(AdjustmentRow::as_select())
        .into_boxed();
    if let Some(person) = whose {
        query = query.filter(forecast_adjustments::person_id.eq(person));
    }
    let rows: Vec<AdjustmentRow> = query.load(tx.conn())?;
    Ok(rows.into_iter().map(Adjustment::from).collect())
}

/// The lines that count of the same days, however many came after them: of each person the newest of each side.
pub(super) fn standing(
    tx: &mut Tx<'_>,
    span: Span,
    whose: Option<PersonId>,
) -> Result<Vec<Adjustment>, DbError> {
    let mut query = of_days(span)
        .distinct_on((forecast_adjustments::person_id, forecast_adjustments::side))
        .order((forecast_adjustments::person_id, forecast_adjustments::side, forecast_adjustments::id.desc()))
        .select(AdjustmentRow::as_select())
        .into_boxed();
    if let Some(person) = whose {
        query = query.filter(forecast_adjustments::person_id.eq(person));
    }
    let rows: Vec<AdjustmentRow> = query.load(tx.conn())?;
    Ok(rows.into_iter().map(Adjustment::from).collect())
}
