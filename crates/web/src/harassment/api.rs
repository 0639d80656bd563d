//! `/api/v1/harassment`

use std::rc::Rc;

use db::DbError;
use workforce::harassment::{
    self, DeskContact, DeskContactId, DeskContactInput, Report, ReportId, ReportInput, ReportMessage,
    ReportMessageInput,
};

use crate::api::{self, At, Created, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/harassment/contacts`
pub(crate) async fn desk(call: Rc<Call>) -> Result<Listed<DeskContact>, Failure> {
    Ok(call.db(harassment::desk).await?.into())
}

/// `POST /api/v1/harassment/contacts`
pub(crate) async fn appoint(
    call: Rc<Call>,
    Json(input): Json<DeskContactInput>,
) -> Result<Once<Created<DeskContact>>, Failure> {
    api::once(&call, move |tx| harassment::appoint(tx, &input).map(Created)).await
}

/// `DELETE /api/v1/harassment/contacts/{id}`
pub(crate) async fn dismiss(call: Rc<Call>, At(id): At<DeskContactId>) -> Result<NoContent, Failure> {
    call.db(move |tx| harassment::dismiss(tx, id)).await.map(|()| NoContent)
}

/// `GET /api/v1/harassment/reports`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Report>, Failure> {
    let paging = paged.paging::<ReportId>()?;
    Ok(call.db(move |tx| harassment::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/harassment/reports`
pub(crate) async fn report(
    call: Rc<Call>,
    Json(input): Json<ReportInput>,
) -> Result<Once<Created<Report>>, Failure> {
    api::once(&call, move |tx| harassment::report(tx, &input).map(Created)).await
}

/// `GET /api/v1/harassment/reports/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<ReportId>) -> Result<One<Report>, Failure> {
    call.db(move |tx| harassment::find(tx, id)).await.map(One)
}

/// `GET /api/v1/harassment/reports/{id}/messages`
pub(crate) async fn messages(call: Rc<Call>, At(id): At<ReportId>) -> Result<Listed<ReportMessage>, Failure> {
    let said = call.db(move |tx| -> Result<_, DbError> {
        let report = harassment::find(tx, id)?;
        harassment::messages(tx, &report)
    });
    Ok(said.await?.into())
}

/// `POST /api/v1/harassment/reports/{id}/messages`
pub(crate) async fn say(
    call: Rc<Call>,
    At(id): At<ReportId>,
    Json(input): Json<ReportMessageInput>,
) -> Result<Once<One<Report>>, Failure> {
    api::once(&call, move |tx| harassment::say(tx, id, &input).map(One)).await
}
