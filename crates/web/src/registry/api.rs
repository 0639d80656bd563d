//! `/api/v1/registry`

use std::rc::Rc;

use clients::companies::Company;
use clients::registry::{self, RegisteredCompany, RegistryFilter, RegistryKey, RegistrySummary};
use kernel::CorporateNumber;
use schemars::JsonSchema;
use serde::Deserialize;

use super::AdoptInput;
use crate::api::{self, At, Chosen, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// What is searched for, and how wide.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct RegisterQuery {
    /// A part of the name or reading.
    q: String,
    /// `true` also finds corporations that are gone or may be.
    closed: Chosen<bool>,
    /// Only this prefecture, as the register writes it: `鳥取県`.
    prefecture: String,
    /// Only municipalities whose name contains this.
    city: String,
}

/// `GET /api/v1/registry`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<RegisterQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<RegistrySummary>, Failure> {
    let paging = paged.paging::<RegistryKey>()?;
    let filter = RegistryFilter {
        prefecture: query.prefecture,
        city: query.city,
        include_closed: query.closed.0.unwrap_or(false),
    };
    Ok(call.db(move |tx| registry::search(tx, &query.q, &filter, &paging)).await?.into())
}

/// `GET /api/v1/registry/{number}`
pub(crate) async fn show(
    call: Rc<Call>,
    At(number): At<CorporateNumber>,
) -> Result<One<RegisteredCompany>, Failure> {
    call.db(move |tx| registry::find(tx, &number)).await.map(One)
}

/// `POST /api/v1/registry/{number}/adopt`
pub(crate) async fn adopt(
    call: Rc<Call>,
    At(number): At<CorporateNumber>,
    body: Option<Json<AdoptInput>>,
) -> Result<Once<Created<Company>>, Failure> {
    let confirmed = body.is_some_and(|Json(input)| input.is_confirmed());
    api::once(&call, move |tx| registry::adopt(tx, &number, confirmed).map(Created)).await
}
