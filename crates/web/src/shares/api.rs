//! `/api/v1/shares` and `/api/v1/orders/{id}/shares`

use std::rc::Rc;

use db::DbError;
use fulfillment::orders;
use fulfillment::shares::{
    self, DeclineShareInput, OrderShare, ShareId, ShareInput, ShareKey, SharePaymentInput, ShareSide,
    WholeShare,
};
use kernel::OrderId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::taking;
use crate::api::{self, At, Chosen, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which shares.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct SharesQuery {
    /// `in`: offered to this town; `out`: entrusted by it. Those offered to it where nothing is said.
    side: Chosen<ShareSide>,
    #[serde(flatten)]
    paged: Paged,
}

/// `GET /api/v1/shares`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<SharesQuery>,
) -> Result<Listed<OrderShare>, Failure> {
    let (side, paging) = (query.side.0.unwrap_or(ShareSide::In), query.paged.paging::<ShareKey>()?);
    Ok(call.db(move |tx| shares::list(tx, side, &paging)).await?.into())
}

/// `GET /api/v1/shares/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<ShareId>) -> Result<One<WholeShare>, Failure> {
    call.db(move |tx| shares::whole(tx, id)).await.map(One)
}

/// `POST /api/v1/shares/{id}/payments`
pub(crate) async fn pay(
    call: Rc<Call>,
    At(id): At<ShareId>,
    Json(input): Json<SharePaymentInput>,
) -> Result<Once<Created<WholeShare>>, Failure> {
    api::once(&call, move |tx| shares::pay(tx, id, &input).map(Created)).await
}

/// `GET /api/v1/orders/{id}/shares`
pub(crate) async fn of_order(call: Rc<Call>, At(id): At<OrderId>) -> Result<Listed<OrderShare>, Failure> {
    let all = call.db(move |tx| -> Result<_, DbError> {
        orders::find(tx, id)?;
        shares::of_order(tx, id)
    });
    Ok(all.await?.into())
}

/// `POST /api/v1/orders/{id}/shares`
pub(crate) async fn offer(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Json(input): Json<ShareInput>,
) -> Result<Once<Created<OrderShare>>, Failure> {
    api::once(&call, move |tx| shares::offer(tx, id, &input).map(Created)).await
}

/// `POST /api/v1/shares/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>, At(id): At<ShareId>) -> Result<Once<One<OrderShare>>, Failure> {
    api::once(&call, move |tx| shares::withdraw(tx, id).map(One)).await
}

/// `POST /api/v1/shares/{id}/accept`
pub(crate) async fn accept(call: Rc<Call>, At(id): At<ShareId>) -> Result<Once<One<OrderShare>>, Failure> {
    api::once(&call, move |tx| taking::take(tx, id).map(One)).await
}

/// `POST /api/v1/shares/{id}/decline`
pub(crate) async fn decline(
    call: Rc<Call>,
    At(id): At<ShareId>,
    Json(input): Json<DeclineShareInput>,
) -> Result<Once<One<OrderShare>>, Failure> {
    api::once(&call, move |tx| shares::decline(tx, id, &input).map(One)).await
}
