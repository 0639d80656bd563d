//! Rows of `mail_calls`, and which messages need one.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use kernel::{ContactId, EmailAddress, Language, MessageId, OrganizationId, Page, Paging, PersonId};

use super::Unmailable;
use super::model::{Call, CallId, CallReason};
use crate::messages::Category;
use crate::schema::{mail_calls, messages};

/// How long a legal notice may lie unopened before somebody asks.
const UNREAD: Duration = Duration::from_hours(72);
/// Notices older than this were asked about already, or were sent before anybody counted.
const FORGOTTEN: Duration = Duration::from_hours(14 * 24);
/// How many are put on the list at a time.
const MOST: i64 = 100;

/// `None`: the message has its entry.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    message: MessageId,
    reason: CallReason,
) -> Result<Option<CallId>, DbError> {
    let now = tx.now();
    Ok(diesel::insert_into(mail_calls::table)
        .values((
            mail_calls::message_id.eq(message),
            mail_calls::reason.eq(reason),
            mail_calls::opened_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .returning(mail_calls::id)
        .get_result(tx.conn())
        .optional()?)
}

/// Somebody whom no mail can reach. `None`: they stand on the list for this already.
pub(super) fn insert_unmailable(
    tx: &mut Tx<'_>,
    who: &Unmailable,
    (category, subject): (Category, &str),
) -> Result<Option<CallId>, DbError> {
    let now = tx.now();
    Ok(diesel::insert_into(mail_calls::table)
        .values((
            mail_calls::event_id.eq(who.event),
            mail_calls::person_id.eq(who.person),
            mail_calls::name.eq(&who.name),
            mail_calls::language.eq(who.language),
            mail_calls::concerns.eq(who.concerns.as_deref()),
            mail_calls::subject.eq(subject),
            mail_calls::category.eq(category),
            mail_calls::reason.eq(CallReason::Unmailable),
            mail_calls::opened_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .returning(mail_calls::id)
        .get_result(tx.conn())
        .optional()?)
}

/// What an event tells of a message.
#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
pub(super) struct About {
    pub(super) person_id: Option<PersonId>,
    pub(super) concerns: Option<String>,
}

pub(super) fn about(tx: &mut Tx<'_>, message: MessageId) -> Result<About, DbError> {
    Ok(messages::table.filter(messages::id.eq(message)).select(About::as_select()).first(tx.conn())?)
}

/// False: it was done already.
pub(super) fn close(tx: &mut Tx<'_>, id: CallId, by: PersonId, note: &str) -> Result<bool, DbError> {
    let now = tx.now();
    let changed = diesel::update(mail_calls::table)
        .filter(mail_calls::id.eq(id))
        .filter(mail_calls::done_at.is_null())
        .set((mail_calls::done_at.eq(now), mail_calls::done_by.eq(by), mail_calls::note.eq(note)))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mail_calls)]
struct CallRow {
    id: CallId,
    message_id: Option<MessageId>,
    reason: CallReason,
    opened_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
    note: String,
    person_id: Option<PersonId>,
    name: Option<String>,
    language: Option<Language>,
    subject: Option<String>,
    category: Option<Category>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct MailRow {
    category: Category,
    language: Language,
    person_id: Option<PersonId>,
    contact_id: Option<ContactId>,
    to_name: String,
    to_address: EmailAddress,
    subject: String,
}

fn call((row, mail): (CallRow, Option<MailRow>)) -> Call {
    let entry = Call {
        id: row.id,
        message: row.message_id,
        category: row.category.unwrap_or(Category::Legal),
        party: Call::party(row.person_id, None),
        name: row.name.unwrap_or_default(),
        address: None,
        language: row.language.unwrap_or(Language::Ja),
        subject: row.subject.unwrap_or_default(),
        reason: row.reason,
        opened_at: row.opened_at,
        done_at: row.done_at,
        note: row.note,
    };
    let Some(mail) = mail else { return entry };
    Call {
        category: mail.category,
        party: Call::party(mail.person_id, mail.contact_id),
        name: mail.to_name,
        address: Some(mail.to_address),
        language: mail.language,
        subject: mail.subject,
        ..entry
    }
}

/// One; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: CallId) -> Result<Call, DbError> {
    let rows: (CallRow, Option<MailRow>) = mail_calls::table
        .left_join(messages::table.on(messages::id.nullable().eq(mail_calls::message_id)))
        .filter(mail_calls::id.eq(id))
        .select((CallRow::as_select(), Option::<MailRow>::as_select()))
        .first(tx.conn())?;
    Ok(call(rows))
}

/// Those that are still to be made, the oldest first.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<CallId>) -> Result<Page<Call, CallId>, DbError> {
    let mut query = mail_calls::table
        .left_join(messages::table.on(messages::id.nullable().eq(mail_calls::message_id)))
        .filter(mail_calls::done_at.is_null())
        .order(mail_calls::id)
        .limit(paging.probe())
        .select((CallRow::as_select(), Option::<MailRow>::as_select()))
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(mail_calls::id.gt(after));
    }
    let rows: Vec<(CallRow, Option<MailRow>)> = query.load(tx.conn())?;
    Ok(Page::cut(rows, paging, |(row, _)| row.id).map(call))
}

/// How many are still to be made.
pub fn open_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(mail_calls::table.filter(mail_calls::done_at.is_null()).count().get_result(tx.conn())?)
}

/// A message somebody has to be called about.
#[derive(Debug, QueryableByName)]
pub(crate) struct Overdue {
    #[diesel(sql_type = BigInt)]
    pub(crate) organization_id: OrganizationId,
    #[diesel(sql_type = BigInt)]
    pub(crate) id: MessageId,
    #[diesel(sql_type = Text)]
    pub(crate) reason: CallReason,
}

/// Legal notices that failed, wait for a person or stayed unread, and messages to addresses found dead, of all towns, that have no call.
pub(crate) fn overdue(lobby: &mut Lobby<'_>) -> Result<Vec<Overdue>, DbError> {
    let now = lobby.now();
    let back = |time| now - TimeDelta::from_std(time).unwrap_or_default();
    Ok(diesel::sql_query(
        "WITH found AS ( \
             SELECT m.organization_id, m.id, \
                 CASE m.state WHEN 'bounced' THEN 'bounced' ELSE 'not_delivered' END AS reason \
             FROM messages m WHERE m.category = 'legal' AND m.state IN ('rejected', 'dead', 'expired', 'bounced', 'held') \
             UNION ALL \
             SELECT m.organization_id, m.id, 'not_read' FROM messages m \
             WHERE m.category = 'legal' AND m.state = 'accepted' AND m.ended_at BETWEEN $1 AND $2 \
             AND NOT EXISTS (SELECT 1 FROM message_events e WHERE e.organization_id = m.organization_id \
                 AND e.message_id = m.id AND e.kind = 'opened') \
             UNION ALL \
             SELECT s.organization_id, s.message_id, 'address_dead' FROM mail_suppressions s \
             WHERE s.lifted_at IS NULL AND s.reason IN ('refused', 'bounced')) \
         SELECT f.organization_id, f.id, f.reason FROM found f WHERE NOT EXISTS ( \
             SELECT 1 FROM mail_calls c WHERE c.organization_id = f.organization_id AND c.message_id = f.id) \
         LIMIT $3",
    )
    .bind::<Timestamptz, _>(back(FORGOTTEN))
    .bind::<Timestamptz, _>(back(UNREAD))
    .bind::<BigInt, _>(MOST)
    .load(lobby.conn())?)
}
