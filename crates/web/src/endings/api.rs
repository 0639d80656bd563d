//! `/api/v1/workers/{id}/endings` and `/api/v1/my-endings`

use std::rc::Rc;

use chrono::NaiveDate;
use db::DbError;
use fulfillment::endings::{self, Ending, EndingException, EndingId, EndingInput};
use kernel::WorkerId;
use schemars::JsonSchema;
use serde::Serialize;
use workforce::workers;

use super::mine;
use crate::api::{self, At, Created, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/workers/{id}/endings`
pub(crate) async fn of_worker(call: Rc<Call>, At(id): At<WorkerId>) -> Result<Listed<Ending>, Failure> {
    let told = call.db(move |tx| -> Result<_, DbError> {
        let worker = workers::find(tx, id)?;
        endings::of_worker(tx, worker.id)
    });
    Ok(told.await?.into())
}

/// `POST /api/v1/workers/{id}/endings`
pub(crate) async fn give(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    Json(input): Json<EndingInput>,
) -> Result<Once<Created<Ending>>, Failure> {
    api::once(&call, move |tx| endings::give_notice(tx, id, input).map(Created)).await
}

/// What a worker reads of a notice to them.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MyEnding {
    /// The notice.
    id: EndingId,
    /// The day of the notice.
    noticed_on: NaiveDate,
    /// The last day.
    ends_on: NaiveDate,
    /// Why it may be sooner than thirty days after the notice.
    exception: Option<EndingException>,
    /// The reason; none while it was neither told nor asked for.
    reason: Option<String>,
    /// Whether the caller may ask for it.
    may_ask: bool,
}

impl MyEnding {
    fn of((ending, may_ask): (Ending, bool)) -> Self {
        Self {
            id: ending.id,
            noticed_on: ending.noticed_on,
            ends_on: ending.ends_on,
            exception: ending.exception,
            reason: ending.told_reason().map(str::to_owned),
            may_ask,
        }
    }
}

/// `GET /api/v1/my-endings/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<EndingId>) -> Result<One<MyEnding>, Failure> {
    Ok(One(MyEnding::of(call.db(move |tx| mine::own(tx, id)).await?)))
}

/// `POST /api/v1/my-endings/{id}/ask`
pub(crate) async fn ask(call: Rc<Call>, At(id): At<EndingId>) -> Result<Once<One<MyEnding>>, Failure> {
    api::once(&call, move |tx| endings::ask_reason(tx, id).map(|told| One(MyEnding::of((told, false))))).await
}
