//! `/api/v1/hearings`, and those of a deal.

use std::rc::Rc;

use db::DbError;
use kernel::DealId;
use sales::deals;
use sales::hearings::{self, Hearing, HearingId, HearingInput};

use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/deals/{id}/hearings`
pub(crate) async fn of_deal(call: Rc<Call>, At(id): At<DealId>) -> Result<Listed<Hearing>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        hearings::of_deal(tx, deal.id)
    });
    Ok(found.await?.into())
}

/// `POST /api/v1/deals/{id}/hearings`
pub(crate) async fn begin(
    call: Rc<Call>,
    At(id): At<DealId>,
    Json(input): Json<HearingInput>,
) -> Result<Once<Created<Hearing>>, Failure> {
    api::once(&call, move |tx| hearings::begin(tx, id, &input).map(Created)).await
}

/// `GET /api/v1/hearings/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<HearingId>) -> Result<One<Hearing>, Failure> {
    call.db(move |tx| hearings::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/hearings/{id}`
pub(crate) async fn change(
    call: Rc<Call>,
    At(id): At<HearingId>,
    IfMatch(version): IfMatch,
    Json(input): Json<HearingInput>,
) -> Result<One<Hearing>, Failure> {
    call.db(move |tx| hearings::change(tx, id, version, &input)).await.map(One)
}
