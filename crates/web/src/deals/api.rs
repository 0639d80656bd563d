//! `/api/v1/deals` and the activities below a deal.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{DealId, Typed};
use sales::activities::{self, ActivityInput, ActivityKey};
use sales::deals::{self, AdvanceInput, DealFilter, DealInput, LoseInput, ReopenInput};
use serde::Deserialize;

use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;
use crate::phrases::Nothing;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DealsQuery {
    state: Typed,
    owner: Typed,
    company: Typed,
}

/// `GET /api/v1/deals`: with `state`, `owner` and `company` as filters.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: DealsQuery = call.query();
    let filter = DealFilter {
        state: query.state.as_str().parse().ok(),
        owner: query.owner.as_str().parse().ok(),
        company: query.company.as_str().parse().ok(),
    };
    let paging = call.query::<ListQuery>().paging::<DealId>();
    let page = call.db(move |tx| deals::list(tx, &filter, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `POST /api/v1/deals`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    api::post(&call, StatusCode::CREATED, |tx, input: DealInput| deals::open(tx, input)).await
}

/// `GET /api/v1/deals/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let deal = call.db(move |tx| deals::find(tx, id)).await?;
    Ok(api::one(&call, deal.version, &deal))
}

/// `PUT /api/v1/deals/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let (input, version) = (call.json::<DealInput>()?, api::if_match(&call)?);
    let deal = call.db(move |tx| deals::correct(tx, id, version, input)).await?;
    Ok(api::one(&call, deal.version, &deal))
}

/// `POST /api/v1/deals/{id}/advance`
pub(crate) async fn advance(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version) = (call.id::<DealId>("id")?, api::if_match(&call)?);
    api::post(&call, StatusCode::OK, move |tx, input: AdvanceInput| deals::advance(tx, id, version, input))
        .await
}

/// `POST /api/v1/deals/{id}/win`
pub(crate) async fn win(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version) = (call.id::<DealId>("id")?, api::if_match(&call)?);
    api::post(&call, StatusCode::OK, move |tx, _: Nothing| deals::win(tx, id, version)).await
}

/// `POST /api/v1/deals/{id}/lose`
pub(crate) async fn lose(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version) = (call.id::<DealId>("id")?, api::if_match(&call)?);
    api::post(&call, StatusCode::OK, move |tx, input: LoseInput| deals::lose(tx, id, version, input)).await
}

/// `POST /api/v1/deals/{id}/sleep`
pub(crate) async fn sleep(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version) = (call.id::<DealId>("id")?, api::if_match(&call)?);
    api::post(&call, StatusCode::OK, move |tx, _: Nothing| deals::sleep(tx, id, version)).await
}

/// `POST /api/v1/deals/{id}/reopen`
pub(crate) async fn reopen(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version) = (call.id::<DealId>("id")?, api::if_match(&call)?);
    api::post(&call, StatusCode::OK, move |tx, input: ReopenInput| deals::reopen(tx, id, version, input))
        .await
}

/// `GET /api/v1/deals/{id}/activities`
pub(crate) async fn activities(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let paging = call.query::<ListQuery>().paging::<ActivityKey>();
    let page = call
        .db(move |tx| -> Result<_, DbError> {
            let deal = deals::find(tx, id)?;
            activities::history(tx, deal.id, &paging)
        })
        .await?;
    Ok(api::list(&call, page))
}

/// `POST /api/v1/deals/{id}/activities`: the body carries the deal's `version`, because the next action is written
/// over.
pub(crate) async fn log(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    api::post(&call, StatusCode::CREATED, move |tx, input: ActivityInput| activities::log(tx, id, input))
        .await
}
