//! `/api/v1/fixes`

use std::rc::Rc;

use db::DbError;
use fulfillment::fixes::{self, FixDecision, FixInput, FixKey, OpenFix};
use fulfillment::units;
use kernel::{OrderId, UnitId};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, Json, Listed, Once, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which fixes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct FixesQuery {
    /// Only those of this order.
    order: Chosen<OrderId>,
}

/// `GET /api/v1/fixes`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<FixesQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<OpenFix>, Failure> {
    let paging = paged.paging::<FixKey>()?;
    Ok(call.db(move |tx| fixes::open(tx, query.order.0, &paging)).await?.into())
}

/// `GET /api/v1/units/{id}/fixes`
pub(crate) async fn of_unit(call: Rc<Call>, At(id): At<UnitId>) -> Result<Listed<FixDecision>, Failure> {
    let decided = call.db(move |tx| -> Result<_, DbError> {
        let unit = units::find(tx, id)?;
        fixes::of_unit(tx, unit.id)
    });
    Ok(decided.await?.into())
}

/// `POST /api/v1/units/{id}/fix`
pub(crate) async fn decide(
    call: Rc<Call>,
    At(id): At<UnitId>,
    Json(input): Json<FixInput>,
) -> Result<Once<Created<FixDecision>>, Failure> {
    api::once(&call, move |tx| fixes::decide(tx, id, input).map(Created)).await
}
