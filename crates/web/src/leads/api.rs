//! `/api/v1/leads`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use kernel::{LeadId, Typed};
use sales::leads::{self, ConvertInput, DisqualifyInput, LeadInput, LeadKey};
use serde::Deserialize;

use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;
use crate::phrases::Nothing;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LeadsQuery {
    state: Typed,
}

/// `GET /api/v1/leads`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let state = call.query::<LeadsQuery>().state.as_str().parse().ok();
    let paging = call.query::<ListQuery>().paging::<LeadKey>();
    let page = call.db(move |tx| leads::list(tx, state, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `POST /api/v1/leads`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    api::post(&call, StatusCode::CREATED, |tx, input: LeadInput| leads::enter(tx, input)).await
}

/// `GET /api/v1/leads/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let lead = call.db(move |tx| leads::find(tx, id)).await?;
    Ok(api::one(&call, lead.version, &lead))
}

/// `POST /api/v1/leads/{id}/contact`
pub(crate) async fn contact(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version) = (call.id::<LeadId>("id")?, api::if_match(&call)?);
    api::post(&call, StatusCode::OK, move |tx, _: Nothing| leads::contact(tx, id, version)).await
}

/// `POST /api/v1/leads/{id}/disqualify`
pub(crate) async fn disqualify(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version) = (call.id::<LeadId>("id")?, api::if_match(&call)?);
    api::post(&call, StatusCode::OK, move |tx, input: DisqualifyInput| {
        leads::disqualify(tx, id, version, input)
    })
    .await
}

/// `POST /api/v1/leads/{id}/convert`: answers with the deal it became.
pub(crate) async fn convert(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version) = (call.id::<LeadId>("id")?, api::if_match(&call)?);
    api::post(&call, StatusCode::CREATED, move |tx, input: ConvertInput| {
        leads::convert(tx, id, version, input)
    })
    .await
}
