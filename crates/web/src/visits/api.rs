//! `/api/v1/visits`

use std::rc::Rc;

use schemars::JsonSchema;
use serde::Deserialize;
use workforce::visits::{self, Listed as Shown, Visit, VisitAnswerInput, VisitId, VisitInput, VisitKey};

use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which visits.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct VisitsQuery {
    /// `yes` for all of them, the latest first, instead of those to come.
    all: String,
}

/// `GET /api/v1/visits`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<VisitsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Visit>, Failure> {
    let listed = if query.all.is_empty() { Shown::ToCome } else { Shown::All };
    let paging = paged.paging::<VisitKey>()?;
    Ok(call.db(move |tx| visits::list(tx, listed, &paging)).await?.into())
}

/// `POST /api/v1/visits`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<VisitInput>,
) -> Result<Once<Created<Visit>>, Failure> {
    api::once(&call, move |tx| visits::ask(tx, &input).map(Created)).await
}

/// `GET /api/v1/visits/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<VisitId>) -> Result<One<Visit>, Failure> {
    call.db(move |tx| visits::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/visits/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<VisitId>,
    IfMatch(version): IfMatch,
    Json(input): Json<VisitInput>,
) -> Result<One<Visit>, Failure> {
    call.db(move |tx| visits::change(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/visits/{id}/answer`
pub(crate) async fn answer(
    call: Rc<Call>,
    At(id): At<VisitId>,
    IfMatch(version): IfMatch,
    Json(input): Json<VisitAnswerInput>,
) -> Result<Once<One<Visit>>, Failure> {
    api::once(&call, move |tx| visits::answer(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/visits/{id}/cancel`
pub(crate) async fn cancel(
    call: Rc<Call>,
    At(id): At<VisitId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Visit>>, Failure> {
    api::once(&call, move |tx| visits::cancel(tx, id, version).map(One)).await
}
