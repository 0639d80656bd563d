//! `/api/v1/my-units`

use std::rc::Rc;

use chrono::{DateTime, Utc};
use db::DbError;
use fulfillment::claims::{
    self, AcceptInput, Accepted, ClaimError, Extension, HandBackInput, Mine, MineKey, MyUnit,
};
use fulfillment::hand_overs::{self, HandOver};
use fulfillment::submissions::{self, Submission, SubmitInput, Version};
use fulfillment::terms::{self, TermsNotice};
use fulfillment::units::{Unit, materials};
use kernel::{FileId, UnitId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{actions, deadline, sheet};
use crate::api::{self, At, Chosen, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which of the caller's units.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct MineQuery {
    /// Only this part; what is to do unless told.
    part: Chosen<Mine>,
}

/// `GET /api/v1/my-units`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<MineQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<MyUnit>, Failure> {
    let part = query.part.0.unwrap_or(Mine::ToDo);
    let paging = paged.paging::<MineKey>()?;
    Ok(call.db(move |tx| claims::mine(tx, part, &paging)).await?.into())
}

/// A unit with what its worker handed in.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MyUnitInFull {
    /// The unit.
    #[serde(flatten)]
    unit: MyUnit,
    /// What the caller handed in, the oldest first.
    versions: Vec<Version>,
    /// Files it is worked from.
    material_file_ids: Vec<FileId>,
    /// What somebody else had made of it before they gave it back; none where nobody handed a part over.
    earlier_part: Option<EarlierPart>,
}

/// What somebody else made of a unit, without who they are.
#[derive(Serialize, JsonSchema)]
struct EarlierPart {
    /// Its text.
    result_text: String,
    /// Its files.
    file_ids: Vec<FileId>,
    /// What whoever goes on should know.
    memo: String,
    /// How much of the unit was done, in tenths, as its maker thought.
    tenths: i16,
    /// When it was handed over.
    handed_over_at: DateTime<Utc>,
}

impl From<HandOver> for EarlierPart {
    fn from(part: HandOver) -> Self {
        let HandOver { result_text, file_ids, memo, tenths, handed_over_at, .. } = part;
        Self { result_text, file_ids, memo, tenths, handed_over_at }
    }
}

/// `GET /api/v1/my-units/{unit}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<UnitId>) -> Result<One<MyUnitInFull>, Failure> {
    let person = call.person()?;
    let unit = call.db(move |tx| -> Result<_, DbError> {
        let unit = claims::find_mine(tx, id)?;
        Ok(MyUnitInFull {
            unit,
            versions: sheet::own_versions(tx, id, person)?,
            material_file_ids: materials::files_of(tx, id)?,
            earlier_part: hand_overs::pack_of(tx, id)?.map(EarlierPart::from),
        })
    });
    unit.await.map(One)
}

/// `GET /api/v1/my-units/{unit}/terms`
pub(crate) async fn terms(call: Rc<Call>, At(id): At<UnitId>) -> Result<One<TermsNotice>, Failure> {
    call.db(move |tx| terms::accepted(tx, id)).await.map(One)
}

/// `GET /api/v1/my-units/{unit}/deadline`
pub(crate) async fn deadline(call: Rc<Call>, At(unit): At<UnitId>) -> Result<One<Extension>, Failure> {
    let language = call.language;
    call.db(move |tx| deadline::of_unit(tx, unit, language)).await.map(One)
}

/// `POST /api/v1/my-units/{unit}/deadline`
pub(crate) async fn accept_deadline(
    call: Rc<Call>,
    At(unit): At<UnitId>,
    Json(input): Json<AcceptInput>,
) -> Result<Once<One<Accepted>>, Failure> {
    api::once(&call, move |tx| -> Result<_, ClaimError> {
        let job = claims::find_mine(tx, unit).map_err(ClaimError::Db)?.job;
        claims::accept_extension(tx, job, input).map(One)
    })
    .await
}

async fn act(call: &Call, unit: UnitId, verb: actions::Verb) -> Result<Once<One<Unit>>, Failure> {
    api::once(call, move |tx| actions::own(tx, unit, verb).map(One)).await
}

/// `POST /api/v1/my-units/{unit}/start`
pub(crate) async fn start(call: Rc<Call>, At(unit): At<UnitId>) -> Result<Once<One<Unit>>, Failure> {
    act(&call, unit, claims::start).await
}

/// `POST /api/v1/my-units/{unit}/pause`
pub(crate) async fn pause(call: Rc<Call>, At(unit): At<UnitId>) -> Result<Once<One<Unit>>, Failure> {
    act(&call, unit, claims::pause).await
}

/// `POST /api/v1/my-units/{unit}/resume`
pub(crate) async fn resume(call: Rc<Call>, At(unit): At<UnitId>) -> Result<Once<One<Unit>>, Failure> {
    act(&call, unit, claims::resume).await
}

/// `POST /api/v1/my-units/{unit}/keep`
pub(crate) async fn keep(call: Rc<Call>, At(unit): At<UnitId>) -> Result<Once<One<Unit>>, Failure> {
    act(&call, unit, claims::keep).await
}

/// `POST /api/v1/my-units/{unit}/retract`
pub(crate) async fn retract(call: Rc<Call>, At(unit): At<UnitId>) -> Result<Once<One<Unit>>, Failure> {
    act(&call, unit, submissions::retract).await
}

/// `POST /api/v1/my-units/{unit}/hand-back`: it alone, or with all others of its job of which nothing was handed in.
pub(crate) async fn hand_back(
    call: Rc<Call>,
    At(unit): At<UnitId>,
    input: Option<Json<HandBackInput>>,
) -> Result<Once<One<Unit>>, Failure> {
    let Json(input) = input.unwrap_or(Json(HandBackInput::default()));
    act(&call, unit, actions::handing_back(&input)).await
}

/// `POST /api/v1/my-units/{unit}/submit`: a text, the ids of files uploaded before, and a memo.
pub(crate) async fn submit(
    call: Rc<Call>,
    At(unit): At<UnitId>,
    Json(input): Json<SubmitInput>,
) -> Result<Once<Created<Submission>>, Failure> {
    api::once(&call, move |tx| -> Result<_, Failure> {
        claims::reach(tx, unit)?;
        Ok(submissions::submit(tx, unit, input).map(Created)?)
    })
    .await
}
