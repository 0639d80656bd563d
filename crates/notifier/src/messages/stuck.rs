//! Mails that stopped and wait for a person, by what stopped them, and sending all of them off again at once.
//!
//! Invariant: nothing goes out twice by this that its category would not send twice: what is held goes out with its own
//! bytes under its own Message-ID, what had ended becomes a new mail with a reason, once
//! (`what_stopped_for_one_reason_is_sent_off_together_and_once`, `two_at_once_send_each_of_them_once`), and nobody is woken
//! by it (`what_is_sent_off_together_keeps_its_readers_hours`).

use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};
use kernel::{Checks, MessageId, Typed};
use serde::Serialize;

use super::events::Happening;
use super::model::{MessageState, NotPossible, Step};
use super::policy::Hours;
use super::{MessageError, confidential, let_go, send_once_more, store};
use crate::mails;
use crate::schema::{message_troubles, messages};

/// States in which a person can still get a mail to its reader.
pub const STUCK: [MessageState; 4] =
    [MessageState::Held, MessageState::Unknown, MessageState::Dead, MessageState::Expired];
/// What ended longer ago is history.
const DAYS: i64 = 30;
/// Mails looked at.
const LOOKED_AT: i64 = 10_000;
/// Causes shown.
const CAUSES: i64 = 50;

/// What stopped mails: their state and how their last attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct Cause {
    /// Where they stand: one of [`STUCK`].
    #[diesel(sql_type = Text)]
    pub state: MessageState,
    /// How far the last attempt got (`auth`, `recipient`, …), or anybody's at the relay that took nothing when they
    /// expired; empty where none was made.
    #[diesel(sql_type = Text)]
    pub stage: String,
    /// Why it was refused or put off (`policy`, `content`, …); empty where nobody said.
    #[diesel(sql_type = Text)]
    pub reason: String,
}

/// Mails of this town that stopped for one cause.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct Stuck {
    /// The cause.
    #[diesel(embed)]
    pub cause: Cause,
    /// What the relay said to the latest of them; never to one that only its reader may know of, because relays name the
    /// address.
    #[diesel(sql_type = Nullable<Text>)]
    pub reply: Option<String>,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// How many of them a person can send off again once they have ended: all but those with a secret for one use.
    #[diesel(sql_type = BigInt)]
    pub repeatable: i64,
    /// When the latest of them was written.
    #[diesel(sql_type = Timestamptz)]
    pub last: DateTime<Utc>,
}

/// What was sent once more, or has been seen by a person, needs nobody any longer; of the mails that a query calls `mail`.
fn is_open(mail: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM messages r WHERE r.organization_id = {mail}.organization_id AND r.resend_of = {mail}.id) \
         AND NOT EXISTS (SELECT FROM message_events e WHERE e.organization_id = {mail}.organization_id \
             AND e.message_id = {mail}.id AND e.kind = 'seen')"
    )
}

/// The latest stuck mails.
fn latest() -> String {
    format!(
        "SELECT organization_id, id, state, category, template, created_at FROM messages m \
         WHERE state = ANY ($1) AND created_at > $2 AND {} ORDER BY id DESC LIMIT $3",
        is_open("m")
    )
}

/// Whether a mail needs a look, by the same rule as [`troubled_count`].
pub(super) fn needs_look(now: DateTime<Utc>) -> NeedsLook {
    let of_state = messages::state.eq_any(troubled_states());
    let lately = messages::created_at.gt(now - TimeDelta::days(DAYS));
    Box::new(of_state.and(lately).and(sql::<Bool>(&is_open("messages"))))
}

/// A condition on mails.
type NeedsLook = Box<dyn BoxableExpression<messages::table, Pg, SqlType = Bool>>;

/// States of mails that wait for a person or did not arrive.
fn troubled_states() -> Vec<MessageState> {
    let lost = [MessageState::Rejected, MessageState::Bounced, MessageState::Complained];
    [&STUCK[..], &lost].concat()
}

/// The latest stuck mails with their last attempt, or with what kept the relay from taking any when they expired.
fn found() -> String {
    format!(
        "SELECT m.id, m.state, m.category, m.template, m.created_at, COALESCE(r.stage, a.stage, '') AS stage, \
             CASE WHEN r.stage IS NULL THEN COALESCE(a.reason, '') ELSE '' END AS reason, \
             CASE WHEN r.stage IS NULL THEN a.reply ELSE r.reply END AS reply \
         FROM ({}) m \
         LEFT JOIN message_troubles r ON r.organization_id = m.organization_id AND r.message_id = m.id \
         LEFT JOIN LATERAL (SELECT stage, reason, reply FROM message_attempts a \
             WHERE a.organization_id = m.organization_id AND a.message_id = m.id ORDER BY a.id DESC LIMIT 1) a ON true",
        latest()
    )
}

fn states() -> Vec<&'static str> {
    words(&STUCK)
}

fn words(states: &[MessageState]) -> Vec<&'static str> {
    states.iter().map(|state| state.as_str()).collect()
}

/// What stopped, by cause, the most frequent first; nothing older than a month.
pub fn stuck(tx: &mut Tx<'_>) -> Result<Vec<Stuck>, DbError> {
    let since = tx.now() - TimeDelta::days(DAYS);
    Ok(diesel::sql_query(format!(
        "SELECT state, stage, reason, count(*) AS count, max(created_at) AS last, \
             count(*) FILTER (WHERE category <> 'account') AS repeatable, \
             (array_agg(reply ORDER BY id DESC) FILTER (WHERE template <> ALL ($5)))[1] AS reply \
         FROM ({}) found GROUP BY state, stage, reason ORDER BY count(*) DESC, state, stage, reason LIMIT $4",
        found()
    ))
    .bind::<Array<Text>, _>(states())
    .bind::<Timestamptz, _>(since)
    .bind::<BigInt, _>(LOOKED_AT)
    .bind::<BigInt, _>(CAUSES)
    .bind::<Array<Text>, _>(mails::confidential())
    .load(tx.conn())?)
}

/// How many stopped, whatever the cause; nothing older than a month.
pub fn stuck_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    count_in(tx, &STUCK)
}

/// How many wait for a person or did not arrive: neither sent once more nor seen, and nothing older than a month.
pub fn troubled_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    count_in(tx, &troubled_states())
}

fn count_in(tx: &mut Tx<'_>, among: &[MessageState]) -> Result<i64, DbError> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let since = tx.now() - TimeDelta::days(DAYS);
    let found: Count = diesel::sql_query(format!("SELECT count(*) AS count FROM ({}) latest", latest()))
        .bind::<Array<Text>, _>(words(among))
        .bind::<Timestamptz, _>(since)
        .bind::<BigInt, _>(LOOKED_AT)
        .get_result(tx.conn())?;
    Ok(found.count)
}

/// Those of one cause, the oldest first. All that are looked at, because any number of the oldest may have to stay.
fn of_cause(tx: &mut Tx<'_>, cause: &Cause) -> Result<Vec<MessageId>, DbError> {
    #[derive(QueryableByName)]
    struct One {
        #[diesel(sql_type = BigInt)]
        id: MessageId,
    }
    let since = tx.now() - TimeDelta::days(DAYS);
    let ids: Vec<One> = diesel::sql_query(format!(
        "SELECT id FROM ({}) found WHERE state = $4 AND stage = $5 AND reason = $6 ORDER BY id",
        found()
    ))
    .bind::<Array<Text>, _>(states())
    .bind::<Timestamptz, _>(since)
    .bind::<BigInt, _>(LOOKED_AT)
    .bind::<Text, _>(cause.state)
    .bind::<Text, _>(&cause.stage)
    .bind::<Text, _>(&cause.reason)
    .load(tx.conn())?;
    Ok(ids.into_iter().map(|one| one.id).collect())
}

/// What became of a wish to send mails off again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Redriven {
    /// They go.
    pub sent: usize,
    /// They stay: too late, a secret for one use, or no longer wanted.
    pub left: usize,
}

/// Sends at most `most` mails of a cause off again, the oldest first: what waits with the same bytes, what had ended as a
/// new mail with `reason`. What must not go out again is left as it is, counted, and stands in nobody's way.
pub fn redrive(tx: &mut Tx<'_>, cause: &Cause, reason: &Typed, most: u16) -> Result<Redriven, MessageError> {
    let mut checks = Checks::new();
    let required = checks.required_line("reason", reason, 400);
    checks.done(required)?;
    let mut redriven = Redriven::default();
    for id in of_cause(tx, cause)? {
        if redriven.sent == usize::from(most) {
            break;
        }
        match once_more(tx, cause, id, reason) {
            Ok(true) => redriven.sent += 1,
            // Somebody else has just sent it.
            Ok(false) => {}
            Err(
                MessageError::TooLate
                | MessageError::NotRepeatable
                | MessageError::Unwanted
                | MessageError::NotPossible(_),
            ) => redriven.left += 1,
            Err(other) => return Err(other),
        }
    }
    Ok(redriven)
}

/// Sends one off again; false where somebody else did so since it was found. Who asks for one mail and gives a reason for
/// it ([`resend`]) means that one and gets it; who asks for all of a cause wants each to go once.
fn once_more(tx: &mut Tx<'_>, cause: &Cause, id: MessageId, reason: &Typed) -> Result<bool, MessageError> {
    if !cause.state.is_ended() {
        return let_go(tx, id).map(|()| true);
    }
    store::lock(tx, id)?;
    if store::is_resent(tx, id)? {
        return Ok(false);
    }
    send_once_more(tx, id, reason, Hours::ReadersOwn).map(|_new| true)
}

/// A person has seen how a mail ended and needs no more of it: from now on it is history. Saying so twice changes nothing.
pub fn seen(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    confidential::must_be_shown(tx, id)?;
    put_away(tx, id)
}

fn put_away(tx: &mut Tx<'_>, id: MessageId) -> Result<(), MessageError> {
    let current = store::lock(tx, id)?;
    if !current.state.is_ended() {
        return Err(NotPossible { state: current.state, step: Step::Cancel }.into());
    }
    Ok(super::note_once(tx, id, Happening::Seen)?)
}

/// The same of all that ended for one cause; how many.
pub fn all_seen(tx: &mut Tx<'_>, cause: &Cause) -> Result<usize, MessageError> {
    let found = of_cause(tx, cause)?;
    for id in &found {
        put_away(tx, *id)?;
    }
    Ok(found.len())
}

/// Why no mail leaves, as the relay said it last.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct RelayTrouble {
    /// The relay.
    #[diesel(sql_type = Text)]
    pub relay: String,
    /// How far the conversation got: `auth` for a wrong password.
    #[diesel(sql_type = Text)]
    pub stage: String,
    /// What it said; `None` where it said nothing.
    #[diesel(sql_type = Nullable<Text>)]
    pub reply: Option<String>,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
}

/// What this town's last attempt met, where that was a relay that does not take mail at all.
pub fn relay_trouble(tx: &mut Tx<'_>) -> Result<Option<RelayTrouble>, DbError> {
    let last: Option<RelayTrouble> = diesel::sql_query(
        "SELECT relay, stage, reply, ended_at AS at FROM ( \
             SELECT relay, COALESCE(stage, '') AS stage, reply, ended_at, outcome FROM message_attempts \
             WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1) last \
         WHERE outcome = 'relay_down'",
    )
    .get_result(tx.conn())
    .optional()?;
    Ok(last)
}

/// What kept a mail that has expired from leaving, where that was known.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Trouble {
    /// When it expired.
    pub at: DateTime<Utc>,
    /// How far the last conversation with a relay got.
    pub stage: String,
    /// What the relay said; `None` where it said nothing.
    pub reply: Option<String>,
}

/// Why a mail expired: no relay took anything when it was due. `None` where it is not so, or nobody noted it.
pub fn trouble_of(tx: &mut Tx<'_>, id: MessageId) -> Result<Option<Trouble>, DbError> {
    Ok(message_troubles::table
        .filter(message_troubles::message_id.eq(id))
        .select((message_troubles::at, message_troubles::stage, message_troubles::reply))
        .first(tx.conn())
        .optional()?)
}
