//! `/api/v1/workers/{id}/exclusions` and `/api/v1/exclusions`

use std::rc::Rc;

use db::DbError;
use fulfillment::exclusions::{self, Exclusion, ExclusionId, ExclusionInput};
use kernel::WorkerId;
use workforce::workers;

use crate::api::{self, At, Created, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/workers/{id}/exclusions`
pub(crate) async fn of_worker(call: Rc<Call>, At(id): At<WorkerId>) -> Result<Listed<Exclusion>, Failure> {
    let kept = call.db(move |tx| -> Result<_, DbError> {
        let worker = workers::find(tx, id)?;
        exclusions::of_worker(tx, worker.id)
    });
    Ok(kept.await?.into())
}

/// `POST /api/v1/workers/{id}/exclusions`
pub(crate) async fn exclude(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    Json(input): Json<ExclusionInput>,
) -> Result<Once<Created<Exclusion>>, Failure> {
    api::once(&call, move |tx| exclusions::exclude(tx, id, &input).map(Created)).await
}

/// `POST /api/v1/exclusions/{id}/lift`
pub(crate) async fn lift(call: Rc<Call>, At(id): At<ExclusionId>) -> Result<Once<One<Exclusion>>, Failure> {
    api::once(&call, move |tx| exclusions::lift(tx, id).map(One)).await
}
