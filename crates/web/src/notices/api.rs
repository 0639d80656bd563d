//! `/api/v1/notices`

use std::rc::Rc;

use db::Tx;
use kernel::MessageId;
use notifier::feed::{self, Notice, Unread};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Up to where everything is read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{ "up_to": 1 }]))]
pub(crate) struct ReadInput {
    /// The newest notice that was seen.
    up_to: MessageId,
}

/// `GET /api/v1/notices`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Notice>, Failure> {
    let (person, paging) = (call.person()?, paged.paging::<MessageId>()?);
    Ok(call.db(move |tx| feed::list(tx, person, &paging)).await?.into())
}

/// `GET /api/v1/notices/unread`
pub(crate) async fn unread(call: Rc<Call>) -> Result<One<Unread>, Failure> {
    let person = call.person()?;
    call.db(move |tx| feed::unread(tx, person)).await.map(One)
}

/// `POST /api/v1/notices/{id}/read`
pub(crate) async fn read(call: Rc<Call>, At(id): At<MessageId>) -> Result<Once<NoContent>, Failure> {
    let person = call.person()?;
    api::once(&call, move |tx: &mut Tx<'_>| feed::read(tx, person, id).map(|()| NoContent)).await
}

/// `POST /api/v1/notices/read`
pub(crate) async fn read_up_to(
    call: Rc<Call>,
    Json(input): Json<ReadInput>,
) -> Result<Once<NoContent>, Failure> {
    let person = call.person()?;
    api::once(&call, move |tx: &mut Tx<'_>| feed::read_up_to(tx, person, input.up_to).map(|()| NoContent))
        .await
}
