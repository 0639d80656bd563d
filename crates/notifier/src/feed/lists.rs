//! Reading what somebody was told.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
use kernel::{MessageId, Page, Paging, PersonId};

use super::SHOWN;
use super::model::{Notice, NoticeText, Unread};
use crate::messages::Category;
use crate::reading;
use crate::schema::message_bytes;

/// Nobody counts further.
const COUNTED: i64 = 99;

/// Mails to a person ($1) since a day ($2): not those about their account, which carry secrets for one use, not those that
/// were taken back, except where only their address or the time stood in the way, and not the same one once more.
pub(super) const THEIRS: &str = "m.person_id = $1 AND m.created_at > $2 AND m.category <> 'account' \
    AND m.resend_of IS NULL AND (m.state <> 'cancelled' OR EXISTS (SELECT FROM message_events u \
        WHERE u.organization_id = m.organization_id AND u.message_id = m.id AND u.kind IN ('suppressed', 'too_late')))";

/// They said so, or they have looked at what it is about.
const IS_READ: &str = "(EXISTS (SELECT FROM notice_reads r WHERE r.organization_id = m.organization_id \
        AND r.person_id = m.person_id AND r.message_id = m.id) \
    OR EXISTS (SELECT FROM message_events e WHERE e.organization_id = m.organization_id \
        AND e.message_id = m.id AND e.kind = 'opened'))";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: MessageId,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    category: Category,
    #[diesel(sql_type = Bool)]
    is_read: bool,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

impl From<Row> for Notice {
    fn from(row: Row) -> Self {
        let Row { id, subject, category, is_read, created_at } = row;
        Self { id, subject, category, is_read, at: created_at }
    }
}

/// What `reader` was told, the newest first.
pub fn list(
    tx: &mut Tx<'_>,
    reader: PersonId,
    paging: &Paging<MessageId>,
) -> Result<Page<Notice, MessageId>, DbError> {
    let since = tx.now() - SHOWN;
    let rows: Vec<Row> = db::prepared(format!(
        "SELECT m.id, m.subject, m.category, m.created_at, {IS_READ} AS is_read FROM messages m \
         WHERE {THEIRS} AND ($3 IS NULL OR m.id < $3) ORDER BY m.id DESC LIMIT $4"
    ))
    .bind::<BigInt, _>(reader)
    .bind::<Timestamptz, _>(since)
    .bind::<Nullable<BigInt>, _>(paging.after)
    .bind::<BigInt, _>(paging.probe())
    .load(tx.conn())?;
    Ok(Page::cut(rows, paging, |row| row.id).map(Notice::from))
}

/// One notice with its text; [`DbError::NotFound`] where it is none of this person's.
pub fn find(tx: &mut Tx<'_>, reader: PersonId, id: MessageId) -> Result<NoticeText, DbError> {
    let since = tx.now() - SHOWN;
    let row: Row = db::prepared(format!(
        "SELECT m.id, m.subject, m.category, m.created_at, {IS_READ} AS is_read FROM messages m \
         WHERE {THEIRS} AND m.id = $3"
    ))
    .bind::<BigInt, _>(reader)
    .bind::<Timestamptz, _>(since)
    .bind::<BigInt, _>(id)
    .get_result(tx.conn())?;
    let bytes: Vec<u8> = message_bytes::table
        .filter(message_bytes::message_id.eq(id))
        .select(message_bytes::bytes)
        .first(tx.conn())?;
    let mail = reading::read(&bytes);
    Ok(NoticeText { notice: row.into(), text: mail.text, links: mail.links })
}

/// How much `reader` has not read.
pub fn unread(tx: &mut Tx<'_>, reader: PersonId) -> Result<Unread, DbError> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let since = tx.now() - SHOWN;
    let found: Count = db::prepared(format!(
        "SELECT count(*) AS count FROM (SELECT FROM messages m WHERE {THEIRS} AND NOT {IS_READ} LIMIT $3) unread"
    ))
    .bind::<BigInt, _>(reader)
    .bind::<Timestamptz, _>(since)
    .bind::<BigInt, _>(COUNTED + 1)
    .get_result(tx.conn())?;
    Ok(Unread { count: found.count.min(COUNTED), more: found.count > COUNTED })
}
