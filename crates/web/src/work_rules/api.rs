//! `/api/v1/jobs/{id}/rules`

use std::rc::Rc;

use db::DbError;
use fulfillment::jobs;
use fulfillment::rules::{self, RulesInput, RulesKey, WorkRules};
use kernel::JobId;

use crate::api::{self, At, Created, Json, Listed, Once, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/jobs/{id}/rules`
pub(crate) async fn index(
    call: Rc<Call>,
    At(id): At<JobId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<WorkRules>, Failure> {
    let paging = paged.paging::<RulesKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        rules::of_job(tx, job.id, &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/jobs/{id}/rules`
pub(crate) async fn change(
    call: Rc<Call>,
    At(id): At<JobId>,
    Json(input): Json<RulesInput>,
) -> Result<Once<Created<WorkRules>>, Failure> {
    api::once(&call, move |tx| rules::change(tx, id, &input).map(Created)).await
}
