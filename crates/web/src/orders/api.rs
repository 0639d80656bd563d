//! `/api/v1/orders`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use fulfillment::orders::{self, CloseShortInput, OrderError, OrderFilter, OrderKey};
use fulfillment::units::CancelInput;
use kernel::{OrderId, Typed};
use serde::Deserialize;

use super::parts;
use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filter {
    state: Typed,
}

/// `GET /api/v1/orders?state=…`: by due date.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging = call.query::<ListQuery>().paging::<OrderKey>();
    let filter = OrderFilter { state: parts::word_of(&call.query::<Filter>().state) };
    let page = call.db(move |tx| orders::list(tx, filter, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `GET /api/v1/orders/running`: the seven questions.
pub(crate) async fn running(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging = call.query::<ListQuery>().paging::<OrderKey>();
    let page = call.db(move |tx| orders::running(tx, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `GET /api/v1/orders/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let order = call.db(move |tx| orders::find(tx, id)).await?;
    Ok(api::one(&call, order.version, &order))
}

/// `GET /api/v1/orders/{id}/progress`
pub(crate) async fn progress(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let progress = call
        .db(move |tx| -> Result<_, DbError> {
            let order = orders::find(tx, id)?;
            orders::progress(tx, order.id)
        })
        .await?;
    Ok(call.answer(StatusCode::OK, &progress))
}

/// `GET /api/v1/orders/{id}/lines`
pub(crate) async fn lines(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let lines = call
        .db(move |tx| -> Result<_, DbError> {
            let order = orders::find(tx, id)?;
            orders::lines(tx, order.id)
        })
        .await?;
    Ok(call.answer(StatusCode::OK, &lines))
}

/// A body without members.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Nothing {}

/// `POST /api/v1/orders/{id}/start`
pub(crate) async fn start(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    api::post(&call, StatusCode::OK, move |tx, _body: Nothing| -> Result<_, OrderError> {
        orders::start(tx, id)
    })
    .await
}

/// `POST /api/v1/orders/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    api::post(&call, StatusCode::OK, move |tx, input: CancelInput| orders::cancel(tx, id, input)).await
}

/// `POST /api/v1/orders/{id}/close`: closes it with fewer pieces than were ordered.
pub(crate) async fn close(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    api::post(&call, StatusCode::OK, move |tx, input: CloseShortInput| orders::close_short(tx, id, input))
        .await
}
