//! Reading endpoints and their messages.

use std::collections::HashMap;

use accounts::secrets::LinkKey;
use chrono::{DateTime, Utc};
use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz};
use kernel::{OrganizationId, Page, Paging};
use queue::tasks::NextTry;

use super::CANCELLED;
use super::deliver::Deliver;
use super::model::{
    Delivery, DeliveryState, Endpoint, EndpointId, EndpointState, Happened, Stop, WebhookDeliveryId,
};
use super::signature::SigningKey;
use crate::messages::gauges::Gauge;
use crate::schema::{webhook_deliveries, webhook_endpoints};

/// No town tells more programs.
pub(super) const MOST_ENDPOINTS: i64 = 20;

#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_endpoints)]
struct EndpointRow {
    id: EndpointId,
    url: String,
    kinds: Vec<String>,
    state: EndpointState,
    stopped_for: Option<Stop>,
    failing_since: Option<DateTime<Utc>>,
    key_version: i32,
    version: i32,
    note: String,
    created_at: DateTime<Utc>,
}

impl From<EndpointRow> for Endpoint {
    fn from(row: EndpointRow) -> Self {
        let kinds = row.kinds.iter().filter_map(|kind| kind.parse().ok()).collect();
        Self {
            id: row.id,
            url: row.url,
            kinds,
            state: row.state,
            stopped_for: row.stopped_for,
            failing_since: row.failing_since,
            key_version: row.key_version,
            version: row.version,
            note: row.note,
            created_at: row.created_at,
        }
    }
}

/// This town's endpoints, the oldest first.
pub fn endpoints(tx: &mut Tx<'_>) -> Result<Vec<Endpoint>, DbError> {
    let rows: Vec<EndpointRow> = webhook_endpoints::table
        .order(webhook_endpoints::id)
        .limit(MOST_ENDPOINTS)
        .select(EndpointRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Endpoint::from).collect())
}

/// How many there are.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(webhook_endpoints::table.count().get_result(tx.conn())?)
}

/// One; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: EndpointId) -> Result<Endpoint, DbError> {
    let row: EndpointRow = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(id))
        .select(EndpointRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// One; `None` where this town has none of that id any more.
pub fn find_if_there(tx: &mut Tx<'_>, id: EndpointId) -> Result<Option<Endpoint>, DbError> {
    match find(tx, id) {
        Ok(endpoint) => Ok(Some(endpoint)),
        Err(DbError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What its messages are signed with, as receivers' libraries want it: `whsec_…`.
pub(super) fn secret(tx: &mut Tx<'_>, key: &LinkKey, id: EndpointId) -> Result<String, DbError> {
    let (version, made_at): (i32, DateTime<Utc>) = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(id))
        .select((webhook_endpoints::key_version, webhook_endpoints::created_at))
        .first(tx.conn())?;
    Ok(SigningKey::of(key, tx.organization(), id, version, made_at).text())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
struct DeliveryRow {
    id: WebhookDeliveryId,
    endpoint_id: EndpointId,
    message: String,
    kind: Happened,
    state: DeliveryState,
    attempts: i16,
    status: Option<i16>,
    problem: String,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id,
            endpoint: row.endpoint_id,
            message: row.message,
            kind: row.kind,
            state: row.state,
            attempts: row.attempts,
            status: row.status,
            problem: row.problem,
            created_at: row.created_at,
            ended_at: row.ended_at,
            next_try_at: None,
            tries_left: None,
            paused: false,
        }
    }
}

/// The same messages with when they are tried next.
fn with_next_tries(
    tx: &mut Tx<'_>,
    endpoint: EndpointId,
    mut sent: Vec<Delivery>,
) -> Result<Vec<Delivery>, DbError> {
    if !sent.iter().any(|one| one.state == DeliveryState::Pending) {
        return Ok(sent);
    }
    let waiting = queue::tasks::waiting_of::<Deliver>(tx, &Deliver::line_of(endpoint))?;
    let next: HashMap<WebhookDeliveryId, NextTry<Deliver>> =
        waiting.into_iter().map(|one| (one.about.delivery, one)).collect();
    for one in sent.iter_mut().filter(|one| one.state == DeliveryState::Pending) {
        if let Some(next) = next.get(&one.id) {
            one.next_try_at = next.at;
            one.tries_left = Some(next.tries_left);
            one.paused = next.at.is_none();
        }
    }
    Ok(sent)
}

/// An endpoint's messages, the newest first.
pub fn deliveries(
    tx: &mut Tx<'_>,
    endpoint: EndpointId,
    paging: &Paging<WebhookDeliveryId>,
) -> Result<Page<Delivery, WebhookDeliveryId>, DbError> {
    let mut query = webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq(endpoint))
        .order(webhook_deliveries::id.desc())
        .limit(paging.probe())
        .select(DeliveryRow::as_select())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(webhook_deliveries::id.lt(after));
    }
    let rows: Vec<DeliveryRow> = query.load(tx.conn())?;
    let page = Page::cut(rows, paging, |row| row.id).map(Delivery::from);
    Ok(Page { items: with_next_tries(tx, endpoint, page.items)?, next: page.next })
}

/// How many messages were given up after all their tries and have not been sent once more: their programs did not hear of
/// it. What a person took back is not among them.
pub fn unheard_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(unheard(tx)?.values().sum())
}

/// The same of each endpoint; those that heard of everything are left out.
pub fn unheard(tx: &mut Tx<'_>) -> Result<HashMap<EndpointId, i64>, DbError> {
    #[derive(QueryableByName)]
    struct Unheard {
        #[diesel(sql_type = BigInt)]
        endpoint_id: EndpointId,
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let found: Vec<Unheard> = diesel::sql_query(
        "SELECT endpoint_id, count(*) AS count FROM webhook_deliveries d WHERE state = 'failed' AND problem <> $1 \
         AND NOT EXISTS (SELECT FROM webhook_deliveries r \
             WHERE r.organization_id = d.organization_id AND r.replay_of = d.id) GROUP BY endpoint_id",
    )
    .bind::<Text, _>(CANCELLED)
    .load(tx.conn())?;
    Ok(found.into_iter().map(|one| (one.endpoint_id, one.count)).collect())
}

/// What a message says, as it is posted: JSON. [`DbError::NotFound`] where this town has none of that id.
pub fn body_of(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<String, DbError> {
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::id.eq(id))
        .select(webhook_deliveries::body)
        .first(tx.conn())?)
}

/// One message; [`DbError::NotFound`] where this town has none of that id.
pub fn delivery(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<Delivery, DbError> {
    let row: DeliveryRow = webhook_deliveries::table
        .filter(webhook_deliveries::id.eq(id))
        .select(DeliveryRow::as_select())
        .first(tx.conn())?;
    let (endpoint, sent) = (row.endpoint_id, vec![row.into()]);
    with_next_tries(tx, endpoint, sent)?.pop().ok_or(DbError::NotFound)
}

/// Messages of each town looked at.
const LATEST: i64 = 5_000;

/// How many messages of `towns` ended after `since`, by how; of each town no more than its latest 5,000 are looked at.
/// Through the queue role's connection.
pub fn ended_lately(
    lobby: &mut Lobby<'_>,
    towns: &[OrganizationId],
    since: DateTime<Utc>,
) -> Result<Vec<Gauge>, DbError> {
    let towns: Vec<i64> = towns.iter().map(|town| town.0).collect();
    Ok(diesel::sql_query(
        "SELECT d.state AS name, count(*) AS count FROM unnest($1) AS town (id) CROSS JOIN LATERAL ( \
             SELECT state, ended_at FROM webhook_deliveries WHERE organization_id = town.id \
             ORDER BY id DESC LIMIT $2) d \
         WHERE d.ended_at > $3 GROUP BY d.state ORDER BY d.state",
    )
    .bind::<Array<BigInt>, _>(towns)
    .bind::<BigInt, _>(LATEST)
    .bind::<Timestamptz, _>(since)
    .load(lobby.conn())?)
}
