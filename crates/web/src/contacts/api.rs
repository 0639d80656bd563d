//! `/api/v1/companies/{id}/contacts` and `/api/v1/contacts/{id}`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::{companies, contacts};
use db::DbError;
use kernel::{CompanyId, ContactId, Page};

use crate::api;
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/companies/{id}/contacts`: all of them; a company has a handful.
pub(crate) async fn of_company(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    let items = call
        .db(move |tx| -> Result<_, DbError> {
            let company = companies::find(tx, id)?;
            contacts::of_company(tx, company.id)
        })
        .await?;
    Ok(api::list(&call, Page { items, next: None::<ContactId> }))
}

/// `POST /api/v1/companies/{id}/contacts`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    api::post(&call, StatusCode::CREATED, move |tx, input| contacts::add(tx, id, input)).await
}

/// `GET /api/v1/contacts/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ContactId = call.id("id")?;
    let contact = call.db(move |tx| contacts::find(tx, id)).await?;
    Ok(api::one(&call, contact.version, &contact))
}

/// `PUT /api/v1/contacts/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ContactId = call.id("id")?;
    let (input, version) = (call.json()?, api::if_match(&call)?);
    let contact = call.db(move |tx| contacts::correct(tx, id, version, input)).await?;
    Ok(api::one(&call, contact.version, &contact))
}
