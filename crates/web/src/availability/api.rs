//! `/api/v1/my-availability` and what a worker offers, for whoever leads them.

use std::rc::Rc;

use db::Tx;
use kernel::WorkerId;
use workforce::availability::{self, AvailabilityError, ConditionsInput, DayInput, Plan, WeekInput};

use super::Whose;
use super::own::{self, ClearInput};
use crate::api::{self, At, Json, Once, One};
use crate::call::Call;
use crate::capacity::moving_days;
use crate::failure::Failure;

async fn own_plan(
    call: &Call,
    verb: impl FnOnce(&mut Tx<'_>, WorkerId) -> Result<Plan, AvailabilityError> + Send + 'static,
) -> Result<One<Plan>, Failure> {
    let whose = Whose::Own(call.person()?);
    let made = call.db(move |tx| -> Result<_, AvailabilityError> {
        let worker = whose.worker(tx)?;
        verb(tx, worker.id)
    });
    made.await.map(One)
}

async fn changed(
    call: &Call,
    verb: impl FnOnce(&mut Tx<'_>, WorkerId) -> Result<Plan, AvailabilityError> + Send + 'static,
) -> Result<One<Plan>, Failure> {
    own_plan(call, move |tx, worker| moving_days(tx, |tx| verb(tx, worker))).await
}

/// `GET /api/v1/my-availability`
pub(crate) async fn read(call: Rc<Call>) -> Result<One<Plan>, Failure> {
    own_plan(&call, |tx, worker| Ok(availability::plan(tx, worker)?)).await
}

/// `PUT /api/v1/my-availability/week`
pub(crate) async fn week(call: Rc<Call>, Json(input): Json<WeekInput>) -> Result<One<Plan>, Failure> {
    changed(&call, move |tx, worker| availability::set_week(tx, worker, &input)).await
}

/// `PUT /api/v1/my-availability/day`
pub(crate) async fn day(call: Rc<Call>, Json(input): Json<DayInput>) -> Result<One<Plan>, Failure> {
    changed(&call, move |tx, worker| availability::set_day(tx, worker, &input)).await
}

/// `PUT /api/v1/my-availability/conditions`
pub(crate) async fn conditions(
    call: Rc<Call>,
    Json(input): Json<ConditionsInput>,
) -> Result<One<Plan>, Failure> {
    changed(&call, move |tx, worker| availability::set_conditions(tx, worker, &input)).await
}

async fn once(
    call: &Call,
    verb: impl FnOnce(&mut Tx<'_>, WorkerId) -> Result<Plan, AvailabilityError> + Send + 'static,
) -> Result<Once<One<Plan>>, Failure> {
    let whose = Whose::Own(call.person()?);
    let work = move |tx: &mut Tx<'_>| -> Result<_, AvailabilityError> {
        let worker = whose.worker(tx)?;
        moving_days(tx, |tx| verb(tx, worker.id)).map(One)
    };
    api::once(call, work).await
}

/// `POST /api/v1/my-availability/clear-day`
pub(crate) async fn clear_day(
    call: Rc<Call>,
    Json(input): Json<ClearInput>,
) -> Result<Once<One<Plan>>, Failure> {
    once(&call, move |tx, worker| own::clear(tx, worker, &input)).await
}

/// `POST /api/v1/my-availability/off-today`
pub(crate) async fn off_today(call: Rc<Call>) -> Result<Once<One<Plan>>, Failure> {
    once(&call, availability::off_today).await
}

/// `POST /api/v1/my-availability/back-today`
pub(crate) async fn back_today(call: Rc<Call>) -> Result<Once<One<Plan>>, Failure> {
    once(&call, availability::back_today).await
}

/// `GET /api/v1/workers/{id}/availability`
pub(crate) async fn of_worker(call: Rc<Call>, At(id): At<WorkerId>) -> Result<One<Plan>, Failure> {
    let found = call.db(move |tx| -> Result<_, AvailabilityError> {
        let worker = Whose::Of(id).worker(tx)?;
        Ok(availability::plan(tx, worker.id)?)
    });
    found.await.map(One)
}
