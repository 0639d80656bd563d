//! `/api/v1/deliveries`

use std::rc::Rc;

use db::DbError;
use fulfillment::acceptance::{self, Access, AccessKey};
use fulfillment::deliveries::{self, DeliverInput, DeliveredUnit, Delivery, Inspection};
use fulfillment::orders;
use kernel::{DeliveryId, OrderId, Paging};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::{self, At, Created, Json, Listed, NoContent, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/orders/{id}/deliveries`: an order has a handful, so there are no pages.
pub(crate) async fn of_order(call: Rc<Call>, At(id): At<OrderId>) -> Result<Listed<Delivery>, Failure> {
    let sent = call.db(move |tx| -> Result<_, DbError> {
        let order = orders::find(tx, id)?;
        deliveries::of_order(tx, order.id)
    });
    Ok(sent.await?.into())
}

/// `POST /api/v1/orders/{id}/deliveries`
pub(crate) async fn create(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Json(input): Json<DeliverInput>,
) -> Result<Once<Created<Delivery>>, Failure> {
    let key = call.app.key.clone();
    api::once(&call, move |tx| deliveries::assemble(tx, &key, id, input).map(Created)).await
}

/// A delivery with what it holds and what was done with its links.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DeliveryInFull {
    /// The delivery.
    #[serde(flatten)]
    delivery: Delivery,
    /// How what it holds was inspected.
    inspection: Inspection,
    /// What it holds.
    units: Vec<DeliveredUnit>,
    /// What was done with its links, the newest first: the last hundred.
    accesses: Vec<Access>,
}

/// `GET /api/v1/deliveries/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<DeliveryId>) -> Result<One<DeliveryInFull>, Failure> {
    let whole = call.db(move |tx| -> Result<_, DbError> {
        let delivery = deliveries::find(tx, id)?;
        let units = deliveries::units(tx, id)?;
        let accesses = acceptance::accesses(tx, id, &Paging::first(Paging::<AccessKey>::MOST))?.items;
        let inspection = deliveries::inspected(tx, id)?;
        Ok(DeliveryInFull { delivery, inspection, units, accesses })
    });
    whole.await.map(One)
}

/// `POST /api/v1/deliveries/{id}/send-again`
pub(crate) async fn send_again(call: Rc<Call>, At(id): At<DeliveryId>) -> Result<Once<NoContent>, Failure> {
    let key = call.app.key.clone();
    api::once(&call, move |tx| deliveries::send_again(tx, &key, id).map(|()| NoContent)).await
}

/// `POST /api/v1/deliveries/{id}/remind`
pub(crate) async fn remind(call: Rc<Call>, At(id): At<DeliveryId>) -> Result<Once<One<Delivery>>, Failure> {
    api::once(&call, move |tx| deliveries::remind(tx, id).map(One)).await
}

/// `POST /api/v1/deliveries/{id}/withdraw-link`
pub(crate) async fn withdraw_link(
    call: Rc<Call>,
    At(id): At<DeliveryId>,
) -> Result<Once<One<Delivery>>, Failure> {
    api::once(&call, move |tx| deliveries::withdraw_link(tx, id).map(One)).await
}
