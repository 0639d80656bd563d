//! `/api/v1/quality` and `/api/v1/defect-kinds`

use std::rc::Rc;

use fulfillment::defects::{self, DefectKind, DefectKindId, DefectKindInput};
use fulfillment::quality::{self, Quality, QualityInput};

use crate::api::{self, At, Created, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/quality`
pub(crate) async fn show(call: Rc<Call>) -> Result<One<Quality>, Failure> {
    call.db(quality::find).await.map(One)
}

/// `PUT /api/v1/quality`
pub(crate) async fn change(call: Rc<Call>, Json(input): Json<QualityInput>) -> Result<One<Quality>, Failure> {
    call.db(move |tx| quality::change(tx, &input)).await.map(One)
}

/// `GET /api/v1/defect-kinds`: a town has some dozens, so there are no pages.
pub(crate) async fn kinds(call: Rc<Call>) -> Result<Listed<DefectKind>, Failure> {
    Ok(call.db(defects::list).await?.into())
}

/// `POST /api/v1/defect-kinds`
pub(crate) async fn add(
    call: Rc<Call>,
    Json(input): Json<DefectKindInput>,
) -> Result<Once<Created<DefectKind>>, Failure> {
    api::once(&call, move |tx| defects::add(tx, &input).map(Created)).await
}

/// `PUT /api/v1/defect-kinds/{id}`
pub(crate) async fn rename(
    call: Rc<Call>,
    At(id): At<DefectKindId>,
    Json(input): Json<DefectKindInput>,
) -> Result<One<DefectKind>, Failure> {
    call.db(move |tx| defects::change(tx, id, &input)).await.map(One)
}

/// `POST /api/v1/defect-kinds/{id}/retire`
pub(crate) async fn retire(
    call: Rc<Call>,
    At(id): At<DefectKindId>,
) -> Result<Once<One<DefectKind>>, Failure> {
    api::once(&call, move |tx| defects::retire(tx, id).map(One)).await
}

/// `POST /api/v1/defect-kinds/{id}/restore`
pub(crate) async fn restore(
    call: Rc<Call>,
    At(id): At<DefectKindId>,
) -> Result<Once<One<DefectKind>>, Failure> {
    api::once(&call, move |tx| defects::restore(tx, id).map(One)).await
}
