//! `/api/v1/companies`

use std::rc::Rc;

use clients::companies::{self, Company, CompanyInput, CompanyKey, CompanySummary};
use db::DbError;
use kernel::CompanyId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// How many companies a search finds at most.
const FOUND: i32 = 100;

/// Which companies.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct CompaniesQuery {
    /// A part of the name or reading; then at most 100 come, in one page.
    q: String,
}

/// `GET /api/v1/companies`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<CompaniesQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<CompanySummary>, Failure> {
    let paging = paged.paging::<CompanyKey>();
    call.db(move |tx| -> Result<_, DbError> {
        match query.q.trim() {
            "" => Ok(companies::list(tx, &paging)?.into()),
            part => Ok(companies::search(tx, part, FOUND)?.into()),
        }
    })
    .await
}

/// `POST /api/v1/companies`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<CompanyInput>,
) -> Result<Once<Created<Company>>, Failure> {
    api::once(&call, move |tx| companies::enter(tx, input).map(Created)).await
}

/// `GET /api/v1/companies/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<CompanyId>) -> Result<One<Company>, Failure> {
    call.db(move |tx| companies::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/companies/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<CompanyId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CompanyInput>,
) -> Result<One<Company>, Failure> {
    call.db(move |tx| companies::correct(tx, id, version, input)).await.map(One)
}
