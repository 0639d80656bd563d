//! `/api/v1/leads`

use std::rc::Rc;

use kernel::LeadId;
use sales::deals::Deal;
use sales::leads::{
    self, ContactedInput, ConvertInput, DisqualifyInput, LateKey, Lead, LeadInput, LeadKey, LeadStatus,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which leads.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct LeadsQuery {
    /// Only those in this state.
    state: Chosen<LeadStatus>,
    /// `yes` for those nobody has answered by the day that was promised, the longest overdue first.
    late: String,
}

/// `GET /api/v1/leads`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<LeadsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Lead>, Failure> {
    if !query.late.is_empty() {
        let paging = paged.paging::<LateKey>()?;
        return Ok(call.db(move |tx| leads::late(tx, &paging)).await?.into());
    }
    let paging = paged.paging::<LeadKey>()?;
    Ok(call.db(move |tx| leads::list(tx, query.state.0, &paging)).await?.into())
}

/// `POST /api/v1/leads`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<LeadInput>,
) -> Result<Once<Created<Lead>>, Failure> {
    api::once(&call, move |tx| leads::enter(tx, input).map(Created)).await
}

/// `GET /api/v1/leads/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<LeadId>) -> Result<One<Lead>, Failure> {
    call.db(move |tx| leads::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/leads/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<LeadId>,
    IfMatch(version): IfMatch,
    Json(input): Json<LeadInput>,
) -> Result<One<Lead>, Failure> {
    call.db(move |tx| leads::correct(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/leads/{id}/contact`
pub(crate) async fn contact(
    call: Rc<Call>,
    At(id): At<LeadId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ContactedInput>,
) -> Result<Once<One<Lead>>, Failure> {
    api::once(&call, move |tx| leads::contact(tx, id, version, input).map(One)).await
}

/// `POST /api/v1/leads/{id}/disqualify`
pub(crate) async fn disqualify(
    call: Rc<Call>,
    At(id): At<LeadId>,
    IfMatch(version): IfMatch,
    Json(input): Json<DisqualifyInput>,
) -> Result<Once<One<Lead>>, Failure> {
    api::once(&call, move |tx| leads::disqualify(tx, id, version, input).map(One)).await
}

/// `POST /api/v1/leads/{id}/convert`: answers with the deal it became.
pub(crate) async fn convert(
    call: Rc<Call>,
    At(id): At<LeadId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ConvertInput>,
) -> Result<Once<Created<Deal>>, Failure> {
    api::once(&call, move |tx| leads::convert(tx, id, version, input).map(Created)).await
}
