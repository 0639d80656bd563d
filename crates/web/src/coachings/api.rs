//! `/api/v1/coachings`

use std::rc::Rc;

use fulfillment::coachings::{self, Coaching, CoachingId, CoachingKey, HeldInput, OpenCoaching};

use crate::api::{self, At, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/coachings`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<OpenCoaching>, Failure> {
    let paging = paged.paging::<CoachingKey>()?;
    Ok(call.db(move |tx| coachings::waiting(tx, &paging)).await?.into())
}

/// `POST /api/v1/coachings/{id}`
pub(crate) async fn close(
    call: Rc<Call>,
    At(id): At<CoachingId>,
    Json(input): Json<HeldInput>,
) -> Result<Once<One<Coaching>>, Failure> {
    api::once(&call, move |tx| coachings::close(tx, id, &input).map(One)).await
}
