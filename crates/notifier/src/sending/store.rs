//! What senders write, for all towns, through the queue role's connection: claims, the journal of attempts, outcomes
//! and what becomes of what was left lying.
//!
//! Each statement moves rows along [`MessageState::next`](crate::messages::MessageState::next) and names the states it
//! moves from; each outcome names the lease it was made under, so a sender that lost its lease changes nothing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use db::{Db, DbError, Lobby};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Bytea, Nullable, SmallInt, Text, Timestamptz};
use kernel::{EmailAddress, MessageId, OrganizationId, PersonId};

use super::relays::Trouble;
use super::verdict::Verdict;
use crate::mails;
use crate::messages::{Category, DOUBT_PAUSE, DOUBTS, Happening, InDoubt, MessageState};
use crate::schema::{message_attempts, message_events};
use crate::smtp::Attempt;
use crate::suppressions;

/// How long a claimed message, or a sending one whose sender shows no life, stays with its sender.
pub(super) const LEASE: Duration = Duration::from_secs(60);

/// How long after its turn a message may still use it. Busy senders come a little late; after a break of the relay,
/// turns long past must not all be used at once.
const TURN_KEPT: Duration = Duration::from_secs(30);

/// A message in a sender's hands.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Claimed {
    #[diesel(sql_type = BigInt)]
    pub(super) organization_id: OrganizationId,
    #[diesel(sql_type = BigInt)]
    pub(super) id: MessageId,
    #[diesel(sql_type = BigInt)]
    pub(super) lease: i64,
    /// Attempts before this one.
    #[diesel(sql_type = SmallInt)]
    pub(super) attempt: i16,
    #[diesel(sql_type = Text)]
    pub(super) category: Category,
    #[diesel(sql_type = Text)]
    pub(super) from_address: String,
    #[diesel(sql_type = Text)]
    pub(super) to_address: EmailAddress,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub(super) template: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(super) person_id: Option<PersonId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) concerns: Option<String>,
    /// Which mail this one is once more.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(super) resend_of: Option<MessageId>,
    /// Whether its domain's share has given it this very time: it need not ask again.
    #[diesel(sql_type = Bool)]
    pub(super) has_turn: bool,
    #[diesel(sql_type = Bytea)]
    pub(super) bytes: Vec<u8>,
}

impl Claimed {
    /// Which message, and under which lease.
    pub(super) fn held(&self) -> Held {
        (self.organization_id, self.id, self.lease)
    }
}

fn lease_end(lobby: &Lobby<'_>) -> DateTime<Utc> {
    lobby.now() + TimeDelta::from_std(LEASE).unwrap_or(TimeDelta::MAX)
}

/// Lanes are the pairs of an urgency and a town that have anything due, found by leaps through the index; each gives its
/// share of the batch, which is all of it where no other town has mail of that urgency. What is due later is never
/// walked over.
const CLAIM: &str = "WITH RECURSIVE lanes AS ( \
         (SELECT urgency, organization_id, not_before FROM messages WHERE state IN ('queued', 'deferred') \
             ORDER BY urgency, organization_id, not_before LIMIT 1) \
         UNION ALL \
         SELECT n.urgency, n.organization_id, n.not_before FROM lanes l CROSS JOIN LATERAL ( \
             SELECT urgency, organization_id, not_before FROM messages WHERE state IN ('queued', 'deferred') \
             AND (urgency, organization_id) > (l.urgency, l.organization_id) \
             ORDER BY urgency, organization_id, not_before LIMIT 1) n), \
     turns AS MATERIALIZED ( \
         SELECT urgency, organization_id, count(*) OVER (PARTITION BY urgency) AS towns, \
             row_number() OVER (ORDER BY urgency, organization_id <= $5, organization_id) AS place \
         FROM lanes WHERE not_before <= $1 ORDER BY place), \
     next AS MATERIALIZED ( \
         SELECT d.organization_id, d.id, t.place FROM turns t CROSS JOIN LATERAL ( \
             SELECT organization_id, id FROM messages \
             WHERE state IN ('queued', 'deferred') AND urgency = t.urgency AND organization_id = t.organization_id \
             AND not_before <= $1 AND expires_at > $1 \
             AND (zone IS NULL OR within_hours($1, zone, opens, closes) = $1) \
             ORDER BY not_before, id LIMIT ($2 + t.towns - 1) / t.towns FOR UPDATE SKIP LOCKED) d LIMIT $2), \
     taken AS ( \
         UPDATE messages m SET state = 'claimed', lease = nextval('message_leases'), lease_until = $3 \
         FROM next n JOIN message_bytes b ON b.organization_id = n.organization_id AND b.message_id = n.id \
         WHERE m.organization_id = n.organization_id AND m.id = n.id \
         RETURNING m.organization_id, m.id, m.lease, m.attempt, m.category, m.from_address, m.to_address, \
             m.created_at, m.template, m.person_id, m.concerns, m.resend_of, m.not_before, n.place, \
             COALESCE(m.turn_at BETWEEN $4 AND $1, false) AS has_turn, b.bytes) \
     SELECT * FROM taken ORDER BY place, not_before, id";

/// Takes at most `most` due messages, the most urgent first and, among equals, those of one town after another,
/// beginning after `last`; each under a lease number that nobody had before. Mails whose reader's hours are over stay
/// where they are; [`tidy`] moves them to the next opening.
pub(super) fn claim(lobby: &mut Lobby<'_>, most: i64, last: OrganizationId) -> Result<Vec<Claimed>, DbError> {
    let (now, until) = (lobby.now(), lease_end(lobby));
    let turns_since = now - TimeDelta::from_std(TURN_KEPT).unwrap_or_default();
    Ok(diesel::sql_query(CLAIM)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(most)
        .bind::<Timestamptz, _>(until)
        .bind::<Timestamptz, _>(turns_since)
        .bind::<BigInt, _>(last)
        .load(lobby.conn())?)
}

/// Journals the attempt before a byte leaves. `None`: the lease was lost, or a person took the message back.
pub(super) fn begin(lobby: &mut Lobby<'_>, message: &Claimed, relay: &str) -> Result<Option<i64>, DbError> {
    let (now, until) = (lobby.now(), lease_end(lobby));
    let begun = diesel::sql_query(
        "UPDATE messages SET state = 'sending', attempt = attempt + 1, lease_until = $4, turn_at = NULL \
         WHERE organization_id = $1 AND id = $2 AND lease = $3 AND state = 'claimed'",
    )
    .bind::<BigInt, _>(message.organization_id)
    .bind::<BigInt, _>(message.id)
    .bind::<BigInt, _>(message.lease)
    .bind::<Timestamptz, _>(until)
    .execute(lobby.conn())?;
    if begun == 0 {
        return Ok(None);
    }
    let row = (
        message_attempts::organization_id.eq(message.organization_id),
        message_attempts::message_id.eq(message.id),
        message_attempts::attempt.eq(message.attempt + 1),
        message_attempts::relay.eq(relay),
        message_attempts::started_at.eq(now),
    );
    let id = diesel::insert_into(message_attempts::table)
        .values(row)
        .returning(message_attempts::id)
        .get_result(lobby.conn())?;
    Ok(Some(id))
}

/// Records how the attempt ended. False: the lease had been lost; nothing was changed.
pub(super) fn settle(
    lobby: &mut Lobby<'_>,
    message: &Claimed,
    attempt_id: i64,
    verdict: &Verdict,
    attempt: &Attempt,
) -> Result<bool, DbError> {
    let now = lobby.now();
    let Ok(next) = MessageState::Sending.next(verdict.step) else { return Ok(false) };
    let changed = diesel::sql_query(
        "UPDATE messages SET state = $4, lease = NULL, lease_until = NULL, ended_at = $5, \
             not_before = COALESCE($6, not_before), attempt = attempt - $7 \
         WHERE organization_id = $1 AND id = $2 AND lease = $3 AND state = 'sending'",
    )
    .bind::<BigInt, _>(message.organization_id)
    .bind::<BigInt, _>(message.id)
    .bind::<BigInt, _>(message.lease)
    .bind::<Text, _>(next)
    .bind::<Nullable<Timestamptz>, _>(next.is_ended().then_some(now))
    .bind::<Nullable<Timestamptz>, _>(verdict.not_before)
    .bind::<SmallInt, _>(i16::from(!verdict.counts))
    .execute(lobby.conn())?;
    if changed == 0 {
        return Ok(false);
    }
    diesel::update(message_attempts::table)
        .filter(message_attempts::organization_id.eq(message.organization_id))
        .filter(message_attempts::id.eq(attempt_id))
        .set((
            message_attempts::ended_at.eq(now),
            message_attempts::outcome.eq(verdict.outcome),
            message_attempts::stage.eq(attempt.outcome.stage().as_str()),
            message_attempts::reason.eq(verdict.reason),
            message_attempts::suppress.eq(verdict.suppress),
            message_attempts::reply.eq(attempt.outcome.reply().map(ToString::to_string)),
            message_attempts::transcript.eq(attempt.transcript.to_string()),
        ))
        .execute(lobby.conn())?;
    // An address left alone for a mail of which nobody may know would tell of it; the next other mail finds out as well.
    if verdict.suppress && !mails::confidential().contains(&message.template.as_str()) {
        suppressions::refused(lobby, message.organization_id, &message.to_address, message.id)?;
    }
    Ok(true)
}

/// Takes back a claimed message whose words no longer hold. False: it was no longer ours.
pub(super) fn supersede(lobby: &mut Lobby<'_>, message: &Claimed) -> Result<bool, DbError> {
    let now = lobby.now();
    let changed = diesel::sql_query(
        "UPDATE messages SET state = 'cancelled', lease = NULL, lease_until = NULL, ended_at = $4 \
         WHERE organization_id = $1 AND id = $2 AND lease = $3 AND state = 'claimed'",
    )
    .bind::<BigInt, _>(message.organization_id)
    .bind::<BigInt, _>(message.id)
    .bind::<BigInt, _>(message.lease)
    .bind::<Timestamptz, _>(now)
    .execute(lobby.conn())?;
    if changed == 0 {
        return Ok(false);
    }
    diesel::insert_into(message_events::table)
        .values((
            message_events::organization_id.eq(message.organization_id),
            message_events::message_id.eq(message.id),
            message_events::at.eq(now),
            message_events::kind.eq(Happening::Superseded),
            message_events::actor.eq("system"),
        ))
        .execute(lobby.conn())?;
    Ok(true)
}

/// Puts a claimed message back until the turn its domain's share gave it, which is its own; it was not tried.
pub(super) fn postpone(lobby: &mut Lobby<'_>, message: &Claimed, wait: Duration) -> Result<usize, DbError> {
    let later = lobby.now() + TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
    Ok(diesel::sql_query(
        "UPDATE messages SET state = 'queued', lease = NULL, lease_until = NULL, not_before = $4, turn_at = $4 \
         WHERE organization_id = $1 AND id = $2 AND lease = $3 AND state = 'claimed'",
    )
    .bind::<BigInt, _>(message.organization_id)
    .bind::<BigInt, _>(message.id)
    .bind::<BigInt, _>(message.lease)
    .bind::<Timestamptz, _>(later)
    .execute(lobby.conn())?)
}

/// Which message under which lease.
pub(super) type Held = (OrganizationId, MessageId, i64);

/// Puts claimed messages back whose sending has not begun.
pub(super) fn give_back(lobby: &mut Lobby<'_>, held: &[Held]) -> Result<usize, DbError> {
    let (towns, ids, leases) = columns(held);
    Ok(diesel::sql_query(
        "UPDATE messages m SET state = 'queued', lease = NULL, lease_until = NULL \
         FROM unnest($1, $2, $3) AS h (organization_id, id, lease) \
         WHERE m.organization_id = h.organization_id AND m.id = h.id AND m.lease = h.lease AND m.state = 'claimed'",
    )
    .bind::<Array<BigInt>, _>(towns)
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<BigInt>, _>(leases)
    .execute(lobby.conn())?)
}

/// Prolongs the leases of messages being sent.
pub(super) fn beat(lobby: &mut Lobby<'_>, held: &[Held]) -> Result<usize, DbError> {
    let until = lease_end(lobby);
    let (towns, ids, leases) = columns(held);
    Ok(diesel::sql_query(
        "UPDATE messages m SET lease_until = $4 FROM unnest($1, $2, $3) AS h (organization_id, id, lease) \
         WHERE m.organization_id = h.organization_id AND m.id = h.id AND m.lease = h.lease",
    )
    .bind::<Array<BigInt>, _>(towns)
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<BigInt>, _>(leases)
    .bind::<Timestamptz, _>(until)
    .execute(lobby.conn())?)
}

fn columns(held: &[Held]) -> (Vec<i64>, Vec<i64>, Vec<i64>) {
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for (town, id, lease) in held {
        columns.0.push(town.0);
        columns.1.push(id.0);
        columns.2.push(*lease);
    }
    columns
}

/// What [`tidy`] found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tidied {
    /// Claimed by a sender that showed no life: queued again.
    pub(super) queued: usize,
    /// Being sent by one that showed no life: unknown.
    pub(super) doubted: usize,
    /// Unknown, and sent again by their category's policy.
    pub(super) repeated: usize,
    /// Unknown, and held by their category's policy.
    pub(super) held: usize,
    /// Not sent in time.
    pub(super) expired: usize,
    /// Due outside their readers' hours: moved to the next opening.
    pub(super) resting: usize,
}

/// Messages that one transaction of [`tidy`] deals with: it holds few locks, and for a short time.
pub(super) const TIDIED_AT_ONCE: usize = 200;

/// Deals with what was left lying: leases that ran out, messages in doubt, messages whose time is over. A transaction for
/// each [`TIDIED_AT_ONCE`] of a kind, until nothing of it is left; whatever others hold locked is left to them. `trouble`
/// is what keeps every relay from taking mail: what expires meanwhile expires of that.
pub(super) fn tidy(queue: &Db, trouble: Option<&Trouble>) -> Result<Tidied, DbError> {
    Ok(Tidied {
        queued: in_turns(queue, requeue)?,
        doubted: in_turns(queue, doubt)?,
        held: in_turns(queue, hold_doubted)?,
        repeated: in_turns(queue, repeat)?,
        expired: in_turns(queue, |lobby, most| expire(lobby, most, trouble))?,
        resting: in_turns(queue, rest)?,
    })
}

fn in_turns(
    queue: &Db,
    turn: impl Fn(&mut Lobby<'_>, i64) -> Result<usize, DbError>,
) -> Result<usize, DbError> {
    let most = i64::try_from(TIDIED_AT_ONCE).unwrap_or(i64::MAX);
    let mut all = 0;
    loop {
        let some = queue.lobby_blocking(|lobby| turn(lobby, most))?;
        all += some;
        if some < TIDIED_AT_ONCE {
            return Ok(all);
        }
    }
}

fn requeue(lobby: &mut Lobby<'_>, most: i64) -> Result<usize, DbError> {
    let now = lobby.now();
    Ok(diesel::sql_query(
        "WITH found AS MATERIALIZED ( \
             SELECT organization_id, id FROM messages WHERE state = 'claimed' AND lease_until <= $1 \
             LIMIT $2 FOR UPDATE SKIP LOCKED) \
         UPDATE messages m SET state = 'queued', lease = NULL, lease_until = NULL \
         FROM found f WHERE m.organization_id = f.organization_id AND m.id = f.id",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(most)
    .execute(lobby.conn())?)
}

/// The sender died or hangs with bytes on their way: nobody knows. Its open attempt ends with that word.
fn doubt(lobby: &mut Lobby<'_>, most: i64) -> Result<usize, DbError> {
    let now = lobby.now();
    let later = now + TimeDelta::from_std(DOUBT_PAUSE).unwrap_or(TimeDelta::MAX);
    Ok(diesel::sql_query(
        "WITH found AS MATERIALIZED ( \
             SELECT organization_id, id FROM messages WHERE state = 'sending' AND lease_until <= $1 \
             LIMIT $3 FOR UPDATE SKIP LOCKED), \
         lost AS ( \
             UPDATE messages m SET state = 'unknown', lease = NULL, lease_until = NULL, not_before = $2 \
             FROM found f WHERE m.organization_id = f.organization_id AND m.id = f.id \
             RETURNING m.organization_id, m.id), \
         ended AS ( \
             UPDATE message_attempts a SET ended_at = $1, outcome = 'unknown' FROM lost l \
             WHERE a.organization_id = l.organization_id AND a.message_id = l.id AND a.ended_at IS NULL) \
         SELECT id FROM lost",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(later)
    .bind::<BigInt, _>(most)
    .execute(lobby.conn())?)
}

/// The categories whose messages in doubt are dealt with in this way.
fn settled_by(way: InDoubt) -> Vec<&'static str> {
    let settled = Category::ALL.iter().filter(|category| category.policy().in_doubt == way);
    settled.map(|category| category.as_str()).collect()
}

fn hold_doubted(lobby: &mut Lobby<'_>, most: i64) -> Result<usize, DbError> {
    let now = lobby.now();
    Ok(diesel::sql_query(
        "WITH found AS MATERIALIZED ( \
             SELECT organization_id, id FROM messages m \
             WHERE state = 'unknown' AND (category = ANY ($1) OR expires_at <= $2 \
                 OR (SELECT count(*) FROM message_attempts a WHERE a.organization_id = m.organization_id \
                     AND a.message_id = m.id AND a.outcome = 'unknown') >= $3) \
             LIMIT $4 FOR UPDATE SKIP LOCKED) \
         UPDATE messages m SET state = 'held' \
         FROM found f WHERE m.organization_id = f.organization_id AND m.id = f.id",
    )
    .bind::<Array<Text>, _>(settled_by(InDoubt::Hold))
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(DOUBTS)
    .bind::<BigInt, _>(most)
    .execute(lobby.conn())?)
}

fn repeat(lobby: &mut Lobby<'_>, most: i64) -> Result<usize, DbError> {
    let now = lobby.now();
    Ok(diesel::sql_query(
        "WITH found AS MATERIALIZED ( \
             SELECT organization_id, id FROM messages \
             WHERE state = 'unknown' AND category = ANY ($1) AND not_before <= $2 \
             LIMIT $3 FOR UPDATE SKIP LOCKED) \
         UPDATE messages m SET state = 'queued' \
         FROM found f WHERE m.organization_id = f.organization_id AND m.id = f.id",
    )
    .bind::<Array<Text>, _>(settled_by(InDoubt::SendAgain))
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(most)
    .execute(lobby.conn())?)
}

/// One that was due, and could not go because no relay took mail, keeps that as what stopped it.
fn expire(lobby: &mut Lobby<'_>, most: i64, trouble: Option<&Trouble>) -> Result<usize, DbError> {
    let now = lobby.now();
    Ok(diesel::sql_query(
        "WITH found AS MATERIALIZED ( \
             SELECT organization_id, id, not_before FROM messages \
             WHERE state IN ('queued', 'deferred') AND expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED), \
         troubled AS ( \
             INSERT INTO message_troubles (organization_id, message_id, at, stage, reply) \
             SELECT organization_id, id, $1, $3::text, $4 FROM found WHERE $3::text IS NOT NULL AND not_before <= $1) \
         UPDATE messages m SET state = 'expired', ended_at = $1 \
         FROM found f WHERE m.organization_id = f.organization_id AND m.id = f.id",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(most)
    .bind::<Nullable<Text>, _>(trouble.map(|trouble| trouble.stage.as_str()))
    .bind::<Nullable<Text>, _>(trouble.and_then(|trouble| trouble.reply.as_deref()))
    .execute(lobby.conn())?)
}

/// A retry or a backlog ran into the night of its reader.
fn rest(lobby: &mut Lobby<'_>, most: i64) -> Result<usize, DbError> {
    let now = lobby.now();
    Ok(diesel::sql_query(
        "WITH found AS MATERIALIZED ( \
             SELECT organization_id, id FROM messages \
             WHERE state IN ('queued', 'deferred') AND not_before <= $1 AND zone IS NOT NULL \
             AND within_hours($1, zone, opens, closes) > $1 LIMIT $2 FOR UPDATE SKIP LOCKED) \
         UPDATE messages m SET not_before = within_hours($1, m.zone, m.opens, m.closes) \
         FROM found f WHERE m.organization_id = f.organization_id AND m.id = f.id",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(most)
    .execute(lobby.conn())?)
}

/// How PostgreSQL would run the very statement of [`claim`].
#[cfg(test)]
pub(super) fn explain_claim(lobby: &mut Lobby<'_>) -> Result<String, DbError> {
    #[derive(QueryableByName)]
    struct Plan {
        #[diesel(sql_type = Text)]
        #[diesel(column_name = "QUERY PLAN")]
        line: String,
    }
    // A test's table is small: the planner has to be told that it grows.
    diesel::sql_query("SET LOCAL enable_seqscan = off").execute(lobby.conn())?;
    let now = lobby.now();
    let lines: Vec<Plan> = diesel::sql_query(format!("EXPLAIN {CLAIM}"))
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(8)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(0)
        .load(lobby.conn())?;
    Ok(lines.into_iter().map(|plan| plan.line).collect::<Vec<_>>().join("\n"))
}
