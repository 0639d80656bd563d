//! `/api/v1/partners`

use std::rc::Rc;

use accounts::organizations;
use db::DbError;
use fulfillment::partners::{self, AskPartnerInput, Partner, PartnerId, PartnerKey};
use fulfillment::shares::{self, PartnerAmounts};
use kernel::FiscalYear;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{self, At, Chosen, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/partners`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Partner>, Failure> {
    let paging = paged.paging::<PartnerKey>()?;
    Ok(call.db(move |tx| partners::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/partners`
pub(crate) async fn ask(
    call: Rc<Call>,
    Json(input): Json<AskPartnerInput>,
) -> Result<Once<Created<Partner>>, Failure> {
    api::once(&call, move |tx| partners::ask(tx, &input).map(Created)).await
}

/// `POST /api/v1/partners/{id}/agree`
pub(crate) async fn agree(call: Rc<Call>, At(id): At<PartnerId>) -> Result<Once<One<Partner>>, Failure> {
    api::once(&call, move |tx| partners::agree(tx, id).map(One)).await
}

/// `POST /api/v1/partners/{id}/end`
pub(crate) async fn end(call: Rc<Call>, At(id): At<PartnerId>) -> Result<Once<One<Partner>>, Failure> {
    api::once(&call, move |tx| partners::end(tx, id).map(One)).await
}

/// Which year's amounts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct AmountsQuery {
    /// The fiscal year, by the calendar year of its first day; this one where nothing is said.
    year: Chosen<FiscalYear>,
}

/// What came and went in a fiscal year.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct YearOfPartners {
    /// The fiscal year in which it was agreed.
    fiscal_year: FiscalYear,
    /// Every partner by name.
    partners: Vec<PartnerAmounts>,
}

/// `GET /api/v1/partners/amounts`
pub(crate) async fn amounts(
    call: Rc<Call>,
    Query(query): Query<AmountsQuery>,
) -> Result<One<YearOfPartners>, Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let fiscal_year = match query.year.0 {
            Some(year) => year,
            None => organizations::fiscal_year(tx)?,
        };
        let days = organizations::days_of_year(tx, fiscal_year)?;
        Ok(YearOfPartners { fiscal_year, partners: shares::amounts(tx, days)? })
    })
    .await
    .map(One)
}
