//! Past-tense business facts: the only door between owners that do not know each other.

use diesel::prelude::*;
use kernel::{EventId, OrganizationId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use db::{DbError, Tx};

use crate::schema::events;
use crate::tasks::store::{self, NewTask};
use crate::tasks::{self, Backoff, Task};

/// A business fact. A small struct of the crate whose verb states it; it carries what its readers need, because
/// they cannot ask the owner's tables.
pub trait Event: Serialize + DeserializeOwned + Send + 'static {
    /// `aggregate.past_tense`, for example `deal.won`. Never changes once written.
    const KIND: &'static str;
}

/// An event as a subscriber receives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The event's id: what makes a subscriber's own writes unique.
    pub id: EventId,
    /// The town it happened in.
    pub organization: OrganizationId,
    /// When it happened.
    pub at: chrono::DateTime<chrono::Utc>,
}

/// States a fact in the transaction that makes it true. Every subscriber gets its own task after the commit.
pub fn record<E: Event>(tx: &mut Tx<'_>, event: &E) -> Result<EventId, DbError> {
    let payload = tasks::to_json(event)?;
    let (actor, now) = (tx.actor().to_string(), tx.now());
    let id: EventId = diesel::insert_into(events::table)
        .values((
            events::kind.eq(E::KIND),
            events::payload.eq(payload),
            events::actor.eq(actor),
            events::occurred_at.eq(now),
        ))
        .returning(events::id)
        .get_result(tx.conn())?;
    let task = Dispatch { event: id }.addressed(E::KIND)?;
    store::insert(tx, &task)?;
    tasks::raise(tx, &task);
    Ok(id)
}

/// The task that turns one event into one task per subscriber. Its kind names the event's, so that a process that has
/// never heard of such an event leaves it, as it leaves any unknown kind, to one that has.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Dispatch {
    pub(crate) event: EventId,
}

impl Dispatch {
    /// The kind of the tasks that dispatch events of `event`'s kind.
    pub(crate) fn kind_of(event: &str) -> String {
        format!("{}/{event}", Self::KIND)
    }

    pub(crate) fn addressed(&self, event: &str) -> Result<NewTask, DbError> {
        Ok(NewTask::plain(&Self::kind_of(event), &Self::BACKOFF, tasks::to_json(self)?))
    }
}

/// Under this kind alone tasks were written before the kind named the event's.
impl Task for Dispatch {
    const KIND: &'static str = "dispatch";
    const BACKOFF: Backoff = Backoff::STEADY;
}

/// The task of one subscriber for one event; its kind is `EVENT/SUBSCRIBER`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Deliver {
    pub(crate) event: EventId,
}

/// Registered under the subscriber's own kind.
impl Task for Deliver {
    const KIND: &'static str = "deliver";
}

pub(crate) struct Stored {
    pub(crate) recorded: Recorded,
    pub(crate) kind: String,
    pub(crate) payload: serde_json::Value,
}

pub(crate) fn load(tx: &mut Tx<'_>, id: EventId) -> Result<Stored, DbError> {
    let organization = tx.organization();
    let (kind, payload, at) = events::table
        .filter(events::id.eq(id))
        .select((events::kind, events::payload, events::occurred_at))
        .first(tx.conn())?;
    Ok(Stored { recorded: Recorded { id, organization, at }, kind, payload })
}
