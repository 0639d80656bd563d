//! `/api/v1/jobs` and `/api/v1/units`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use fulfillment::claims::{self, TakeBackInput};
use fulfillment::jobs::{self, JobError, JobInput};
use fulfillment::orders;
use fulfillment::units::{self, CancelInput, UnitError, UnitFilter, UnitKey};
use kernel::{JobId, OrderId, Typed, UnitId};
use serde::Deserialize;

use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;
use crate::orders::api::Nothing;
use crate::orders::parts;

/// `GET /api/v1/orders/{id}/jobs`: an order has some dozens at most, so there are no pages.
pub(crate) async fn of_order(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let jobs = call
        .db(move |tx| -> Result<_, DbError> {
            let order = orders::find(tx, id)?;
            jobs::of_order(tx, order.id)
        })
        .await?;
    Ok(call.answer(StatusCode::OK, &jobs))
}

/// `POST /api/v1/orders/{id}/jobs`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    api::post(&call, StatusCode::CREATED, move |tx, input: JobInput| jobs::split(tx, id, input)).await
}

/// `GET /api/v1/jobs/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let job = call.db(move |tx| jobs::find(tx, id)).await?;
    Ok(api::one(&call, job.version, &job))
}

/// `POST /api/v1/jobs/{id}/offer`: the order has to be running.
pub(crate) async fn offer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    api::post(&call, StatusCode::OK, move |tx, _body: Nothing| -> Result<_, JobError> { jobs::offer(tx, id) })
        .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filter {
    state: Typed,
}

/// `GET /api/v1/jobs/{id}/units?state=…`
pub(crate) async fn units(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let paging = call.query::<ListQuery>().paging::<UnitKey>();
    let filter = UnitFilter { state: parts::word_of(&call.query::<Filter>().state) };
    let page = call
        .db(move |tx| -> Result<_, DbError> {
            let job = jobs::find(tx, id)?;
            units::of_job(tx, job.id, filter, &paging)
        })
        .await?;
    Ok(api::list(&call, page))
}

/// `POST /api/v1/units/{id}/take-back`
pub(crate) async fn take_back(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    api::post(&call, StatusCode::OK, move |tx, input: TakeBackInput| claims::take_back(tx, id, input)).await
}

/// `POST /api/v1/units/{id}/reoffer`
pub(crate) async fn reoffer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    let verb = move |tx: &mut db::Tx<'_>, _body: Nothing| -> Result<_, UnitError> { units::reoffer(tx, id) };
    api::post(&call, StatusCode::OK, verb).await
}

/// `POST /api/v1/units/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    api::post(&call, StatusCode::OK, move |tx, input: CancelInput| units::cancel(tx, id, input)).await
}
