//! Reading messages: what was sent lately, to whom, and the timeline of one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Lobby, Tx};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Double, Nullable, Text, Timestamptz};
use kernel::{ContactId, EmailAddress, Language, MessageId, Page, Paging, PersonId};
use serde::Serialize;

use super::model::{Arrival, AttemptView, Message, MessageState, MessageSummary, Party};
use super::policy::Category;
use super::stuck;
use super::{confidential, events};
use crate::compose::hex;
use crate::reading;
use crate::schema::{message_attempts, message_bytes, messages};

/// How many of a message's attempts its page shows.
const ATTEMPTS_SHOWN: i64 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct SummaryRow {
    id: MessageId,
    category: Category,
    template: String,
    language: Language,
    person_id: Option<PersonId>,
    contact_id: Option<ContactId>,
    to_name: String,
    to_address: EmailAddress,
    subject: String,
    state: MessageState,
    attempt: i16,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl From<SummaryRow> for MessageSummary {
    fn from(row: SummaryRow) -> Self {
        let party = match (row.person_id, row.contact_id) {
            (Some(person), _) => Party::Person(person),
            (None, Some(contact)) => Party::Contact(contact),
            (None, None) => Party::Nobody,
        };
        Self {
            id: row.id,
            category: row.category,
            template: row.template,
            language: row.language,
            party,
            to_name: row.to_name,
            to_address: row.to_address,
            subject: row.subject,
            state: row.state,
            attempt: row.attempt,
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct DetailRow {
    not_before: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    from_address: String,
    message_id: String,
    asked_by: String,
    resend_of: Option<MessageId>,
    resend_reason: Option<String>,
    text_version: Option<i32>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = message_attempts)]
struct AttemptRow {
    attempt: i16,
    relay: String,
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
    stage: Option<String>,
    reason: Option<String>,
    suppress: bool,
    reply: Option<String>,
    transcript: Option<String>,
}

impl From<AttemptRow> for AttemptView {
    fn from(row: AttemptRow) -> Self {
        Self {
            attempt: row.attempt,
            relay: row.relay,
            started_at: row.started_at,
            ended_at: row.ended_at,
            outcome: row.outcome,
            stage: row.stage,
            reason: row.reason,
            suppress: row.suppress,
            reply: row.reply,
            transcript: row.transcript,
        }
    }
}

/// Which messages a list shows; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Only those in this state.
    pub state: Option<MessageState>,
    /// Only those that a person should look at: what waits for one or did not arrive, within a month, neither sent once more
    /// nor seen.
    pub needs_look: bool,
    /// Only those to this person.
    pub person: Option<PersonId>,
    /// Only those to this contact.
    pub contact: Option<ContactId>,
    /// Only those whose reader's name, address or subject holds this, however it is written; the newest
    /// [`MOST_FOUND`] of them.
    pub text: Option<String>,
}

/// Where mails are that have left or are under way.
const REACHES: [MessageState; 7] = [
    MessageState::Queued,
    MessageState::Deferred,
    MessageState::Claimed,
    MessageState::Sending,
    MessageState::Accepted,
    MessageState::Unknown,
    MessageState::Complained,
];

/// How far back a search goes, in mails that fit: who wants older ones has to say more.
pub const MOST_FOUND: i32 = 1_000;

/// When the latest messages of a category to an address were or are due, the newest first; cancelled ones do not count.
pub(super) fn latest_to(
    tx: &mut Tx<'_>,
    address: &EmailAddress,
    category: Category,
    most: u8,
) -> Result<Vec<DateTime<Utc>>, DbError> {
    Ok(sent_to(address, category, most).load(tx.conn())?)
}

type SentTo<'a> = messages::BoxedQuery<'a, Pg, Timestamptz>;

fn sent_to(address: &EmailAddress, category: Category, most: u8) -> SentTo<'_> {
    messages::table
        .filter(messages::to_address.eq(address))
        .filter(messages::category.eq(category))
        .filter(messages::state.ne(MessageState::Cancelled))
        .order(messages::not_before.desc())
        .limit(most.into())
        .select(messages::not_before)
        .into_boxed()
}

/// Messages of this town, newest first; without those of which the acting person must not know.
pub fn recent(
    tx: &mut Tx<'_>,
    filter: &MessageFilter,
    paging: &Paging<MessageId>,
) -> Result<Page<MessageSummary, MessageId>, DbError> {
    let mut query = messages::table
        .order(messages::id.desc())
        .limit(paging.probe())
        .select(SummaryRow::as_select())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(messages::id.lt(after));
    }
    if let Some(state) = filter.state {
        query = query.filter(messages::state.eq(state));
    }
    if filter.needs_look {
        query = query.filter(stuck::needs_look(tx.now()));
    }
    if let Some(person) = filter.person {
        query = query.filter(messages::person_id.eq(person));
    }
    if let Some(contact) = filter.contact {
        query = query.filter(messages::contact_id.eq(contact));
    }
    let hidden = confidential::hidden(tx);
    if !hidden.is_empty() {
        query = query.filter(messages::template.ne_all(hidden));
    }
    if let Some(text) = &filter.text {
        query = query.filter(db::search::found("messages.id", "search_message_ids", text, MOST_FOUND));
    }
    let rows: Vec<SummaryRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows, paging, |row| row.id).map(MessageSummary::from))
}

/// Of each of some things the newest message about it, whatever became of that; things nobody was told of are left out.
pub fn newest_about(tx: &mut Tx<'_>, things: &[String]) -> Result<HashMap<String, MessageSummary>, DbError> {
    let rows: Vec<(Option<String>, SummaryRow)> = messages::table
        .filter(messages::concerns.eq_any(things))
        .distinct_on(messages::concerns)
        .order((messages::concerns, messages::id.desc()))
        .select((messages::concerns, SummaryRow::as_select()))
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(thing, row)| Some((thing?, row.into()))).collect())
}

/// What became of the newest mail of a kind about a thing that was written to an address, however that is spelled, since some time. One
/// that was taken back is none: there may be an older one that came.
pub fn arrival(
    tx: &mut Tx<'_>,
    template: &str,
    concerns: &str,
    to: &EmailAddress,
    since: DateTime<Utc>,
) -> Result<Arrival, DbError> {
    let newest: Option<(MessageState, DateTime<Utc>, Option<DateTime<Utc>>)> = messages::table
        .filter(messages::concerns.eq(concerns))
        .filter(messages::template.eq(template))
        .filter(sql::<Bool>("lower(to_address) = ").bind::<Text, _>(to.key()))
        .filter(messages::created_at.ge(since))
        .filter(messages::state.ne(MessageState::Cancelled))
        .order(messages::id.desc())
        .select((messages::state, messages::created_at, messages::ended_at))
        .first(tx.conn())
        .optional()?;
    Ok(newest.map_or(Arrival::Never, |(state, written, ended)| Arrival::of(state, ended.unwrap_or(written))))
}

/// The Message-ID of the first mail about a thing to an address that its reader has or is about to get, with its angle
/// brackets: one that never left is no beginning that a program could show others under.
pub(super) fn first_about(
    tx: &mut Tx<'_>,
    concerns: &str,
    address: &EmailAddress,
) -> Result<Option<String>, DbError> {
    Ok(messages::table
        .filter(messages::concerns.eq(concerns))
        .filter(messages::to_address.eq(address))
        .filter(messages::category.ne(Category::Account))
        .filter(messages::state.eq_any(REACHES))
        .order(messages::id)
        .select(messages::message_id)
        .first(tx.conn())
        .optional()?)
}

/// When the first of the mails was written that `id` is, as one that was sent once more.
pub(crate) fn first_written(tx: &mut Tx<'_>, id: MessageId) -> Result<DateTime<Utc>, DbError> {
    #[derive(QueryableByName)]
    struct First {
        #[diesel(sql_type = Timestamptz)]
        created_at: DateTime<Utc>,
    }
    let first: First = diesel::sql_query(
        "WITH RECURSIVE before AS ( \
             SELECT id, resend_of, created_at FROM messages WHERE id = $1 \
             UNION ALL \
             SELECT m.id, m.resend_of, m.created_at FROM before b JOIN messages m ON m.id = b.resend_of) \
         SELECT created_at FROM before WHERE resend_of IS NULL",
    )
    .bind::<BigInt, _>(id)
    .get_result(tx.conn())?;
    Ok(first.created_at)
}

/// One message with its timeline; [`DbError::NotFound`] where this town has none of that id, or none of which the acting person
/// may know.
pub fn find(tx: &mut Tx<'_>, id: MessageId) -> Result<Message, DbError> {
    confidential::must_be_shown(tx, id)?;
    let (summary, detail): (SummaryRow, DetailRow) = messages::table
        .filter(messages::id.eq(id))
        .select((SummaryRow::as_select(), DetailRow::as_select()))
        .first(tx.conn())?;
    let sha256: Vec<u8> = message_bytes::table
        .filter(message_bytes::message_id.eq(id))
        .select(message_bytes::sha256)
        .first(tx.conn())?;
    let mut attempts: Vec<AttemptRow> = message_attempts::table
        .filter(message_attempts::message_id.eq(id))
        .order(message_attempts::id.desc())
        .limit(ATTEMPTS_SHOWN)
        .select(AttemptRow::as_select())
        .load(tx.conn())?;
    attempts.reverse();
    Ok(Message {
        summary: summary.into(),
        not_before: detail.not_before,
        expires_at: detail.expires_at,
        from_address: detail.from_address,
        message_id: detail.message_id,
        asked_by: detail.asked_by,
        resend_of: detail.resend_of,
        resend_reason: detail.resend_reason,
        sha256: hex(&sha256),
        text_version: detail.text_version,
        events: events::of_message(tx, id)?,
        attempts: attempts.into_iter().map(AttemptView::from).collect(),
    })
}

/// The frozen bytes. Not for callers: they may hold a secret for one use.
pub(super) fn source(tx: &mut Tx<'_>, id: MessageId) -> Result<Vec<u8>, DbError> {
    Ok(message_bytes::table
        .filter(message_bytes::message_id.eq(id))
        .select(message_bytes::bytes)
        .first(tx.conn())?)
}

/// The words of a mail for the town's staff, without what opens its links: a client's link is all that it takes to answer in
/// the client's name. `None` for mails about accounts: the codes in them are for their reader alone.
pub fn content(tx: &mut Tx<'_>, id: MessageId) -> Result<Option<String>, DbError> {
    confidential::must_be_shown(tx, id)?;
    let category: Category =
        messages::table.filter(messages::id.eq(id)).select(messages::category).first(tx.conn())?;
    if category == Category::Account {
        return Ok(None);
    }
    Ok(Some(without_secrets(&reading::read(&source(tx, id)?).text)))
}

/// A secret in a link has so many characters ([`Secret::text`](accounts::secrets::Secret::text)).
const SECRET_CHARS: usize = 43;

/// A text with `…` in place of whatever is as long as a secret, with what stands before it in its part of the link.
pub(super) fn without_secrets(text: &str) -> String {
    let is_of_it = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.');
    let is_secret = |part: &str| part.len() >= SECRET_CHARS && part.contains(char::is_alphanumeric);
    let mut shown = String::with_capacity(text.len());
    for piece in text.split_inclusive(|one| !is_of_it(one)) {
        let run = piece.trim_end_matches(|one| !is_of_it(one));
        if run.split('.').any(is_secret) {
            shown.push('…');
            shown.push_str(piece.strip_prefix(run).unwrap_or_default());
        } else {
            shown.push_str(piece);
        }
    }
    shown
}

/// How many messages are in one state.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct Depth {
    /// The state.
    #[diesel(sql_type = Text)]
    pub state: MessageState,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// Messages of this town by state; states without any are left out.
pub fn depths(tx: &mut Tx<'_>) -> Result<Vec<Depth>, DbError> {
    Ok(diesel::sql_query("SELECT state, count(*) AS count FROM messages GROUP BY state ORDER BY state")
        .load(tx.conn())?)
}

/// How many of this town's mails are due and have not left. What waits for its reader's hours or its next try is not due.
pub fn due_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    let now = tx.now();
    Ok(messages::table
        .filter(messages::state.eq_any([MessageState::Queued, MessageState::Deferred]))
        .filter(messages::not_before.le(now))
        .count()
        .get_result(tx.conn())?)
}

/// Seconds the longest-waiting due message of any town has been due; through the queue role's connection.
pub fn oldest_due_age(lobby: &mut Lobby<'_>) -> Result<f64, DbError> {
    #[derive(QueryableByName)]
    struct Age {
        #[diesel(sql_type = Nullable<Double>)]
        seconds: Option<f64>,
    }
    let now = lobby.now();
    let age: Age = diesel::sql_query(
        "SELECT extract(epoch FROM $1 - min(not_before))::float8 AS seconds FROM messages \
         WHERE state IN ('queued', 'deferred')",
    )
    .bind::<Timestamptz, _>(now)
    .get_result(lobby.conn())?;
    Ok(age.seconds.unwrap_or(0.0).max(0.0))
}

#[cfg(test)]
pub(super) mod explaining {
    //! How PostgreSQL would run the very query [`super::latest_to`] runs.

    use super::*;

    pub(in super::super) fn plan(tx: &mut Tx<'_>, address: &EmailAddress) -> Result<String, DbError> {
        // A test's table is small: the planner has to be told that it grows.
        diesel::sql_query("SET LOCAL enable_seqscan = off").execute(tx.conn())?;
        db::testing::plan(tx, sent_to(address, Category::Work, 60))
    }
}
