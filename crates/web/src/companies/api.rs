//! `/api/v1/companies`

use std::rc::Rc;

use clients::companies::{self, Company, CompanyFilter, CompanyInput, CompanyKey, CompanySummary, LookAlike};
use clients::tags::TagId;
use clients::terms::{self, ClientTerms, ClientTermsInput};
use db::DbError;
use kernel::CompanyId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// How many companies a search finds at most.
const FOUND: i32 = 100;

/// Which companies.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct CompaniesQuery {
    /// A part of the name, reading, corporate number, phone number, postal code or web site; then at most 100 come, in one page.
    q: String,
    /// Only companies with this tag; `q` finds those of every tag.
    tag: Chosen<TagId>,
}

/// `GET /api/v1/companies`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<CompaniesQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<CompanySummary>, Failure> {
    let paging = paged.paging::<CompanyKey>()?;
    call.db(move |tx| -> Result<_, DbError> {
        match query.q.trim() {
            "" => Ok(companies::list(tx, CompanyFilter { tag: query.tag.0 }, &paging)?.into()),
            part => Ok(companies::search(tx, part, FOUND)?.into()),
        }
    })
    .await
}

/// What is known of a company that is about to be entered or corrected.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct LookAlikesQuery {
    /// 法人番号.
    corporate_number: String,
    /// Name.
    name: String,
    /// Phone number.
    phone: String,
    /// Web site.
    website: String,
    /// The company itself, where it is there already.
    id: Chosen<CompanyId>,
}

/// `GET /api/v1/companies/look-alikes`
pub(crate) async fn look_alikes(
    call: Rc<Call>,
    Query(query): Query<LookAlikesQuery>,
) -> Result<Listed<LookAlike>, Failure> {
    let input = CompanyInput {
        corporate_number: query.corporate_number.into(),
        name: query.name.into(),
        phone: query.phone.into(),
        website: query.website.into(),
        ..CompanyInput::default()
    };
    let found = call.db(move |tx| companies::look_alikes(tx, &input, query.id.0)).await?;
    Ok(found.into())
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

/// `GET /api/v1/companies/{id}/terms`
pub(crate) async fn terms(call: Rc<Call>, At(id): At<CompanyId>) -> Result<Listed<ClientTerms>, Failure> {
    let versions = call.db(move |tx| -> Result<_, DbError> {
        let company = companies::find(tx, id)?;
        terms::history(tx, company.id)
    });
    Ok(versions.await?.into())
}

/// `POST /api/v1/companies/{id}/terms`
pub(crate) async fn agree_terms(
    call: Rc<Call>,
    At(id): At<CompanyId>,
    Json(input): Json<NextTerms>,
) -> Result<Once<Created<ClientTerms>>, Failure> {
    let NextTerms { after, terms: input } = input;
    api::once(&call, move |tx| terms::agree(tx, id, after, &input).map(Created)).await
}

/// A company's next terms.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "after": 0, "terms": { "closing_day": 20, "months_later": 1, "pay_day": 31, "inspection_days": 7 } }]))]
pub(crate) struct NextTerms {
    /// The version they follow; 0 where none are agreed yet.
    after: i32,
    /// The terms.
    terms: ClientTermsInput,
}
