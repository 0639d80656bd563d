//! Reading sessions: the open ones of a person, for the page on which they end them.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, SessionId};
use serde::Serialize;

use super::model::SessionLimits;
use crate::schema::sessions;

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize)]
#[diesel(table_name = sessions)]
pub struct SessionEntry {
    /// Its id.
    pub id: SessionId,
    /// What its browser calls itself.
    pub user_agent: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// The open sessions of one person, last used first.
pub fn list(tx: &mut Tx<'_>, person: PersonId, limits: &SessionLimits) -> Result<Vec<SessionEntry>, DbError> {
    let now = tx.now();
    Ok(sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::seen_at.gt(now - limits.idle))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .select(SessionEntry::as_select())
        .load(tx.conn())?)
}
