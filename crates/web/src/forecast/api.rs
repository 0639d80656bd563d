//! `/api/v1/forecast` and `/api/v1/deals/{id}/chance`

use std::rc::Rc;

use db::{DbError, Tx};
use kernel::{DealId, FiscalYear, Period, PersonId};
use sales::chances::{self, Chance};
use sales::forecasts::{
    self, About, Adjustment, AdjustmentInput, Changes, Forecast, Frozen, Snapshot, SnapshotId,
};
use sales::targets;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{self, At, Chosen, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which forecast.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ForecastQuery {
    /// The fiscal year, by the calendar year of its first day; this one where nothing is said.
    year: Chosen<FiscalYear>,
    /// The part of it; the quarter of today where nothing is said.
    period: Chosen<Period>,
    /// Only this person's deals.
    person: Chosen<PersonId>,
}

/// Since when.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct SinceQuery {
    /// A snapshot; the newest where nothing is said.
    since: Chosen<SnapshotId>,
}

/// What has changed since a week’s snapshot.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ChangedSince {
    /// The snapshot.
    snapshot: Snapshot,
    /// What has changed; null where the snapshot has not kept what was won in these days.
    changed: Option<Changes>,
}

/// The year and part a query means.
pub(super) fn meant(
    tx: &mut Tx<'_>,
    year: Option<FiscalYear>,
    period: Option<Period>,
) -> Result<(FiscalYear, Period), DbError> {
    let (this, first) = targets::this_year(tx)?;
    let today = kernel::date_in_japan(tx.now());
    let quarter = || Period::of_length(3, first, today).unwrap_or(Period::Year);
    let year = year.unwrap_or(this);
    Ok((year, period.unwrap_or_else(|| if year == this { quarter() } else { Period::Year })))
}

fn see(tx: &mut Tx<'_>, query: &ForecastQuery) -> Result<forecasts::Seen, DbError> {
    let (year, period) = meant(tx, query.year.0, query.period.0)?;
    forecasts::see(tx, year, period, query.person.0)
}

/// `GET /api/v1/forecast`
pub(crate) async fn show(
    call: Rc<Call>,
    Query(query): Query<ForecastQuery>,
) -> Result<One<Forecast>, Failure> {
    Ok(One(call.db(move |tx| see(tx, &query)).await?.forecast))
}

/// `GET /api/v1/forecast/changes`
pub(crate) async fn changes(
    call: Rc<Call>,
    Query(query): Query<ForecastQuery>,
    Query(since): Query<SinceQuery>,
) -> Result<One<ChangedSince>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let forecast = see(tx, &query)?.forecast;
        let snapshot = match since.since.0 {
            Some(id) => forecasts::snapshot(tx, id)?,
            None => forecasts::snapshots(tx)?.first().copied().ok_or(DbError::NotFound)?,
        };
        let about = About { span: forecast.span, whose: forecast.person_id };
        Ok(ChangedSince { changed: forecasts::changed_since(tx, &snapshot, about)?, snapshot })
    });
    found.await.map(One)
}

/// `GET /api/v1/forecast/snapshots`
pub(crate) async fn snapshots(call: Rc<Call>) -> Result<Listed<Snapshot>, Failure> {
    Ok(call.db(forecasts::snapshots).await?.into())
}

/// `GET /api/v1/forecast/snapshots/{id}/deals`
pub(crate) async fn snapshot_deals(
    call: Rc<Call>,
    At(id): At<SnapshotId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Frozen>, Failure> {
    let paging = paged.paging::<DealId>()?;
    Ok(call.db(move |tx| forecasts::deals_of_snapshot(tx, id, &paging)).await?.into())
}

/// `GET /api/v1/forecast/adjustments`
pub(crate) async fn adjustments(
    call: Rc<Call>,
    Query(query): Query<ForecastQuery>,
) -> Result<Listed<Adjustment>, Failure> {
    Ok(call.db(move |tx| see(tx, &query)).await?.lines.into())
}

/// `POST /api/v1/forecast/adjustments`
pub(crate) async fn adjust(
    call: Rc<Call>,
    Json(input): Json<AdjustmentInput>,
) -> Result<Once<Created<Adjustment>>, Failure> {
    api::once(&call, move |tx| forecasts::adjust(tx, &input).map(Created)).await
}

/// `GET /api/v1/deals/{id}/chance`
pub(crate) async fn chance(call: Rc<Call>, At(id): At<DealId>) -> Result<One<Chance>, Failure> {
    call.db(move |tx| chances::of_one(tx, id)).await.map(One)
}
