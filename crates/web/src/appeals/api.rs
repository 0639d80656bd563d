//! `/api/v1/appeals` and `/api/v1/my-units/{unit}/appeal`

use std::rc::Rc;

use fulfillment::appeals::{
    self, Appeal, AppealId, AppealInput, AppealKey, DecideAppealInput, MyAppeal, MyRefusal, OpenAppeal,
};
use kernel::UnitId;

use crate::api::{self, At, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/appeals`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<OpenAppeal>, Failure> {
    let paging = paged.paging::<AppealKey>()?;
    Ok(call.db(move |tx| appeals::waiting(tx, &paging)).await?.into())
}

/// `GET /api/v1/appeals/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<AppealId>) -> Result<One<OpenAppeal>, Failure> {
    call.db(move |tx| appeals::find(tx, id)).await.map(One)
}

/// `POST /api/v1/appeals/{id}`
pub(crate) async fn decide(
    call: Rc<Call>,
    At(id): At<AppealId>,
    Json(input): Json<DecideAppealInput>,
) -> Result<Once<One<Appeal>>, Failure> {
    api::once(&call, move |tx| appeals::decide(tx, id, &input).map(One)).await
}

/// `GET /api/v1/my-units/{unit}/appeal`
pub(crate) async fn mine(call: Rc<Call>, At(unit): At<UnitId>) -> Result<One<MyRefusal>, Failure> {
    call.db(move |tx| appeals::mine(tx, unit)).await.map(One)
}

/// `POST /api/v1/my-units/{unit}/appeal`
pub(crate) async fn appeal(
    call: Rc<Call>,
    At(unit): At<UnitId>,
    Json(input): Json<AppealInput>,
) -> Result<Once<Created<MyAppeal>>, Failure> {
    api::once(&call, move |tx| appeals::appeal(tx, unit, &input).map(Created)).await
}
