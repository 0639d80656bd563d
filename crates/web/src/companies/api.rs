//! `/api/v1/companies`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::companies::{self, CompanyInput, CompanyKey};
use kernel::CompanyId;

use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/companies`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging = call.query::<ListQuery>().paging::<CompanyKey>();
    let page = call.db(move |tx| companies::list(tx, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `POST /api/v1/companies`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    api::post(&call, StatusCode::CREATED, |tx, input: CompanyInput| companies::enter(tx, input)).await
}

/// `GET /api/v1/companies/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    let company = call.db(move |tx| companies::find(tx, id)).await?;
    Ok(api::one(&call, company.version, &company))
}

/// `PUT /api/v1/companies/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    let (input, version) = (call.json::<CompanyInput>()?, api::if_match(&call)?);
    let company = call.db(move |tx| companies::correct(tx, id, version, input)).await?;
    Ok(api::one(&call, company.version, &company))
}
