//! Webhooks (外部への通知): other people's programs are told what happens here, over HTTPS, signed as "Standard Webhooks"
//! wants it.
//!
//! A message is a row and its task in the transaction of the fact; it keeps its id through all tries and replays, so that a
//! receiver can tell copies. Where an endpoint is paused or stopped, messages wait for it. Invariants: one event tells one
//! endpoint once (`one_event_tells_one_endpoint_once`); messages hold ids and counts, never names or texts; nothing inside
//! this machine or its network is ever reached (`target.rs`); a key is derived, never stored, and shown once.

mod deliver;
mod lists;
mod model;
mod post;
mod signature;
mod store;
mod target;
#[cfg(test)]
mod tests;

use accounts::secrets::LinkKey;
use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use kernel::{Code, Coded, EventId, FieldProblem, Invalid, TaskId};
use queue::Event;
use serde::{Deserialize, Serialize};

pub use deliver::{Deliver, register};
pub use lists::{
    body_of, deliveries, delivery, ended_lately, endpoints, find, find_if_there, unheard, unheard_count,
};
pub use model::{
    Delivery, DeliveryState, Endpoint, EndpointId, EndpointInput, EndpointState, Happened, Stop,
    WebhookDeliveryId,
};
pub use target::Reach;

use store::NewDelivery;

/// How long the key before counts after a rotation.
const BOTH_KEYS: TimeDelta = TimeDelta::hours(24);
/// What the problem of a message begins with whose receiver answered something else than 2xx; its status follows.
pub const ANSWERED: &str = "the receiver answered ";
/// What is wrong with a message whose task a person has ended.
pub const CANCELLED: &str = "somebody took it back";
/// How long messages are kept.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Yui stopped telling an endpoint: somebody has to look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookStopped {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Why.
    pub why: Stop,
}

impl Event for WebhookStopped {
    const KIND: &'static str = "webhook.stopped";
}

/// Why an endpoint was not entered or changed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is in that state already, the message has not ended, or the town tells as many programs as it may.
    #[error("it stands otherwise")]
    Conflict,
    /// Somebody else changed it since it was read.
    #[error("somebody else changed it")]
    Stale,
    /// The database failed, or this town has no such endpoint or message.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for WebhookError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Conflict => Code::Conflict,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Enters an endpoint. Gives back its signing key too, which is shown this once.
pub fn add(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    reach: Reach,
    input: &EndpointInput,
) -> Result<(Endpoint, String), WebhookError> {
    let new = input.checked(reach)?;
    if lists::count(tx)? >= lists::MOST_ENDPOINTS {
        return Err(WebhookError::Conflict);
    }
    let id = once(store::insert(tx, &new))?;
    Ok((find(tx, id)?, lists::secret(tx, key, id)?))
}

/// Changes what was typed of an endpoint that stands at `version`. Its key stays.
pub fn change(
    tx: &mut Tx<'_>,
    reach: Reach,
    id: EndpointId,
    version: i32,
    input: &EndpointInput,
) -> Result<Endpoint, WebhookError> {
    let before = find(tx, id)?;
    let new = input.checked(reach)?;
    if !once(store::change(tx, id, version, &new))? {
        return Err(WebhookError::Stale);
    }
    // What failed at the old address need not wait for its next try at the new one.
    if before.url != new.url {
        hurry(tx, id)?;
    }
    Ok(find(tx, id)?)
}

/// An address that is there already is told beside its field.
fn once<T>(written: Result<T, DbError>) -> Result<T, WebhookError> {
    match written {
        Err(error) if error.violates(store::URL_ONCE) => {
            Err(Invalid(vec![FieldProblem::new("url", Code::Taken)]).into())
        }
        written => Ok(written?),
    }
}

/// Pauses an endpoint; messages wait from now on, those that failed and wait for their next try among them.
pub fn pause(tx: &mut Tx<'_>, id: EndpointId) -> Result<(), WebhookError> {
    find(tx, id)?;
    if !store::turn(tx, id, &[EndpointState::Active], EndpointState::Paused, None)? {
        return Err(WebhookError::Conflict);
    }
    Ok(hurry(tx, id)?)
}

/// Every message of an endpoint that waits for its next try meets it now: it is sent, or finds that its endpoint is told
/// nothing, and waits for that.
fn hurry(tx: &mut Tx<'_>, id: EndpointId) -> Result<(), DbError> {
    queue::tasks::hurry::<Deliver>(tx, &Deliver::line_of(id))?;
    Ok(())
}

/// Lets an endpoint that was paused or stopped go on; what has waited is sent now, and what waits for its next try too.
pub fn resume(tx: &mut Tx<'_>, id: EndpointId) -> Result<(), WebhookError> {
    find(tx, id)?;
    let from = [EndpointState::Paused, EndpointState::Stopped];
    if !store::turn(tx, id, &from, EndpointState::Active, None)? {
        return Err(WebhookError::Conflict);
    }
    // It has as long as a new one before it is stopped again.
    store::note_try(tx, id, true)?;
    // What failed before it was paused need not wait for its next try: whoever lets it go on has mended it.
    hurry(tx, id)?;
    let waited = store::unpark(tx, id)?;
    let tasks: Vec<Deliver> = waited.into_iter().map(|delivery| Deliver { delivery, endpoint: id }).collect();
    queue::enqueue_many(tx, &tasks)?;
    Ok(())
}

/// Yui itself stops telling an active endpoint, and says so.
fn stop(tx: &mut Tx<'_>, id: EndpointId, why: Stop) -> Result<(), DbError> {
    if store::turn(tx, id, &[EndpointState::Active], EndpointState::Stopped, Some(why))? {
        queue::record(tx, &WebhookStopped { endpoint: id, why })?;
        hurry(tx, id)?;
    }
    Ok(())
}

/// Gives an endpoint a new key after the `version`th, and shows it this once; for a day messages are signed with both.
pub fn rotate(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    id: EndpointId,
    version: i32,
) -> Result<(Endpoint, String), WebhookError> {
    find(tx, id)?;
    if !store::rotate(tx, id, version)? {
        return Err(WebhookError::Stale);
    }
    Ok((find(tx, id)?, lists::secret(tx, key, id)?))
}

/// Forgets an endpoint with everything it was told.
pub fn remove(tx: &mut Tx<'_>, id: EndpointId) -> Result<(), WebhookError> {
    if store::remove(tx, id)? { Ok(()) } else { Err(DbError::NotFound.into()) }
}

/// Sends an active endpoint a message that says nothing, to see whether it arrives.
pub fn ping(tx: &mut Tx<'_>, id: EndpointId) -> Result<WebhookDeliveryId, WebhookError> {
    let state = store::held(tx, id)?;
    if state != EndpointState::Active {
        return Err(WebhookError::Conflict);
    }
    let message = format!("msg_{}", crate::compose::token());
    let body = body(Happened::Ping, tx.now(), &serde_json::json!({}));
    let new = NewDelivery {
        endpoint_id: id,
        event_id: None,
        message: &message,
        kind: Happened::Ping,
        body: &body,
        state: DeliveryState::Pending,
        replay_of: None,
        created_at: tx.now(),
    };
    Ok(send_off(tx, &new)?.ok_or(DbError::NotFound)?)
}

/// Sends an ended message once more, under its own id; where its endpoint is told nothing now, it waits for that.
pub fn replay(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<WebhookDeliveryId, WebhookError> {
    let old = store::ready(tx, id)?;
    if !matches!(old.state, DeliveryState::Delivered | DeliveryState::Failed) {
        return Err(WebhookError::Conflict);
    }
    let state = store::held(tx, old.endpoint)?;
    let new = NewDelivery {
        endpoint_id: old.endpoint,
        event_id: old.event_id,
        message: &old.message,
        kind: old.kind,
        body: &old.body,
        state: beginning(state),
        replay_of: Some(id),
        created_at: tx.now(),
    };
    Ok(send_off(tx, &new)?.ok_or(DbError::NotFound)?)
}

/// Ends a task as a person decided (`end`: taken back, or given up); says whether there was one. A message that it would
/// have sent has failed with it, and can be sent once more.
pub fn end_task(
    tx: &mut Tx<'_>,
    id: TaskId,
    end: fn(&mut Tx<'_>, TaskId) -> Result<bool, DbError>,
) -> Result<bool, DbError> {
    let would_send: Option<Deliver> = queue::tasks::payload(tx, id)?;
    let is_ended = end(tx, id)?;
    if let Some(task) = would_send.filter(|_task| is_ended) {
        store::give_up(tx, task.delivery, CANCELLED)?;
    }
    Ok(is_ended)
}

/// Takes back tasks of a kind that have not begun, at most `most`, and where they tell programs notes that those do not hear
/// of it. Returns how many.
pub fn end_kind(tx: &mut Tx<'_>, kind: &str, most: u16) -> Result<usize, DbError> {
    let ended = queue::tasks::cancel_kind(tx, kind, most)?;
    let count = ended.len();
    if kind == <Deliver as queue::Task>::KIND {
        for task in ended.into_iter().filter_map(|one| serde_json::from_value::<Deliver>(one).ok()) {
            store::give_up(tx, task.delivery, CANCELLED)?;
        }
    }
    Ok(count)
}

/// Which program a task tells; `None` where it is of another kind, has ended, or the program is gone.
pub fn told_by(tx: &mut Tx<'_>, task: TaskId) -> Result<Option<Endpoint>, DbError> {
    match queue::tasks::payload::<Deliver>(tx, task)? {
        Some(task) => find_if_there(tx, task.endpoint),
        None => Ok(None),
    }
}

/// Tells every endpoint that wants to know. `data` holds ids and counts alone.
pub fn announce(
    tx: &mut Tx<'_>,
    event: EventId,
    kind: Happened,
    data: &serde_json::Value,
) -> Result<(), DbError> {
    let (message, body) = (format!("evt_{}_{event}", tx.organization()), body(kind, tx.now(), data));
    for (endpoint_id, state) in store::told_of(tx, kind)? {
        let new = NewDelivery {
            endpoint_id,
            event_id: Some(event),
            message: &message,
            kind,
            body: &body,
            state: beginning(state),
            replay_of: None,
            created_at: tx.now(),
        };
        send_off(tx, &new)?;
    }
    Ok(())
}

/// How a message to an endpoint of that state begins.
fn beginning(state: EndpointState) -> DeliveryState {
    match state {
        EndpointState::Active => DeliveryState::Pending,
        EndpointState::Paused | EndpointState::Stopped => DeliveryState::Waiting,
    }
}

fn send_off(tx: &mut Tx<'_>, new: &NewDelivery<'_>) -> Result<Option<WebhookDeliveryId>, DbError> {
    let id = store::insert_delivery(tx, new)?;
    if let Some(delivery) = id
        && new.state == DeliveryState::Pending
    {
        queue::enqueue(tx, &Deliver { delivery, endpoint: new.endpoint_id })?;
    }
    Ok(id)
}

/// `{"type": …, "timestamp": …, "data": …}`, as the specification wants it.
fn body(kind: Happened, at: DateTime<Utc>, data: &serde_json::Value) -> String {
    let at = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    serde_json::json!({ "type": kind.as_str(), "timestamp": at, "data": data }).to_string()
}

/// Forgets messages of a month ago, whatever became of them: no try comes that late. How many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let before = tx.now() - KEPT;
    store::sweep(tx, before)
}
