//! Sampling in `/api/v1`: plans of jobs, how people stand, what is drawn with, and what is always looked at.

use std::rc::Rc;

use db::DbError;
use fulfillment::sampling::{
    self, Draw, DrawKey, JobSampling, SamplingInput, SamplingKey, Seed, SeedId, SeedKey, Standing, StreamId,
    Switch, SwitchKey, SwitchesOf,
};
use fulfillment::{jobs, units};
use kernel::{JobId, UnitId, WorkerId};
use workforce::workers;

use crate::api::{self, At, Created, Json, Listed, NoContent, Once, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/jobs/{id}/sampling`
pub(crate) async fn index(
    call: Rc<Call>,
    At(id): At<JobId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<JobSampling>, Failure> {
    let paging = paged.paging::<SamplingKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        sampling::of_job(tx, job.id, &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/jobs/{id}/sampling`
pub(crate) async fn change(
    call: Rc<Call>,
    At(id): At<JobId>,
    Json(input): Json<SamplingInput>,
) -> Result<Once<Created<JobSampling>>, Failure> {
    api::once(&call, move |tx| sampling::change(tx, id, &input).map(Created)).await
}

/// `GET /api/v1/workers/{id}/sampling`
pub(crate) async fn of_worker(call: Rc<Call>, At(id): At<WorkerId>) -> Result<Listed<Standing>, Failure> {
    let standings = call.db(move |tx| -> Result<_, DbError> {
        let worker = workers::find(tx, id)?;
        sampling::of_person(tx, worker.person_id)
    });
    Ok(standings.await?.into())
}

/// `GET /api/v1/sampling-streams/{id}/switches`
pub(crate) async fn switches(
    call: Rc<Call>,
    At(id): At<StreamId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Switch>, Failure> {
    let paging = paged.paging::<SwitchKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let stream = sampling::find_stream(tx, id)?;
        sampling::switches(tx, SwitchesOf::Stream(stream.id), &paging)
    });
    Ok(page.await?.into())
}

/// `GET /api/v1/sampling-streams/{id}/seeds`
pub(crate) async fn seeds(
    call: Rc<Call>,
    At(id): At<StreamId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Seed>, Failure> {
    let paging = paged.paging::<SeedKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let stream = sampling::find_stream(tx, id)?;
        sampling::seeds(tx, stream.id, &paging)
    });
    Ok(page.await?.into())
}

/// `GET /api/v1/sampling-seeds/{id}/draws`
pub(crate) async fn draws(
    call: Rc<Call>,
    At(id): At<SeedId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Draw>, Failure> {
    let paging = paged.paging::<DrawKey>()?;
    Ok(call.db(move |tx| sampling::draws(tx, id, &paging)).await?.into())
}

/// `GET /api/v1/units/{id}/draws`: one at most, as only first versions are drawn.
pub(crate) async fn of_unit(call: Rc<Call>, At(id): At<UnitId>) -> Result<Listed<Draw>, Failure> {
    let draw = call.db(move |tx| -> Result<_, DbError> {
        let unit = units::find(tx, id)?;
        sampling::of_unit(tx, unit.id)
    });
    Ok(draw.await?.into_iter().collect::<Vec<_>>().into())
}

/// `POST /api/v1/units/{id}/critical`
pub(crate) async fn mark(call: Rc<Call>, At(id): At<UnitId>) -> Result<Once<NoContent>, Failure> {
    api::once(&call, move |tx| sampling::mark_critical(tx, id).map(|()| NoContent)).await
}

/// `POST /api/v1/units/{id}/ordinary`
pub(crate) async fn unmark(call: Rc<Call>, At(id): At<UnitId>) -> Result<Once<NoContent>, Failure> {
    api::once(&call, move |tx| sampling::unmark_critical(tx, id).map(|()| NoContent)).await
}
