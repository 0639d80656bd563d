//! Reading the sandbox mailbox.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging, id};
use serde::Serialize;

use crate::reading::{self, Attachment, MailView};
use crate::schema::sandbox_mails;

id!(
    /// A mail in the sandbox mailbox.
    SandboxId
);

#[derive(Queryable, Selectable)]
#[diesel(table_name = sandbox_mails)]
struct Row {
    id: SandboxId,
    received_at: DateTime<Utc>,
    sender: String,
    recipient: String,
    raw: Vec<u8>,
}

/// A mail in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SandboxSummary {
    /// Its id.
    pub id: SandboxId,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The envelope's recipient.
    pub recipient: String,
    /// Names and addresses it says it goes to.
    pub to: String,
    /// Its subject.
    pub subject: String,
}

/// A mail as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SandboxMail {
    /// Its id.
    pub id: SandboxId,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipient.
    pub recipient: String,
    /// Headers, text and HTML.
    pub view: MailView,
}

/// Mails of this town, newest first; only those to the address `recipient` where one is given.
pub fn recent(
    tx: &mut Tx<'_>,
    recipient: Option<&str>,
    paging: &Paging<SandboxId>,
) -> Result<Page<SandboxSummary, SandboxId>, DbError> {
    let mut query = sandbox_mails::table
        .order(sandbox_mails::id.desc())
        .limit(paging.probe())
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(sandbox_mails::id.lt(after));
    }
    if let Some(recipient) = recipient {
        query = query.filter(sandbox_mails::recipient.eq(recipient.to_owned()));
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    Ok(Page::cut(rows, paging, |row| row.id).map(|row| {
        let view = reading::read(&row.raw);
        SandboxSummary {
            id: row.id,
            received_at: row.received_at,
            recipient: row.recipient,
            to: view.to,
            subject: view.subject,
        }
    }))
}

/// One mail; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: SandboxId) -> Result<SandboxMail, DbError> {
    let row: Row =
        sandbox_mails::table.filter(sandbox_mails::id.eq(id)).select(Row::as_select()).first(tx.conn())?;
    Ok(SandboxMail {
        id: row.id,
        received_at: row.received_at,
        sender: row.sender,
        recipient: row.recipient,
        view: reading::read(&row.raw),
    })
}

/// The name and the bytes of the file at `place` (0 is the first) of a mail; [`DbError::NotFound`] where there is none.
pub fn file(tx: &mut Tx<'_>, id: SandboxId, place: usize) -> Result<(Attachment, Vec<u8>), DbError> {
    let raw: Vec<u8> =
        sandbox_mails::table.filter(sandbox_mails::id.eq(id)).select(sandbox_mails::raw).first(tx.conn())?;
    reading::attachment(&raw, place).ok_or(DbError::NotFound)
}
