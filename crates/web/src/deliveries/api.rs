//! `/api/v1/deliveries`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use fulfillment::acceptance::{self, Access};
use fulfillment::deliveries::{self, DeliverInput, DeliveredUnit, Delivery};
use fulfillment::orders;
use kernel::{DeliveryId, OrderId};
use serde::Serialize;

use crate::api;
use crate::call::Call;
use crate::failure::Failure;
use crate::orders::api::Nothing;

/// `GET /api/v1/orders/{id}/deliveries`: an order has a handful, so there are no pages.
pub(crate) async fn of_order(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let sent = call
        .db(move |tx| -> Result<_, DbError> {
            let order = orders::find(tx, id)?;
            deliveries::of_order(tx, order.id)
        })
        .await?;
    Ok(call.answer(StatusCode::OK, &sent))
}

/// `POST /api/v1/orders/{id}/deliveries`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let key = call.app.key.clone();
    let verb = move |tx: &mut db::Tx<'_>, input: DeliverInput| deliveries::assemble(tx, &key, id, input);
    api::post(&call, StatusCode::CREATED, verb).await
}

/// A delivery with what it holds and what was done with its links.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    delivery: Delivery,
    units: Vec<DeliveredUnit>,
    accesses: Vec<Access>,
}

/// `GET /api/v1/deliveries/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeliveryId = call.id("id")?;
    let whole = call
        .db(move |tx| -> Result<_, DbError> {
            let delivery = deliveries::find(tx, id)?;
            Ok(Whole { units: deliveries::units(tx, id)?, accesses: acceptance::accesses(tx, id)?, delivery })
        })
        .await?;
    Ok(api::one(&call, whole.delivery.version, &whole))
}

/// `POST /api/v1/deliveries/{id}/send-again`
pub(crate) async fn send_again(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeliveryId = call.id("id")?;
    let key = call.app.key.clone();
    let verb = move |tx: &mut db::Tx<'_>, _body: Nothing| deliveries::send_again(tx, &key, id);
    api::post(&call, StatusCode::OK, verb).await
}

/// `POST /api/v1/deliveries/{id}/withdraw-link`
pub(crate) async fn withdraw_link(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeliveryId = call.id("id")?;
    api::post(&call, StatusCode::OK, move |tx, _body: Nothing| deliveries::withdraw_link(tx, id)).await
}
