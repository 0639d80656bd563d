//! `/api/v1/registry`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::registry::{self, RegistryFilter, RegistryKey};

use super::{AdoptInput, RegistryQuery, number};
use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/registry`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: RegistryQuery = call.query();
    let paging =
        ListQuery { after: query.after, limit: query.limit, ..ListQuery::default() }.paging::<RegistryKey>();
    let filter = RegistryFilter {
        prefecture: query.prefecture.0,
        city: query.city.0,
        include_closed: !query.closed.as_str().is_empty(),
    };
    let page = call.db(move |tx| registry::search(tx, query.q.as_str(), &filter, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `GET /api/v1/registry/{number}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let number = number(&call)?;
    let found = call.db(move |tx| registry::find(tx, &number)).await?;
    Ok(api::one(&call, found.version, &found))
}

/// `POST /api/v1/registry/{number}/adopt`
pub(crate) async fn adopt(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let number = number(&call)?;
    api::post(&call, StatusCode::CREATED, move |tx, input: AdoptInput| {
        registry::adopt(tx, &number, input.is_confirmed())
    })
    .await
}
