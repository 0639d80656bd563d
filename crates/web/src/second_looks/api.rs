//! `/api/v1/second-looks`

use std::rc::Rc;

use fulfillment::second_looks::{
    self, Known, SecondLook, SecondLookId, SecondLookInput, SecondLookKey, ToLook,
};

use crate::api::{self, At, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/second-looks`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<ToLook>, Failure> {
    let paging = paged.paging::<SecondLookKey>()?;
    Ok(call.db(move |tx| second_looks::waiting(tx, &paging)).await?.into())
}

/// `GET /api/v1/second-looks/agreement`
pub(crate) async fn agreement(call: Rc<Call>) -> Result<One<Known>, Failure> {
    call.db(second_looks::agreement).await.map(One)
}

/// `POST /api/v1/second-looks/{id}`
pub(crate) async fn say(
    call: Rc<Call>,
    At(id): At<SecondLookId>,
    Json(input): Json<SecondLookInput>,
) -> Result<Once<One<SecondLook>>, Failure> {
    api::once(&call, move |tx| second_looks::say(tx, id, &input).map(One)).await
}
