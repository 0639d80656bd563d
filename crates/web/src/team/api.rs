//! `/api/v1/team`

use std::rc::Rc;

use kernel::PersonId;
use sales::team::{self, PlaceInput, Policy, PolicyInput, Team, TeamPlace};

use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/team`
pub(crate) async fn show(call: Rc<Call>) -> Result<One<Team>, Failure> {
    call.db(team::standing).await.map(One)
}

/// `GET /api/v1/team/policies`
pub(crate) async fn policies(call: Rc<Call>) -> Result<Listed<Policy>, Failure> {
    Ok(call.db(team::policies).await?.into())
}

/// `POST /api/v1/team/policies`
pub(crate) async fn declare(
    call: Rc<Call>,
    IfMatch(version): IfMatch,
    Json(input): Json<PolicyInput>,
) -> Result<Once<Created<Policy>>, Failure> {
    api::once(&call, move |tx| team::declare(tx, version, &input).map(Created)).await
}

/// `PUT /api/v1/team/people/{id}`
pub(crate) async fn place(
    call: Rc<Call>,
    At(id): At<PersonId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PlaceInput>,
) -> Result<One<TeamPlace>, Failure> {
    call.db(move |tx| team::place(tx, id, version, &input)).await.map(One)
}
