//! `/api/v1/capacity` and `/api/v1/orders/{id}/promises`

use std::rc::Rc;

use db::DbError;
use fulfillment::capacity::{self, Asked, Capacity};
use fulfillment::orders;
use fulfillment::promises::{self, AtRisk, AtRiskKey, Outlook, Promise, PromiseKey};
use kernel::OrderId;

use crate::api::{self, At, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/capacity`
pub(crate) async fn weeks(call: Rc<Call>) -> Result<One<Capacity>, Failure> {
    let found = call.db(|tx| -> Result<_, DbError> {
        let may_come = super::may_come(tx, None)?;
        let asked = Asked { skill: None, check_permille: super::index::check_permille(tx)? };
        capacity::ahead(tx, asked, &may_come)
    });
    Ok(One(found.await?))
}

/// `GET /api/v1/capacity/at-risk`
pub(crate) async fn at_risk(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<AtRisk>, Failure> {
    let paging = paged.paging::<AtRiskKey>()?;
    Ok(call.db(move |tx| promises::at_risk(tx, &paging)).await?.into())
}

/// `POST /api/v1/capacity/reckon`
pub(crate) async fn reckon(call: Rc<Call>) -> Result<Once<NoContent>, Failure> {
    api::once(&call, |tx| promises::reckon_soon(tx).map(|()| NoContent)).await
}

/// `GET /api/v1/orders/{id}/outlook`
pub(crate) async fn outlook(call: Rc<Call>, At(id): At<OrderId>) -> Result<One<Outlook>, Failure> {
    let found = call.db(move |tx| promises::outlook(tx, id)?.ok_or(DbError::NotFound));
    Ok(One(found.await?))
}

/// `GET /api/v1/orders/{id}/promises`
pub(crate) async fn of_order(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Promise>, Failure> {
    let paging = paged.paging::<PromiseKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let order = orders::find(tx, id)?;
        promises::history(tx, order.id, &paging)
    });
    Ok(page.await?.into())
}
