//! `/api/v1/calls`

use std::rc::Rc;

use db::Tx;
use notifier::calls::{self, Call as Entry, CallId, CallInput};

use crate::api::{self, At, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/calls`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Entry>, Failure> {
    let paging = paged.paging::<CallId>()?;
    Ok(call.db(move |tx| calls::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/calls/{id}/close`
pub(crate) async fn close(
    call: Rc<Call>,
    At(id): At<CallId>,
    Json(input): Json<CallInput>,
) -> Result<Once<One<Entry>>, Failure> {
    api::once(&call, move |tx: &mut Tx<'_>| -> Result<_, Failure> {
        calls::close(tx, id, &input)?;
        Ok(One(calls::find(tx, id)?))
    })
    .await
}

/// `POST /api/v1/calls/{id}/lift`
pub(crate) async fn lift(
    call: Rc<Call>,
    At(id): At<CallId>,
    Json(input): Json<CallInput>,
) -> Result<Once<NoContent>, Failure> {
    api::once(&call, move |tx| super::lift(tx, id, &input).map(|()| NoContent)).await
}
