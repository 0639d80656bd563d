//! `/api/v1/meetings` and `/api/v1/findings`

use std::rc::Rc;

use db::DbError;
use sales::findings::{self, Finding, FindingId, FindingInput, FindingKey, FindingStatus};
use sales::meetings::{self, Agenda, Decision, DecisionInput, Meeting, MeetingId, MeetingInput, MeetingKey};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/meetings`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Meeting>, Failure> {
    let paging = paged.paging::<MeetingKey>();
    Ok(call.db(move |tx| meetings::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/meetings`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<MeetingInput>,
) -> Result<Once<Created<Meeting>>, Failure> {
    api::once(&call, move |tx| meetings::call(tx, &input).map(Created)).await
}

/// `GET /api/v1/meetings/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<MeetingId>) -> Result<One<Meeting>, Failure> {
    call.db(move |tx| meetings::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/meetings/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<MeetingId>,
    IfMatch(version): IfMatch,
    Json(input): Json<MeetingInput>,
) -> Result<One<Meeting>, Failure> {
    call.db(move |tx| meetings::change(tx, id, version, &input)).await.map(One)
}

/// `GET /api/v1/meetings/{id}/agenda`
pub(crate) async fn agenda(call: Rc<Call>, At(id): At<MeetingId>) -> Result<One<Agenda>, Failure> {
    let agenda = call.db(move |tx| -> Result<_, DbError> {
        let meeting = meetings::find(tx, id)?;
        match meeting.agenda {
            Some(kept) => Ok(kept),
            None => meetings::agenda(tx, &meeting),
        }
    });
    agenda.await.map(One)
}

/// `GET /api/v1/meetings/{id}/decisions`
pub(crate) async fn decisions(call: Rc<Call>, At(id): At<MeetingId>) -> Result<Listed<Decision>, Failure> {
    let decisions = call.db(move |tx| -> Result<_, DbError> {
        let meeting = meetings::find(tx, id)?;
        meetings::decisions(tx, meeting.id)
    });
    Ok(decisions.await?.into())
}

/// `POST /api/v1/meetings/{id}/decisions`
pub(crate) async fn decide(
    call: Rc<Call>,
    At(id): At<MeetingId>,
    Json(input): Json<DecisionInput>,
) -> Result<Once<Created<Decision>>, Failure> {
    api::once(&call, move |tx| meetings::decide(tx, id, &input).map(Created)).await
}

/// `POST /api/v1/meetings/{id}/close`
pub(crate) async fn close(
    call: Rc<Call>,
    At(id): At<MeetingId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Meeting>>, Failure> {
    api::once(&call, move |tx| meetings::close(tx, id, version).map(One)).await
}

/// Which findings.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct FindingsQuery {
    /// Only those in this state; open ones unless told.
    state: Chosen<FindingStatus>,
}

/// `GET /api/v1/findings`
pub(crate) async fn findings(
    call: Rc<Call>,
    Query(query): Query<FindingsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Finding>, Failure> {
    let (state, paging) = (query.state.0.unwrap_or(FindingStatus::Open), paged.paging::<FindingKey>());
    Ok(call.db(move |tx| findings::list(tx, state, &paging)).await?.into())
}

/// `POST /api/v1/findings`
pub(crate) async fn raise(
    call: Rc<Call>,
    Json(input): Json<FindingInput>,
) -> Result<Once<Created<Finding>>, Failure> {
    api::once(&call, move |tx| findings::raise(tx, &input).map(Created)).await
}

/// `POST /api/v1/findings/{id}/settle`
pub(crate) async fn settle(
    call: Rc<Call>,
    At(id): At<FindingId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Finding>>, Failure> {
    api::once(&call, move |tx| findings::settle(tx, id, version).map(One)).await
}

/// `GET /api/v1/findings/{id}`
pub(crate) async fn finding(call: Rc<Call>, At(id): At<FindingId>) -> Result<One<Finding>, Failure> {
    call.db(move |tx| findings::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/findings/{id}`
pub(crate) async fn correct(
    call: Rc<Call>,
    At(id): At<FindingId>,
    IfMatch(version): IfMatch,
    Json(input): Json<FindingInput>,
) -> Result<One<Finding>, Failure> {
    call.db(move |tx| findings::correct(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/findings/{id}/decide`
pub(crate) async fn decide_on(
    call: Rc<Call>,
    At(id): At<FindingId>,
    IfMatch(version): IfMatch,
    Json(input): Json<findings::DecisionInput>,
) -> Result<Once<One<Finding>>, Failure> {
    api::once(&call, move |tx| findings::decide(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/findings/{id}/reopen`
pub(crate) async fn reopen(
    call: Rc<Call>,
    At(id): At<FindingId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Finding>>, Failure> {
    api::once(&call, move |tx| findings::reopen(tx, id, version).map(One)).await
}
