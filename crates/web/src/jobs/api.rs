//! `/api/v1/jobs` and `/api/v1/units`

use std::rc::Rc;

use db::DbError;
use fulfillment::claims::{self, TakeBackInput};
use fulfillment::jobs::{
    self, ExtendInput, Extension, Job, JobEditInput, JobInput, JobWithProgress, Offered,
};
use fulfillment::orders;
use fulfillment::units::{self, CancelInput, Unit, UnitEvent, UnitFilter, UnitKey, UnitState};
use kernel::{JobId, OrderId, UnitId};
use schemars::JsonSchema;
use serde::Deserialize;

use super::more;
use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::capacity::moving_days;
use crate::failure::Failure;

/// `GET /api/v1/orders/{id}/jobs`: an order has some dozens at most, so there are no pages.
pub(crate) async fn of_order(
    call: Rc<Call>,
    At(id): At<OrderId>,
) -> Result<Listed<JobWithProgress>, Failure> {
    let jobs = call.db(move |tx| -> Result<_, DbError> {
        let order = orders::find(tx, id)?;
        jobs::of_order(tx, order.id)
    });
    Ok(jobs.await?.into())
}

/// `POST /api/v1/orders/{id}/jobs`
pub(crate) async fn create(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Json(input): Json<JobInput>,
) -> Result<Once<Created<Job>>, Failure> {
    api::once(&call, move |tx| -> Result<_, Failure> {
        more::in_request(tx, id, &input)?;
        Ok(moving_days(tx, |tx| jobs::split(tx, id, input)).map(Created)?)
    })
    .await
}

/// `GET /api/v1/jobs/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<JobId>) -> Result<One<Job>, Failure> {
    call.db(move |tx| jobs::find(tx, id)).await.map(One)
}

/// `POST /api/v1/jobs/{id}/offer`: the order has to be running.
pub(crate) async fn offer(call: Rc<Call>, At(id): At<JobId>) -> Result<Once<One<Offered>>, Failure> {
    api::once(&call, move |tx| jobs::offer(tx, id).map(One)).await
}

/// `PUT /api/v1/jobs/{id}`: while nobody holds a unit of it.
pub(crate) async fn edit(
    call: Rc<Call>,
    At(id): At<JobId>,
    IfMatch(version): IfMatch,
    Json(input): Json<JobEditInput>,
) -> Result<One<Job>, Failure> {
    call.db(move |tx| jobs::edit(tx, id, version, input)).await.map(One)
}

/// `POST /api/v1/jobs/{id}/extend`
pub(crate) async fn extend(
    call: Rc<Call>,
    At(id): At<JobId>,
    Json(input): Json<ExtendInput>,
) -> Result<Once<One<Job>>, Failure> {
    api::once(&call, move |tx| jobs::extend(tx, id, input).map(One)).await
}

/// `GET /api/v1/jobs/{id}/extensions`
pub(crate) async fn extensions(call: Rc<Call>, At(id): At<JobId>) -> Result<Listed<Extension>, Failure> {
    let moved = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        jobs::extensions(tx, job.id)
    });
    Ok(moved.await?.into())
}

/// `POST /api/v1/jobs/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>, At(id): At<JobId>) -> Result<Once<One<Job>>, Failure> {
    api::once(&call, move |tx| jobs::withdraw(tx, id).map(One)).await
}

/// `POST /api/v1/jobs/{id}/call-off`
pub(crate) async fn call_off(call: Rc<Call>, At(id): At<JobId>) -> Result<Once<One<Job>>, Failure> {
    api::once(&call, move |tx| jobs::call_off(tx, id).map(One)).await
}

/// Which units.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct UnitsQuery {
    /// Only those in this state.
    state: Chosen<UnitState>,
}

/// `GET /api/v1/jobs/{id}/units`
pub(crate) async fn units(
    call: Rc<Call>,
    At(id): At<JobId>,
    Query(query): Query<UnitsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Unit>, Failure> {
    let paging = paged.paging::<UnitKey>()?;
    let filter = UnitFilter { state: query.state.0 };
    let page = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        units::of_job(tx, job.id, filter, &paging)
    });
    Ok(page.await?.into())
}

/// `GET /api/v1/units/{id}`
pub(crate) async fn unit(call: Rc<Call>, At(id): At<UnitId>) -> Result<One<Unit>, Failure> {
    call.db(move |tx| units::find(tx, id)).await.map(One)
}

/// `GET /api/v1/units/{id}/events`
pub(crate) async fn events(call: Rc<Call>, At(id): At<UnitId>) -> Result<Listed<UnitEvent>, Failure> {
    let events = call.db(move |tx| -> Result<_, DbError> {
        let unit = units::find(tx, id)?;
        units::history(tx, unit.id)
    });
    Ok(events.await?.into())
}

/// `POST /api/v1/units/{id}/take-back`
pub(crate) async fn take_back(
    call: Rc<Call>,
    At(id): At<UnitId>,
    Json(input): Json<TakeBackInput>,
) -> Result<Once<One<Unit>>, Failure> {
    api::once(&call, move |tx| claims::take_back(tx, id, input).map(One)).await
}

/// `POST /api/v1/units/{id}/reoffer`
pub(crate) async fn reoffer(call: Rc<Call>, At(id): At<UnitId>) -> Result<Once<One<Unit>>, Failure> {
    api::once(&call, move |tx| units::reoffer(tx, id).map(One)).await
}

/// `POST /api/v1/units/{id}/cancel`
pub(crate) async fn cancel(
    call: Rc<Call>,
    At(id): At<UnitId>,
    Json(input): Json<CancelInput>,
) -> Result<Once<One<Unit>>, Failure> {
    api::once(&call, move |tx| units::cancel(tx, id, input).map(One)).await
}
