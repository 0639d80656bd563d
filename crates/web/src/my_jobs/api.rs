//! `/api/v1/my-jobs`

use std::rc::Rc;

use fulfillment::questions::{self, AskInput, MyQuestion, QuestionKey};
use fulfillment::rules::{self, Reading, SeenInput};
use fulfillment::samples::{self, Sample};
use kernel::JobId;

use crate::api::{self, At, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/my-jobs/{job}/rules`
pub(crate) async fn reading(call: Rc<Call>, At(job): At<JobId>) -> Result<One<Reading>, Failure> {
    call.db(move |tx| rules::mine(tx, job)).await.map(One)
}

/// `POST /api/v1/my-jobs/{job}/rules-read`
pub(crate) async fn read(
    call: Rc<Call>,
    At(job): At<JobId>,
    Json(input): Json<SeenInput>,
) -> Result<Once<One<Reading>>, Failure> {
    api::once(&call, move |tx| rules::read(tx, job, &input).map(One)).await
}

/// `GET /api/v1/my-jobs/{job}/questions`
pub(crate) async fn questions(
    call: Rc<Call>,
    At(job): At<JobId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<MyQuestion>, Failure> {
    let paging = paged.paging::<QuestionKey>()?;
    Ok(call.db(move |tx| questions::mine(tx, job, &paging)).await?.into())
}

/// `POST /api/v1/my-jobs/{job}/questions`
pub(crate) async fn ask(
    call: Rc<Call>,
    At(job): At<JobId>,
    Json(input): Json<AskInput>,
) -> Result<Once<Created<MyQuestion>>, Failure> {
    api::once(&call, move |tx| questions::ask_as_worker(tx, job, &input).map(Created)).await
}

/// `GET /api/v1/my-jobs/{job}/samples`
pub(crate) async fn samples(call: Rc<Call>, At(job): At<JobId>) -> Result<Listed<Sample>, Failure> {
    Ok(call.db(move |tx| samples::mine(tx, job)).await?.into())
}
