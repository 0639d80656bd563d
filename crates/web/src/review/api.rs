//! `/api/v1/reviews`

use std::rc::Rc;

use db::DbError;
use fulfillment::reviews::{self, Lease, Review, ReviewInput, ReviewKey, ToReview};
use fulfillment::submissions::{self, Version};
use fulfillment::units::{self, Unit};
use kernel::{SubmissionId, UnitId};

use crate::api::{self, At, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/reviews`: what the caller may check, the longest waiting first.
pub(crate) async fn queue(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<ToReview>, Failure> {
    let paging = paged.paging::<ReviewKey>()?;
    Ok(call.db(move |tx| reviews::waiting(tx, &paging)).await?.into())
}

/// `POST /api/v1/reviews/{submission}`
pub(crate) async fn decide(
    call: Rc<Call>,
    At(id): At<SubmissionId>,
    Json(input): Json<ReviewInput>,
) -> Result<Once<Created<Review>>, Failure> {
    api::once(&call, move |tx| reviews::decide(tx, id, input).map(Created)).await
}

/// `POST /api/v1/reviews/{submission}/begin`: takes it, so that nobody else is shown it for a while.
pub(crate) async fn begin(call: Rc<Call>, At(id): At<SubmissionId>) -> Result<Once<One<Lease>>, Failure> {
    api::once(&call, move |tx| reviews::begin(tx, id).map(One)).await
}

/// `POST /api/v1/reviews/{submission}/release`: lets it go; the unit waits for others again.
pub(crate) async fn release(call: Rc<Call>, At(id): At<SubmissionId>) -> Result<Once<One<Unit>>, Failure> {
    api::once(&call, move |tx| -> Result<_, Failure> {
        reviews::release(tx, id)?;
        let version = submissions::find(tx, id)?;
        Ok(One(units::find(tx, version.unit_id)?))
    })
    .await
}

/// `GET /api/v1/units/{id}/versions`: every version with its verdict, the oldest first.
pub(crate) async fn versions(call: Rc<Call>, At(id): At<UnitId>) -> Result<Listed<Version>, Failure> {
    let versions = call.db(move |tx| -> Result<_, DbError> {
        let unit = units::find(tx, id)?;
        submissions::of_unit(tx, unit.id)
    });
    Ok(versions.await?.into())
}
