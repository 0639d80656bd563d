//! `/api/v1/deals/{id}/quotes` and `/api/v1/quotes/{id}`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{DealId, Page, QuoteId};
use sales::deals;
use sales::quotes::{self, QuoteInput};

use crate::api;
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/deals/{id}/quotes`: every version, newest first.
pub(crate) async fn of_deal(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let items = call
        .db(move |tx| -> Result<_, DbError> {
            let deal = deals::find(tx, id)?;
            quotes::of_deal(tx, deal.id)
        })
        .await?;
    Ok(api::list(&call, Page { items, next: None::<QuoteId> }))
}

/// `POST /api/v1/deals/{id}/quotes`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    api::post(&call, StatusCode::CREATED, move |tx, input: QuoteInput| quotes::issue(tx, id, input)).await
}

/// `GET /api/v1/quotes/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: QuoteId = call.id("id")?;
    let quote = call.db(move |tx| quotes::find(tx, id)).await?;
    Ok(call.answer(StatusCode::OK, &quote))
}
