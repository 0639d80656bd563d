//! `/api/v1/waiting-workers` and `/api/v1/interviews`

use std::rc::Rc;

use db::DbError;
use kernel::WorkerId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workforce::WorkerState;
use workforce::interviews::{self, Interview, InterviewId, InterviewInput, OutcomeInput};
use workforce::waiting::{self, Waiting, WaitingKey};
use workforce::workers;

use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Who.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct WaitingQuery {
    /// Only those in this state.
    state: Chosen<WorkerState>,
}

/// Somebody who waits, for what, and whether they have heard of it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct WaitingWorkerTold {
    /// Who waits, and for what.
    #[serde(flatten)]
    waiting: Waiting,
    /// Where the newest mail about the day of their interview went and did not arrive, so that somebody has to call them; null
    /// where nothing came back, or no day is planned.
    unreached_address: Option<String>,
}

/// `GET /api/v1/waiting-workers`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<WaitingQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<WaitingWorkerTold>, Failure> {
    let paging = paged.paging::<WaitingKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let page = waiting::list(tx, query.state.0, &paging)?;
        let mut unreached = super::unreached_of(tx, &page.items)?;
        Ok(page.map(|waiting| WaitingWorkerTold {
            unreached_address: waiting.interview.as_ref().and_then(|one| unreached.remove(&one.id)),
            waiting,
        }))
    });
    Ok(page.await?.into())
}

/// `GET /api/v1/workers/{id}/interviews`
pub(crate) async fn of_worker(call: Rc<Call>, At(id): At<WorkerId>) -> Result<Listed<Interview>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let worker = workers::find(tx, id)?;
        interviews::of_worker(tx, worker.id)
    });
    Ok(found.await?.into())
}

/// `POST /api/v1/workers/{id}/interviews`
pub(crate) async fn plan(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    Json(input): Json<InterviewInput>,
) -> Result<Once<Created<Interview>>, Failure> {
    api::once(&call, move |tx| interviews::plan(tx, id, &input).map(Created)).await
}

/// `GET /api/v1/interviews/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<InterviewId>) -> Result<One<Interview>, Failure> {
    call.db(move |tx| interviews::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/interviews/{id}`
pub(crate) async fn move_to(
    call: Rc<Call>,
    At(id): At<InterviewId>,
    IfMatch(version): IfMatch,
    Json(input): Json<InterviewInput>,
) -> Result<One<Interview>, Failure> {
    call.db(move |tx| interviews::move_to(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/interviews/{id}/outcome`
pub(crate) async fn conclude(
    call: Rc<Call>,
    At(id): At<InterviewId>,
    IfMatch(version): IfMatch,
    Json(input): Json<OutcomeInput>,
) -> Result<Once<One<Interview>>, Failure> {
    api::once(&call, move |tx| interviews::conclude(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/interviews/{id}/call-off`
pub(crate) async fn call_off(
    call: Rc<Call>,
    At(id): At<InterviewId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Interview>>, Failure> {
    api::once(&call, move |tx| interviews::call_off(tx, id, version).map(One)).await
}

/// `POST /api/v1/interviews/{id}/tell-again`
pub(crate) async fn tell_again(
    call: Rc<Call>,
    At(id): At<InterviewId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Interview>>, Failure> {
    api::once(&call, move |tx| interviews::tell_again(tx, id, version).map(One)).await
}
