//! `/api/v1/jobs/{id}/samples` and `/api/v1/samples`

use std::rc::Rc;

use db::DbError;
use fulfillment::jobs;
use fulfillment::samples::{self, Sample, SampleId, SampleInput};
use kernel::JobId;

use crate::api::{self, At, Created, Json, Listed, NoContent, Once};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/jobs/{id}/samples`
pub(crate) async fn of_job(call: Rc<Call>, At(id): At<JobId>) -> Result<Listed<Sample>, Failure> {
    let all = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        samples::of_job(tx, job.id)
    });
    Ok(all.await?.into())
}

/// `POST /api/v1/jobs/{id}/samples`
pub(crate) async fn add(
    call: Rc<Call>,
    At(id): At<JobId>,
    Json(input): Json<SampleInput>,
) -> Result<Once<Created<Sample>>, Failure> {
    api::once(&call, move |tx| samples::add(tx, id, &input).map(Created)).await
}

/// `DELETE /api/v1/samples/{id}`
pub(crate) async fn remove(call: Rc<Call>, At(id): At<SampleId>) -> Result<NoContent, Failure> {
    call.db(move |tx| samples::remove(tx, id)).await.map(|_gone| NoContent)
}
