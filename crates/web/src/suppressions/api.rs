//! `/api/v1/suppressions`

use std::rc::Rc;

use db::Tx;
use notifier::suppressions::{self, Suppression, SuppressionError, SuppressionId, SuppressionInput};

use super::LiftInput;
use crate::api::{self, At, Created, Json, Listed, NoContent, Once, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/suppressions`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Suppression>, Failure> {
    let paging = paged.paging::<SuppressionId>()?;
    Ok(call.db(move |tx| suppressions::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/suppressions`
pub(crate) async fn add(
    call: Rc<Call>,
    Json(input): Json<SuppressionInput>,
) -> Result<Once<Created<Suppression>>, Failure> {
    api::once(&call, move |tx: &mut Tx<'_>| -> Result<_, SuppressionError> {
        let id = suppressions::add(tx, &input)?;
        Ok(Created(suppressions::find(tx, id)?))
    })
    .await
}

/// `POST /api/v1/suppressions/{id}/lift`
pub(crate) async fn lift(
    call: Rc<Call>,
    At(id): At<SuppressionId>,
    Json(input): Json<LiftInput>,
) -> Result<Once<NoContent>, Failure> {
    api::once(&call, move |tx: &mut Tx<'_>| -> Result<_, SuppressionError> {
        suppressions::lift_one(tx, id, &input.note)?;
        Ok(NoContent)
    })
    .await
}
