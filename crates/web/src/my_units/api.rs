//! `/api/v1/my-units`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::claims::{self, ClaimError, Mine, MineKey, MyUnit};
use fulfillment::submissions::{self, SubmitInput, Version};
use fulfillment::units::Unit;
use kernel::{Checks, FileId, Paging, Typed, UnitId};
use serde::{Deserialize, Serialize};

use super::{actions, sheet};
use crate::api;
use crate::call::Call;
use crate::failure::Failure;
use crate::files;
use crate::offers::api::Nothing;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PartQuery {
    part: Typed,
    after: Typed,
    limit: Typed,
}

/// `GET /api/v1/my-units`: `?part=to_do`, `waiting` or `over`.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: PartQuery = call.query();
    let part: Mine = query.part.as_str().parse().unwrap_or(Mine::ToDo);
    let list = api::ListQuery { after: query.after, limit: query.limit, ..api::ListQuery::default() };
    let paging: Paging<MineKey> = list.paging();
    let page = call.db(move |tx| claims::mine(tx, part, &paging)).await?;
    Ok(api::list(&call, page))
}

/// A unit with what its worker handed in.
#[derive(Serialize)]
struct UnitJson {
    #[serde(flatten)]
    unit: MyUnit,
    versions: Vec<Version>,
}

/// `GET /api/v1/my-units/{unit}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, person): (UnitId, _) = (call.id("unit")?, call.person()?);
    let unit = call
        .db(move |tx| -> Result<_, DbError> {
            let unit = claims::find_mine(tx, id)?;
            Ok(UnitJson { unit, versions: sheet::own_versions(tx, id, person)? })
        })
        .await?;
    Ok(call.answer(StatusCode::OK, &unit))
}

async fn act(
    call: &Rc<Call>,
    verb: fn(&mut Tx<'_>, UnitId) -> Result<Unit, ClaimError>,
) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    api::post(call, StatusCode::OK, move |tx, _body: Nothing| actions::own(tx, unit, verb)).await
}

/// `POST /api/v1/my-units/{unit}/start`
pub(crate) async fn start(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, claims::start).await
}

/// `POST /api/v1/my-units/{unit}/pause`
pub(crate) async fn pause(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, claims::pause).await
}

/// `POST /api/v1/my-units/{unit}/resume`
pub(crate) async fn resume(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, claims::resume).await
}

/// `POST /api/v1/my-units/{unit}/hand-back`
pub(crate) async fn hand_back(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, claims::hand_back).await
}

/// `POST /api/v1/my-units/{unit}/submit`: a note and the id of a file uploaded before.
pub(crate) async fn submit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (unit, person): (UnitId, _) = (call.id("unit")?, call.person()?);
    api::post(&call, StatusCode::CREATED, move |tx, input: SubmitInput| -> Result<_, Failure> {
        claims::find_mine(tx, unit)?;
        // Read as the verb reads it; what cannot be read the verb refuses.
        if let Some(file) = Checks::new().optional_number("file_id", &input.file_id, 1..=i64::MAX) {
            files::own(tx, FileId(file), person)?;
        }
        Ok(submissions::submit(tx, unit, input)?)
    })
    .await
}
