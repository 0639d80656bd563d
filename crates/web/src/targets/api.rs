//! `/api/v1/targets` and `/api/v1/target-plans`

use std::rc::Rc;

use db::{DbError, Tx};
use kernel::FiscalYear;
use sales::targets::{self, Difference, Plan, PlanId, PlanInput, Standing, Target, TargetId, TargetInput};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::version::differences;
use crate::api::{self, At, Chosen, Created, Json, Listed, NoContent, Once, One, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::steering;

/// Which fiscal year.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct TargetsQuery {
    /// By the calendar year of its first day; this one where nothing is said.
    year: Chosen<FiscalYear>,
}

/// A version with its targets.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TargetVersion {
    /// The version.
    plan: Plan,
    /// Its targets.
    targets: Vec<Target>,
    /// What differs from the version before.
    differences: Vec<Difference>,
}

/// `GET /api/v1/targets`
pub(crate) async fn standing(
    call: Rc<Call>,
    Query(query): Query<TargetsQuery>,
) -> Result<One<Standing>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let year = match query.year.0 {
            Some(year) => year,
            None => targets::this_year(tx)?.0,
        };
        steering::standing(tx, year)
    });
    found.await?.map(One).ok_or_else(Failure::not_found)
}

/// `DELETE /api/v1/targets/{id}`
pub(crate) async fn remove(call: Rc<Call>, At(id): At<TargetId>) -> Result<NoContent, Failure> {
    call.db(move |tx| targets::remove(tx, id)).await.map(|_plan| NoContent)
}

/// `GET /api/v1/target-plans`
pub(crate) async fn plans(call: Rc<Call>) -> Result<Listed<Plan>, Failure> {
    Ok(call.db(targets::plans).await?.into())
}

/// `POST /api/v1/target-plans`
pub(crate) async fn open(
    call: Rc<Call>,
    Json(input): Json<PlanInput>,
) -> Result<Once<Created<Plan>>, Failure> {
    api::once(&call, move |tx| targets::open_version(tx, &input).map(Created)).await
}

/// `GET /api/v1/target-plans/{id}`
pub(crate) async fn plan(call: Rc<Call>, At(id): At<PlanId>) -> Result<One<TargetVersion>, Failure> {
    let found = call.db(move |tx: &mut Tx<'_>| -> Result<_, DbError> {
        let plan = targets::find(tx, id)?;
        let targets = targets::of_plan(tx, id)?;
        let differences = differences(tx, &plan, &targets)?;
        Ok(TargetVersion { plan, targets, differences })
    });
    found.await.map(One)
}

/// `POST /api/v1/target-plans/{id}/targets`
pub(crate) async fn set(
    call: Rc<Call>,
    At(id): At<PlanId>,
    Json(input): Json<TargetInput>,
) -> Result<Once<One<Target>>, Failure> {
    api::once(&call, move |tx| targets::set(tx, id, &input).map(One)).await
}

/// `POST /api/v1/target-plans/{id}/close`
pub(crate) async fn close(call: Rc<Call>, At(id): At<PlanId>) -> Result<Once<One<Plan>>, Failure> {
    api::once(&call, move |tx| targets::close_version(tx, id).map(One)).await
}
