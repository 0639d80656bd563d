//! `/api/v1/reviews`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::reviews::{self, ReviewError, ReviewInput, ReviewKey};
use fulfillment::{submissions, units};
use kernel::{SubmissionId, UnitId};

use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;
use crate::orders::api::Nothing;

/// `GET /api/v1/reviews`: what the caller may check, the longest waiting first.
pub(crate) async fn queue(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging = call.query::<ListQuery>().paging::<ReviewKey>();
    let page = call.db(move |tx| reviews::waiting(tx, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `POST /api/v1/reviews/{submission}`
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SubmissionId = call.id("submission")?;
    api::post(&call, StatusCode::CREATED, move |tx, input: ReviewInput| reviews::decide(tx, id, input)).await
}

/// `POST /api/v1/reviews/{submission}/begin`: shows the others that somebody looks at it.
pub(crate) async fn begin(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SubmissionId = call.id("submission")?;
    let verb =
        move |tx: &mut db::Tx<'_>, _body: Nothing| -> Result<_, ReviewError> { reviews::begin(tx, id) };
    api::post(&call, StatusCode::OK, verb).await
}

/// `GET /api/v1/units/{id}/versions`: every version with its verdict, the oldest first.
pub(crate) async fn versions(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    let versions = call
        .db(move |tx| -> Result<_, db::DbError> {
            let unit = units::find(tx, id)?;
            submissions::of_unit(tx, unit.id)
        })
        .await?;
    Ok(call.answer(StatusCode::OK, &versions))
}
