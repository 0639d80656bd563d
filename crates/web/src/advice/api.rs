//! `/api/v1/advice-sessions`

use std::rc::Rc;

use sales::advice::{self, HeldInput, ReportInput, Session, SessionId, SessionInput, SessionKey};

use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/advice-sessions`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Session>, Failure> {
    let paging = paged.paging::<SessionKey>();
    Ok(call.db(move |tx| advice::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/advice-sessions`
pub(crate) async fn plan(
    call: Rc<Call>,
    Json(input): Json<SessionInput>,
) -> Result<Once<Created<Session>>, Failure> {
    api::once(&call, move |tx| advice::plan(tx, &input).map(Created)).await
}

/// `GET /api/v1/advice-sessions/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<SessionId>) -> Result<One<Session>, Failure> {
    call.db(move |tx| advice::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/advice-sessions/{id}`
pub(crate) async fn change(
    call: Rc<Call>,
    At(id): At<SessionId>,
    IfMatch(version): IfMatch,
    Json(input): Json<SessionInput>,
) -> Result<One<Session>, Failure> {
    call.db(move |tx| advice::change(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/advice-sessions/{id}/hold`
pub(crate) async fn hold(
    call: Rc<Call>,
    At(id): At<SessionId>,
    IfMatch(version): IfMatch,
    Json(input): Json<HeldInput>,
) -> Result<Once<One<Session>>, Failure> {
    api::once(&call, move |tx| advice::hold(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/advice-sessions/{id}/report`
pub(crate) async fn report(
    call: Rc<Call>,
    At(id): At<SessionId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReportInput>,
) -> Result<Once<One<Session>>, Failure> {
    api::once(&call, move |tx| advice::report(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/advice-sessions/{id}/answer`
pub(crate) async fn answer(
    call: Rc<Call>,
    At(id): At<SessionId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Session>>, Failure> {
    api::once(&call, move |tx| advice::answer(tx, id, version).map(One)).await
}

/// `POST /api/v1/advice-sessions/{id}/cancel`
pub(crate) async fn cancel(
    call: Rc<Call>,
    At(id): At<SessionId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Session>>, Failure> {
    api::once(&call, move |tx| advice::cancel(tx, id, version).map(One)).await
}
