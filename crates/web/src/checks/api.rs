//! `/api/v1/jobs/{id}/checks`

use std::rc::Rc;

use db::DbError;
use fulfillment::checks::{self, ChecksInput, ChecksKey, JobChecks};
use fulfillment::jobs;
use kernel::JobId;

use crate::api::{self, At, Created, Json, Listed, Once, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/jobs/{id}/checks`
pub(crate) async fn index(
    call: Rc<Call>,
    At(id): At<JobId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<JobChecks>, Failure> {
    let paging = paged.paging::<ChecksKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        checks::of_job(tx, job.id, &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/jobs/{id}/checks`
pub(crate) async fn change(
    call: Rc<Call>,
    At(id): At<JobId>,
    Json(input): Json<ChecksInput>,
) -> Result<Once<Created<JobChecks>>, Failure> {
    api::once(&call, move |tx| checks::change(tx, id, &input).map(Created)).await
}
