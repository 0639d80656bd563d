//! `/api/v1/webhooks`

use std::rc::Rc;

use db::Tx;
use notifier::webhooks::{
    self, Delivery, Endpoint, EndpointId, EndpointInput, WebhookDeliveryId, WebhookError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{self, At, Created, IfMatch, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// A program with its new signing key.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WebhookWithKey {
    #[serde(flatten)]
    webhook: Endpoint,
    /// What its messages are signed with (Standard Webhooks, `whsec_…`). It is shown this once.
    secret: String,
}

/// Which key is replaced.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "key_version": 1 }]))]
pub(crate) struct RotateInput {
    /// The program's `key_version` as it was read: the same request once more makes no second key.
    key_version: i32,
}

/// `GET /api/v1/webhooks`
pub(crate) async fn index(call: Rc<Call>) -> Result<Listed<Endpoint>, Failure> {
    Ok(call.db(webhooks::endpoints).await?.into())
}

/// `GET /api/v1/webhooks/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<EndpointId>) -> Result<One<Endpoint>, Failure> {
    call.db(move |tx| webhooks::find(tx, id)).await.map(One)
}

/// `POST /api/v1/webhooks`. Its key does not stand in the answer, which is kept for its idempotency key.
pub(crate) async fn add(
    call: Rc<Call>,
    Json(input): Json<EndpointInput>,
) -> Result<Once<Created<Endpoint>>, Failure> {
    let (key, reach) = (call.app.key.clone(), call.app.settings.webhook_reach);
    api::once(&call, move |tx: &mut Tx<'_>| {
        webhooks::add(tx, &key, reach, &input).map(|(endpoint, _secret)| Created(endpoint))
    })
    .await
}

/// `PUT /api/v1/webhooks/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<EndpointId>,
    IfMatch(version): IfMatch,
    Json(input): Json<EndpointInput>,
) -> Result<One<Endpoint>, Failure> {
    let reach = call.app.settings.webhook_reach;
    call.db(move |tx| webhooks::change(tx, reach, id, version, &input)).await.map(One)
}

/// `PUT /api/v1/webhooks/{id}/key`
pub(crate) async fn rotate(
    call: Rc<Call>,
    At(id): At<EndpointId>,
    Json(input): Json<RotateInput>,
) -> Result<One<WebhookWithKey>, Failure> {
    let key = call.app.key.clone();
    let (webhook, secret) = call.db(move |tx| webhooks::rotate(tx, &key, id, input.key_version)).await?;
    Ok(One(WebhookWithKey { webhook, secret }))
}

/// `POST /api/v1/webhooks/{id}/pause`
pub(crate) async fn pause(call: Rc<Call>, At(id): At<EndpointId>) -> Result<Once<One<Endpoint>>, Failure> {
    turn(&call, id, webhooks::pause).await
}

/// `POST /api/v1/webhooks/{id}/resume`
pub(crate) async fn resume(call: Rc<Call>, At(id): At<EndpointId>) -> Result<Once<One<Endpoint>>, Failure> {
    turn(&call, id, webhooks::resume).await
}

async fn turn(
    call: &Call,
    id: EndpointId,
    verb: fn(&mut Tx<'_>, EndpointId) -> Result<(), WebhookError>,
) -> Result<Once<One<Endpoint>>, Failure> {
    api::once(call, move |tx: &mut Tx<'_>| -> Result<_, WebhookError> {
        verb(tx, id)?;
        Ok(One(webhooks::find(tx, id)?))
    })
    .await
}

/// `DELETE /api/v1/webhooks/{id}`
pub(crate) async fn remove(call: Rc<Call>, At(id): At<EndpointId>) -> Result<NoContent, Failure> {
    call.db(move |tx| webhooks::remove(tx, id)).await?;
    Ok(NoContent)
}

/// `GET /api/v1/webhooks/{id}/deliveries`
pub(crate) async fn deliveries(
    call: Rc<Call>,
    At(id): At<EndpointId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Delivery>, Failure> {
    let paging = paged.paging::<WebhookDeliveryId>()?;
    let page = call.db(move |tx| {
        webhooks::find(tx, id)?;
        webhooks::deliveries(tx, id, &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/webhooks/{id}/ping`
pub(crate) async fn ping(call: Rc<Call>, At(id): At<EndpointId>) -> Result<Once<Created<Delivery>>, Failure> {
    sent(&call, move |tx| webhooks::ping(tx, id)).await
}

/// `POST /api/v1/webhooks/deliveries/{id}/replay`
pub(crate) async fn replay(
    call: Rc<Call>,
    At(id): At<WebhookDeliveryId>,
) -> Result<Once<Created<Delivery>>, Failure> {
    sent(&call, move |tx| webhooks::replay(tx, id)).await
}

async fn sent(
    call: &Call,
    verb: impl FnOnce(&mut Tx<'_>) -> Result<WebhookDeliveryId, WebhookError> + Send + 'static,
) -> Result<Once<Created<Delivery>>, Failure> {
    api::once(call, move |tx: &mut Tx<'_>| -> Result<_, WebhookError> {
        let new = verb(tx)?;
        Ok(Created(webhooks::delivery(tx, new)?))
    })
    .await
}
