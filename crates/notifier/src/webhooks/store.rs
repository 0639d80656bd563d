//! Rows of `webhook_endpoints` and `webhook_deliveries`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::EventId;

use super::model::{
    DeliveryState, EndpointId, EndpointState, Happened, NewEndpoint, Stop, WebhookDeliveryId,
};
use crate::schema::{webhook_deliveries, webhook_endpoints};

/// One address is one endpoint.
pub(super) const URL_ONCE: &str = "webhook_endpoints_url";

fn words(kinds: &[Happened]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.as_str()).collect()
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &NewEndpoint) -> Result<EndpointId, DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    Ok(diesel::insert_into(webhook_endpoints::table)
        .values((
            webhook_endpoints::url.eq(&new.url),
            webhook_endpoints::kinds.eq(words(&new.kinds)),
            webhook_endpoints::note.eq(&new.note),
            webhook_endpoints::created_at.eq(now),
            webhook_endpoints::created_by.eq(actor),
        ))
        .returning(webhook_endpoints::id)
        .get_result(tx.conn())?)
}

/// False: somebody else changed it. What failed at the old address is forgotten.
pub(super) fn change(
    tx: &mut Tx<'_>,
    id: EndpointId,
    version: i32,
    new: &NewEndpoint,
) -> Result<bool, DbError> {
    let changed = diesel::update(webhook_endpoints::table)
        .filter(webhook_endpoints::id.eq(id))
        .filter(webhook_endpoints::version.eq(version))
        .set((
            webhook_endpoints::url.eq(&new.url),
            webhook_endpoints::kinds.eq(words(&new.kinds)),
            webhook_endpoints::note.eq(&new.note),
            webhook_endpoints::failing_since.eq(None::<DateTime<Utc>>),
            webhook_endpoints::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// False: it is not in that state any more.
pub(super) fn turn(
    tx: &mut Tx<'_>,
    id: EndpointId,
    from: &[EndpointState],
    to: EndpointState,
    stopped_for: Option<Stop>,
) -> Result<bool, DbError> {
    let changed = diesel::update(webhook_endpoints::table)
        .filter(webhook_endpoints::id.eq(id))
        .filter(webhook_endpoints::state.eq_any(from.to_vec()))
        .set((webhook_endpoints::state.eq(to), webhook_endpoints::stopped_for.eq(stopped_for)))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Since when nothing arrives, or that something did. Writes only where that is news.
pub(super) fn note_try(tx: &mut Tx<'_>, id: EndpointId, has_arrived: bool) -> Result<(), DbError> {
    let since = (!has_arrived).then(|| tx.now());
    diesel::update(webhook_endpoints::table)
        .filter(webhook_endpoints::id.eq(id))
        .filter(webhook_endpoints::failing_since.is_null().eq(!has_arrived))
        .set(webhook_endpoints::failing_since.eq(since))
        .execute(tx.conn())?;
    Ok(())
}

/// A new key after the `version`th, which is good for a while longer. False: it is not the `version`th any more.
pub(super) fn rotate(tx: &mut Tx<'_>, id: EndpointId, version: i32) -> Result<bool, DbError> {
    let now = tx.now();
    let changed = diesel::update(webhook_endpoints::table)
        .filter(webhook_endpoints::id.eq(id))
        .filter(webhook_endpoints::key_version.eq(version))
        .set((webhook_endpoints::key_version.eq(version + 1), webhook_endpoints::rotated_at.eq(now)))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// With everything it was told. False: there is none.
pub(super) fn remove(tx: &mut Tx<'_>, id: EndpointId) -> Result<bool, DbError> {
    diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::endpoint_id.eq(id)))
        .execute(tx.conn())?;
    let removed = diesel::delete(webhook_endpoints::table.filter(webhook_endpoints::id.eq(id)));
    Ok(removed.execute(tx.conn())? == 1)
}

/// Who is to be told of it, and whether they are told now. Nobody is paused or goes on until this transaction ends.
pub(super) fn told_of(tx: &mut Tx<'_>, kind: Happened) -> Result<Vec<(EndpointId, EndpointState)>, DbError> {
    Ok(webhook_endpoints::table
        .filter(webhook_endpoints::kinds.contains(vec![kind.as_str()]))
        .order(webhook_endpoints::id)
        .select((webhook_endpoints::id, webhook_endpoints::state))
        .for_share()
        .load(tx.conn())?)
}

/// Where an endpoint stands; that stays so until this transaction ends.
pub(super) fn held(tx: &mut Tx<'_>, id: EndpointId) -> Result<EndpointState, DbError> {
    Ok(webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(id))
        .select(webhook_endpoints::state)
        .for_share()
        .first(tx.conn())?)
}

/// A message as it will be sent.
#[derive(Insertable)]
#[diesel(table_name = webhook_deliveries)]
pub(super) struct NewDelivery<'a> {
    pub(super) endpoint_id: EndpointId,
    pub(super) event_id: Option<EventId>,
    pub(super) message: &'a str,
    pub(super) kind: Happened,
    pub(super) body: &'a str,
    pub(super) state: DeliveryState,
    pub(super) replay_of: Option<WebhookDeliveryId>,
    pub(super) created_at: DateTime<Utc>,
}

/// `None`: this endpoint has been told of this event.
pub(super) fn insert_delivery(
    tx: &mut Tx<'_>,
    new: &NewDelivery<'_>,
) -> Result<Option<WebhookDeliveryId>, DbError> {
    Ok(diesel::insert_into(webhook_deliveries::table)
        .values(new)
        .on_conflict_do_nothing()
        .returning(webhook_deliveries::id)
        .get_result(tx.conn())
        .optional()?)
}

/// What is needed to send one.
#[derive(Queryable)]
pub(super) struct Ready {
    pub(super) state: DeliveryState,
    pub(super) message: String,
    pub(super) kind: Happened,
    pub(super) body: String,
    pub(super) event_id: Option<EventId>,
    pub(super) endpoint: EndpointId,
    pub(super) url: String,
    pub(super) key_version: i32,
    pub(super) rotated_at: Option<DateTime<Utc>>,
    pub(super) made_at: DateTime<Utc>,
}

pub(super) fn ready(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<Ready, DbError> {
    let endpoint = webhook_endpoints::table.on(webhook_endpoints::id.eq(webhook_deliveries::endpoint_id));
    Ok(webhook_deliveries::table
        .inner_join(endpoint)
        .filter(webhook_deliveries::id.eq(id))
        .select((
            webhook_deliveries::state,
            webhook_deliveries::message,
            webhook_deliveries::kind,
            webhook_deliveries::body,
            webhook_deliveries::event_id,
            webhook_endpoints::id,
            webhook_endpoints::url,
            webhook_endpoints::key_version,
            webhook_endpoints::rotated_at,
            webhook_endpoints::created_at,
        ))
        .first(tx.conn())?)
}

/// Puts a message that should be sent now aside until its endpoint goes on.
pub(super) fn park(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<(), DbError> {
    diesel::update(webhook_deliveries::table)
        .filter(webhook_deliveries::id.eq(id))
        .filter(webhook_deliveries::state.eq(DeliveryState::Pending))
        .set(webhook_deliveries::state.eq(DeliveryState::Waiting))
        .execute(tx.conn())?;
    Ok(())
}

/// What has waited for an endpoint is to be sent now; which, the oldest first.
pub(super) fn unpark(tx: &mut Tx<'_>, endpoint: EndpointId) -> Result<Vec<WebhookDeliveryId>, DbError> {
    let mut ids: Vec<WebhookDeliveryId> = diesel::update(webhook_deliveries::table)
        .filter(webhook_deliveries::endpoint_id.eq(endpoint))
        .filter(webhook_deliveries::state.eq(DeliveryState::Waiting))
        .set(webhook_deliveries::state.eq(DeliveryState::Pending))
        .returning(webhook_deliveries::id)
        .get_results(tx.conn())?;
    ids.sort();
    Ok(ids)
}

/// What one try came to.
#[derive(AsChangeset)]
#[diesel(table_name = webhook_deliveries, treat_none_as_null = true)]
pub(super) struct Tried<'a> {
    pub(super) state: DeliveryState,
    pub(super) status: Option<i16>,
    pub(super) problem: &'a str,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// One try more, of one that has not ended: what has stays as it is. A message that waited while its endpoint was paused has
/// a new task, whose tries begin anew; its own count goes on.
pub(super) fn record(tx: &mut Tx<'_>, id: WebhookDeliveryId, tried: &Tried<'_>) -> Result<(), DbError> {
    diesel::update(webhook_deliveries::table)
        .filter(webhook_deliveries::id.eq(id))
        .filter(webhook_deliveries::ended_at.is_null())
        .set((tried, webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1_i16)))
        .execute(tx.conn())?;
    Ok(())
}

/// A message that waits for nothing any more has failed.
pub(super) fn give_up(tx: &mut Tx<'_>, id: WebhookDeliveryId, problem: &str) -> Result<(), DbError> {
    let now = tx.now();
    diesel::update(webhook_deliveries::table)
        .filter(webhook_deliveries::id.eq(id))
        .filter(webhook_deliveries::state.eq(DeliveryState::Pending))
        .set((
            webhook_deliveries::state.eq(DeliveryState::Failed),
            webhook_deliveries::problem.eq(problem),
            webhook_deliveries::ended_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What was written so long ago that nobody asks for it any more.
pub(super) fn sweep(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(diesel::delete(webhook_deliveries::table)
        .filter(webhook_deliveries::created_at.lt(before))
        .execute(tx.conn())?)
}
