//! What happens to a message besides its attempts: links used, bounces, decisions of people and of later facts.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{MessageId, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

use crate::schema::message_events;

/// How many of a message's events its page shows.
const EVENTS_SHOWN: i64 = 50;

text_enum!(
    /// What happened.
    #[schemars(rename = "MessageHappening")]
    Happening {
        /// Its reader, signed in, came by its link or looked at what it is about.
        Opened = "opened",
        /// Its link was opened for the first time, by its reader or by a mail scanner: nobody can tell.
        LinkUsed = "link_used",
        /// A notice of non-delivery came.
        Bounced = "bounced",
        /// The reader reported it as spam.
        Complained = "complained",
        /// A notice said that it is still on its way.
        Delayed = "delayed",
        /// A newer mail about the same thing took its place.
        Replaced = "replaced",
        /// What it says no longer held when it was to be sent.
        Superseded = "superseded",
        /// Its reader no longer wants such mails.
        Unwanted = "unwanted",
        /// Its address is left alone.
        Suppressed = "suppressed",
        /// It could only have gone when it would have been of no use any more.
        TooLate = "too_late",
        /// A person took it back.
        Cancelled = "cancelled",
        /// A person put it aside.
        Held = "held",
        /// A person had it sent with the same bytes.
        Released = "released",
        /// A person had it sent once more as a new message.
        Resent = "resent",
        /// A person has seen how it ended and needs no more of it.
        Seen = "seen",
    }
);

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Queryable, Selectable)]
#[schemars(rename = "MessageEvent")]
#[diesel(table_name = message_events)]
pub struct EventView {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: Happening,
    /// Who caused it: `system`, `person:42`, `outside`.
    pub actor: String,
    /// The reason given, the notice's own words, the newer message's number; may be empty.
    pub detail: String,
}

/// Writes one line.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    id: MessageId,
    kind: Happening,
    detail: impl Into<String>,
) -> Result<(), DbError> {
    let (at, actor) = (tx.now(), tx.actor().to_string());
    diesel::insert_into(message_events::table)
        .values((
            message_events::message_id.eq(id),
            message_events::at.eq(at),
            message_events::kind.eq(kind),
            message_events::actor.eq(actor),
            message_events::detail.eq(detail.into()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The latest events, oldest first.
pub(super) fn of_message(tx: &mut Tx<'_>, id: MessageId) -> Result<Vec<EventView>, DbError> {
    let mut events: Vec<EventView> = message_events::table
        .filter(message_events::message_id.eq(id))
        .order(message_events::id.desc())
        .limit(EVENTS_SHOWN)
        .select(EventView::as_select())
        .load(tx.conn())?;
    events.reverse();
    Ok(events)
}

/// Whether this has happened to it before.
pub(super) fn has(tx: &mut Tx<'_>, id: MessageId, kind: Happening) -> Result<bool, DbError> {
    let before =
        message_events::table.filter(message_events::message_id.eq(id)).filter(message_events::kind.eq(kind));
    Ok(diesel::select(diesel::dsl::exists(before)).get_result(tx.conn())?)
}
