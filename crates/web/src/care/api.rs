//! `/api/v1/care-requests`

use std::rc::Rc;

use db::DbError;
use workforce::care_requests::{self, CareAnswerInput, CareInput, CareRequest, CareRequestId};

use super::find_for;
use super::pages::withdraw_own;
use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::offers::card;
use crate::orders::parts;

/// `GET /api/v1/care-requests`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<CareRequest>, Failure> {
    let (person, manages) = (call.person()?, parts::may_write(&call));
    let paging = paged.paging::<CareRequestId>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let worker = if manages { None } else { Some(card::worker(tx, person)?.id) };
        care_requests::list(tx, worker, &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/care-requests`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<CareInput>,
) -> Result<Once<Created<CareRequest>>, Failure> {
    let person = call.person()?;
    api::once(&call, move |tx| -> Result<_, Failure> {
        let worker = card::worker(tx, person)?;
        Ok(Created(care_requests::ask(tx, worker.id, &input)?))
    })
    .await
}

/// `GET /api/v1/care-requests/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<CareRequestId>) -> Result<One<CareRequest>, Failure> {
    let (person, manages) = (call.person()?, parts::may_write(&call));
    call.db(move |tx| find_for(tx, id, person, manages)).await.map(One)
}

/// `POST /api/v1/care-requests/{id}/answer`
pub(crate) async fn answer(
    call: Rc<Call>,
    At(id): At<CareRequestId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CareAnswerInput>,
) -> Result<Once<One<CareRequest>>, Failure> {
    api::once(&call, move |tx| care_requests::answer(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/care-requests/{id}/withdraw`
pub(crate) async fn withdraw(
    call: Rc<Call>,
    At(id): At<CareRequestId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<CareRequest>>, Failure> {
    api::once(&call, move |tx| withdraw_own(tx, id, version).map(One)).await
}
