//! `/api/v1/pipelines` and `/api/v1/stages`

use std::rc::Rc;

use kernel::BoardStageId;
use sales::pipelines::{self, Pipeline, PipelineId, PipelineInput};
use sales::stages::{self, RemoveInput, ShiftInput, Stage, StageInput};

use crate::api::{self, At, Created, IfMatch, Json, Listed, NoContent, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/pipelines`
pub(crate) async fn index(call: Rc<Call>) -> Result<Listed<Pipeline>, Failure> {
    Ok(call.db(pipelines::list).await?.into())
}

/// `POST /api/v1/pipelines`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<PipelineInput>,
) -> Result<Once<Created<Pipeline>>, Failure> {
    api::once(&call, move |tx| pipelines::add(tx, &input).map(Created)).await
}

/// `PUT /api/v1/pipelines/{id}`
pub(crate) async fn rename(
    call: Rc<Call>,
    At(id): At<PipelineId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PipelineInput>,
) -> Result<One<Pipeline>, Failure> {
    call.db(move |tx| pipelines::rename(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/pipelines/{id}/archive`
pub(crate) async fn archive(
    call: Rc<Call>,
    At(id): At<PipelineId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Pipeline>>, Failure> {
    api::once(&call, move |tx| pipelines::archive(tx, id, version).map(One)).await
}

/// `POST /api/v1/pipelines/{id}/restore`
pub(crate) async fn restore(
    call: Rc<Call>,
    At(id): At<PipelineId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Pipeline>>, Failure> {
    api::once(&call, move |tx| pipelines::restore(tx, id, version).map(One)).await
}

/// `POST /api/v1/pipelines/{id}/stages`
pub(crate) async fn add_stage(
    call: Rc<Call>,
    At(id): At<PipelineId>,
    Json(input): Json<StageInput>,
) -> Result<Once<Created<Stage>>, Failure> {
    api::once(&call, move |tx| stages::add(tx, id, &input).map(Created)).await
}

/// `GET /api/v1/stages`
pub(crate) async fn stages(call: Rc<Call>) -> Result<Listed<Stage>, Failure> {
    Ok(call.db(stages::list).await?.into())
}

/// `PUT /api/v1/stages/{id}`
pub(crate) async fn change_stage(
    call: Rc<Call>,
    At(id): At<BoardStageId>,
    IfMatch(version): IfMatch,
    Json(input): Json<StageInput>,
) -> Result<One<Stage>, Failure> {
    call.db(move |tx| stages::change(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/stages/{id}/shift`
pub(crate) async fn shift_stage(
    call: Rc<Call>,
    At(id): At<BoardStageId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ShiftInput>,
) -> Result<Once<One<Stage>>, Failure> {
    api::once(&call, move |tx| stages::shift(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/stages/{id}/remove`
pub(crate) async fn remove_stage(
    call: Rc<Call>,
    At(id): At<BoardStageId>,
    IfMatch(version): IfMatch,
    Json(input): Json<RemoveInput>,
) -> Result<Once<NoContent>, Failure> {
    api::once(&call, move |tx| stages::remove(tx, id, version, &input).map(|_moved| NoContent)).await
}
