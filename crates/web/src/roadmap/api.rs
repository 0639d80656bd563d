//! `/api/v1/milestones`

use std::rc::Rc;

use db::DbError;
use kernel::FiscalYear;
use sales::roadmaps::{self, Milestone, MilestoneId, MilestoneInput, ReachedInput, Standing};
use sales::targets;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::steering;

/// Which fiscal year.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct RoadmapQuery {
    /// By the calendar year of its first day; this one where nothing is said.
    year: Chosen<FiscalYear>,
}

/// `GET /api/v1/milestones`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<RoadmapQuery>,
) -> Result<Listed<Standing>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let year = match query.year.0 {
            Some(year) => year,
            None => targets::this_year(tx)?.0,
        };
        let standing = roadmaps::standing(tx, year)?;
        steering::with_actuals(tx, standing)
    });
    Ok(found.await?.into())
}

/// `POST /api/v1/milestones`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<MilestoneInput>,
) -> Result<Once<Created<Milestone>>, Failure> {
    api::once(&call, move |tx| roadmaps::enter(tx, &input).map(Created)).await
}

/// `GET /api/v1/milestones/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<MilestoneId>) -> Result<One<Milestone>, Failure> {
    call.db(move |tx| roadmaps::find(tx, id)).await.map(One)
}

/// `GET /api/v1/milestones/{id}/standing`
pub(crate) async fn standing(call: Rc<Call>, At(id): At<MilestoneId>) -> Result<One<Standing>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let standing = roadmaps::standing_of(tx, id)?;
        steering::with_actual(tx, standing)
    });
    found.await.map(One)
}

/// `PUT /api/v1/milestones/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<MilestoneId>,
    IfMatch(version): IfMatch,
    Json(input): Json<MilestoneInput>,
) -> Result<One<Milestone>, Failure> {
    call.db(move |tx| roadmaps::change(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/milestones/{id}/finish`
pub(crate) async fn finish(
    call: Rc<Call>,
    At(id): At<MilestoneId>,
    IfMatch(version): IfMatch,
    body: Option<Json<ReachedInput>>,
) -> Result<Once<One<Milestone>>, Failure> {
    let reached = body.map(|Json(input)| input).unwrap_or_default();
    api::once(&call, move |tx| roadmaps::finish(tx, id, version, &reached).map(One)).await
}

/// `POST /api/v1/milestones/{id}/abandon`
pub(crate) async fn abandon(
    call: Rc<Call>,
    At(id): At<MilestoneId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Milestone>>, Failure> {
    api::once(&call, move |tx| roadmaps::abandon(tx, id, version).map(One)).await
}

/// `POST /api/v1/milestones/{id}/reopen`
pub(crate) async fn reopen(
    call: Rc<Call>,
    At(id): At<MilestoneId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Milestone>>, Failure> {
    api::once(&call, move |tx| roadmaps::reopen(tx, id, version).map(One)).await
}
