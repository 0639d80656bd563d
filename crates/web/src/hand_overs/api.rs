//! `/api/v1/hand-overs`

use std::rc::Rc;

use db::DbError;
use fulfillment::hand_overs::{self, DecideInput, HandOver, HandOverId, HandOverKey, OpenHandOver};
use fulfillment::units;
use kernel::UnitId;

use crate::api::{self, At, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/hand-overs`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<OpenHandOver>, Failure> {
    let paging = paged.paging::<HandOverKey>()?;
    Ok(call.db(move |tx| hand_overs::open(tx, &paging)).await?.into())
}

/// `GET /api/v1/units/{id}/hand-overs`
pub(crate) async fn of_unit(call: Rc<Call>, At(id): At<UnitId>) -> Result<Listed<HandOver>, Failure> {
    let parts = call.db(move |tx| -> Result<_, DbError> {
        let unit = units::find(tx, id)?;
        hand_overs::of_unit(tx, unit.id)
    });
    Ok(parts.await?.into())
}

/// `POST /api/v1/hand-overs/{id}`
pub(crate) async fn decide(
    call: Rc<Call>,
    At(id): At<HandOverId>,
    Json(input): Json<DecideInput>,
) -> Result<Once<One<HandOver>>, Failure> {
    api::once(&call, move |tx| hand_overs::decide(tx, id, &input).map(One)).await
}
